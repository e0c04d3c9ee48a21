"""Which offers were served once and are not any more: gone is another answer than never been.

A catalogue holds what is offered now. The ids of all offers that were ever served stand in a small
file beside the index; what is in it and not in the catalogue was withdrawn.

The file is only ever added to, under a lock and in one step: several workers, and the command line
beside them, load the same catalogue at the same moment.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path

from jobmatch_ml.files import write_bytes
from jobmatch_ml.serving.rules import OFFER_ID

logger = logging.getLogger(__name__)

FILE_NAME = "served_offers.txt"
_LOCK_NAME = f".{FILE_NAME}.lock"
_MOST = 5_000_000  # ids; more would take longer to read than to load a catalogue


def note_served(folder: Path, offer_ids: Collection[str]) -> frozenset[str]:
    """Remembers the offers of a catalogue and returns those that were served before it alone.

    A file that cannot be read or written costs only the difference between "withdrawn" and
    "unknown": it is left as it is, and the service goes on.

    Args:
        folder: Where the service keeps what it made, ``settings.serving_dir``.
        offer_ids: Ids of the catalogue that is loaded. One that no path can have is not noted:
            nobody can ask for it.
    """
    path = folder / FILE_NAME
    current = {each.encode("ascii") for each in offer_ids if OFFER_ID.fullmatch(each)}
    known: set[bytes] = set()
    try:
        known = _read(path)
        if not current <= known:
            known = _add(path, current)
    except OSError as error:
        logger.warning("the served offers were not noted: %s", type(error).__name__)
    return frozenset(each for each in map(_as_id, known - current) if each)


def _add(path: Path, current: set[bytes]) -> set[bytes]:
    """Adds ids to the file; returns what it held before."""
    # Imported late: the registry is a heavy room, and most loads have nothing to add.
    from jobmatch_ml.registry.locks import file_lock

    with file_lock(path.with_name(_LOCK_NAME)):
        known = _read(path)  # again: another process may have added to it meanwhile
        every = known | current
        if len(every) > _MOST:
            logger.warning("the served offers were not noted: more than %d", _MOST)
        elif every != known:
            write_bytes(path, (line + b"\n" for line in sorted(every)))
    return known


def _read(path: Path) -> set[bytes]:
    # Bytes: a line that is no id of ours, whoever wrote it, stays as it is.
    try:
        return set(path.read_bytes().split(b"\n")) - {b""}
    except FileNotFoundError:
        return set()


def _as_id(line: bytes) -> str:
    text = line.decode("ascii", "replace")
    return text if OFFER_ID.fullmatch(text) else ""
