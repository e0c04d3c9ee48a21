"""The text enrichment of gold: offers as gold stores them in, two Arrow tables out.

Each offer is read on its own, so shards of any size can go to any number of processes; only the
groups of near-duplicates need all offers at once, and come by their own call. Nothing in an offer
can stop a run: what cannot be read is null.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jobmatch_ml.offers.conditions import (
    read_age,
    read_apprenticeship,
    read_contract,
    read_experience,
    read_language,
    read_part_time,
    read_remote,
)
from jobmatch_ml.offers.flat_text import MAX_CHARS, flatten, fold_term
from jobmatch_ml.offers.gold_schema import OFFER_ENRICHMENT, OFFER_SKILLS, arrow_schema
from jobmatch_ml.offers.pay import read_pay, weekly_hours
from jobmatch_ml.offers.skill_spans import find_skills
from jobmatch_ml.offers.skill_terms import Vocabulary, load_vocabulary
from jobmatch_ml.reference import load_places
from jobmatch_ml.types import Offer

if TYPE_CHECKING:
    import pyarrow as pa

    from jobmatch_ml.offers.rome_finer import RomeRefiner
    from jobmatch_ml.reference import RomeTables

RULES_VERSION = "1"
"""Raised whenever a rule or the vocabulary changes what a text is read as."""
IMPORT_PREFIX = "import-"
"""Ids of offers captured from other sites begin so."""
DEFAULT_SHARD = 5_000

Row = dict[str, Any]


@dataclass
class Enricher:
    """What reading offers needs, loaded once a process.

    Args:
        vocabulary: Skills to look for.
        refiner: Predicts finer ROME codes; ``None`` (no ROME imported): codes stay as given.
    """

    vocabulary: Vocabulary
    refiner: RomeRefiner | None = None

    @classmethod
    def load(cls, rome: RomeTables | None = None) -> Enricher:
        """Loads the vocabulary, and the prediction of codes where ROME is given (4 s)."""
        if rome is None:
            return cls(load_vocabulary())
        from jobmatch_ml.offers.rome_finer import RomeRefiner

        return cls(load_vocabulary(rome), RomeRefiner(rome))

    def enrich(self, gold: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Reads a shard of offers.

        Args:
            gold: Columns of ``gold.offers``; columns that are missing count as unsaid.

        Returns:
            ``offer_enrichment`` (a row an offer, in order; the duplicate columns null, see
            :func:`add_duplicate_groups`) and ``offer_skills`` (a row an offer and skill).
        """
        offers = [_said(offer) for offer in gold.to_pylist()]
        rows, skills = [], []
        for offer in offers:
            row, found = self._read(offer)
            rows.append(row)
            skills += found
        self._add_codes(offers, rows)
        return _table(OFFER_ENRICHMENT, rows), _table(OFFER_SKILLS, skills)

    def _read(self, offer: Row) -> tuple[Row, list[Row]]:
        title, text = offer["title"], offer["description"][:MAX_CHARS]
        flat_title, flat = flatten(title), flatten(text)
        skills = self._skills(offer, title, text)
        names = {
            required: [row["skill"] for row in skills if row["is_required"] is required]
            for required in (True, False)
        }
        age, freshness = read_age(offer["created_at"], offer["ingestion_date"])
        seen = "\n".join((title, text, offer["salary_label"], offer["experience_label"]))
        row = {
            "offer_id": offer["offer_id"],
            **_conditions(offer, flat_title, flat),
            **_place(offer),
            "language": read_language(flat),
            "skills_required": names[True],
            "skills_wished": names[False],
            "age_days": age,
            "freshness": freshness,
            "ingestion_date": offer["ingestion_date"],
            "text_hash": hashlib.sha256(seen.encode("utf-8", "replace")).hexdigest()[:16],
            "rules_version": RULES_VERSION,
            "source": (
                "import" if offer["offer_id"].startswith(IMPORT_PREFIX) else "france_travail"
            ),
        }
        return row, skills

    def _skills(self, offer: Row, title: str, text: str) -> list[Row]:
        """Returns the skills of the text, then those of the API's lists that it does not name."""
        rows = [
            {
                "offer_id": offer["offer_id"], "skill": found.skill, "skill_key": found.key,
                "kind": found.kind, "is_required": found.is_required, "source": "text",
                "part": found.part, "start": found.start, "end": found.end,
            }
            for found in find_skills(title, text, self.vocabulary)
        ]  # fmt: skip
        known = {row["skill_key"] for row in rows}
        for column, kind, required in _FIELDS:
            for label in offer[column]:
                key = fold_term(label)
                if key and key not in known:
                    known.add(key)
                    rows.append(
                        {
                            "offer_id": offer["offer_id"], "skill": label, "skill_key": key,
                            "kind": kind, "is_required": required, "source": "field",
                        }
                    )  # fmt: skip
        return rows

    def _add_codes(self, offers: Sequence[Row], rows: Sequence[Row]) -> None:
        """Fills the finer ROME codes: read where the code is fine, predicted where it is broad."""
        broad = []
        for place, offer in enumerate(offers):
            code = offer["rome_code"]
            if not code:
                continue
            if self.refiner is not None and self.refiner.is_broad(code, offer["rome_label"]):
                broad.append(place)
            else:
                rows[place].update(rome_code_fine=code, rome_fine_score=1.0, rome_source="field")
        if self.refiner is None or not broad:
            return
        found = self.refiner.refine(
            [offers[place]["rome_code"] for place in broad],
            [offers[place]["title"] for place in broad],
            [flatten(offers[place]["description"]) for place in broad],
        )
        for place, finer in zip(broad, found, strict=True):
            if finer is not None:
                rows[place].update(
                    rome_code_fine=finer.code, rome_fine_score=finer.score, rome_source="predicted"
                )


_FIELDS = (
    ("required_skills", "knowledge", True),
    ("wished_skills", "knowledge", False),
    ("required_languages", "language", True),
)
_TEXTS = (
    "offer_id", "title", "description", "salary_label", "experience_required", "experience_label",
    "contract_type", "contract_label", "working_time", "working_time_kind", "rome_code",
    "rome_label", "postal_code", "commune_code", "department",
)  # fmt: skip


def _said(offer: Mapping[str, Any]) -> Row:
    """Returns an offer with every column that is read: absent texts empty, lists without holes."""
    row = dict(offer)
    for name in _TEXTS:
        row[name] = row.get(name) or ""
    for name, _, _ in _FIELDS:
        row[name] = [label for label in row.get(name) or () if label]
    for name in ("is_apprenticeship", "created_at", "ingestion_date", "latitude", "longitude"):
        row.setdefault(name, None)
    return row


def _conditions(offer: Row, title: str, text: str) -> Row:
    working_time, kind = flatten(offer["working_time"]), flatten(offer["working_time_kind"])
    hours = weekly_hours(offer["working_time"], text)
    pay = read_pay(offer["salary_label"], text, hours=hours)
    experience = read_experience(offer["experience_required"], offer["experience_label"], text)
    contract = read_contract(offer["contract_type"], offer["contract_label"], title, text)
    remote, days = read_remote(working_time, title, text)
    return {
        "salary_min": pay.low if pay else None,
        "salary_max": pay.high if pay else None,
        "salary_period": pay.period if pay else None,
        "salary_is_net": pay.is_net if pay else None,
        "salary_months": pay.months if pay else None,
        "salary_source": pay.source if pay else None,
        "weekly_hours": hours,
        "is_part_time": read_part_time(working_time, kind, hours),
        "experience_months": experience.months if experience else None,
        "experience_source": experience.source if experience else None,
        "contract": contract.code,
        "contract_months": contract.months,
        "contract_source": contract.source,
        "contract_is_apprenticeship": read_apprenticeship(offer["is_apprenticeship"], title, text),
        "remote": remote,
        "remote_days": days,
    }


def _place(offer: Row) -> Row:
    """Returns the field's coordinates, else those of the commune, else of its department."""
    at, source = (offer["latitude"], offer["longitude"]), "field"
    if None in at:
        communes, departments = _coordinates()
        named = communes.get(offer["commune_code"]) or communes.get(offer["postal_code"])
        found = named or departments.get(offer["department"])
        if found is None:
            return {}
        at, source = found, "commune" if named else "department"
    return {"place_latitude": at[0], "place_longitude": at[1], "place_source": source}


@lru_cache(maxsize=1)
def _coordinates() -> tuple[dict[str, tuple[float, float]], dict[str, tuple[float, float]]]:
    """Returns the coordinates of towns by commune and postal code, and of departments.

    A department lies where its largest known town does.
    """
    communes: dict[str, tuple[float, float]] = {}
    departments: dict[str, tuple[float, float]] = {}
    for place in sorted(load_places(), key=lambda each: (-each.weight, each.name)):
        at = (place.latitude, place.longitude)
        communes.setdefault(place.commune, at)
        communes.setdefault(place.postal_code, at)
        departments.setdefault(place.department, at)
    return communes, departments


def _table(table: Any, rows: Sequence[Row]) -> pa.Table:
    import pyarrow as pa

    schema = arrow_schema(table)
    columns = [
        pa.array([row.get(name) for row in rows], schema.field(name).type) for name in schema.names
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def add_duplicate_groups(enrichment: pa.Table, offers: Sequence[Offer]) -> pa.Table:
    """Returns the enrichment with the group of near-duplicates of each offer and its size.

    Args:
        enrichment: Of all the offers, any order.
        offers: The same offers; see :func:`~jobmatch_ml.offers.duplicates.duplicate_groups`.
    """
    import pyarrow as pa

    from jobmatch_ml.offers.duplicates import duplicate_groups

    groups = duplicate_groups(offers)
    sizes: Counter[str | None] = Counter(groups.values())
    mine = [groups.get(offer_id) for offer_id in enrichment.column("offer_id").to_pylist()]
    columns = {
        "duplicate_group": pa.array(mine, pa.string()),
        "duplicate_group_size": pa.array([sizes[group] or None for group in mine], pa.int64()),
    }
    for name, values in columns.items():
        enrichment = enrichment.set_column(enrichment.schema.get_field_index(name), name, values)
    return enrichment


def shards(gold: pa.Table, size: int = DEFAULT_SHARD) -> Iterator[pa.Table]:
    """Yields consecutive parts of at most ``size`` offers."""
    for start in range(0, gold.num_rows, size):
        yield gold.slice(start, size)
