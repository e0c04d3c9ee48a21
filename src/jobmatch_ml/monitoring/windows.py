"""Two time windows of a market as tables: offers, candidates, scores, vectors of titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from jobmatch_ml.errors import FormatError, InputError, MissingFileError
from jobmatch_ml.interactions import read_interactions
from jobmatch_ml.types import TextEncoder

_OFFER_COLUMNS = (
    "offer_id", "title", "description", "rome_code", "region", "contract_type",
    "experience_required", "salary_label", "created_at",
)  # fmt: skip
_MOST_TITLES = 600  # titles of a window that are embedded


@dataclass(frozen=True)
class Window:
    """What one window holds.

    Args:
        label: For titles of tables and plots.
        offers: Features of the offers that were published in it, a list a column.
        candidates: Features of the people who were shown offers in it.
        scores: Of the rows that the platform's ranker showed in it.
        embeddings: ``offer_title``: vectors of offers' titles, ``(n, dimension)``; empty without
            an encoder.
        offer_ids: Ids of the offers, in the order of ``offers``.
        score_offers: Offer of each row of ``scores``.
        vector_offers: Offer of each vector.
    """

    label: str
    offers: dict[str, list[Any]]
    candidates: dict[str, list[Any]]
    scores: dict[str, list[Any]]
    embeddings: dict[str, NDArray[np.float32]]
    offer_ids: list[str]
    score_offers: list[str]
    vector_offers: list[str]

    def tables(self) -> dict[str, Any]:
        """Returns ``{table: {feature: values}}`` as :func:`.drift.detect_drift` takes it."""
        return {
            "offers": self.offers,
            "candidates": self.candidates,
            "scores": self.scores,
            "embeddings": self.embeddings,
        }


def read_windows(
    world_dir: Path,
    catalogue: Path,
    *,
    days: float = 14.0,
    encoder: TextEncoder | None = None,
) -> tuple[Window, Window]:
    """Cuts a market's last days off, and as many days before them for comparison.

    Args:
        world_dir: Folder with ``interactions.parquet`` and ``candidates.jsonl``.
        catalogue: Parquet of the offers (``offers.parquet`` of a prepared data set).
        days: Length of each window.
        encoder: Embeds titles; ``None``: no vectors.

    Returns:
        The reference, then the current window.

    Raises:
        MissingFileError: A file is not there.
        InputError: The log is empty, or no longer than one window.
    """
    if days <= 0:
        raise InputError(f"windows of {days} days; expected more than 0", field="days")
    log = read_interactions(world_dir / "interactions.parquet")
    people = _read_people(world_dir / "candidates.jsonl")
    offers = _read_offers(catalogue)
    first, last = (pc.min(log["shown_at"]).as_py(), pc.max(log["shown_at"]).as_py())
    if first is None:
        raise InputError(
            f"{world_dir / 'interactions.parquet'} holds no row; windows are cut by what was shown",
            field="world",
        )
    length = timedelta(days=days)
    if last - length <= first:
        raise InputError(
            f"the log lasts {(last - first).days} days; windows of {days:g} days leave nothing to "
            "compare with",
            field="days",
        )
    starts = (max(first, last - 2 * length), last - length, last + timedelta(seconds=1))
    windows = [
        _window(label, (starts[i], starts[i + 1]), log, offers, people)
        for i, label in enumerate(("reference", "current"))
    ]
    return _embed(windows[0], offers, encoder), _embed(windows[1], offers, encoder)


def split_window(window: Window, *, seed: int = 0) -> tuple[Window, Window]:
    """Parts a window in two at random: windows between which nothing drifted."""
    rng = np.random.default_rng(seed)
    parts = []
    choices = {
        name: rng.random(size) < 0.5
        for name, size in (
            ("offers", len(window.offer_ids)),
            ("candidates", _length(window.candidates)),
            ("scores", len(window.score_offers)),
            ("vectors", len(window.vector_offers)),
        )
    }
    for label, side in (("one half", True), ("other half", False)):
        rows = {name: np.flatnonzero(mask == side) for name, mask in choices.items()}
        parts.append(_take(window, label, rows))
    return parts[0], parts[1]


def plant_flood(window: Window, domain: str, *, share: float = 0.5, seed: int = 0) -> Window:
    """Plants drift: a wave of offers of one domain takes a share of the window's places.

    Offers of the domain are drawn again and again until they fill the share; scores and vectors go
    with their offers. What nobody touched (candidates) must not alarm.

    Args:
        window: Where.
        domain: First letter of the ROME codes that flood in.
        share: Of the window's offers, in (0, 1).
        seed: Of the draws.

    Raises:
        InputError: The window has no offer of that domain.
    """
    rng = np.random.default_rng(seed)
    inside = {
        offer
        for offer, letter in zip(window.offer_ids, window.offers["domain"], strict=True)
        if letter == domain
    }
    rows = {
        "offers": _flooded(window.offer_ids, inside, share, rng),
        "candidates": np.arange(_length(window.candidates)),
        "scores": _flooded(window.score_offers, inside, share, rng),
        "vectors": _flooded(window.vector_offers, inside, share, rng),
    }
    return _take(window, f"{window.label}, flooded with {domain}", rows)


def _flooded(
    ids: Sequence[str], inside: set[str], share: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    if not len(ids):
        return np.arange(0)
    wave = np.flatnonzero([offer in inside for offer in ids])
    if not len(wave):
        raise InputError("the window has no offer of that domain", field="domain")
    n_drawn = round(share * len(ids))
    kept = rng.choice(len(ids), len(ids) - n_drawn, replace=False)
    return np.concatenate([np.sort(kept), rng.choice(wave, n_drawn)])


def _take(window: Window, label: str, rows: dict[str, NDArray[np.int64]]) -> Window:
    def columns(table: dict[str, list[Any]], chosen: NDArray[np.int64]) -> dict[str, list[Any]]:
        return {name: [values[row] for row in chosen] for name, values in table.items()}

    return Window(
        label=label,
        offers=columns(window.offers, rows["offers"]),
        candidates=columns(window.candidates, rows["candidates"]),
        scores=columns(window.scores, rows["scores"]),
        embeddings={name: array[rows["vectors"]] for name, array in window.embeddings.items()},
        offer_ids=[window.offer_ids[row] for row in rows["offers"]],
        score_offers=[window.score_offers[row] for row in rows["scores"]],
        vector_offers=[window.vector_offers[row] for row in rows["vectors"]],
    )


def _window(
    label: str,
    span: tuple[datetime, datetime],
    log: pa.Table,
    offers: pa.Table,
    people: dict[str, dict[str, Any]],
) -> Window:
    shown = _between(log, "shown_at", span)
    published = _between(offers, "created_at", span)
    scored = shown.filter(pc.and_(pc.equal(shown["policy"], "platform"),
                                  pc.is_valid(shown["match_score"])))  # fmt: skip
    if not len(scored):  # a log of one's own names its policies otherwise
        scored = shown.filter(pc.is_valid(shown["match_score"]))
    seen = [people[user] for user in sorted(set(shown["user"].to_pylist())) if user in people]
    rows = published.to_pylist()
    return Window(
        label=label,
        offers={
            "domain": [(row["rome_code"] or "")[:1] for row in rows],
            "contract_type": [row["contract_type"] for row in rows],
            "experience_required": [row["experience_required"] for row in rows],
            "region": [row["region"] for row in rows],
            "words": [len((row["description"] or "").split()) for row in rows],
            "has_salary": [bool(row["salary_label"]) for row in rows],
        },
        candidates={
            "words": [len(person["cv_text"].split()) for person in seen],
            "language": [person.get("language") or "" for person in seen],
            "max_distance_km": [
                (person.get("preferences") or {}).get("radiusKm") or 0.0 for person in seen
            ],
        },
        scores={
            "match_score": scored["match_score"].to_pylist(),
            "viewed": scored["viewed"].to_pylist(),
        },
        embeddings={"offer_title": np.zeros((0, 1), dtype=np.float32)},
        offer_ids=[row["offer_id"] for row in rows],
        score_offers=scored["offer_external_id"].to_pylist(),
        vector_offers=[],
    )


def _embed(window: Window, offers: pa.Table, encoder: TextEncoder | None) -> Window:
    if encoder is None or not window.offer_ids:  # nothing was published in it
        return window
    titles = dict(zip(offers["offer_id"].to_pylist(), offers["title"].to_pylist(), strict=True))
    chosen = window.offer_ids
    if len(chosen) > _MOST_TITLES:
        rng = np.random.default_rng(0)
        chosen = [chosen[i] for i in np.sort(rng.choice(len(chosen), _MOST_TITLES, replace=False))]
    vectors = np.asarray(encoder.encode([titles[offer] for offer in chosen]), dtype=np.float32)
    return replace(window, embeddings={"offer_title": vectors}, vector_offers=list(chosen))


def _between(table: pa.Table, column: str, span: tuple[datetime, datetime]) -> pa.Table:
    return table.filter(
        pc.and_(pc.greater_equal(table[column], span[0]), pc.less(table[column], span[1]))
    )


def _read_offers(path: Path) -> pa.Table:
    if not path.is_file():
        raise MissingFileError(f"{path} does not exist; expected the offers of a data set")
    try:
        return pq.read_table(path, columns=list(_OFFER_COLUMNS))
    except (pa.ArrowInvalid, KeyError) as error:
        raise FormatError(f"{path}: not a catalogue of offers; prepare the data again") from error


def _read_people(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        raise MissingFileError(f"{path} does not exist; expected a world folder")
    try:
        lines = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
        return {str(person["candidate_id"]): person for person in lines if person["cv_text"]}
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise FormatError(f"{path}: expected one candidate a line as JSON") from error


def _length(table: dict[str, list[Any]]) -> int:
    return len(next(iter(table.values()))) if table else 0
