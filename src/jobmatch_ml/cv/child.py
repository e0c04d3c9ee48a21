"""Runs the parser of a file in a process that can be killed, and turns its end into an answer."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from compileall import compile_dir
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

import jobmatch_ml
from jobmatch_ml.cv.children import announce
from jobmatch_ml.cv.errors import CvReadError
from jobmatch_ml.cv.hidden import HiddenText, read_hidden
from jobmatch_ml.cv.limits import CvLimits, RefusedError
from jobmatch_ml.cv.reading import Box, Style
from jobmatch_ml.cv.spares import Spares, end

Kind = Literal["pdf", "docx", "ocr", "render"]
Page: TypeAlias = list[tuple[str, Box | None, Style | None]]
"""A page's lines, each with its box and type where the format has them."""

_DEFAULTS = CvLimits()
_SPARES = Spares({})
_BLOCK = 65_536  # bytes read at once of a child's answer


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """What a child read; ``scanned`` when the pages are pictures, to be read by recognition.

    ``hidden`` are lines that nobody sees, which are not on the pages.
    """

    pages: list[Page]
    scanned: bool
    hidden: tuple[HiddenText, ...] = ()


def read_in_child(kind: Kind, data: bytes, *, limits: CvLimits, place: str = "") -> ChildAnswer:
    """Parses ``data`` in a child with memory, CPU and clock limits.

    The child leads a session of its own, so that whatever it started dies with it; it inherits no
    secrets of the environment.

    Args:
        kind: Which reader.
        data: The file.
        limits: Enforced by the child on itself, and by this function on the clock.
        place: File name for the error message.

    Raises:
        CvReadError: The reader refused the file, was too slow, too large, or fell over.
    """
    wall_s = limits.ocr_wall_s if kind == "ocr" else limits.wall_s
    process = _SPARES.take(kind, limits) or start(kind, limits)
    try:
        code, output = _run(process, data, most=limits.answer_bytes, wall_s=wall_s, place=place)
    finally:
        _SPARES.refill(kind, limits, partial(start, kind, limits))
    return _answer(code, output, limits=limits, place=place)


@contextlib.contextmanager
def keep_spares(counts: Mapping[Kind, int], limits: CvLimits = _DEFAULTS) -> Iterator[Spares]:
    """Keeps children waiting for files as long as the context is open, for this whole process.

    Args:
        counts: How many of each kind; a waiting child holds about 40 MB.
        limits: Those of the files to come; a file of other limits gets a child of its own.
    """
    global _SPARES  # noqa: PLW0603 - one set a process, as its children are
    spares, before = Spares({str(kind): n for kind, n in counts.items()}), _SPARES
    _SPARES = spares
    try:
        for kind in counts:
            spares.refill(kind, limits, partial(start, kind, limits))
        yield spares
    finally:
        _SPARES = before
        spares.close()


def render_in_child(
    data: bytes, *, limits: CvLimits, shown: Sequence[Sequence[Box]] | None = None, place: str = ""
) -> tuple[bytes, ...]:
    """Returns pictures (JPEG) of a PDF's pages, made in a child as :func:`read_in_child` says.

    Args:
        data: The file.
        limits: What it may cost; of it ``vision_pages``, ``vision_pixels`` and ``vision_bytes``.
        shown: Boxes that stay visible on each page, in points; ``None`` shows everything.
        place: File name for the error message.

    Raises:
        CvReadError: It cannot be rendered within the limits.
    """
    process = start("render", limits, json.dumps(shown))
    most = 2 * limits.vision_bytes  # base64, and the signs around it
    code, output = _run(process, data, most=most, wall_s=limits.wall_s, place=place)
    answer = _parsed(code, output, place=place)
    try:
        pictures = tuple(b64decode(text, validate=True) for text in answer["pictures"])
    except (ValueError, TypeError, KeyError) as error:
        raise CvReadError("cv_reader_failed", place=place, detail="no answer") from error
    if len(pictures) > limits.vision_pages or sum(map(len, pictures)) > limits.vision_bytes:
        raise CvReadError("cv_reader_failed", place=place, detail="more pictures than asked for")
    return pictures


def start(kind: Kind, limits: CvLimits, *more: str) -> subprocess.Popen[bytes]:
    """Starts a child; it waits for its file."""
    _compile_readers()
    command = [sys.executable, "-m", "jobmatch_ml.cv.reader_process", kind]
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        [*command, json.dumps(asdict(limits)), *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=_environment(),
    )


@lru_cache(maxsize=1)
def _compile_readers() -> None:
    """Compiles this room once: children write nothing, so each would compile it for itself."""
    compile_dir(Path(__file__).parent, maxlevels=0, quiet=2)


def _run(
    process: subprocess.Popen[bytes], data: bytes, *, most: int, wall_s: float, place: str
) -> tuple[int, bytes]:
    """Gives a child its file; returns its exit code and what it printed."""
    announce(process)
    feeder = threading.Thread(target=_feed, args=(process, data), daemon=True)
    feeder.start()
    try:
        output = _collect(process, most=most, wall_s=wall_s)
        process.wait(timeout=wall_s)
    except subprocess.TimeoutExpired as error:
        raise CvReadError("cv_time", place=place, detail=f"over {wall_s} s") from error
    except RefusedError as error:
        raise CvReadError(error.code, place=place, detail=error.detail) from error
    finally:
        end(process)
        feeder.join()  # its pipe is broken now, if it was not done
    return process.returncode, output


def check_size(pages: Sequence[Page], limits: CvLimits) -> None:
    """Measures what a reader gave; the child measures too, but it may be under a file's control.

    Raises:
        RefusedError: ``cv_too_many_pages`` or ``cv_too_much_text``.
    """
    if len(pages) > limits.pdf_pages:
        raise RefusedError("cv_too_many_pages", f"more than {limits.pdf_pages} pages")
    lines = sum(len(page) for page in pages)
    if lines > limits.text_lines:
        raise RefusedError("cv_too_much_text", f"{lines} lines, at most {limits.text_lines}")
    characters = sum(len(text) for page in pages for text, *_ in page)
    if characters > limits.text_characters:
        raise RefusedError(
            "cv_too_much_text", f"{characters} characters, at most {limits.text_characters}"
        )


def _feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Gives the file to the child; one that ends early has its reasons, told by its answer."""
    if process.stdin:
        with contextlib.suppress(OSError), process.stdin as stdin:
            stdin.write(data)


def _collect(process: subprocess.Popen[bytes], *, most: int, wall_s: float) -> bytes:
    """Reads the child's answer up to ``most`` bytes: ``communicate`` would read any number."""
    output = bytearray()
    deadline = time.monotonic() + wall_s
    with selectors.DefaultSelector() as selector:
        if process.stdout is None:  # pragma: no cover - it was asked for
            return b""
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(deadline - time.monotonic(), 0)):
                raise subprocess.TimeoutExpired(process.args, wall_s)
            block = os.read(process.stdout.fileno(), _BLOCK)
            output += block
            if len(output) > most:
                raise RefusedError("cv_too_much_text", f"an answer of more than {most} bytes")
            if not block:
                return bytes(output)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    # The package may be imported from a source folder that is not installed (a built bento).
    source = str(Path(jobmatch_ml.__file__).parent.parent)
    return {**kept, "PYTHONPATH": source, "PYTHONSAFEPATH": "1", "LC_ALL": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip


def _parsed(code: int, output: bytes, *, place: str) -> dict[str, Any]:
    """Returns what a child printed, unless it is a refusal."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise CvReadError("cv_time", place=place, detail="CPU limit")
    if code != 0:
        raise CvReadError("cv_reader_failed", place=place, detail=f"exit {code}")
    try:
        answer: dict[str, Any] = json.loads(output)
        if "refused" in answer:
            raise CvReadError(answer["refused"], place=place, detail=answer["detail"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CvReadError("cv_reader_failed", place=place, detail="no answer") from error
    return answer


def _answer(code: int, output: bytes, *, limits: CvLimits, place: str) -> ChildAnswer:
    answer = _parsed(code, output, place=place)
    try:
        pages = [[_line(*line) for line in page["lines"]] for page in answer["pages"]]
        check_size(pages, limits)
        hidden = tuple(read_hidden(answer.get("hidden", [])))
        return ChildAnswer(pages, scanned=bool(answer["scanned"]), hidden=hidden)
    except RefusedError as error:
        raise CvReadError(error.code, place=place, detail=error.detail) from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CvReadError("cv_reader_failed", place=place, detail="no answer") from error


def _line(
    text: str, box: Sequence[float] | None, style: Sequence[float] | None = None
) -> tuple[str, Box | None, Style | None]:
    if not isinstance(text, str):
        raise TypeError("a line without text")
    known: Style | None = None
    if style is not None:
        size, bold, tint = style
        known = (float(size), bool(bold), int(tint))
    if box is None:
        return text, None, known
    left, top, right, bottom = (float(side) for side in box)
    return text, (left, top, right, bottom), known
