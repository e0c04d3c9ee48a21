"""Which offers were served once and are not any more: gone is another answer than never been.

A catalogue holds what is offered now. The ids of all offers that were ever served stand in a small
file beside the index; what is in it and not in the catalogue was withdrawn.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path

from jobmatch_ml.files import write_lines

logger = logging.getLogger(__name__)

FILE_NAME = "served_offers.txt"
_MOST = 5_000_000  # ids; more would take longer to read than to load a catalogue


def note_served(folder: Path, offer_ids: Collection[str]) -> frozenset[str]:
    """Remembers the offers of a catalogue and returns those that were served before it alone.

    A file that cannot be read or written costs only the difference between "withdrawn" and
    "unknown": the service goes on.

    Args:
        folder: Where the service keeps what it made, ``settings.serving_dir``.
        offer_ids: Ids of the catalogue that is loaded.
    """
    path = folder / FILE_NAME
    current = set(offer_ids)
    known = _read(path)
    if not current <= known and len(known | current) <= _MOST:
        try:
            write_lines(path, sorted(known | current))
        except OSError as error:
            logger.warning("the served offers were not noted: %s", type(error).__name__)
    return frozenset(known - current)


def _read(path: Path) -> set[str]:
    try:
        return set(path.read_text(encoding="utf-8").split("\n")) - {""}
    except FileNotFoundError:
        return set()
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("the served offers could not be read: %s", type(error).__name__)
        return set()
