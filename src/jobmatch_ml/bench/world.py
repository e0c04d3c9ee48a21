"""How fast a world is made, on one core, and what memory it takes at any size.

Each part is measured in a process of its own, so its peak memory is its own: the facts of all
offers and candidates, texts and records of a sample of offers and of candidates (both linear), and
a log written with its truth. ``days`` are fewer than a world's own where that many impressions do
not need them; requests a day and live offers are those of the size.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jobmatch_ml.bench.harness import peak_memory_mb
from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.world.config import WorldConfig

SIZES = (2_000, 50_000)
REQUESTS = 10


def run_world_bench(
    *,
    sizes: Sequence[int] = SIZES,
    written: int = 5_000,
    impressions: int = 1_000_000,
) -> list[dict[str, Any]]:
    """Measures facts, texts and log at several sizes (as many offers as candidates).

    Args:
        sizes: Offers, and candidates, of the market.
        written: Offers and candidates whose texts are written.
        impressions: At most so many are made at each size.

    Returns:
        A row a size and part: ``size``, ``part``, ``items``, ``seconds``, ``cpu_seconds``,
        ``items_per_s``, ``items_per_cpu_s`` and ``peak_mb`` of the process.
    """
    rows = []
    for size in sizes:
        parts: list[tuple[str, Callable[[WorldConfig, Path], int], WorldConfig]] = [
            ("facts", _facts, _config(size)),
            ("offers written", _offers, _config(size, written=written)),
            ("candidates written", _people, _config(size, written=written)),
            ("impressions written", _log, _config(size, impressions=impressions)),
        ]
        for part, function, config in parts:
            rows.append({"size": size, "part": part, **_in_own_process(function, config)})
    return rows


def _config(size: int, *, written: int = 0, impressions: int = 0) -> WorldConfig:
    """Builds the configuration of one measurement."""
    values = WorldConfig(
        n_offers=written or size,
        n_candidates=written or size,
        n_pdf=0,
        n_docx=0,
        requests_per_candidate=float(REQUESTS),
    )
    if not impressions:
        return values
    # As many candidates as make that many impressions, over the market's own number of offers.
    people = max(2, min(size, impressions // (REQUESTS * values.slate_size)))
    return values.model_copy(update={"n_candidates": people})


def _facts(config: WorldConfig, folder: Path) -> int:
    from jobmatch_ml.world.market import make_market

    market = make_market(config)
    return len(market.offers) + len(market.candidates)


def _offers(config: WorldConfig, folder: Path) -> int:
    from jobmatch_ml.world.layout import write_offers
    from jobmatch_ml.world.market import make_market
    from jobmatch_ml.world.writing import OfferScribe

    market = make_market(config)
    write_offers(config, market, folder, OfferScribe(config, market), workers=1)
    return len(market.offers)


def _people(config: WorldConfig, folder: Path) -> int:
    from jobmatch_ml.world.layout import write_people
    from jobmatch_ml.world.market import make_market
    from jobmatch_ml.world.writing import PeopleScribe

    market = make_market(config)
    write_people(market, folder, PeopleScribe(config, market), workers=1)
    return len(market.candidates)


def _log(config: WorldConfig, folder: Path) -> int:
    from jobmatch_ml.world.layout import write_log
    from jobmatch_ml.world.market import make_market

    market = make_market(config)
    return write_log(config, market, folder)["impressions"]


def _in_own_process(
    function: Callable[[WorldConfig, Path], int], config: WorldConfig
) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(function, config, sender))
    process.start()
    sender.close()
    try:
        row: dict[str, Any] = receiver.recv()
    except EOFError as error:
        raise JobMatchError(
            f"making a world of {config.n_offers} offers failed in its process; "
            "its error stands above"
        ) from error
    finally:
        process.join()
    return row


def _measure(
    function: Callable[[WorldConfig, Path], int], config: WorldConfig, sender: Any
) -> None:
    """Runs one part and sends its row; importing is not counted."""
    import jobmatch_ml.world.build  # noqa: F401  (its libraries are loaded before the clock starts)

    with tempfile.TemporaryDirectory(prefix="jobmatch-world-") as folder:
        started, cpu_started = time.perf_counter(), time.process_time()
        items = function(config, Path(folder))
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    sender.send(
        {
            "items": items,
            "seconds": round(seconds, 2),
            "cpu_seconds": round(cpu_seconds, 2),
            "items_per_s": round(items / seconds),
            # What one core gives when nothing else wants it.
            "items_per_cpu_s": round(items / cpu_seconds),
            "peak_mb": round(peak_memory_mb()),
        }
    )
