"""A Word text box, written twice as Word does: for itself, and as VML for older readers."""

from __future__ import annotations

from xml.sax.saxutils import escape

WIDTH, HEIGHT = 2160000, 8640000  # 6 cm by 24 cm, in English metric units
NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
}


def _paragraphs(lines: list[tuple[str, str]]) -> str:
    made = []
    for kind, text in lines:
        look = '<w:b/><w:sz w:val="22"/>' if kind == "head" else '<w:sz w:val="18"/>'
        space = '<w:spacing w:before="160" w:after="60"/>' if kind == "head" else ""
        made.append(
            f"<w:p><w:pPr>{space}</w:pPr><w:r><w:rPr>{look}</w:rPr>"
            f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        )
    return "".join(made)


def text_box(lines: list[tuple[str, str]]) -> str:
    """The XML of a box at the left margin that holds ``lines`` of (head|line, text)."""
    content = f"<w:txbxContent>{_paragraphs(lines)}</w:txbxContent>"
    names = " ".join(f'xmlns:{short}="{long}"' for short, long in NAMES.items())
    drawing = (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        'relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="margin"><wp:posOffset>0</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{WIDTH}" cy="{HEIGHT}"/><wp:wrapNone/><wp:docPr id="1" name="Zone"/>'
        "<a:graphic><a:graphicData "
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{WIDTH}" cy="{HEIGHT}"/></a:xfrm><a:prstGeom prst="rect"/></wps:spPr>'
        f"<wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
        "</wp:anchor></w:drawing>"
    )
    old = (
        '<w:pict><v:shape style="position:absolute;width:170pt;height:680pt">'
        f"<v:textbox>{content}</v:textbox></v:shape></w:pict>"
    )
    return (
        f'<mc:AlternateContent {names}><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    )
