"""Time lines with the dates between employer and work."""

# ruff: noqa: E501 - a layout is one template; parted, it would read worse

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.corpora.cv_dev.layouts_wild import lists, part
from tests.corpora.cv_dev.lines import LineSheet
from tests.corpora.cv_dev.sheet import BOLD, ITALIC, _bullets, _lines, _page, show


def rows(widths: str, cells: Iterable[tuple[str, ...]], *, gap: str = "7pt", more: str = "") -> str:
    """Cells beside each other, a row an entry."""
    flat = ", ".join(f"[{cell}]" for row in cells for cell in row)
    return f"#grid(columns: {widths}, row-gutter: {gap}, column-gutter: 4mm, {more}{flat})"


def tl_plain(s: LineSheet) -> str:
    """Employer and town below it, dates in the middle, position and missions right; lists below."""
    opts = {**BOLD, "size": "12pt", "fill": 'rgb("#174")'}
    head = f"{show(s.name(), **BOLD, size='20pt')} \\\n{show(s.person['title'], size='12pt')} \\\n{show('  |  '.join(s.contacts()), size='9pt')}"
    jobs = rows(
        "(42mm, 34mm, 1fr)",
        (
            (
                f"{show(j['employer'], **BOLD)} \\\n{show(j['city'], size='8.5pt')}",
                f"#align(center)[{show(s.period(j), size='9pt')}]",
                f"{show(j['title'], **BOLD)}\n\n{_bullets(j['missions'])}",
            )
            for j in s.person["jobs"]
        ),
        gap="10pt",
    )
    degrees = rows(
        "(42mm, 34mm, 1fr)",
        (
            (
                f"{show(d['school'], **BOLD)} \\\n{show(d['city'], size='8.5pt')}",
                f"#align(center)[{show(str(d['year']), size='9pt')}]",
                show(d["degree"], **BOLD),
            )
            for d in s.person["degrees"]
        ),
        gap="9pt",
    )
    return _page(
        "\n\n".join(
            [
                head,
                lists(s, "summary", **opts),
                part(s, "experience", jobs, **opts),
                part(s, "education", degrees, **opts),
                lists(s, "skill_hard language interest", **opts),
            ]
        )
    )


def tl_axis(s: LineSheet) -> str:
    """Employer and town at the right edge of their column, start above end on an axis, work right."""
    opts = {"size": "13pt", "fill": 'rgb("#a33")'}

    def entry(
        left: str, below: str, points: tuple[str, str], what: str, rest: str
    ) -> tuple[str, ...]:
        first, last = points
        return (f"#align(right)[{show(left)} \\\n{show(below, **ITALIC)}]",
                f'#align(center)[{show(first, size="8pt", **BOLD)}{" " + chr(92) + chr(10) + show(last, size="8pt", **BOLD) if last else ""}]',
                f'#block(stroke: (left: 1pt + rgb("#a33")), inset: (left: 6pt, bottom: 6pt))[{show(what, **BOLD)} \\\n{rest}]')  # fmt: skip

    head = f"#align(center)[{show(s.name(), size='22pt')} \\\n{show(s.person['title'], **ITALIC)} \\\n{show(' · '.join(s.contacts()), size='9pt')}]"
    jobs = rows(
        "(46mm, 22mm, 1fr)",
        (
            entry(
                j["employer"],
                j["city"],
                s.points(j),
                j["title"],
                show(". ".join(j["missions"]) + "."),
            )
            for j in s.person["jobs"]
        ),
    )
    degrees = rows(
        "(46mm, 22mm, 1fr)",
        (
            entry(d["school"], d["city"], (str(d["year"]), ""), d["degree"], "")
            for d in s.person["degrees"]
        ),
    )
    return _page(
        "\n\n".join(
            [
                head,
                part(s, "experience", jobs, upper=True, **opts),
                part(s, "education", degrees, upper=True, **opts),
                lists(s, "skill_hard skill_soft language", upper=True, **opts),
            ]
        ),
        font="Libertinus Serif",
        size=10.5,
    )


def tl_all(s: LineSheet) -> str:
    """Every section in the same three columns: themes, years and levels stand in the middle too."""
    opts = {**BOLD, "size": "11pt", "fill": 'rgb("#246")'}
    widths = "(44mm, 36mm, 1fr)"
    person = s.person
    years = "ans" if s.lang == "fr" else "years"
    head = f"{show(s.name(), **BOLD, size='18pt')} #h(1fr) {show(person['title'])} \\\n{show('   '.join(s.contacts()), size='9pt')}"
    jobs = rows(
        widths,
        (
            (
                f"{show(j['employer'])} \\\n{show(j['city'], fill='luma(100)')}",
                show(s.period(j), **BOLD),
                f"{show(j['title'], **BOLD)} \\\n{_lines(show('– ' + m) for m in j['missions'])}",
            )
            for j in person["jobs"]
        ),
    )
    degrees = rows(
        widths,
        (
            (
                show(d["school"]),
                show(str(d["year"]), **BOLD),
                f"{show(d['degree'], **BOLD)} \\\n{show(d['city'], fill='luma(100)')}",
            )
            for d in person["degrees"]
        ),
    )
    skills = rows(
        widths,
        (
            (show(theme), show(f"{3 + at * 2} {years}", fill="luma(100)"), show(", ".join(items)))
            for at, (theme, items) in enumerate(person["skills"].items())
        ),
    )
    tongues = rows(
        widths, ((show(name), show(code), show(level)) for name, level, code in person["languages"])
    )
    rule = "#line(length: 100%, stroke: 0.4pt)\n\n"
    return _page(
        "\n\n".join(
            [
                head,
                rule,
                part(s, "experience", jobs, **opts),
                rule,
                part(s, "education", degrees, **opts),
                rule,
                part(s, "skill_hard", skills, **opts),
                rule,
                part(s, "language", tongues, **opts),
                lists(s, "interest", **opts),
            ]
        ),
        size=9.5,
    )


def tl_twopages(s: LineSheet) -> str:
    """Large type over two pages; dates in a tinted cell with a wrapped employer beside."""
    opts = {**BOLD, "size": "16pt"}
    head = (
        f"{show(s.name(), **BOLD, size='24pt')} \\\n{show(s.person['title'], size='14pt')} \\\n"
        + " \\\n".join(map(show, s.contacts()))
    )

    def cell(text: str) -> str:
        return f"#box(fill: luma(232), inset: 4pt, width: 100%)[#align(center)[{show(text, size='10pt')}]]"

    widths = "(36mm, 40mm, 1fr)"
    jobs = rows(
        widths,
        (
            (
                show(j["employer"], **BOLD),
                cell(s.period(j)),
                f"{show(j['title'], size='13pt')} \\\n{show(j['city'], **ITALIC)}\n\n{s.missions(j)}",
            )
            for j in s.person["jobs"]
        ),
        gap="16pt",
    )
    degrees = rows(
        widths,
        (
            (
                show(d["school"], **BOLD),
                cell(str(d["year"])),
                f"{show(d['degree'], size='13pt')} \\\n{show(d['city'], **ITALIC)}",
            )
            for d in s.person["degrees"]
        ),
        gap="14pt",
    )
    return _page(
        "\n\n".join(
            [
                head,
                lists(s, "summary", **opts),
                part(s, "experience", jobs, **opts),
                "#pagebreak()",
                part(s, "education", degrees, **opts),
                lists(s, "skill_hard language certification interest", **opts),
            ]
        ),
        size=12,
    )


def tl_oneline(s: LineSheet) -> str:
    """One line an entry: employer (town), dates, position; missions below the position."""
    opts = {"size": "12pt", "tracking": "0.8pt", **BOLD}
    head = (
        f"{show(s.name(), size='19pt', **BOLD)} \\\n{show(s.person['title'])} \\\n"
        + " \\\n".join(show(c, size="9pt") for c in s.contacts())
    )
    jobs = rows(
        "(1.2fr, 36mm, 1.5fr)",
        (
            (
                show(f"{j['employer']} ({j['city']})"),
                show(s.period(j)),
                show(j["title"], **BOLD) + ("\n\n" + _lines(show("• " + m) for m in j["missions"])),
            )
            for j in s.person["jobs"]
        ),
    )
    degrees = rows(
        "(1.2fr, 36mm, 1.5fr)",
        (
            (show(f"{d['school']} ({d['city']})"), show(str(d["year"])), show(d["degree"], **BOLD))
            for d in s.person["degrees"]
        ),
    )
    return _page(
        "\n\n".join(
            [
                head,
                part(s, "education", degrees, upper=True, **opts),
                part(s, "experience", jobs, upper=True, **opts),
                lists(s, "skill_hard language certification", upper=True, **opts),
            ]
        ),
        size=9,
        font="DejaVu Sans",
    )


LINES: dict[str, Callable[[LineSheet], str]] = {
    layout.__name__: layout for layout in (tl_plain, tl_axis, tl_all, tl_twopages, tl_oneline)
}
