"""Layouts kept aside: looked at when the rules are done, never while they are mended."""

# ruff: noqa: E501 - a layout is one template; parted, it would read worse

from __future__ import annotations

import io
from collections.abc import Callable

import docx

from tests.corpora.cv_dev.layouts_wild import degrees, jobs, lists, part
from tests.corpora.cv_dev.sheet import BOLD, ITALIC, _lines, _page, show
from tests.corpora.cv_dev.wild import WildSheet


def a_bar_both(s: WildSheet) -> str:
    """Header band, bar left of lists, entries right with dates in a pill before the title."""
    opts = {**BOLD, "size": "11.5pt", "fill": 'rgb("#264653")'}
    bar = lists(s, "contact language skill_soft certification interest", upper=True, **opts)
    main = lists(s, "summary skill_hard", upper=True, **opts)
    main += "\n\n" + part(
        s,
        "experience",
        jobs(
            s,
            lambda j: (
                f'#box(fill: rgb("#e9c46a"), inset: 2pt)[{show(s.period(j), size="8pt")}] {show(j["title"], **BOLD)} \\\n{show(j["employer"], **ITALIC)} #h(1fr) {show(j["city"])}\n\n{s.missions(j)}'
            ),
        ),
        upper=True,
        **opts,
    )
    main += "\n\n" + part(
        s,
        "education",
        degrees(
            s,
            lambda d: (
                f'#box(fill: rgb("#e9c46a"), inset: 2pt)[{show(str(d["year"]), size="8pt")}] {show(d["degree"], **BOLD)} \\\n{show(d["school"], **ITALIC)} #h(1fr) {show(d["city"])}'
            ),
        ),
        upper=True,
        **opts,
    )
    head = f'#block(fill: rgb("#264653"), width: 100%, inset: 16pt)[#set text(fill: white)\n{show(s.name(), size="22pt")} \\\n{show(s.person["title"], size="12pt")}]'
    return _page(
        f"{head}\n#block(inset: 14pt)[#grid(columns: (50mm, 1fr), gutter: 8mm, [{bar}], [{main}])]",
        margin="0mm",
        size=9,
    )


def a_serif_margin(s: WildSheet) -> str:
    """Headings in a left margin, entries right: title, employer in small type, dates last on the line."""

    def row(kind: str, body: str) -> str:
        return f"#grid(columns: (38mm, 1fr), column-gutter: 6mm, [#align(right)[{s.head(kind, **ITALIC)}]], [{body}])"

    head = f"{show(s.name(), size='21pt')} \\\n{show(' · '.join(s.contacts()))}"
    return _page("\n\n".join([
        head, row("summary", show(s.person["summary"])),
        row("experience", jobs(s, lambda j: f"{show(j['title'], **BOLD)}, {show(j['employer'])}, {show(j['city'])}, {show(s.period(j))}\n\n{s.missions(j)}")),
        row("education", degrees(s, lambda d: f"{show(d['degree'], **BOLD)}, {show(d['school'])}, {show(d['city'])}, {show(str(d['year']))}")),
        row("skill_hard", s.body("skill_hard")), row("language", s.body("language")), row("interest", s.body("interest")),
    ]), font="Libertinus Serif", size=10.5)  # fmt: skip


def a_two_pages(s: WildSheet) -> str:
    """Large type over two pages; employer : title on the first line, dates below with town."""
    opts = {**BOLD, "size": "15pt"}
    head = (
        f"{show(s.name(), **BOLD, size='22pt')} \\\n{show(s.person['title'], size='15pt')} \\\n"
        + " \\\n".join(map(show, s.contacts()))
    )
    return _page("\n\n".join([
        head, lists(s, "skill_hard", **opts),
        part(s, "experience", jobs(s, lambda j: f"{show(j['employer'] + ' : ' + j['title'], **BOLD)} \\\n{show(s.period(j) + ', ' + j['city'])}\n\n{s.missions(j)}"), **opts),
        "#pagebreak()",
        part(s, "education", degrees(s, lambda d: f"{show(d['school'] + ' : ' + d['degree'], **BOLD)} \\\n{show(str(d['year']) + ', ' + d['city'])}"), **opts),
        lists(s, "language certification interest", **opts),
    ]), size=12)  # fmt: skip


def a_split_dates(s: WildSheet) -> str:
    """Start above end in a left column; position, employer | town, missions right."""
    opts = {**BOLD, "size": "12pt", "fill": 'rgb("#7b2d8b")'}

    def entry(left: str, right: str) -> str:
        return f"#grid(columns: (30mm, 1fr), [{left}], [{right}])"

    head = f"#align(right)[{show(s.name(), **BOLD, size='20pt')} \\\n{show(s.person['title'])} \\\n{show(' | '.join(s.contacts()))}]"
    return _page("\n\n".join([
        head,
        part(s, "experience", jobs(s, lambda j: entry(f"{show(s.period(j), **BOLD)} \\\n{show(j['city'])}", f"{show(j['title'], **BOLD)} \\\n{show(j['employer'], **ITALIC)}\n\n{s.missions(j)}")), **opts),
        part(s, "education", degrees(s, lambda d: entry(f"{show(str(d['year']), **BOLD)} \\\n{show(d['city'])}", f"{show(d['degree'], **BOLD)} \\\n{show(d['school'], **ITALIC)}")), **opts),
        lists(s, "skill_hard skill_soft language interest", **opts),
    ]))  # fmt: skip


def a_cards(s: WildSheet) -> str:
    """Cards in two columns for jobs; lists in a row of three at the foot."""
    opts = {**BOLD, "size": "13pt", "fill": 'rgb("#b23a48")'}
    cards = ", ".join(
        f"[#block(stroke: 0.4pt, inset: 6pt, width: 100%)[{show(j['title'], **BOLD)} \\\n{show(j['employer'] + ' – ' + j['city'])} \\\n{show(s.period(j), size='8.5pt')}\n\n{s.missions(j)}]]"
        for j in s.person["jobs"]
    )
    foot = ", ".join(f"[{lists(s, kind, **opts)}]" for kind in ("skill_hard", "language"))
    head = f"{show(s.name(), size='24pt', **BOLD)} \\\n{show(s.person['title'])} \\\n{show('  •  '.join(s.contacts()))}"
    return _page("\n\n".join([
        head, lists(s, "summary", **opts),
        part(s, "experience", f"#grid(columns: (1fr, 1fr), gutter: 6mm, {cards})", **opts),
        part(s, "education", degrees(s, lambda d: f"{show(d['degree'], **BOLD)} – {show(d['school'])}, {show(d['city'])} ({show(str(d['year']))})"), **opts),
        f"#grid(columns: (1fr, 1fr), gutter: 8mm, {foot})",
    ]))  # fmt: skip


def a_typed(s: WildSheet) -> str:
    """Typewriter: all in one size, headings in capitals between rules, dates in the first column."""
    rule = show("-" * 60)

    def heading(kind: str) -> str:
        return f"{rule} \\\n{show(s.words(kind, upper=True))} \\\n{rule}"

    head = " \\\n".join(map(show, [s.name().upper(), s.person["title"], *s.contacts()]))
    return _page("\n\n".join([
        head, heading("experience"),
        jobs(s, lambda j: f"{show(s.period(j))} \\\n{show(j['title'] + ' - ' + j['employer'] + ' - ' + j['city'])}\n\n{s.missions(j)}"),
        heading("education"), degrees(s, lambda d: show(f"{d['year']}  {d['degree']} - {d['school']} - {d['city']}")),
        heading("skill_hard"), s.body("skill_hard"), heading("language"), s.body("language"), heading("interest"), _lines(map(show, s.person["interests"])),
    ]), font="DejaVu Sans Mono", size=9)  # fmt: skip


def a_word_table(s: WildSheet) -> bytes:
    """Word: rows of a table, headings over both cells, dates left; lists as one line each."""
    out = docx.Document()
    out.add_heading(s.name(), 0)
    for text in (s.person["title"], *s.contacts()):
        out.add_paragraph(text)
    grid = out.add_table(rows=0, cols=2)

    def heading(kind: str) -> None:
        cells = grid.add_row().cells
        cells[0].merge(cells[1]).paragraphs[0].add_run(s.words(kind, upper=True)).bold = True

    heading("experience")
    for j in s.person["jobs"]:
        left, right = grid.add_row().cells
        left.text = s.period(j)
        right.paragraphs[0].add_run(j["title"]).bold = True
        right.add_paragraph(f"{j['employer']} ({j['city']})")
        for mission in j["missions"]:
            right.add_paragraph(mission, style="List Bullet")
    heading("education")
    for d in s.person["degrees"]:
        left, right = grid.add_row().cells
        left.text = str(d["year"])
        right.paragraphs[0].add_run(d["degree"]).bold = True
        right.add_paragraph(f"{d['school']} ({d['city']})")
    for kind, texts in (
        (
            "skill_hard",
            [f"{theme} : {', '.join(items)}" for theme, items in s.person["skills"].items()],
        ),
        ("language", [f"{name} : {level}" for name, level, _ in s.person["languages"]]),
        ("interest", [", ".join(s.person["interests"])]),
    ):
        heading(kind)
        cell = grid.add_row().cells
        whole = cell[0].merge(cell[1])
        whole.text = texts[0]
        for text in texts[1:]:
            whole.add_paragraph(text)
    stream = io.BytesIO()
    out.save(stream)
    return stream.getvalue()


ASIDE_LAYOUTS: dict[str, Callable[[WildSheet], str]] = {
    layout.__name__: layout
    for layout in (a_bar_both, a_serif_margin, a_two_pages, a_split_dates, a_cards, a_typed)
}
ASIDE_WORD: dict[str, Callable[[WildSheet], bytes]] = {"a_word_table": a_word_table}
