"""Seeded ways to break an honest PDF or Word file: what discs, mails and attackers do to them."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable

_NUMBER = re.compile(rb"(?<![\w.])\d{1,9}(?![\w.])")
_REFERENCE = re.compile(rb"\b\d+ 0 R\b")
_NAME = re.compile(rb"/[A-Z][A-Za-z0-9]{2,20}")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_TAG = re.compile(rb"<[/\w][^<>]*>")
_ODD_NUMBERS = (b"0", b"-1", b"2147483648", b"99999999999", b"1e308", b"0.000001", b"null")
_ODD_NAMES = (b"/Pages", b"/Page", b"/Font", b"/Parent", b"/ObjStm", b"/JBIG2Decode",
              b"/Identity-V", b"/Encrypt", b"/XRef", b"/LZWDecode", b"/A" * 3)  # fmt: skip
_ODD_XML = (b"<w:tbl>", b"</w:p>", b"<w:p><w:p>", b"&amp;", b"&x;", b"\x00", b"\xff\xfe", b"<!--",
            b"]]>", b'<w:gridSpan w:val="99999"/>', b'<w:sectPr/>', b"<?xml?>")  # fmt: skip

_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError)

Change = Callable[[random.Random, bytes], bytes]


def mutate_pdf(rng: random.Random, data: bytes) -> tuple[str, bytes]:
    """Breaks a PDF in one to three ways: what was done, and its bytes."""
    return _change(rng, data, _PDF)


def mutate_docx(rng: random.Random, data: bytes) -> tuple[str, bytes]:
    """Breaks a Word file, its parts or its archive, in one to three ways."""
    return _change(rng, data, _DOCX)


def _change(rng: random.Random, data: bytes, ways: dict[str, Change]) -> tuple[str, bytes]:
    names = rng.choices(list(ways), k=rng.choice((1, 1, 2, 3)))
    for name in names:
        data = ways[name](rng, data)
    return ", ".join(names), data


def _flip_bytes(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(rng.choice((1, 8, 64, 512)), len(changed))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _lose_middle(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.randrange(2_000) :]


def _repeat_middle(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    block = data[start : start + rng.randrange(1, 4_000)]
    return data[:start] + block * rng.choice((2, 10, 100)) + data[start:]


def _insert_noise(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + rng.randbytes(rng.randrange(1, 2_000)) + data[start:]


def _splice(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + data[rng.randrange(len(data) + 1) :]


def _line_ends(rng: random.Random, data: bytes) -> bytes:
    old, new = rng.choice(((b"\n", b"\r\n"), (b"\r\n", b"\n"), (b"\n", b"\r")))
    return data.replace(old, new)  # sent as text


def _as_text(rng: random.Random, data: bytes) -> bytes:
    return data.decode(rng.choice(("latin-1", "ascii")), "replace").encode("utf-8")


def _replace(pattern: re.Pattern[bytes], values: tuple[bytes, ...]) -> Change:
    def change(rng: random.Random, data: bytes) -> bytes:
        share = rng.choice((0.002, 0.02, 0.2))
        return pattern.sub(
            lambda found: rng.choice(values) if rng.random() < share else found.group(0), data
        )

    return change


def _exchange_references(rng: random.Random, data: bytes) -> bytes:
    known = _REFERENCE.findall(data) or [b"1 0 R"]
    return _replace(_REFERENCE, tuple(known[:200]))(rng, data)


def _break_streams(rng: random.Random, data: bytes) -> bytes:
    """Changes what is inside packed streams, so that the parser gets past the unpacking."""

    def change(found: re.Match[bytes]) -> bytes:
        if rng.random() > 0.5:
            return found.group(0)
        try:
            plain = zlib.decompress(found.group(1))
        except zlib.error:
            return found.group(0)
        way = rng.choice((_flip_bytes, _lose_middle, _repeat_middle, _splice,
                          _replace(_NUMBER, _ODD_NUMBERS)))  # fmt: skip
        packed: bytes = zlib.compress(way(rng, plain) if plain else plain)
        return b"stream\n" + packed + b"\nendstream"

    return _STREAM.sub(change, data)


def _break_part(rng: random.Random, data: bytes) -> bytes:
    """Changes parts of the archive and packs it again: the archive itself stays right."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            parts = [(part.filename, source.read(part)) for part in source.infolist()]
    except _UNREADABLE:  # it was broken before
        return _flip_bytes(rng, data) if data else data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts:
            hit = content and (name == "word/document.xml" or rng.random() < 0.1)
            changed = rng.choice(_PART_WAYS)(rng, content) if hit else content
            if rng.random() >= 0.02:  # else the part is lost; a fixed time: the same bytes again
                target.writestr(zipfile.ZipInfo(name), changed, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _odd_xml(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + rng.choice(_ODD_XML) * rng.choice((1, 50)) + data[start:]


def _lose_tags(rng: random.Random, data: bytes) -> bytes:
    share = rng.choice((0.001, 0.05))
    return _TAG.sub(lambda found: b"" if rng.random() < share else found.group(0), data)


def _double_tags(rng: random.Random, data: bytes) -> bytes:
    tags: list[bytes] = _TAG.findall(data) or [b"<a>"]
    start = rng.randrange(len(data) + 1)
    return data[:start] + rng.choice(tags) * rng.choice((1, 300)) + data[start:]


_BYTES: dict[str, Change] = {
    "bytes changed": _flip_bytes,
    "cut": _cut,
    "a block lost": _lose_middle,
    "a block repeated": _repeat_middle,
    "noise inserted": _insert_noise,
    "halves mixed": _splice,
    "line ends changed": _line_ends,
    "sent as text": _as_text,
}
_PDF: dict[str, Change] = {
    **_BYTES,
    "numbers changed": _replace(_NUMBER, _ODD_NUMBERS),
    "names changed": _replace(_NAME, _ODD_NAMES),
    "references exchanged": _exchange_references,
    "streams broken": _break_streams,
}
_PART_WAYS: tuple[Change, ...] = (
    _odd_xml, _lose_tags, _double_tags, _flip_bytes, _cut, _lose_middle, _repeat_middle,
    _replace(_NUMBER, _ODD_NUMBERS),
)  # fmt: skip
_DOCX: dict[str, Change] = {
    **_BYTES,
    # Most of the ways above only break the archive: the parts get as many turns.
    **{f"parts broken {number}": _break_part for number in range(1, 7)},
}
