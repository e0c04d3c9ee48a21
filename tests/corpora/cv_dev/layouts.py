"""Development layouts as Typst sources: each differs in where heads, dates and columns stand."""

# ruff: noqa: E501 - a layout is one template; parted, it would read worse

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.corpora.cv_dev.layouts_more import (
    capitals,
    contact_grid,
    dates_centre,
    entries_beside,
    europass,
    headings_left,
    label_above,
    plain_lines,
    tracked,
    two_halves,
)
from tests.corpora.cv_dev.sheet import BOLD, ITALIC, Sheet, _page, _rest, _section, show


def sidebar_left(s: Sheet) -> str:
    """Dark bar on the left; bold title, right dates, employer and town in italics below."""
    opts = {**BOLD, "size": "13pt", "upper": "yes"}
    bar = s.name(**BOLD, size="18pt") + "\n\n" + show(s.person["title"])
    bar += "\n\n" + _rest(s, opts, kinds="contact skill_hard language interest")
    jobs = (
        f"{show(j['title'], **BOLD)} #h(1fr) {show(s.period(j))} \\\n"
        f"{show(j['employer'] + ', ' + j['city'], **ITALIC)}\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    main = _rest(s, opts, kinds="summary") + "\n\n" + _section(s, "experience", opts, jobs)
    main += "\n\n" + _section(s, "education", opts, (
        f"{show(d['degree'], **BOLD)} #h(1fr) {show(str(d['year']))} \\\n"
        f"{show(d['school'] + ', ' + d['city'], **ITALIC)}" for d in s.person["degrees"]))  # fmt: skip
    return _page(
        "#grid(columns: (34%, 66%), rows: (297mm,), "
        f'[#block(fill: rgb("#20304a"), width: 100%, height: 100%, inset: 12pt)[#set text(fill: '
        f"white)\n{bar}]], [#block(inset: 16pt)[{main}]])",
        margin="0mm", size=9.5,
    )  # fmt: skip


def sidebar_right(s: Sheet) -> str:
    """Name over both; employer before title, dates above; lists in a narrow column right."""
    opts = {**BOLD, "size": "12pt", "fill": 'rgb("#a33")'}
    jobs = (
        f"{show(s.period(j), fill='luma(110)')} \\\n{show(j['employer'], **BOLD)} – "
        f"{show(j['city'])} \\\n{show(j['title'], **ITALIC)}\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    main = _section(s, "experience", opts, jobs)
    main += "\n\n" + _section(s, "education", opts, (
        f"{show(str(d['year']), fill='luma(110)')} \\\n{show(d['school'], **BOLD)} – "
        f"{show(d['city'])} \\\n{show(d['degree'], **ITALIC)}" for d in s.person["degrees"]))  # fmt: skip
    bar = _rest(s, opts, kinds="contact skill_hard skill_soft language certification interest")
    head = (
        f"#align(center)[{s.name(size='22pt')} \\\n{show(s.person['title'].upper(), size='11pt')}]"
    )
    return _page(f"{head}\n#v(8pt)\n#grid(columns: (1fr, 56mm), gutter: 9mm, [{main}], [{bar}])")


def classic_line(s: Sheet) -> str:
    """One column; the whole head on one line: title – employer | city (dates)."""
    opts = {**BOLD, "size": "12pt"}
    head = s.name(**BOLD, size="20pt") + " \\\n" + show(s.person["title"], size="13pt")
    head += " \\\n" + show(" | ".join(s.contacts()))
    jobs = (
        f"{show(j['title'], **BOLD)} – {show(j['employer'] + ' | ' + j['city'])} "
        f"({show(s.period(j))})\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    degrees = (
        f"{show(d['degree'], **BOLD)} – {show(d['school'] + ' | ' + d['city'])} "
        f"({show(str(d['year']))})"
        for d in s.person["degrees"]
    )
    return _page("\n\n".join([
        head, _rest(s, opts, kinds="summary"), _section(s, "experience", opts, jobs),
        _section(s, "education", opts, degrees),
        _rest(s, opts, kinds="skill_hard skill_soft language certification interest"),
    ]))  # fmt: skip


def timeline_left(s: Sheet) -> str:
    """Dates in a left column; employer, contract and title beside them."""
    opts = {"size": "14pt", "fill": 'rgb("#157")'}
    head = s.name(size="21pt") + " \\\n" + " #h(8pt) ".join(map(show, s.contacts()))
    line = '#line(length: 100%, stroke: 0.5pt + rgb("#157"))'

    def rows(entries: Iterable[tuple[str, str]]) -> str:
        cells = ", ".join(f"[{left}], [{right}]" for left, right in entries)
        return f"#grid(columns: (36mm, 1fr), row-gutter: 9pt, {cells})"

    jobs = rows(
        (
            show(s.period(j), size="9pt"),
            f"{show(j['employer'].upper(), **BOLD)}, {show(j['city'])} \\\n"
            f"{show(j['title'] + ' (' + j['contract'] + ')')}\n\n{s.missions(j)}",
        )
        for j in s.person["jobs"]
    )
    degrees = rows(
        (
            show(str(d["year"])),
            f"{show(d['degree'], **BOLD)} \\\n{show(d['school'])}, {show(d['city'])}",
        )
        for d in s.person["degrees"]
    )
    return _page(f"\n{line}\n".join([
        head, _section(s, "experience", opts, [jobs]), _section(s, "education", opts, [degrees]),
        _rest(s, opts, kinds="skill_hard language interest"),
    ]))  # fmt: skip


def dates_below(s: Sheet) -> str:
    """Title, then employer and town, then the dates alone; thin headings in capitals."""
    opts = {"size": "10.5pt", "upper": "yes", "tracking": "0.5pt"}
    jobs = (
        f"{show(j['title'], **BOLD)} \\\n{show(j['employer'])} – {show(j['city'])} \\\n"
        f"{show(s.period(j), **ITALIC)}\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    degrees = (
        f"{show(d['degree'], **BOLD)} \\\n{show(d['school'])} – {show(d['city'])} \\\n"
        f"{show(str(d['year']), **ITALIC)}"
        for d in s.person["degrees"]
    )
    head = "#align(right)[" + s.name(**BOLD, size="16pt") + " \\\n"
    head += show(s.person["title"]) + " \\\n" + " \\\n".join(map(show, s.contacts())) + "]"
    return _page("\n\n".join([
        head, _rest(s, opts, kinds="summary skill_hard"), _section(s, "experience", opts, jobs),
        _section(s, "education", opts, degrees),
        _rest(s, opts, kinds="language certification skill_soft interest"),
    ]), font="Libertinus Serif", size=10.5)  # fmt: skip


def dates_middle(s: Sheet) -> str:
    """Dates in the middle of the head's only line, in one of three ways."""
    opts = {**BOLD, "size": "12pt"}

    def line(first: str, period: str, second: str, city: str) -> str:
        way = s.style.number % 3
        if way == 0:
            return f"{show(first, **BOLD)} · {show(period)} · {show(second + ', ' + city)}"
        if way == 1:
            return f"{show(second + ' (' + period + ')')} : {show(first, **BOLD)}, {show(city)}"
        return f"{show(first, **BOLD)} [{show(period)}] {show(second)} – {show(city)}"

    jobs = (
        f"{line(j['title'], s.period(j), j['employer'], j['city'])}\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    degrees = (
        line(d["degree"], str(d["year"]), d["school"], d["city"]) for d in s.person["degrees"]
    )
    head = f"{s.name(**BOLD, size='18pt')} #h(1fr) {show(s.contacts()[1])} \\\n"
    head += f"{show(s.person['title'])} #h(1fr) {show(s.contacts()[0])} \\\n#h(1fr) {show(s.contacts()[2])}"
    return _page("\n\n".join([
        head, _rest(s, opts, kinds="summary"), _section(s, "experience", opts, jobs),
        _rest(s, opts, kinds="skill_hard"), _section(s, "education", opts, degrees),
        _rest(s, opts, kinds="language certification interest"),
    ]))  # fmt: skip


def table(s: Sheet) -> str:
    """A ruled table: period, position, employer; missions below each row or in a cell."""
    opts = {**BOLD, "size": "11pt", "upper": "yes"}
    rows = []
    for j in s.person["jobs"]:
        where = show(f"{j['employer']}\n{j['city']}")
        rows.append(f"[{show(s.period(j))}], [{show(j['title'], **BOLD)}], [{where}]")
        rows.append(f"[], table.cell(colspan: 2)[{s.missions(j)}]")
    jobs = f"#table(columns: (36mm, 1fr, 52mm), stroke: 0.4pt, {', '.join(rows)})"
    cells = ", ".join(
        f"[{show(str(d['year']))}], [{show(d['degree'], **BOLD)}], [{show(d['school'])}]"
        for d in s.person["degrees"]
    )
    degrees = f"#table(columns: (20mm, 1fr, 62mm), stroke: 0.4pt, {cells})"
    head = s.name(**BOLD, size="17pt") + " \\\n" + show(s.person["title"]) + " \\\n"
    head += " \\\n".join(map(show, s.contacts()))
    return _page("\n\n".join([
        head, _section(s, "experience", opts, [jobs]), _section(s, "education", opts, [degrees]),
        _rest(s, opts, kinds="skill_hard language certification interest"),
    ]), size=9.5)  # fmt: skip


def academic(s: Sheet) -> str:
    """Serif; year spans hang left, one running line right; small capitals as headings."""
    opts = {"size": "12pt", "upper": "yes", **BOLD}

    def entry(period: str, what: str) -> str:
        return f"#grid(columns: (30mm, 1fr), [{show(period)}], [{what}])"

    jobs = (
        entry(s.period(j), f"{show(j['title'], **ITALIC)}, {show(j['employer'])}, {show(j['city'])}."
              f" {show('. '.join(j['missions']))}.") for j in s.person["jobs"]
    )  # fmt: skip
    degrees = (
        entry(
            str(d["year"]),
            f"{show(d['degree'], **ITALIC)}, {show(d['school'])}, {show(d['city'])}.",
        )
        for d in s.person["degrees"]
    )
    head = f"#align(center)[{s.name(size='19pt')} \\\n{show(' · '.join(s.contacts()))}]"
    return _page("\n\n".join([
        head, _section(s, "education", opts, degrees), _section(s, "experience", opts, jobs),
        _rest(s, opts, kinds="skill_hard language interest"),
    ]), font="New Computer Modern", size=10)  # fmt: skip


LAYOUTS: dict[str, Callable[[Sheet], str]] = {
    layout.__name__: layout
    for layout in (
        sidebar_left, sidebar_right, classic_line, timeline_left, dates_below, dates_middle, table,
        academic, contact_grid, capitals, europass, tracked, plain_lines, two_halves,
        headings_left, label_above, dates_centre, entries_beside,
    )
}  # fmt: skip
