"""Wild layouts: bars with icons, timelines with dots, LaTeX looks, inline headings, exports."""

# ruff: noqa: E501 - a layout is one template; parted, it would read worse

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from tests.corpora.cv_dev.sheet import BOLD, ITALIC, Person, _lines, _page, show
from tests.corpora.cv_dev.wild import WildSheet


def part(s: WildSheet, kind: str, body: str, *, upper: bool = False, **options: str) -> str:
    """A heading and what stands below it."""
    return f"#block(above: 13pt, below: 7pt)[{s.head(kind, upper=upper, **options)}]\n\n{body}"


def lists(s: WildSheet, kinds: str, *, upper: bool = False, **options: str) -> str:
    """Sections of lists."""
    return "\n\n".join(
        part(s, kind, s.body(kind), upper=upper, **options) for kind in kinds.split()
    )


def jobs(s: WildSheet, write: Callable[[Person], str]) -> str:
    """Jobs below each other."""
    return "\n\n".join(write(job) for job in s.person["jobs"])


def degrees(s: WildSheet, write: Callable[[Person], str]) -> str:
    """Degrees below each other."""
    return "\n\n".join(write(item) for item in s.person["degrees"])


def canva(s: WildSheet) -> str:
    """Coloured bar left with icons, very large name over the right side, small grey dates."""
    opts = {"size": "12pt", "tracking": "1.5pt", **BOLD}
    bar = lists(s, "contact skill_hard language interest", upper=True, **opts)
    first, last = s.name().split(" ", 1)
    main = f"{show(first, size='30pt')} \\\n{show(last, size='30pt', **BOLD)}\n\n{show(s.person['title'], size='13pt')}\n\n"
    main += lists(s, "summary", upper=True, **opts) + "\n\n"
    main += part(
        s,
        "experience",
        jobs(
            s,
            lambda j: (
                f"{show(j['title'], **BOLD, size='10.5pt')} \\\n{show(j['employer'] + ' | ' + j['city'])} \\\n"
                f"{show(s.period(j), size='8pt', fill='luma(120)')}\n\n{s.missions(j)}"
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
                f"{show(d['degree'], **BOLD)} \\\n{show(d['school'] + ' | ' + d['city'])} \\\n"
                f"{show(str(d['year']), size='8pt', fill='luma(120)')}"
            ),
        ),
        upper=True,
        **opts,
    )
    return _page(
        "#grid(columns: (36%, 64%), rows: (297mm,), "
        f'[#block(fill: rgb("#dfe8e4"), width: 100%, height: 100%, inset: 14pt)[#v(60pt)\n{bar}]], '
        f"[#block(inset: 18pt)[{main}]])", margin="0mm", size=9)  # fmt: skip


def moderncv(s: WildSheet) -> str:
    """As LaTeX's moderncv: bold title, employer in italics, town on one line, dates in a left margin."""

    def entry(left: str, right: str) -> str:
        return f"#grid(columns: (27mm, 1fr), column-gutter: 4mm, [#align(right)[{show(left, size='9pt')}]], [{right}])"

    opts = {"size": "14pt", "fill": 'rgb("#3873b3")'}
    head = f"#grid(columns: (1fr, auto), [{show(s.name(), size='26pt')} \\\n{show(s.person['title'], size='13pt', **ITALIC)}], [#align(right)[{' #linebreak() '.join(show(c, size='8.5pt', **ITALIC) for c in s.contacts())}]])"
    groups = _lines(
        entry(theme, show(", ".join(items))) for theme, items in s.person["skills"].items()
    )
    tongues = _lines(entry(name, show(level, **ITALIC)) for name, level, _ in s.person["languages"])

    def heading(kind: str) -> str:
        return (f"#block(above: 12pt, below: 6pt)[#grid(columns: (27mm, 1fr), column-gutter: 4mm, align: horizon, "
                f'[#rect(width: 100%, height: 3pt, fill: rgb("#3873b3"))], [{s.head(kind, **opts)}])]')  # fmt: skip

    return _page("\n\n".join([
        head, heading("experience"),
        jobs(s, lambda j: entry(s.period(j), f"{show(j['title'], **BOLD)}, {show(j['employer'], **ITALIC)}, {show(j['city'])}.\n\n{s.missions(j)}")),
        heading("education"),
        degrees(s, lambda d: entry(str(d["year"]), f"{show(d['degree'], **BOLD)}, {show(d['school'], **ITALIC)}, {show(d['city'])}.")),
        heading("skill_hard"), groups, heading("language"), tongues,
        heading("interest"), _lines(entry("", show(x)) for x in s.person["interests"]),
    ]), font="New Computer Modern", size=10)  # fmt: skip


def banking(s: WildSheet) -> str:
    """Employer and town right in bold, title and dates below: one line each, both ends."""
    opts = {"size": "12pt", **BOLD, "fill": 'rgb("#a04000")'}
    head = f"#align(center)[{show(s.name(), size='24pt')} \\\n{show(s.person['title'], **ITALIC)} \\\n{show(' • '.join(s.contacts()), size='8.5pt')}]"
    line = "#line(length: 100%, stroke: 0.4pt)"
    return _page("\n\n".join([
        head, lists(s, "summary", **opts) + line,
        part(s, "experience", jobs(s, lambda j: (
            f"{show(j['employer'], **BOLD)} #h(1fr) {show(j['city'], **BOLD)} \\\n{show(j['title'], **ITALIC)} #h(1fr) {show(s.period(j), **ITALIC)}\n\n{s.missions(j)}")), **opts),
        part(s, "education", degrees(s, lambda d: (
            f"{show(d['school'], **BOLD)} #h(1fr) {show(d['city'], **BOLD)} \\\n{show(d['degree'], **ITALIC)} #h(1fr) {show(str(d['year']), **ITALIC)}")), **opts),
        lists(s, "skill_hard language certification interest", **opts),
    ]), font="Libertinus Serif", size=10.5)  # fmt: skip


def inline_heads(s: WildSheet) -> str:
    """Old form: headings in capitals with a colon, dates and everything of an entry on one line."""
    first = "\n\n".join(map(show, [s.name(), *s.contacts()]))

    def heading(kind: str) -> str:
        return f"#underline[{show(s.words(kind, upper=True) + ' :', **BOLD)}]"

    return _page("\n\n".join([
        first, f"#align(center)[{show(s.person['title'].upper(), **BOLD, size='14pt')}]",
        heading("experience"),
        jobs(s, lambda j: f"{show(s.period(j) + ' : ' + j['title'] + ', ' + j['employer'] + ' (' + j['city'] + ')')}\n\n{s.missions(j)}"),
        heading("education"),
        degrees(s, lambda d: show(f"{d['year']} : {d['degree']}, {d['school']} ({d['city']})")),
        heading("skill_hard"), s.body("skill_hard"), heading("language"), s.body("language"),
        heading("interest"), s.body("interest"),
    ]), font="DejaVu Serif", size=9.5)  # fmt: skip


def dots_line(s: WildSheet) -> str:
    """A vertical line with dots; the date a label above the title; two columns of lists below."""
    opts = {"size": "13pt", **BOLD, "fill": 'rgb("#0a6")'}

    def entry(when: str, what: str, where: str, rest: str) -> str:
        return f'#block(stroke: (left: 1pt + rgb("#0a6")), inset: (left: 10pt, bottom: 6pt))[{show(when, size="8.5pt", fill="luma(110)")} \\\n{show(what, **BOLD)} \\\n{show(where)}\n\n{rest}]'

    head = f"#grid(columns: (1fr, 60mm), [{show(s.name(), size='20pt', **BOLD)} \\\n{show(s.person['title'])}], [{_lines(map(show, s.contacts()))}])"
    left = lists(s, "skill_hard certification", **opts)
    right = lists(s, "language interest", **opts)
    return _page("\n\n".join([
        head, part(s, "experience", jobs(s, lambda j: entry(s.period(j), j["title"], f"{j['employer']} – {j['city']}", s.missions(j))), **opts),
        part(s, "education", degrees(s, lambda d: entry(str(d["year"]), d["degree"], f"{d['school']} – {d['city']}", "")), **opts),
        f"#grid(columns: (1fr, 1fr), gutter: 10mm, [{left}], [{right}])",
    ]))  # fmt: skip


def grouped(s: WildSheet) -> str:
    """As an export of a network: employer, then each position held there with dates and town below."""
    opts = {"size": "15pt"}
    out = []
    for employer, held in groupby(s.person["jobs"], key=lambda j: str(j["employer"])):
        out.append(show(employer, **BOLD, size="11.5pt"))
        out += [
            f"{show(j['title'], size='11pt')} \\\n{show(s.period(j), fill='luma(90)')} \\\n{show(j['city'], fill='luma(90)')}\n\n{s.missions(j)}"
            for j in held
        ]
    bar = lists(s, "contact skill_hard language certification", size="12pt")
    main = f"{show(s.name(), size='24pt')} \\\n{show(s.person['title'])} \\\n{show(s.person['contact']['city'], fill='luma(90)')}\n\n"
    main += (
        lists(s, "summary", **opts)
        + "\n\n"
        + part(s, "experience", "\n\n".join(out), **opts)
        + "\n\n"
    )
    main += part(
        s,
        "education",
        degrees(
            s,
            lambda d: (
                f"{show(d['school'], **BOLD)} \\\n{show(d['degree'] + ' · (' + str(d['year']) + ')')}"
            ),
        ),
        **opts,
    )
    return _page(
        "#grid(columns: (32%, 68%), rows: (auto,), "
        f'[#block(fill: rgb("#293e49"), width: 100%, inset: 14pt)[#set text(fill: white)\n{bar}]], [#block(inset: 18pt)[{main}]])',
        margin="0mm", size=10)  # fmt: skip


def boxes_grid(s: WildSheet) -> str:
    """Two columns of framed boxes of unequal height, each with its heading inside."""
    opts = {**BOLD, "size": "11pt", "fill": "white"}

    def box(kind: str, body: str, *, upper: bool = True) -> str:
        band = f'#block(fill: rgb("#445"), width: 100%, inset: 4pt)[{s.head(kind, upper=upper, **opts)}]'
        return f"#block(stroke: 0.5pt, width: 100%, inset: 5pt, below: 8pt)[{band}\n{body}]"

    left = box(
        "experience",
        jobs(
            s,
            lambda j: (
                f"{show(j['title'], **BOLD)} \\\n{show(j['employer'] + ' (' + j['city'] + '), ' + s.period(j))}\n\n{s.missions(j)}"
            ),
        ),
    )
    right = box("summary", show(s.person["summary"])) + "\n"
    right += (
        box(
            "education",
            degrees(
                s,
                lambda d: (
                    f"{show(d['degree'], **BOLD)} \\\n{show(d['school'] + ' (' + d['city'] + '), ' + str(d['year']))}"
                ),
            ),
        )
        + "\n"
    )
    right += "\n".join(box(kind, s.body(kind)) for kind in ("skill_hard", "language", "interest"))
    head = f"{show(s.name(), **BOLD, size='20pt')} #h(1fr) {show(s.person['title'], size='12pt')} \\\n{show('   '.join(s.contacts()), size='8.5pt')}"
    return _page(
        f"{head}\n#v(6pt)\n#grid(columns: (1fr, 1fr), gutter: 7mm, [{left}], [{right}])",
        size=9,
        margin="12mm",
    )


def plain_form(s: WildSheet) -> str:
    """As job boards export: name, place, mail; title in bold, employer - town, from to; no colour."""
    opts = {**BOLD, "size": "14pt"}
    s.introduced = True
    head = (
        f"{show(s.name(), **BOLD, size='18pt')} \\\n{show(s.person['title'])}\n\n"
        + " \\\n".join(map(show, reversed(s.contacts())))
    )
    return _page("\n\n".join([
        head, show(s.person["summary"]),
        part(s, "experience", jobs(s, lambda j: f"{show(j['title'], **BOLD)} \\\n{show(j['employer'])}{show(' - ' + j['city'])} \\\n{show(s.period(j))}\n\n{s.missions(j)}"), **opts),
        part(s, "education", degrees(s, lambda d: f"{show(d['degree'], **BOLD)} \\\n{show(d['school'] + ' - ' + d['city'])} \\\n{show(str(d['year']))}"), **opts),
        lists(s, "skill_hard language certification", **opts),
    ]), font="DejaVu Sans", size=9.5)  # fmt: skip


def functional(s: WildSheet) -> str:
    """Skills by theme with sentences' space first, then short jobs in a table without rules."""
    opts = {**BOLD, "size": "12pt", "fill": 'rgb("#555")'}
    head = f"#align(center)[{show(s.name(), size='19pt')} \\\n{show(s.person['title'], **BOLD)} \\\n{show(' – '.join(s.contacts()))}]"

    def rows(cells: Iterable[tuple[str, ...]]) -> str:
        flat = ", ".join(f"[{show(cell)}]" for row in cells for cell in row)
        return f"#grid(columns: (38mm, 1fr, 1fr), row-gutter: 6pt, {flat})"

    return _page("\n\n".join([
        head, lists(s, "summary skill_hard skill_soft", **opts),
        part(s, "experience", rows((s.period(j), j["title"], f"{j['employer']}, {j['city']}") for j in s.person["jobs"]), **opts),
        part(s, "education", rows((str(d["year"]), d["degree"], f"{d['school']}, {d['city']}") for d in s.person["degrees"]), **opts),
        lists(s, "language interest", **opts),
    ]))  # fmt: skip


def spaced_heads(s: WildSheet) -> str:
    """Headings and name with letters set apart by spaces; employer in capitals, dates after a bar."""

    def apart(text: str) -> str:
        return "  ".join(" ".join(word) for word in text.upper().split())

    opts = {"size": "11pt"}

    def heading(kind: str) -> str:
        return f"#block(above: 14pt, below: 7pt)[{show(apart(s.words(kind)), **opts)}]"

    head = f"#align(center)[{show(apart(s.name()), size='17pt')} \\\n{show(s.person['title'])} \\\n{show(' | '.join(s.contacts()))}]"
    return _page("\n\n".join([
        head, heading("summary"), show(s.person["summary"]), heading("experience"),
        jobs(s, lambda j: f"{show(j['employer'].upper(), **BOLD)}{show(', ' + j['city'] + ' | ' + s.period(j))} \\\n{show(j['title'], **ITALIC)}\n\n{s.missions(j)}"),
        heading("education"),
        degrees(s, lambda d: f"{show(d['school'].upper(), **BOLD)}{show(', ' + d['city'] + ' | ' + str(d['year']))} \\\n{show(d['degree'], **ITALIC)}"),
        heading("skill_hard"), s.body("skill_hard"), heading("language"), s.body("language"), heading("interest"), s.body("interest"),
    ]), font="Libertinus Serif")  # fmt: skip


def right_edge(s: WildSheet) -> str:
    """Bold employer; title; dates and town stacked at the right edge; skills bar at the right."""
    opts = {**BOLD, "size": "12pt", "fill": 'rgb("#913")'}

    def entry(what: str, where: str, right: str, below: str, rest: str) -> str:
        return f"#grid(columns: (1fr, 34mm), [{show(what, **BOLD)} \\\n{show(where)}\n\n{rest}], [#align(right)[{show(right, size='8.5pt')} \\\n{show(below, size='8.5pt')}]])"

    main = part(
        s,
        "experience",
        jobs(s, lambda j: entry(j["title"], j["employer"], s.period(j), j["city"], s.missions(j))),
        upper=True,
        **opts,
    )
    main += "\n\n" + part(
        s,
        "education",
        degrees(s, lambda d: entry(d["degree"], d["school"], str(d["year"]), d["city"], "")),
        upper=True,
        **opts,
    )
    bar = lists(s, "contact skill_hard skill_soft language interest", upper=True, **opts)
    head = f"{show(s.name(), **BOLD, size='22pt')} \\\n{show(s.person['title'], size='12pt')}"
    return _page(
        f"{head}\n#v(6pt)\n#grid(columns: (1fr, 52mm), gutter: 8mm, [{main}], [{bar}])",
        size=9.5,
        margin="14mm",
    )


def prose_heads(s: WildSheet) -> str:
    """Title chez employer, à town; dates on the line above, in bold; lists as one paragraph."""
    opts = {"size": "12pt", **ITALIC}
    link, place = (" chez ", " à ") if s.lang == "fr" else (" at ", ", ")
    head = f"{show(s.name(), **BOLD, size='16pt')} \\\n{show(', '.join(s.contacts()))} \\\n{show(s.person['title'])}"
    return _page("\n\n".join([
        head,
        part(s, "education", degrees(s, lambda d: f"{show(str(d['year']), **BOLD)} \\\n{show(d['degree'] + ' – ' + d['school'] + ', ' + d['city'])}"), **opts),
        part(s, "experience", jobs(s, lambda j: f"{show(s.period(j), **BOLD)} \\\n{show(j['title'] + link + j['employer'] + place + j['city'])}\n\n{s.missions(j)}"), **opts),
        lists(s, "skill_hard certification language interest", **opts),
    ]), font="DejaVu Serif", size=9)  # fmt: skip


def three_cells(s: WildSheet) -> str:
    """A ruled table of period, employer and town, position with missions; headings in grey rows."""

    def rows(kind: str, cells: Iterable[tuple[str, str, str]]) -> str:
        flat = ", ".join(f"[{a}], [{b}], [{c}]" for a, b, c in cells)
        heading = f"table.cell(colspan: 3, fill: luma(215))[{s.head(kind, upper=True, **BOLD)}]"
        return f"#table(columns: (34mm, 44mm, 1fr), stroke: 0.4pt, {heading}, {flat})"

    head = (
        f"{show(s.name(), **BOLD, size='17pt')} \\\n{show(s.person['title'])} \\\n"
        + " \\\n".join(map(show, s.contacts()))
    )
    return _page("\n\n".join([
        head,
        rows("experience", ((show(s.period(j)), show(j["employer"], **BOLD) + " \\\n" + show(j["city"]), show(j["title"], **BOLD) + "\n\n" + s.missions(j)) for j in s.person["jobs"])),
        rows("education", ((show(str(d["year"])), show(d["school"], **BOLD) + " \\\n" + show(d["city"]), show(d["degree"], **BOLD)) for d in s.person["degrees"])),
        lists(s, "skill_hard language interest", upper=True, **BOLD),
    ]), size=9)  # fmt: skip


def brackets(s: WildSheet) -> str:
    """Dates first in brackets on the head's only line: [dates] employer, town : title."""
    opts = {**BOLD, "size": "13pt"}
    head = f"{show(s.name(), **BOLD, size='18pt')} \\\n{show(' / '.join(s.contacts()))} \\\n{show(s.person['title'], **ITALIC)}"
    return _page("\n\n".join([
        head, lists(s, "summary", **opts),
        part(s, "experience", jobs(s, lambda j: f"{show('[' + s.period(j) + '] ')}{show(j['employer'], **BOLD)}{show(', ' + j['city'] + ' : ' + j['title'])}\n\n{s.missions(j)}"), **opts),
        part(s, "education", degrees(s, lambda d: f"{show('[' + str(d['year']) + '] ')}{show(d['degree'], **BOLD)}{show(', ' + d['school'] + ', ' + d['city'])}"), **opts),
        lists(s, "skill_hard skill_soft language certification interest", **opts),
    ]))  # fmt: skip


WILD: dict[str, Callable[[WildSheet], str]] = {
    layout.__name__: layout
    for layout in (
        canva, moderncv, banking, inline_heads, dots_line, grouped, boxes_grid, plain_form,
        functional, spaced_heads, right_edge, prose_heads, three_cells, brackets,
    )
}  # fmt: skip
