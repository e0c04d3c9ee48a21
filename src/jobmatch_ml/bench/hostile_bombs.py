"""Hand-made files that attack a reader of CVs, each built in memory in well under a second.

A bomb is a small file that asks for much: memory, time, recursion. Those that a word processor or a
printer would never write must be refused; a few others are strange but harmless and may be read.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Build = Callable[[], bytes]

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


@dataclass(frozen=True, slots=True)
class Bomb:
    """One attack.

    Args:
        name: What it does, a few words.
        build: Makes its bytes.
        refused: Whether reading it would be a fault; otherwise it may be read, within the limits.
    """

    name: str
    build: Build
    refused: bool = True


def pdf(objects: Mapping[int, bytes], *, root: int = 1, trailer: str = "") -> bytes:
    """Writes numbered objects as a PDF with a right cross-reference table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.5\n")
    offsets = {}
    for number, body in objects.items():
        offsets[number] = out.tell()
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    table = out.tell()
    size = max(objects) + 1
    out.write(f"xref\n0 {size}\n".encode())
    for number in range(size):
        offset = offsets.get(number)
        out.write(
            b"0000000000 65535 f \n" if offset is None else f"{offset:010d} 00000 n \n".encode()
        )
    out.write(f"trailer << /Size {size} /Root {root} 0 R {trailer} >>\n".encode())
    out.write(f"startxref\n{table}\n%%EOF\n".encode())
    return out.getvalue()


def stream(content: bytes, entries: str = "") -> bytes:
    """Returns a stream object's body."""
    head = f"<< /Length {len(content)} {entries} >>\nstream\n".encode()
    return head + content + b"\nendstream"


def deflated(block: bytes, times: int, *, twice: bool = False) -> bytes:
    """Packs many copies of a block without ever holding them unpacked."""
    packer = zlib.compressobj(1)  # the fastest: a thousand times smaller all the same
    packed = b"".join(packer.compress(block) for _ in range(times)) + packer.flush()
    return zlib.compress(packed, 9) if twice else packed


def page(
    content: bytes, *, box: str = "0 0 595 842", more: Mapping[int, bytes] | None = None,
    resources: str = "/Font << /F1 4 0 R >>", entries: str = "",
    font: bytes = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
) -> bytes:  # fmt: skip
    """Writes a PDF of one page: 1 catalogue, 2 pages, 3 page, 4 font, 5 content, then ``more``."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 5 0 R "
            f"/Resources << {resources} >> >>".encode(),
            4: font,
            5: stream(content, entries),
            **(more or {}),
        }
    )


def image(entries: str, content: bytes) -> bytes:
    """Writes a page that shows one picture and has no text."""
    head = f"/Type /XObject /Subtype /Image {entries}"
    return page(
        b"q 595 0 0 842 0 0 cm /I Do Q",
        resources="/XObject << /I 6 0 R >>",
        more={6: stream(content, head)},
    )


def docx(document: str | bytes, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """Writes a DOCX of a main part and others."""
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELS,
        "word/document.xml": document,
        **(more or {}),
    }
    return archive(parts)


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    """Writes a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def body(inner: str) -> str:
    """Returns a main part around some paragraphs."""
    return f'<?xml version="1.0"?><w:document {W}><w:body>{inner}</w:body></w:document>'


def paragraphs(text: str, times: int = 1) -> str:
    """Returns paragraphs of one text."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" * times


def _shown(text: str) -> bytes:
    return f"BT /F1 11 Tf 50 800 Td ({text}) Tj ET".encode()


def _page_tree(kids: str, count: int, more: Mapping[int, bytes] | None = None) -> bytes:
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode()
    return pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: tree, 3: leaf, **(more or {})})


def _million_pages() -> bytes:
    kids = "3 0 R " * 300_000
    return _page_tree(kids, 1_000_000)


def _page_doubling() -> bytes:
    """Thirty levels of nodes that name the next one twice: a thousand million pages."""
    levels = {
        number: f"<< /Type /Pages /Kids [{number + 1} 0 R {number + 1} 0 R] /Count 2 >>".encode()
        for number in range(4, 34)
    }
    levels[34] = b"<< /Type /Page /MediaBox [0 0 595 842] >>"
    return _page_tree("4 0 R", 2**30, levels)


def _laughing_forms() -> bytes:
    """Forms that each draw the next one ten times."""
    forms = {
        number: stream(
            b"/X Do " * 10,
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
            f"/Resources << /XObject << /X {number + 1} 0 R >> >>",
        )
        for number in range(6, 16)
    }
    last = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 4 0 R >> >>"
    forms[16] = stream(_shown("A" * 50), last)
    return page(b"/X Do", resources="/XObject << /X 6 0 R >>", more=forms)


def _encrypted() -> bytes:
    content = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        4: stream(_shown("secret")),
    }
    lock = f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>"
    return pdf(content, trailer=f"/Encrypt {lock} /ID [<{'43' * 16}> <{'43' * 16}>]")


def _cid_font(entries: str) -> bytes:
    return (
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts "
        f"[<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A {entries} >>] >>"
    ).encode()


def _to_unicode(table: str, glyphs: int = 500) -> bytes:
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
        f"endcodespacerange {table} endcmap end"
    ).encode()
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    return page(_shown("A" * glyphs), font=font, more={6: stream(cmap)})


def _lying_sizes(data: bytes) -> bytes:
    """Says in a DOCX's directory that each part is ten bytes long."""
    changed = bytearray(data)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 24 : at + 28] = struct.pack("<I", 10)
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def _overlapping_parts() -> bytes:
    """Two hundred directory entries that all unpack the same bytes."""
    plain = docx(body("A" * 400_000))
    start = plain.rfind(b"PK\x01\x02")
    end = plain.rfind(b"PK\x05\x06")
    entry = plain[start:end]
    name_length = struct.unpack("<H", entry[28:30])[0]
    copies = b"".join(
        entry[:46]
        + f"word/docum{number:03d}.xml"[:name_length].encode()
        + entry[46 + name_length :]
        for number in range(190)
    )
    count = struct.pack("<HH", 193, 193)
    sizes = struct.pack("<II", len(plain[:end]) - plain.find(b"PK\x01\x02") + len(copies),
                        plain.find(b"PK\x01\x02"))  # fmt: skip
    tail = b"PK\x05\x06\x00\x00\x00\x00" + count + sizes + b"\x00\x00"
    return plain[:end] + copies + tail


def _encrypted_docx() -> bytes:
    changed = bytearray(docx(body(paragraphs("secret"))))
    for mark, shift in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + shift] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


_DOCTYPE = "<!DOCTYPE a [" + "<!ENTITY a0 'ha'>"
_LAUGHS = _DOCTYPE + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
) + "]>"  # fmt: skip
_BIG = "/ColorSpace /DeviceGray /BitsPerComponent 8"
# A picture that does not pack: the whole stays below the ratio, so that the XML itself is met.
_PADDING = {"word/media/a.bin": random.Random(7).randbytes(100_000)}  # nosec B311
_WIDE_CELL = (
    '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc></w:tr>'
    "</w:tbl>"
)

BOMBS: tuple[Bomb, ...] = (
    Bomb("PDF, text packed twice, 700 MB", lambda: page(
        deflated(b"(A) Tj " * 150_000, 700, twice=True),
        entries="/Filter [/FlateDecode /FlateDecode]")),
    Bomb("PDF, text packed once, 1 GB", lambda: page(
        deflated(b"(AAAAAAAA) Tj " * 70_000, 1_000), entries="/Filter /FlateDecode")),
    Bomb("PDF, two million glyphs on one spot", lambda: page(
        deflated(b"BT /F1 1 Tf (" + b"A" * 100_000 + b") Tj ET ", 20),
        entries="/Filter /FlateDecode")),
    Bomb("PDF, 300,000 pages", _million_pages),
    Bomb("PDF, pages doubled thirty times", _page_doubling),
    Bomb("PDF, page tree in a circle", lambda: _page_tree("2 0 R", 5)),
    Bomb("PDF, 31 pages", lambda: _page_tree("3 0 R " * 31, 31)),
    Bomb("PDF, 100 pictures of pages", lambda: _page_tree("3 0 R " * 100, 100)),
    Bomb("PDF, forms that multiply", _laughing_forms),
    Bomb("PDF, a form that draws itself", lambda: page(
        b"/X Do", resources="/XObject << /X 6 0 R >>",
        more={6: stream(b"/X Do " * 10, "/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
                        "/Resources << /XObject << /X 6 0 R >> >>")})),
    Bomb("PDF, arrays in arrays", lambda: page(b"[" * 200_000)),
    Bomb("PDF, dictionaries in dictionaries", lambda: pdf(
        {1: b"<< /A " * 100_000 + b">>" * 100_000})),
    Bomb("PDF, cross-reference table of 10^9", lambda: (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1000000000\n"
        b"0000000000 65535 f \ntrailer << /Size 1000000000 /Root 1 0 R >>\nstartxref\n45\n%%EOF")),
    Bomb("PDF, tables in a circle", lambda: (
        b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \n"
        b"trailer << /Size 1 /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF")),
    Bomb("PDF, a length that is its own", lambda: pdf(
        {1: b"<< /Type /Catalog /Pages 2 0 R >>",
         2: b"<< /Length 2 0 R >>\nstream\nA\nendstream"})),
    Bomb("PDF, a password", _encrypted),
    Bomb("PDF, glyphs that stand for thousands", lambda: _to_unicode(
        f"1 beginbfchar <41> <{'0042' * 5_000}> endbfchar")),
    Bomb("PDF, a range of 2^32 characters", lambda: _to_unicode(
        "1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange")),
    Bomb("PDF, font widths of 10^9 glyphs", lambda: page(
        _shown("AB" * 40), font=_cid_font("/W [0 1000000000 500]"))),
    Bomb("PDF, a font that unpacks to 1 GB", lambda: page(
        _shown("A" * 40),
        font=b"<< /Type /Font /Subtype /Type1 /BaseFont /A /ToUnicode 6 0 R >>",
        more={6: stream(deflated(b"A" * 1_000_000, 1_000), "/Filter /FlateDecode")})),
    Bomb("PDF, ninety-nine filters", lambda: page(
        _shown("A"), entries="/Filter [" + "/ASCIIHexDecode " * 99 + "]")),
    Bomb("PDF, a predictor of 2^31 columns", lambda: page(
        deflated(b"A" * 1000, 9),
        entries="/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2147483647 >>")),
    Bomb("PDF, ten million operators", lambda: page(
        deflated(b"q " * 500_000, 20), entries="/Filter /FlateDecode")),
    Bomb("PDF, a million rectangles", lambda: page(
        deflated(b"0 0 1 1 re f " * 50_000, 20), entries="/Filter /FlateDecode")),
    Bomb("PDF, a picture of 50,000 x 50,000", lambda: image(
        f"/Width 50000 /Height 50000 {_BIG} /Filter /FlateDecode", deflated(b"\0" * 10**6, 2_500))),
    Bomb("PDF, a JBIG2 picture of 2^31 lines", lambda: image(
        f"/Width 2147483647 /Height 2147483647 {_BIG} /Filter /JBIG2Decode", b"\0\0\0\1" * 64)),
    Bomb("PDF, a broken JPEG 2000 picture", lambda: image(
        f"/Width 30000 /Height 30000 {_BIG} /Filter /JPXDecode",
        b"\0\0\0\x0cjP  \r\n\x87\n" + b"\xff" * 4_000)),
    Bomb("PDF, a page of 10^9 points", lambda: page(b"", box="0 0 1000000000 1000000000")),
    Bomb("PDF, character tables of another folder", lambda: page(
        _shown("A" * 40), font=_cid_font("").replace(
            b"/Identity-H", b"/..#2f..#2f..#2f..#2fetc#2fpasswd")), refused=False),
    Bomb("PDF, only its first line", lambda: b"%PDF-1.7\n"),
    Bomb("PDF, ten megabytes and one", lambda: b"%PDF-1.7\n" + b"0" * 10_000_000),
    Bomb("DOCX, 64 MB of paragraphs", lambda: docx(body(paragraphs("a", 1_900_000)))),
    Bomb("DOCX, a part packed 1000:1", lambda: docx(
        body(paragraphs("a")), {"word/media/a.bin": b"\0" * 30_000_000})),
    Bomb("DOCX, 60 MB said to be ten bytes", lambda: _lying_sizes(
        docx(body("A" * 60_000_000)))),
    Bomb("DOCX, 250 parts", lambda: docx(
        body(paragraphs("a")), {f"word/{n}.bin": b"" for n in range(250)})),
    Bomb("DOCX, parts on one spot", _overlapping_parts),
    Bomb("DOCX, archives in archives", lambda: archive({"a.zip": archive({"b.zip": b"PK"})})),
    Bomb("DOCX, entities that multiply", lambda: docx(
        '<?xml version="1.0"?>' + _LAUGHS + body("&a11;")[21:])),
    Bomb("DOCX, entities in UTF-16", lambda: docx(
        ('<?xml version="1.0" encoding="UTF-16"?>' + _LAUGHS + "<a>&a11;</a>").encode("utf-16"))),
    Bomb("DOCX, an entity of the disk", lambda: docx(
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + body(paragraphs("&x;"))[21:])),
    Bomb("DOCX, 100,000 tags deep", lambda: docx(
        body("<w:p>" * 100_000 + "</w:p>" * 100_000), _PADDING)),
    Bomb("DOCX, tables in tables", lambda: docx(body(
        "<w:tbl><w:tr><w:tc>" * 3_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3_000), _PADDING)),
    Bomb("DOCX, a cell of 2*10^9 columns", lambda: docx(body(_WIDE_CELL), _PADDING)),
    Bomb("DOCX, a password", _encrypted_docx),
    Bomb("DOCX, no main part", lambda: archive({"word/styles.xml": "<a/>"})),
    Bomb("DOCX, a picture of the disk", lambda: docx(
        body(paragraphs("Comptable")),
        {"word/_rels/document.xml.rels": _RELS.replace(
            'Target="word/document.xml"', 'Target="file:///etc/passwd" TargetMode="External"')}),
        refused=False),
    Bomb("DOCX, names with dots", lambda: docx(
        body(paragraphs("Comptable")), {"../../etc/cron.d/x": "x"}), refused=False),
    Bomb("text, brackets 100,000 deep", lambda: b"[" * 100_000 + b"]" * 100_000, refused=False),
    Bomb("text, half a pair of UTF-16", lambda: b"\xff\xfe" + b"\x00\xd8" * 90_000, refused=False),
    Bomb("text, 199,000 accents on a letter", lambda: "\u0301".encode() * 99_000,
         refused=False),
    Bomb("text, a million characters", lambda: b"A" * 1_000_000),
    Bomb("text, 100,000 lines", lambda: b"A\n" * 100_000),
    Bomb("RTF, groups in groups", lambda: b"{\\rtf1 " + b"{" * 100_000),
    Bomb("nothing", lambda: b""),
    Bomb("zeros", lambda: b"\0" * 100_000),
)  # fmt: skip
"""All of them."""
