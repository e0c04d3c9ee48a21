"""Time lines, forms and dense sheets kept aside: scored once before the rules change and once after."""

# ruff: noqa: E501 - a layout is one template; parted, it would read worse

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.corpora.cv_dev.layouts_dense import caps, tex
from tests.corpora.cv_dev.layouts_forms import _fields, _identity, _names
from tests.corpora.cv_dev.layouts_lines import rows
from tests.corpora.cv_dev.layouts_wild import degrees, jobs, lists, part
from tests.corpora.cv_dev.lines import LineSheet
from tests.corpora.cv_dev.sheet import BOLD, ITALIC, _bullets, _lines, _page, show


def al_mirror(s: LineSheet) -> str:
    """Work on the left, dates in the middle, employer and town on the right."""
    opts = {**BOLD, "size": "13pt", "fill": 'rgb("#484")'}
    widths = "(1fr, 32mm, 42mm)"
    head = f"{show(s.name(), size='21pt')} \\\n{show(s.person['title'], **BOLD)} \\\n{show(' / '.join(s.contacts()))}"
    work = rows(
        widths,
        (
            (
                f"{show(j['title'], **BOLD)}\n\n{s.missions(j)}",
                show(s.period(j), size="9pt"),
                f"{show(j['employer'])} \\\n{show(j['city'], **ITALIC)}",
            )
            for j in s.person["jobs"]
        ),
    )
    study = rows(
        widths,
        (
            (
                show(d["degree"], **BOLD),
                show(str(d["year"]), size="9pt"),
                f"{show(d['school'])} \\\n{show(d['city'], **ITALIC)}",
            )
            for d in s.person["degrees"]
        ),
    )
    return _page(
        "\n\n".join(
            [
                head,
                lists(s, "summary", **opts),
                part(s, "experience", work, **opts),
                part(s, "education", study, **opts),
                lists(s, "skill_hard language certification", **opts),
            ]
        )
    )


def al_marks(s: LineSheet) -> str:
    """A line of dots in the middle column below the dates; employer left in capitals; no bold at all."""
    opts = {"size": "12pt", "fill": 'rgb("#936")'}
    widths = "(40mm, 30mm, 1fr)"

    def middle(text: str) -> str:
        return f'#align(center)[{show(text)} \\\n#circle(radius: 2pt, fill: rgb("#936"))]'

    head = f"#align(right)[{show(s.name(), size='23pt')} \\\n{show(s.person['title'])} \\\n{show(' · '.join(s.contacts()), size='9pt')}]"
    work = rows(
        widths,
        (
            (
                f"{show(j['employer'].upper())} \\\n{show(j['city'])}",
                middle(s.period(j)),
                f"{show(j['title'])} \\\n{_lines(show('- ' + m) for m in j['missions'])}",
            )
            for j in s.person["jobs"]
        ),
    )
    study = rows(
        widths,
        (
            (
                f"{show(d['school'].upper())} \\\n{show(d['city'])}",
                middle(str(d["year"])),
                show(d["degree"]),
            )
            for d in s.person["degrees"]
        ),
    )
    skills = rows(
        widths,
        (
            (show(theme.upper()), "", show(", ".join(items)))
            for theme, items in s.person["skills"].items()
        ),
    )
    tongues = rows(
        widths,
        (
            (show(name.upper()), show(code), show(level))
            for name, level, code in s.person["languages"]
        ),
    )
    return _page(
        "\n\n".join(
            [
                head,
                part(s, "experience", work, **opts),
                part(s, "education", study, **opts),
                part(s, "skill_hard", skills, **opts),
                part(s, "language", tongues, **opts),
            ]
        ),
        font="DejaVu Sans",
        size=8.5,
    )


def al_form_whole(s: LineSheet) -> str:
    """One large table of shaded names and values, headings in rows of their own."""
    name = _names(s)

    def cells(kind: str, pairs: Iterable[tuple[str, str]]) -> str:
        flat = ", ".join(f"table.cell(fill: luma(240))[{show(a)}], [{b}]" for a, b in pairs)
        return (
            f"table.cell(colspan: 2)[#align(center)[{s.head(kind, **BOLD, size='12pt')}]], {flat}"
        )

    person = s.person
    body = ", ".join([
        cells("contact", ((a, show(b)) for a, b in _identity(s, name))),
        cells("experience", [pair for j in person["jobs"] for pair in _fields(s, "dates title employer missions city", j, name)]),
        cells("education", [pair for d in person["degrees"] for pair in _fields(s, "year school degree", d, name)]),
        cells("skill_hard", ((theme, show(" - ".join(items))) for theme, items in person["skills"].items())),
        cells("language", ((a, show(b)) for a, b, _ in person["languages"])),
    ])  # fmt: skip
    return _page(
        f"{show(s.person['title'], size='14pt')}\n\n#table(columns: (45mm, 1fr), stroke: 0.3pt, {body})",
        size=9.5,
    )


def al_form_numbered(s: LineSheet) -> str:
    """Captions with numbers ("Emploi 1") above the names and values of each post."""
    name, opts = _names(s), {**BOLD, "size": "13pt"}
    job, study = ("Emploi", "Études") if s.lang == "fr" else ("Job", "Study")

    def fields(pairs: Iterable[tuple[str, str]]) -> str:
        return rows("(32mm, 1fr)", ((show(a + " :"), b) for a, b in pairs), gap="5pt")

    head = (
        f"{show(s.name(), **BOLD, size='19pt')} \\\n{show(s.person['title'])} \\\n"
        + " \\\n".join(map(show, s.contacts()))
    )
    work = "\n\n".join(
        show(f"{job} {at}", **ITALIC)
        + "\n\n"
        + fields(_fields(s, "employer title dates city missions", j, name))
        for at, j in enumerate(s.person["jobs"], start=1)
    )
    taught = "\n\n".join(
        show(f"{study} {at}", **ITALIC) + "\n\n" + fields(_fields(s, "degree school year", d, name))
        for at, d in enumerate(s.person["degrees"], start=1)
    )
    return _page(
        "\n\n".join(
            [
                head,
                part(s, "experience", work, **opts),
                part(s, "education", taught, **opts),
                lists(s, "skill_hard language interest", **opts),
            ]
        )
    )


def al_tex_deedy(s: LineSheet) -> str:
    """Lists and education in a narrow column left, EMPLOYER | TITLE above dates and town right."""
    opts = {"size": "13pt", "fill": "luma(90)"}
    left = part(
        s,
        "education",
        degrees(
            s,
            lambda d: (
                f"{show(d['school'].upper(), **BOLD, size='9pt')} \\\n{show(d['degree'])} \\\n{show(str(d['year']) + ' | ' + d['city'], fill='luma(110)')}"
            ),
        ),
        upper=True,
        **opts,
    )
    left += "\n\n" + part(
        s,
        "skill_hard",
        _lines(
            f"{show(theme, **BOLD)} \\\n{show(' • '.join(items))}"
            for theme, items in s.person["skills"].items()
        ),
        upper=True,
        **opts,
    )
    left += "\n\n" + lists(s, "language", upper=True, **opts)
    right = part(
        s,
        "experience",
        jobs(
            s,
            lambda j: (
                f"{show(j['employer'].upper(), **BOLD)}{show(' | ' + j['title'])} \\\n{show(s.period(j) + ' | ' + j['city'], fill='luma(110)')}\n\n{_bullets(j['missions'])}"
            ),
        ),
        upper=True,
        **opts,
    )
    right += "\n\n" + lists(s, "certification interest", upper=True, **opts)
    head = f"#align(center)[{show(s.name(), size='26pt')} \\\n{show(' | '.join(s.contacts()), size='8.5pt')}]"
    return _page(f"{head}\n\n#grid(columns: (33%, 1fr), gutter: 7mm, [{left}], [{right}])", size=9)


def al_tex_plain(s: LineSheet) -> str:
    """The article class: English headings over any text, employer and dates bold, title slanted."""

    def heading(kind: str, body: str) -> str:
        return f"#block(above: 10pt, below: 5pt)[{caps(s.words(kind), 11)}]\n\n{body}"

    head = f"#align(center)[{show(s.name(), size='18pt')} \\\n{show(s.person['title'])} \\\n{show(' — '.join(s.contacts()), size='9pt')}]"
    return tex("\n\n".join([
        head,
        heading("education", degrees(s, lambda d: f"{show(d['school'], **BOLD)}{show(', ' + d['city'])} #h(1fr) {show(str(d['year']), **BOLD)} \\\n{show(d['degree'], **ITALIC)}")),
        heading("experience", jobs(s, lambda j: f"{show(j['employer'], **BOLD)}{show(', ' + j['city'])} #h(1fr) {show(s.period(j), **BOLD)} \\\n{show(j['title'], **ITALIC)} \\\n{_lines(show('– ' + m) for m in j['missions'])}")),
        heading("skill_hard", _lines(f"{show(theme, **BOLD)} #h(8pt) {show(', '.join(items))}" for theme, items in s.person["skills"].items())),
        heading("language", s.body("language")), heading("interest", s.body("interest")),
    ]), s, size=10.5)  # fmt: skip


def al_band(s: LineSheet) -> str:
    """Ribbons at the left half only; education: year, school in capitals, degree below with mention."""

    def band(kind: str, body: str) -> str:
        return f'#block(fill: rgb("#d96"), width: 50%, inset: 4pt, above: 11pt, below: 7pt)[{s.head(kind, upper=True, fill="white", **BOLD)}]\n\n{body}'

    head = f"{show(s.name(), **BOLD, size='25pt')} \\\n{show(s.person['title'], size='13pt')} \\\n{show('  '.join(s.contacts()), size='9pt')}"
    return _page("\n\n".join([
        head,
        band("experience", jobs(s, lambda j: f"{show(j['employer'], **BOLD)} #h(1fr) {show(s.period(j))} \\\n{show(j['title'])} #h(1fr) {show(j['city'])}\n\n{s.missions(j)}")),
        band("education", degrees(s, lambda d: f"{show(str(d['year']) + ' ' + d['school'].upper())} \\\n{show(d['degree'], **BOLD)}")),
        band("skill_hard", s.body("skill_hard")), band("certification", s.body("certification")), band("language", s.body("language")),
    ]))  # fmt: skip


LINES_ASIDE: dict[str, Callable[[LineSheet], str]] = {
    layout.__name__: layout
    for layout in (
        al_mirror, al_marks, al_form_whole, al_form_numbered, al_tex_deedy, al_tex_plain, al_band,
    )
}  # fmt: skip
