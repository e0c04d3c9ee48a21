"""A world folder written by hand, in which the right answer is known and can be learned.

Eight occupations. Candidates describe occupation n with one letter, offers with another, so no word
is shared and only training on the log can join them.
"""

from __future__ import annotations

from pathlib import Path

import orjson
import pyarrow.parquet as pq

from tests.log_factory import day, make_log

# candidate's letter -> offer's letter
LETTERS = dict(zip("abcdefgh", "stuvwxyz", strict=True))
N_CANDIDATES = 64
OFFERS_EACH = 24
# Offers of an occupation are shown six at a time, ten days long, so that time can separate them.
SHOWN, PERIOD = 6, 10
N_DAYS = 40


def write_tiny_world(folder: Path) -> Path:
    """Writes bronze offers, candidates and a log in which everyone saves their own occupation."""
    bronze = folder / "bronze" / "france_travail" / "offers" / "ingestion_date=2026-01-01"
    bronze.mkdir(parents=True)
    offers = [_offer(code, number) for code in range(8) for number in range(OFFERS_EACH)]
    (bronze / "offer_2026-01-01.json").write_bytes(orjson.dumps({"resultats": offers}))
    people = [_candidate(number) for number in range(N_CANDIDATES)]
    (folder / "candidates.jsonl").write_bytes(b"".join(orjson.dumps(p) + b"\n" for p in people))
    pq.write_table(make_log(*_impressions()), folder / "interactions.parquet")
    return folder


def _words(letter: str, number: int) -> str:
    return " ".join(letter * (2 + (number + step) % 4) for step in range(4))


def _offer(code: int, number: int) -> dict[str, object]:
    letter = list(LETTERS.values())[code]
    return {
        "id": f"o{code}-{number}",
        "intitule": _words(letter, number),
        "description": " ".join(_words(letter, number + step) for step in range(3)),
        "romeCode": f"A{1000 + code}",
        "dateCreation": "2026-01-01T08:00:00.000Z",
        "entreprise": {"nom": f"firm {code}-{number}"},
    }


def _candidate(number: int) -> dict[str, str]:
    letter = list(LETTERS)[number % 8]
    lines = " ".join(_words(letter, number + step) for step in range(3))
    return {
        "candidate_id": f"c{number}",
        "title": _words(letter, number),
        "cv_text": f"Profil\n{lines}\n",
    }


def _impressions() -> list[dict[str, object]]:
    return [
        {
            "user": f"c{number}",
            "offer_external_id": _offer_shown(number, when),
            "shown_at": day(when),
            "saved": True,
            "saved_at": day(when + 0.1),
        }
        for when in range(0, N_DAYS, 2)
        for number in range(N_CANDIDATES)
    ]


def _offer_shown(number: int, when: int) -> str:
    return f"o{number % 8}-{when // PERIOD * SHOWN + (number // 8 + when) % SHOWN}"
