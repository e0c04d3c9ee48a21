"""Fails when a file to be committed is over 500 KB: models, indexes and data sets are built."""

from __future__ import annotations

import sys
from pathlib import Path

LIMIT_BYTES = 500_000
# The one model that comes with every checkout; a test holds it under 50 MB in all.
EXEMPT = "data/models/jobmatch-encoder-fr/"


def main(names: list[str]) -> int:
    """Prints each file over the limit and returns the exit code."""
    large = [
        (name, size)
        for name in names
        if not name.startswith(EXEMPT) and (size := Path(name).stat().st_size) > LIMIT_BYTES
    ]
    for name, size in large:
        sys.stderr.write(f"{name}: {size:,} bytes, over {LIMIT_BYTES:,}; build it instead\n")
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
