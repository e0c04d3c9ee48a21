"""What offers say, as columns: the offers' side of the features, computed once a catalogue.

From gold alone: the catalogue's fields and what the text enrichment read (`docs/offers_gold.md`).
Numbers that an offer does not state are NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.offers.flat_text import flatten
from jobmatch_ml.ranking.beir import refuse_duplicates
from jobmatch_ml.ranking.features.reference_space import ReferenceSpace

if TYPE_CHECKING:
    import pyarrow as pa
    from scipy.sparse import csr_array

CONTRACTS = ("CDI", "CDD", "MIS", "SAI", "LIB")
"""Contract types with a number of their own; any other is the number after the last."""
REMOTE = {"none": 0.0, "partial": 1.0, "full": 2.0}
FloatArray = NDArray[np.float32]
_NOT_COUNTED = frozenset({"offer_id", "title", "description", "ingestion_date", "updated_at"})


@dataclass(frozen=True)
class OfferFacts:
    """Offers by row, in ascending order of id; all columns ``(n_offers,)``.

    Args:
        offer_ids: Ids.
        occupation: Row of the ROME code in the reference space; -1: unknown there.
        required: Skills asked for, ``(n_offers, n_skills)``, ones and zeros.
        wished: Skills that are a plus, likewise.
        numbers: Columns by name: ``experience_years``, ``salary_min``, ``salary_max`` (euros gross
            a year), ``contract`` (number in :data:`CONTRACTS`), ``is_apprenticeship``,
            ``is_part_time``, ``weekly_hours``, ``remote`` (0 to 2), ``remote_days``,
            ``asks_licence``, ``latitude``, ``longitude``, ``place_is_exact``, ``n_words``,
            ``title_words``, ``n_fields``, ``duplicates``, ``is_french``, ``shift``.
        created_s: Publication, seconds since 1970; NaN: unknown.
    """

    offer_ids: tuple[str, ...]
    occupation: NDArray[np.int32]
    required: csr_array
    wished: csr_array
    numbers: dict[str, FloatArray]
    created_s: NDArray[np.float64]

    def __len__(self) -> int:
        """Returns the number of offers."""
        return len(self.offer_ids)


def read_offer_facts(
    catalogue: Path, space: ReferenceSpace, *, rome_dir: Path | None = None
) -> OfferFacts:
    """Reads the offers of a catalogue file and enriches them (about 1.5 ms an offer).

    Args:
        catalogue: Parquet of gold offers.
        space: Occupations and skills.
        rome_dir: An imported ROME, by which broad codes are refined.

    Raises:
        MissingFileError: There is no such file.
    """
    if not catalogue.is_file():
        raise MissingFileError(f"{catalogue} does not exist; run `jobmatch offers ingest` first")
    import pyarrow as pa
    import pyarrow.parquet as pq

    from jobmatch_ml.offers.enrichment import Enricher, shards
    from jobmatch_ml.reference import load_rome

    gold = pq.read_table(catalogue, partitioning=None)
    enricher = Enricher.load(load_rome(rome_dir) if rome_dir else None)
    parts = [enricher.enrich(part)[0] for part in shards(gold)]
    return build_offer_facts(gold, pa.concat_tables(parts), space)


def build_offer_facts(gold: pa.Table, enrichment: pa.Table, space: ReferenceSpace) -> OfferFacts:
    """Puts gold and its enrichment into columns.

    Args:
        gold: Rows of ``gold.offers``.
        enrichment: Rows of ``gold.offer_enrichment`` of the same offers, in any order.
        space: Occupations and skills.

    Raises:
        InputError: Offers twice, none at all, or offers without their enrichment.
    """
    gold, read = gold.sort_by("offer_id"), enrichment.sort_by("offer_id")
    ids = gold["offer_id"].to_pylist()
    if not ids:
        raise InputError("there are no offers to make features of", field="catalogue")
    refuse_duplicates(ids, what="offer_id")
    if read["offer_id"].to_pylist() != ids:
        raise InputError(
            "gold offers and their enrichment are not of the same offers; run "
            "`jobmatch offers ingest` again",
            field="enrichment",
        )
    texts = [
        f"{title or ''}\n{text or ''}"
        for title, text in zip(
            gold["title"].to_pylist(), gold["description"].to_pylist(), strict=True
        )
    ]
    required, wished = _skills(gold, read, texts, space)
    return OfferFacts(
        offer_ids=tuple(ids),
        occupation=_occupations(gold, read, space),
        required=_matrix(required, space),
        wished=_matrix(wished, space),
        numbers=_numbers(gold, read, texts),
        created_s=_seconds(gold),
    )


def _occupations(gold: pa.Table, read: pa.Table, space: ReferenceSpace) -> NDArray[np.int32]:
    rows = space.code_row
    codes = zip(read["rome_code_fine"].to_pylist(), gold["rome_code"].to_pylist(), strict=True)
    return np.array(
        [rows.get(fine or "", rows.get(given or "", -1)) for fine, given in codes], dtype=np.int32
    )


def _skills(
    gold: pa.Table, read: pa.Table, texts: Sequence[str], space: ReferenceSpace
) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """Returns required and wished skills; what a text names without a word about it is required."""
    plus = [
        space.skills_named([*(first or ()), *(second or ())])
        for first, second in zip(
            read["skills_wished"].to_pylist(), gold["wished_skills"].to_pylist(), strict=True
        )
    ]
    named = [
        space.skills_named([*(first or ()), *(second or ())]) | space.skills_in(text)
        for first, second, text in zip(
            read["skills_required"].to_pylist(),
            gold["required_skills"].to_pylist(),
            texts,
            strict=True,
        )
    ]
    return [one - two for one, two in zip(named, plus, strict=True)], plus


def _matrix(skills: Sequence[frozenset[str]], space: ReferenceSpace) -> csr_array:
    from scipy.sparse import csr_array

    rows = {skill: row for row, skill in enumerate(space.skills)}
    indices = [sorted(rows[skill] for skill in each if skill in rows) for each in skills]
    bounds = np.cumsum([0, *(len(each) for each in indices)])
    flat = np.array([row for each in indices for row in each], dtype=np.int32)
    shape = (len(skills), len(space.skills))
    return csr_array((np.ones(len(flat), dtype=np.float32), flat, bounds), shape=shape)


def _numbers(gold: pa.Table, read: pa.Table, texts: Sequence[str]) -> dict[str, FloatArray]:
    flat = [flatten(text) for text in texts]
    asked = gold["required_licences"].to_pylist()
    filled = [name for name in gold.column_names if name not in _NOT_COUNTED]
    fields = [gold[name].to_pylist() for name in filled]
    return {
        "experience_years": _column(read, "experience_months") / np.float32(12),
        "salary_min": _column(read, "salary_min"),
        "salary_max": _salary_max(read),
        "contract": _contracts(read["contract"].to_pylist()),
        "is_apprenticeship": _column(read, "contract_is_apprenticeship"),
        "is_part_time": _column(read, "is_part_time"),
        "weekly_hours": _column(read, "weekly_hours"),
        "remote": _array([REMOTE.get(kind) for kind in read["remote"].to_pylist()]),
        "remote_days": _column(read, "remote_days"),
        "asks_licence": _array(
            [bool(names) or "permis b" in text for names, text in zip(asked, flat, strict=True)]
        ),
        "latitude": _column(read, "place_latitude"),
        "longitude": _column(read, "place_longitude"),
        "place_is_exact": _array(
            [None if at is None else at != "department" for at in read["place_source"].to_pylist()]
        ),
        "shift": _array(["3x8" in text or "2x8" in text or "de nuit" in text for text in flat]),
        "n_words": _array([len(text.split()) for text in texts]),
        "title_words": _array([len((title or "").split()) for title in gold["title"].to_pylist()]),
        "n_fields": _array(
            [sum(bool(value) for value in row) for row in zip(*fields, strict=True)]
        ),
        "duplicates": _column(read, "duplicate_group_size"),
        "is_french": _array(
            [None if x is None else x == "fr" for x in read["language"].to_pylist()]
        ),
    }


def _salary_max(read: pa.Table) -> FloatArray:
    """Returns the upper bound; "from 30,000" without one offers at least its lower bound."""
    low, high = _column(read, "salary_min"), _column(read, "salary_max")
    return np.where(np.isnan(high), low, high).astype(np.float32)


def _contracts(codes: Sequence[str | None]) -> FloatArray:
    numbers = {code: float(number) for number, code in enumerate(CONTRACTS)}
    return _array([None if code is None else numbers.get(code, len(CONTRACTS)) for code in codes])


def _column(table: pa.Table, name: str) -> FloatArray:
    return _array(table[name].to_pylist())


def _array(values: Sequence[Any]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float32)


def _seconds(gold: pa.Table) -> NDArray[np.float64]:
    moments = gold["created_at"].to_pylist()
    return np.array([np.nan if at is None else at.timestamp() for at in moments], dtype=np.float64)
