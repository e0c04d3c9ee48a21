"""The child that parses a hostile file: limits first, then one format, JSON on stdout, exit.

Started by :mod:`jobmatch_ml.cv.child` as ``python -m jobmatch_ml.cv.reader_process KIND LIMITS``
with the file on stdin. It imports one parser and nothing heavy. It prints ``{"pages": …}`` or
``{"refused": code, "detail": …}`` and never writes to disk.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

from jobmatch_ml.cv.limits import CvLimits, RefusedError

_ALLOCATIONS = 200_000


def confine(cpu_s: int, memory_bytes: int) -> None:
    """Sets the limits of this process and of those that it starts; they cannot be raised again."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(kind: str, data: bytes, limits: CvLimits, shown: str = "null") -> dict[str, Any]:
    """Parses one file of a known kind, ``pdf``, ``docx``, ``ocr`` or ``render``; never raises.

    Args:
        kind: Which reader.
        data: The file.
        limits: What it may cost.
        shown: JSON of the boxes that stay visible, for ``render``.
    """
    try:
        return _parse(kind, data, limits, shown)
    except RefusedError as error:
        code, detail = error.code, error.detail
    except ImportError:
        code, detail = "missing_extra", kind
    except (MemoryError, RecursionError):
        code, detail = "cv_memory", ""
    # A parser fed with hostile bytes raises whatever its authors did not think of. The text of
    # such an error may quote the file, so only its class is told.
    except Exception as error:
        code, detail = "cv_damaged", type(error).__name__
    return {"refused": code, "detail": detail}


def _parse(kind: str, data: bytes, limits: CvLimits, shown: str) -> dict[str, Any]:
    if kind == "pdf":
        from jobmatch_ml.cv.read_pdf import read_pdf

        return read_pdf(data, limits)
    if kind == "docx":
        from jobmatch_ml.cv.read_docx import read_docx

        return read_docx(data, limits)
    if kind == "render":
        from jobmatch_ml.cv.render_pages import render_pages

        return render_pages(data, limits, json.loads(shown))
    from jobmatch_ml.cv.read_scan import read_scan

    return read_scan(data, limits)


def _prepare(kind: str) -> None:
    """Loads a parser before there is a file: a child that waits for one has it already."""
    module = {"pdf": "read_pdf", "docx": "read_docx", "ocr": "read_scan"}.get(kind)
    if module:
        with suppress(ImportError):  # told when there is a file to read
            import_module(f"jobmatch_ml.cv.{module}")


def main() -> None:
    """Confines the process, reads stdin, answers on stdout."""
    # Parsers make many objects and few cycles: looking for these takes a tenth of the time.
    gc.set_threshold(_ALLOCATIONS, 20, 50)
    kind, raw_limits = sys.argv[1], sys.argv[2]
    limits = CvLimits(**json.loads(raw_limits))
    confine(limits.ocr_wall_s if kind == "ocr" else limits.cpu_s, limits.memory_bytes)
    _prepare(kind)
    answer = read(kind, sys.stdin.buffer.read(), limits, *sys.argv[3:])
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
    sys.stdout.buffer.flush()
    # No clean-up of a parser's object graph: the process ends anyway, and it may be huge.
    os._exit(0)


if __name__ == "__main__":
    main()
