"""Keeps a service loaded: the first time, and again when a champion or a catalogue appears."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.serving.match_service import MatchService

logger = logging.getLogger(__name__)


def keep_loaded(
    service: MatchService,
    probe: Callable[[], tuple[str, ...]],
    *,
    stop: threading.Event,
    interval_s: float = 3.0,
    retry_turns: int = 5,
) -> None:
    """Loads the service, and again whenever champion or catalogue change, until ``stop`` is set.

    Meant for a background thread. A failure is told once in the log and by the readiness; the last
    good state is served meanwhile, and the next change is another try; so is every fifth turn while
    nothing is served, because a registry on another machine changes no file here.
    """
    tried: tuple[str, ...] | None = None
    told = ""
    turn = 0
    while not stop.is_set():
        try:
            current = probe()
            again = not service.is_ready and turn % retry_turns == 0
            turn += 1
            if again or current not in (tried, service.source):
                tried = current
                service.load()
                told = ""
        except JobMatchError as error:
            if str(error) != told:
                logger.warning("not ready: %s", error)
                told = str(error)
        except Exception:
            # Whatever a library or a disk throws must not end the thread: nobody would load any
            # more.
            logger.exception("loading failed")
        stop.wait(interval_s)
