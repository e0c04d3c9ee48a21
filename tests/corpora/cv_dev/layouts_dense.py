"""Dense sheets as LaTeX classes set them, ribbons and bars at the right."""

# ruff: noqa: E501 - a layout is one template; parted, it would read worse

from __future__ import annotations

from collections.abc import Callable

from tests.corpora.cv_dev.layouts_lines import rows
from tests.corpora.cv_dev.layouts_wild import degrees, jobs, lists, part
from tests.corpora.cv_dev.lines import LineSheet
from tests.corpora.cv_dev.sheet import BOLD, ITALIC, _bullets, _lines, _page, lit, show

SERIF = "New Computer Modern"


def tex(body: str, s: LineSheet, *, size: float = 10, margin: str = "20mm", foot: str = "") -> str:
    """A page that is justified and hyphenated, with a foot where told."""
    page = f"#set page(footer: align(center)[{foot}])\n" if foot else ""
    return (
        _page("", size=size, font=SERIF, margin=margin) + page
        + f'#set text(lang: {lit(s.lang)}, hyphenate: true)\n#set par(justify: true)\n{body}\n'
    )  # fmt: skip


def caps(text: str, size: float = 10) -> str:
    """Small capitals as old classes make them: capitals of two sizes."""
    return "".join(
        show(word[:1].upper(), size=f"{size}pt") + show(word[1:].upper() + " ", size=f"{size * 0.8}pt")
        for word in text.split()
    )  # fmt: skip


def tex_casual(s: LineSheet) -> str:
    """As moderncv's casual: contacts in the foot, a large name, dates in a left margin."""
    opts = {"size": "14pt", "fill": 'rgb("#3a7d22")'}
    foot = show("  –  ".join(s.contacts()), size="8pt", **ITALIC)
    head = f"#align(right)[{show(s.name(), size='30pt', fill='luma(90)')} \\\n{show(s.person['title'], size='14pt', **ITALIC)}]"

    def entry(left: str, right: str) -> str:
        return rows("(28mm, 1fr)", [(f"#align(right)[{show(left)}]", right)])

    return tex("\n\n".join([
        head, lists(s, "summary", **opts),
        part(s, "experience", jobs(s, lambda j: entry(s.period(j), f"{show(j['title'], **BOLD)}, {show(j['employer'], **ITALIC)}, {show(j['city'])}.\n\n{show('. '.join(j['missions']) + '.', size='9pt')}")), **opts),
        part(s, "education", degrees(s, lambda d: entry(str(d["year"]), f"{show(d['degree'], **BOLD)}, {show(d['school'], **ITALIC)}, {show(d['city'])}.")), **opts),
        part(s, "skill_hard", _lines(entry(theme, show(", ".join(items))) for theme, items in s.person["skills"].items()), **opts),
        part(s, "language", _lines(entry(name, show(level)) for name, level, _ in s.person["languages"]), **opts),
        part(s, "interest", entry("", show(", ".join(s.person["interests"]))), **opts),
    ]), s, foot=foot)  # fmt: skip


def tex_dense(s: LineSheet) -> str:
    """Small capitals of two sizes as headings; bold title, dates right; employer, town in italics."""
    rule = "#v(-4pt)#line(length: 100%, stroke: 0.3pt)"

    def heading(kind: str, body: str) -> str:
        return f"#block(above: 10pt, below: 4pt)[{caps(s.words(kind), 12)}{rule}]\n\n{body}"

    head = f"#align(center)[{caps(s.name(), 20)} \\\n{show(' | '.join(s.contacts()), size='9pt')}]"
    return tex("\n\n".join([
        head, heading("summary", s.body("summary")),
        heading("experience", jobs(s, lambda j: f"{show(j['title'], **BOLD)} #h(1fr) {show(s.period(j))} \\\n{show(j['employer'] + ', ' + j['city'], **ITALIC)}\n\n{_bullets(j['missions'])}")),
        heading("education", degrees(s, lambda d: f"{show(d['degree'], **BOLD)} #h(1fr) {show(str(d['year']))} \\\n{show(d['school'] + ', ' + d['city'], **ITALIC)}")),
        heading("skill_hard", _lines(f"{show(theme + ' :', **BOLD)} {show(', '.join(items))}" for theme, items in s.person["skills"].items())),
        heading("language", s.body("language")), heading("interest", s.body("interest")),
    ]), s, size=9.5, margin="16mm")  # fmt: skip


def tex_awesome(s: LineSheet) -> str:
    """Employer and town right, title in small capitals with dates right; headings of two colours."""

    def heading(kind: str, body: str) -> str:
        words = s.words(kind)
        return f"#block(above: 12pt, below: 5pt)[{show(words[:3], **BOLD, size='15pt', fill='rgb(' + lit('#dc3522') + ')')}{show(words[3:], **BOLD, size='15pt')}]\n\n{body}"

    head = f"#align(center)[{show(s.person['name'][0] + ' ', size='28pt')}{show(s.person['name'][1], size='28pt', **BOLD)} \\\n{caps(s.person['title'], 8)} \\\n{show(' | '.join(s.contacts()), size='8pt')}]"
    return _page("\n\n".join([
        head,
        heading("experience", jobs(s, lambda j: f"{show(j['employer'], **BOLD)} #h(1fr) {show(j['city'], **ITALIC)} \\\n{caps(j['title'], 9)} #h(1fr) {show(s.period(j), **ITALIC, size='8pt')}\n\n{_bullets(j['missions'])}")),
        heading("education", degrees(s, lambda d: f"{show(d['school'], **BOLD)} #h(1fr) {show(d['city'], **ITALIC)} \\\n{caps(d['degree'], 9)} #h(1fr) {show(str(d['year']), **ITALIC, size='8pt')}")),
        heading("skill_hard", _lines(rows("(34mm, 1fr)", [(f"#align(right)[{show(theme, **BOLD)}]", show(", ".join(items)))]) for theme, items in s.person["skills"].items())),
        heading("certification", s.body("certification")), heading("language", s.body("language")),
    ]), size=9)  # fmt: skip


def tex_list(s: LineSheet) -> str:
    """A description list: bold dates hang left, title, employer and town run into the missions."""
    opts = {"size": "12pt", **BOLD}
    head = (
        f"{show(s.name(), size='17pt', **BOLD)} \\\n{show(s.person['title'])}\n\n"
        + " \\\n".join(map(show, s.contacts()))
    )
    return tex("\n\n".join([
        head, "#line(length: 100%)",
        part(s, "education", degrees(s, lambda d: f"{show(str(d['year']), **BOLD)} #h(6pt) {show(d['degree'] + ', ')}{show(d['school'], **ITALIC)}{show(', ' + d['city'] + '.')}"), **opts),
        part(s, "experience", jobs(s, lambda j: f"#par(hanging-indent: 12pt)[{show(s.period(j), **BOLD)} #h(6pt) {show(j['title'] + ', ')}{show(j['employer'], **ITALIC)}{show(', ' + j['city'] + '.')}]\n\n{show('. '.join(j['missions']) + '.')}"), **opts),
        part(s, "skill_hard", _lines(show(f"{theme} : {', '.join(items)}.") for theme, items in s.person["skills"].items()), **opts),
        lists(s, "language interest", **opts),
    ]), s)  # fmt: skip


def band_ribbons(s: LineSheet) -> str:
    """Coloured ribbons over the width; school and year first, degree below; posts the other way."""

    def band(kind: str, body: str) -> str:
        return f'#block(fill: rgb("#1f5f8b"), width: 100%, inset: 5pt, above: 12pt, below: 8pt)[{s.head(kind, upper=True, fill="white", **BOLD)}]\n\n{body}'

    head = f'#block(fill: rgb("#123"), width: 100%, inset: 14pt)[#set text(fill: white)\n{show(s.name(), size="22pt")} \\\n{show(s.person["title"])} \\\n{show("   ".join(s.contacts()), size="9pt")}]'
    return _page("\n\n".join([
        head, band("summary", s.body("summary")),
        band("education", degrees(s, lambda d: f"{show(d['school'] + ' – ' + d['city'] + ' – ' + str(d['year']))} \\\n{show(d['degree'], **BOLD)}")),
        band("experience", jobs(s, lambda j: f"{show(j['title'] + ' | ' + j['employer'], **BOLD)} \\\n{show(j['city'] + ' | ' + s.period(j))}\n\n{_bullets(j['missions'])}")),
        band("skill_hard", s.body("skill_hard")), band("language", s.body("language")), band("interest", s.body("interest")),
    ]), size=10, margin="12mm")  # fmt: skip


def band_columns(s: LineSheet) -> str:
    """Ribbons; education in two columns of cards under one ribbon, degree, year, school."""

    def band(kind: str, body: str) -> str:
        return f'#block(fill: rgb("#efd9c3"), radius: 8pt, width: 100%, inset: 4pt, above: 11pt, below: 7pt)[#align(center)[{s.head(kind, **BOLD, size="12pt")}]]\n\n{body}'

    cards = ", ".join(
        f"[{show(d['degree'], **BOLD)} \\\n{show(str(d['year']) + ' · ' + d['school'])} \\\n{show(d['city'], **ITALIC)}]"
        for d in s.person["degrees"]
    )
    head = f"#align(center)[{show(s.name(), **BOLD, size='21pt')} \\\n{show(s.person['title'], size='12pt')} \\\n{show(' | '.join(s.contacts()))}]"
    return _page("\n\n".join([
        head, band("experience", jobs(s, lambda j: f"{show(s.period(j), **ITALIC)} \\\n{show(j['title'], **BOLD)} {show('– ' + j['employer'] + ', ' + j['city'])}\n\n{s.missions(j)}")),
        band("education", f"#grid(columns: (1fr, 1fr), gutter: 6mm, {cards})"),
        band("skill_hard", s.body("skill_hard")), band("skill_soft", s.body("skill_soft")), band("language", s.body("language")),
    ]), margin="14mm")  # fmt: skip


def bar_right(s: LineSheet) -> str:
    """A tinted bar at the right that holds the education, broken by its narrowness."""
    opts = {**BOLD, "size": "11pt", "fill": 'rgb("#713")'}
    bar = lists(s, "contact", upper=True, **opts) + "\n\n"
    bar += (
        part(
            s,
            "education",
            degrees(
                s,
                lambda d: (
                    f"{show(str(d['year']), **BOLD)} \\\n{show(d['degree'])} \\\n{show(d['school'], **ITALIC)}"
                ),
            ),
            upper=True,
            **opts,
        )
        + "\n\n"
    )
    bar += lists(s, "language interest", upper=True, **opts)
    main = (
        f"{show(s.name(), size='24pt', **BOLD)} \\\n{show(s.person['title'], size='12pt')}\n\n"
        + lists(s, "summary", upper=True, **opts)
        + "\n\n"
    )
    main += part(
        s,
        "experience",
        jobs(
            s,
            lambda j: (
                f"{show(j['title'], **BOLD)} #h(1fr) {show(s.period(j), size='8.5pt')} \\\n{show(j['employer'] + ', ' + j['city'], fill='luma(80)')}\n\n{s.missions(j)}"
            ),
        ),
        upper=True,
        **opts,
    )
    main += "\n\n" + lists(s, "skill_hard", upper=True, **opts)
    return _page(
        f'#grid(columns: (66%, 34%), rows: (297mm,), [#block(inset: 18pt)[{main}]], [#block(fill: rgb("#f3e6ea"), width: 100%, height: 100%, inset: 14pt)[{bar}]])',
        margin="0mm",
        size=9,
    )


DENSE: dict[str, Callable[[LineSheet], str]] = {
    layout.__name__: layout
    for layout in (
        tex_casual, tex_dense, tex_awesome, tex_list, band_ribbons, band_columns, bar_right,
    )
}  # fmt: skip
