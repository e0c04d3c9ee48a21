"""Real France Travail offers as the offers of a world: only the people are simulated over them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.offers.bronze import Broken, find_offer_files, read_offers
from jobmatch_ml.offers.duplicates import posting_key
from jobmatch_ml.offers.silver import RecordError, normalise_record
from jobmatch_ml.reference import OccupationTable, Place
from jobmatch_ml.types import Offer
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.offers import publication_times
from jobmatch_ml.world.randomness import Stage, fast_stream
from jobmatch_ml.world.real_mapping import RecordMapper, with_other

Record = dict[str, Any]

_REAL = 1 << 56
_FEWEST = 20


@dataclass(frozen=True)
class RealOffers:
    """Real offers, in order of publication, and what became of all that was read.

    Args:
        records: As the API sent them, with the world's dates; keys that begin with ``_`` (notes of
            whoever collected them) are left out.
        facts: What each is about, in the same order.
        told: What a reader of each can know; the rest of its facts is drawn.
        table: The occupations, with one for the offers whose own is unknown, if there are any.
        occupations: Codes of the occupations that people may wish for: those of the offers.
        counts: Records read, left out (by reason) and used, and how each fact was found.
    """

    records: tuple[Record, ...]
    facts: tuple[OfferFacts, ...]
    told: tuple[frozenset[str], ...]
    table: OccupationTable
    occupations: tuple[str, ...]
    counts: Mapping[str, int]


def read_real_offers(
    paths: Sequence[Path],
    config: WorldConfig,
    *,
    table: OccupationTable,
    places: Sequence[Place],
    exclude_ids: frozenset[str] = frozenset(),
    resolve: Callable[[str], str | None] | None = None,
) -> RealOffers:
    """Reads real offers and says what each is about.

    Publication is moved onto the world's calendar: the offers keep their order, and the n-th of
    them gets the n-th of the times at which this world would publish as many offers of its own.

    Args:
        paths: Files or folders of France Travail JSON: ``{"resultats": […]}``, lists, JSON lines.
        config: The world: its seed, calendar and how attractive offers are.
        table: Occupations and skills to map onto.
        places: Towns to map onto.
        exclude_ids: Offers that must not be used (a test set), nor what repeats them: the same
            normalised title and employer, or the same description.
        resolve: Turns a foreign ROME code into one of the table's, or ``None``.

    Raises:
        MissingFileError: A path does not exist.
        InputError: No offers, or fewer than a world needs.
    """
    counts: Counter[str] = Counter()
    records = _without(_read(paths, counts), exclude_ids, counts)
    if len(records) < _FEWEST:
        raise InputError(
            f"{len(records)} usable offers in {', '.join(map(str, paths))} (read: "
            f"{counts['read']}); a world needs at least {_FEWEST}",
            field="offers",
        )
    records.sort(key=lambda record: (str(record.get("dateCreation") or ""), str(record["id"])))
    times = publication_times(config.model_copy(update={"n_offers": len(records)}))
    mapper = RecordMapper(table, places, resolve=resolve, appeal_sigma=config.market.appeal_sigma)
    facts, told = [], []
    for index, (record, milliseconds) in enumerate(zip(records, times.tolist(), strict=True)):
        moment = datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
        rng = fast_stream(config.seed, Stage.OFFER_TEXT, _REAL + index)
        mapped = mapper.map(record, rng, moment)
        record["dateCreation"] = record["dateActualisation"] = _stamp(moment)
        facts.append(mapped.facts)
        told.append(mapped.told)
    used = {offer.occupation.code for offer in facts} - {mapper.other.code}
    return RealOffers(
        records=tuple(records),
        facts=tuple(facts),
        told=tuple(told),
        table=with_other(table, mapper.other) if mapper.counts["occupation: unknown"] else table,
        occupations=tuple(sorted(used)),
        counts={**counts, "used": len(records), **dict(sorted(mapper.counts.items()))},
    )


def read_excluded_ids(path: Path) -> frozenset[str]:
    """Reads ids of offers, one a line; blank lines are skipped.

    Raises:
        MissingFileError: There is no such file.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise MissingFileError(
            f"{path} does not exist: expected a file of offer ids, one a line",
            field="exclude_offers",
        ) from error
    return frozenset(line.strip() for line in lines if line.strip())


def _read(paths: Sequence[Path], counts: Counter[str]) -> Iterator[Record]:
    seen: set[str] = set()
    for file in find_offer_files(paths, default_day=date(2000, 1, 1)):
        for item in read_offers(file.path):
            counts["read"] += 1
            if isinstance(item, Broken):
                counts["left out: broken JSON"] += 1
                continue
            try:
                offer_id, _ = normalise_record(item.value)
            except RecordError:
                counts["left out: not an offer"] += 1
                continue
            if not offer_id.isprintable() or " " in offer_id:
                counts["left out: id with blanks"] += 1  # tables of pairs could not hold it
                continue
            if offer_id in seen:
                counts["left out: id seen before"] += 1
                continue
            seen.add(offer_id)
            record = {key: value for key, value in item.value.items() if not key.startswith("_")}
            record["id"] = offer_id
            yield record


def _without(
    records: Iterator[Record], exclude_ids: frozenset[str], counts: Counter[str]
) -> list[Record]:
    """Leaves out the excluded offers and whatever repeats one of them."""
    kept: list[Record] = []
    banned: set[str] = set()
    for record in records:
        if record["id"] in exclude_ids:
            banned.update(_keys(record))
            counts["left out: excluded"] += 1
        else:
            kept.append(record)
    if not banned:
        return kept
    fresh = [record for record in kept if banned.isdisjoint(_keys(record))]
    counts["left out: repeats an excluded offer"] = len(kept) - len(fresh)
    return fresh


def _keys(record: Record) -> tuple[str, str]:
    company = str((record.get("entreprise") or {}).get("nom") or "")
    text = str(record.get("description") or "")
    offer = Offer(record["id"], str(record["intitule"]), text, company=company)
    body = " ".join(text.casefold().split())
    return posting_key(offer), hashlib.sha256(body.encode()).hexdigest() if body else record["id"]


def _stamp(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"
