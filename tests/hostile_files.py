"""Small files that attack a reader, each built in memory by the test that needs it."""

from __future__ import annotations

import io
import zipfile
import zlib

DOCX_BODY = (
    '<?xml version="1.0"?><w:document xmlns:w='
    '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
)
_CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)


def pdf(
    pages: list[bytes], *, stream_filter: str = "", trailer: str = "", to_unicode: bytes = b""
) -> bytes:
    """Builds a PDF by hand: one content stream a page, Helvetica, a right cross-reference table.

    ``to_unicode`` is the font's table of which characters its glyphs stand for.
    """
    table_of_font = f"/ToUnicode {4 + 2 * len(pages)} 0 R" if to_unicode else ""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica {table_of_font} >>".encode(),
    ]
    for index, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * index} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        head = f"<< /Length {len(content)} {stream_filter} >>\nstream\n".encode()
        objects.append(head + content + b"\nendstream")
    if to_unicode:
        head = f"<< /Length {len(to_unicode)} >>\nstream\n".encode()
        objects.append(head + to_unicode + b"\nendstream")
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    table = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    for offset in offsets:
        out.write(f"{offset:010d} 00000 n \n".encode())
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode())
    out.write(f"startxref\n{table}\n%%EOF\n".encode())
    return out.getvalue()


def text_pdf(lines: list[str], *, pages: int = 1) -> bytes:
    """Builds a PDF with the same lines (ASCII) on each page."""
    shown = "".join(f"({line}) Tj 0 -16 Td " for line in lines)
    return pdf([f"BT /F1 11 Tf 50 800 Td {shown} ET".encode()] * pages)


def glyph_bomb(*, glyphs: int = 500, characters: int = 5_000) -> bytes:
    """Builds a small PDF whose every glyph stands for thousands of characters."""
    table = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
        f"endcodespacerange 1 beginbfchar <41> <{'0042' * characters}> endbfchar endcmap end"
    )
    shown = f"BT /F1 1 Tf 10 800 Td ({'A' * glyphs}) Tj ET".encode()
    return pdf([shown], to_unicode=table.encode())


def double_flate_bomb(*, megabytes: int = 700) -> bytes:
    """Builds a PDF of a few KB that unpacks to more memory than a reader may take."""
    packer = zlib.compressobj(1)
    block = b"(A) Tj " * 150_000  # about 1 MB
    once = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    return pdf([zlib.compress(once, 9)], stream_filter="/Filter [/FlateDecode /FlateDecode]")


def encrypted_pdf() -> bytes:
    """Builds a PDF that asks for a password (standard security handler, a wrong key)."""
    encrypt = (
        "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 "
        f"/O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<{'43' * 16}> <{'43' * 16}>]"
    )
    return pdf([b"BT /F1 11 Tf (secret) Tj ET"], trailer=encrypt)


def docx(document_xml: str, *, extra: dict[str, bytes] | None = None) -> bytes:
    """Builds a DOCX archive with the given main part and other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("word/document.xml", document_xml)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def docx_bomb(*, megabytes: int = 64) -> bytes:
    """Builds a DOCX whose main part unpacks to ``megabytes`` of empty paragraphs."""
    paragraph = "<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    return docx(DOCX_BODY.format(paragraph * (megabytes * 1_000_000 // len(paragraph))))
