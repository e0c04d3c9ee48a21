"""Fetching offers from France Travail into bronze: queries, splitting, resuming, reporting.

Offers come, go and move between pages while pages are read. A query is therefore read again until
one reading shows as many offers as the API counts; what any reading saw is kept once, by its id.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

from tqdm import tqdm

from jobmatch_ml.errors import InputError, JobMatchError, summarise
from jobmatch_ml.offers.bronze_store import BronzeStore, locked, merge_into_bronze, offer_key
from jobmatch_ml.offers.france_travail_client import FranceTravailClient, Page, QueryRefusedError
from jobmatch_ml.offers.france_travail_queries import MAX_RESULTS, PAGE_SIZE, OfferQuery
from jobmatch_ml.offers.france_travail_run import FetchRequest, FetchRun, discard_run, load_run

logger = logging.getLogger(__name__)

EARLIEST = date(2000, 1, 1)
"""Older than any offer that is still online: the start of a fetch without ``since``."""

LEEWAY = timedelta(days=1)
"""How far a window reaches beyond now: the API has been seen to read its times as local ones."""

MOST_READINGS = 4
"""How often a query is read whose offers change under the reader."""


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What a fetch did, earlier sittings of a resumed one included.

    Args:
        bronze: The day's file, or its ``gs://`` address; ``None``: no offer was found.
        day: Ingestion day.
        fetched: Distinct offers fetched.
        added: Of these, offers that the day did not hold yet.
        updated: Offers that the day held with another content.
        held: Offers that the day holds now.
        queries: Queries read to their end.
        split: Queries that were too large and were split.
        calls: Calls to the API, tokens and repeated tries included.
        resumed: Whether an earlier, unfinished run was gone on with.
        warnings: Refused codes, and queries of which not everything could be read.
        seconds: Duration of this sitting, in seconds.
    """

    bronze: str | None
    day: date
    fetched: int
    added: int
    updated: int
    held: int
    queries: int
    split: int
    calls: int
    resumed: bool
    warnings: tuple[str, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Returns the report for programs: plain values, the day as text."""
        return {**asdict(self), "day": self.day.isoformat(), "seconds": round(self.seconds, 1)}


def fetch_offers(
    request: FetchRequest,
    *,
    client: FranceTravailClient,
    store: BronzeStore,
    runs_dir: Path,
    restart: bool = False,
    now: datetime | None = None,
    tell: Callable[[str], None] = logger.info,
) -> FetchReport:
    """Fetches the offers of a request and puts them into bronze, whole or not at all.

    A run that fails keeps what it fetched under ``runs_dir``; the same request goes on with it.
    Offers of the same day that bronze already holds stay there, so fetching other occupations
    adds to the day, and fetching the same again changes only what the API changed.

    Args:
        request: What to fetch.
        client: Asks the API.
        store: Bronze: a folder or a bucket.
        runs_dir: Where unfinished runs are kept.
        restart: Forget an unfinished run of this request.
        now: The present, for tests.
        tell: Takes the sentence that an earlier run is gone on with.

    Raises:
        InputError: The window is empty, or the API refuses every query.
        ConfigError: The API refuses the credentials.
        UpstreamError: The API or the bucket failed; the message says how to go on.
        NotReadyError: The same request is being fetched by another process.
        FormatError: The unfinished run cannot be read.
    """
    started = time.perf_counter()
    folder = runs_dir / request.key
    busy = "the same offers are being fetched by another process; wait for it, or end it."
    with locked(folder.with_suffix(".lock"), busy=busy):
        if restart:
            discard_run(folder)
        earlier = load_run(folder)
        if earlier:
            tell(_going_on(earlier))
        run = earlier or _new_run(request, folder, now or datetime.now(UTC))
        _read_queries(run, client)
        if not run.parts:
            run.remove()
            raise InputError(summarise(run.warnings, shown=2), field="rome")
        merged = merge_into_bronze(run.part_files(), store, run.day, scratch_dir=folder)
        run.remove()
    return FetchReport(
        bronze=store.address(run.day) if merged.held else None,
        day=run.day,
        fetched=merged.fetched,
        added=merged.added,
        updated=merged.updated,
        held=merged.held,
        queries=len(run.parts),
        split=run.split,
        calls=run.calls,
        resumed=earlier is not None,
        warnings=tuple(run.warnings),
        seconds=time.perf_counter() - started,
    )


def _new_run(request: FetchRequest, folder: Path, now: datetime) -> FetchRun:
    if not request.romes:
        raise InputError("no occupation to fetch: name ROME codes, such as M1805", field="rome")
    now = now.astimezone(UTC).replace(microsecond=0)
    since = _midnight(request.since or EARLIEST)
    until = _midnight(request.until) + timedelta(days=1) if request.until else now + LEEWAY
    if since >= until or since > now:
        last = f" to {request.until}" if request.until else ""
        raise InputError(
            f"no offer can be that new: {request.since}{last} (today is {now.date()}); expected "
            "a first day that is past, and not after the last one",
            field="since",
        )
    # Codes named twice are asked once.
    pending = [
        OfferQuery(rome, since, until, department)
        for rome in dict.fromkeys(request.romes)
        for department in dict.fromkeys(request.departments or (None,))
    ]
    run = FetchRun(folder, now, pending)
    run.save()
    return run


def _midnight(day: date) -> datetime:
    return datetime.combine(day, clock(), tzinfo=UTC)


def _going_on(run: FetchRun) -> str:
    done = len(run.parts)
    return (
        f"going on with the fetch that began on {run.started_at:%Y-%m-%d at %H:%M} UTC: {done} of "
        f"{done + len(run.pending)} queries are done, and its offers are of that day "
        "(--restart begins anew)"
    )


def _read_queries(run: FetchRun, client: FranceTravailClient) -> None:
    # The bar shows on a terminal only, and only when there is something to wait for.
    with tqdm(unit=" offers", desc="fetch", delay=2, disable=None, leave=False) as bar:
        bar.update(run.offers)
        while run.pending:
            so_far = f"{len(run.parts)} queries done, {len(run.pending)} to go"
            bar.set_postfix_str(so_far, refresh=False)
            offers = run.offers
            try:
                _read_next(run, client)
            except JobMatchError as error:
                run.save()
                raise _with_way_on(error, run) from error
            bar.update(run.offers - offers)


def _read_next(run: FetchRun, client: FranceTravailClient) -> None:
    query, calls = run.pending[0], client.transport.calls
    try:
        try:
            read = _read_query(client, query)
        finally:
            run.calls += client.transport.calls - calls
    except QueryRefusedError as error:
        # One code that the API does not know must not stop the fetch of a thousand others.
        run.skip_next(str(error))
        return
    if read.total > MAX_RESULTS and (smaller := query.split()):
        run.split_next(smaller)
        return
    run.finish_next(read.offers, read.warning(query))


@dataclass(frozen=True, slots=True)
class _Reading:
    offers: list[Any]
    total: int
    is_whole: bool
    readings: int = 1

    def warning(self, query: OfferQuery) -> str:
        if self.total > MAX_RESULTS:
            others = "cannot be reached" if query.department else "were looked for by department"
            return (
                f"{query}: {self.total:,} offers, of which the API shows {MAX_RESULTS:,}; the "
                f"others {others}"
            )
        if not self.is_whole:
            return (
                f"{query}: {len(self.offers):,} offers read where the API counts {self.total:,}; "
                f"{self.readings} readings found no more"
            )
        return ""


def _read_query(client: FranceTravailClient, query: OfferQuery) -> _Reading:
    """Reads a query until one reading is whole; stops early at one that is too large."""
    found: dict[str, Any] = {}
    readings, before = 0, None
    while readings < MOST_READINGS:
        readings += 1
        pages = _read_pages(client, query)
        seen = {offer_key(each): each for page in pages for each in page.offers}
        found |= seen
        total = pages[-1].total
        if max(page.total for page in pages) > MAX_RESULTS:
            return _Reading(list(found.values()), max(page.total for page in pages), True)
        # The same count on every page and that many offers: nothing slipped between two pages.
        if {page.total for page in pages} == {len(seen)}:
            return _Reading(list(found.values()), total, True)
        # A list that stands still shorter than it is counted will not get longer.
        if before == (seen.keys(), total):
            break
        before = (seen.keys(), total)
    return _Reading(list(found.values()), total, False, readings)


def _read_pages(client: FranceTravailClient, query: OfferQuery) -> Sequence[Page]:
    pages = [client.search(query)]
    if pages[0].total > MAX_RESULTS and query.split():
        return pages
    for first in range(PAGE_SIZE, MAX_RESULTS, PAGE_SIZE):
        if first >= pages[-1].total:
            break
        pages.append(client.search(query, first))
    return pages


def _with_way_on(error: JobMatchError, run: FetchRun) -> JobMatchError:
    done, left = len(run.parts), len(run.pending)
    return type(error)(
        f"{error} Fetched so far: {run.offers:,} offers, {done} of {done + left} queries, kept in "
        f"{run.folder}. The same command goes on at {run.pending[0]}.",
        field=error.field,
    )
