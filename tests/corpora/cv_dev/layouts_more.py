"""More development layouts: grids, forms, spaced letters, columns of headings and dates."""

# ruff: noqa: E501 - a layout is one template; parted, it would read worse

from __future__ import annotations

from collections.abc import Iterable

from tests.corpora.cv_dev.sheet import BOLD, ITALIC, Sheet, _lines, _page, _rest, _section, show


def contact_grid(s: Sheet) -> str:
    """Contacts in a grid of names and values; lists in three columns at the foot."""
    opts = {**BOLD, "size": "12pt", "fill": 'rgb("#063")'}
    who, style = s.person["contact"], s.style
    names = ("Adresse", "Ville", "Téléphone", "Courriel")
    if style.lang == "en":
        names = ("Address", "City", "Phone", "E-mail")
    values = (who["street"], f"{who['postcode']} {who['city']}", s.contacts()[0], who["email"])
    if style.number % 3 == 1:
        values = (*values[:2], values[2].split(" : ")[1], values[3])
    cells = ", ".join(
        f"[{show(name, **BOLD)}], [{show(value)}]"
        for name, value in zip(names, values, strict=True)
    )
    columns = "(22mm, 1fr, 22mm, 1fr)" if style.number % 2 else "(24mm, 1fr)"
    grid = f"#grid(columns: {columns}, row-gutter: 6pt, {cells})"
    jobs = (
        f"{show(j['title'], **BOLD)}, {show(j['employer'])}, {show(j['city'])} #h(1fr) "
        f"{show(s.period(j))}\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    degrees = (
        f"{show(d['degree'], **BOLD)}, {show(d['school'])}, {show(d['city'])} #h(1fr) {show(str(d['year']))}"
        for d in s.person["degrees"]
    )
    body = [
        s.name(**BOLD, size="20pt"), show(s.person["title"]), grid,
        _section(s, "experience", opts, jobs), _section(s, "education", opts, degrees),
    ]  # fmt: skip
    foot = ", ".join(
        f"[{_rest(s, opts, kinds=kind)}]" for kind in ("skill_hard", "language", "interest")
    )
    return _page("\n\n".join(body) + f"\n\n#grid(columns: (1fr, 1fr, 1fr), gutter: 8mm, {foot})")


def capitals(s: Sheet) -> str:
    """Titles and employers in capitals, dates and town on the second line."""
    opts = {**BOLD, "size": "13pt", "upper": "yes"}
    jobs = (
        f"{show(j['title'].upper(), **BOLD)} – {show(j['employer'].upper())} \\\n"
        f"{show(s.period(j) + ' | ' + j['city'], fill='luma(90)')}\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    degrees = (
        f"{show(d['degree'].upper(), **BOLD)} – {show(d['school'].upper())} \\\n"
        f"{show(str(d['year']) + ' | ' + d['city'], fill='luma(90)')}"
        for d in s.person["degrees"]
    )
    head = s.name(**BOLD, size="24pt") + " \\\n" + show(s.person["title"].upper(), size="12pt")
    head += " \\\n" + " \\\n".join(map(show, s.contacts()))
    return _page("\n\n".join([
        head, _rest(s, opts, kinds="summary language"), _section(s, "experience", opts, jobs),
        _section(s, "education", opts, degrees), _rest(s, opts, kinds="skill_hard skill_soft interest"),
    ]))  # fmt: skip


def europass(s: Sheet) -> str:
    """A form: names of fields left, values right, an entry a group of rows."""
    opts = {**BOLD, "size": "11pt"}
    french = s.style.lang == "fr"
    names = (
        ("Dates", "Fonction ou poste occupé", "Nom de l'employeur", "Activités principales")
        if french
        else ("Dates", "Occupation or position held", "Name of employer", "Main activities")
    )
    learnt = (
        ("Dates", "Intitulé du diplôme", "Établissement")
        if french
        else ("Dates", "Title of qualification awarded", "Name of organisation")
    )

    def form(rows: Iterable[tuple[str, str]]) -> str:
        cells = ", ".join(f"[#align(right)[{show(a)}]], [{show(b)}]" for a, b in rows)
        return f"#grid(columns: (50mm, 1fr), column-gutter: 6mm, row-gutter: 5pt, {cells})"

    jobs = (
        form(zip(names, (s.period(j), j["title"], f"{j['employer']}, {j['city']}",
                         "; ".join(j["missions"])), strict=True))
        for j in s.person["jobs"]
    )  # fmt: skip
    degrees = (
        form(zip(learnt, (str(d["year"]), d["degree"], f"{d['school']}, {d['city']}"), strict=True))
        for d in s.person["degrees"]
    )
    who = s.person["contact"]
    field = ("Nom", "Adresse", "Téléphone", "Courrier électronique") if french else (
        "Name", "Address", "Telephone", "E-mail")  # fmt: skip
    first, last = s.person["name"]
    head = form(zip(field, (f"{first} {last}", f"{who['street']}, {who['postcode']} {who['city']}",
                            who["phone"], who["email"]), strict=True))  # fmt: skip
    return _page("\n\n".join([
        show("Curriculum vitae", size="16pt"), head, _section(s, "experience", opts, jobs),
        _section(s, "education", opts, degrees), _rest(s, opts, kinds="language skill_hard"),
    ]))  # fmt: skip


def tracked(s: Sheet) -> str:
    """Headings and name with letters set apart; dates right, employer first."""
    opts = {"size": "11pt", "tracking": "4pt", "upper": "yes"}
    jobs = (
        f"{show(j['employer'], **BOLD)} #h(1fr) {show(s.period(j))} \\\n"
        f"{show(j['title'], **ITALIC)} #h(1fr) {show(j['city'])}\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    degrees = (
        f"{show(d['school'], **BOLD)} #h(1fr) {show(str(d['year']))} \\\n"
        f"{show(d['degree'], **ITALIC)} #h(1fr) {show(d['city'])}"
        for d in s.person["degrees"]
    )
    name = s.name(size="20pt", tracking="6pt")
    head = (
        f"#align(center)[{name} \\\n{show(s.person['title'])} \\\n{show('   '.join(s.contacts()))}]"
    )
    return _page("\n\n".join([
        head, _rest(s, opts, kinds="summary"), _section(s, "experience", opts, jobs),
        _section(s, "education", opts, degrees),
        _rest(s, opts, kinds="skill_hard language certification interest"),
    ]), font="Libertinus Serif")  # fmt: skip


def plain_lines(s: Sheet) -> str:
    """No bold, no size: a typed sheet. Dates first, then everything on one line with commas."""
    opts = {"upper": "yes"}
    jobs = (
        f"{show(s.period(j) + ' : ' + j['title'] + ', ' + j['employer'] + ', ' + j['city'])}"
        f"\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    degrees = (
        show(f"{d['year']} : {d['degree']}, {d['school']}, {d['city']}")
        for d in s.person["degrees"]
    )
    head = s.name() + " \\\n" + " \\\n".join(map(show, s.contacts()))
    return _page("\n\n".join([
        head, show(s.person["title"], size="11pt"), _section(s, "education", opts, degrees),
        _section(s, "experience", opts, jobs),
        _rest(s, opts, kinds="skill_hard language interest certification"),
    ]), font="DejaVu Sans Mono", size=9)  # fmt: skip


def two_halves(s: Sheet) -> str:
    """Two equal columns below a band; in each entry the employer's line bears the dates."""
    opts = {**BOLD, "size": "12pt", "fill": "white"}
    plain = s.head

    def band(kind: str, **options: str) -> str:
        return f'#block(fill: rgb("#375"), inset: 4pt, width: 100%)[{plain(kind, **options)}]'

    s.head = band  # type: ignore[method-assign]
    jobs = (
        f"{show(j['title'], **BOLD)} \\\n{show(j['employer'])}, {show(s.period(j))} \\\n{show(j['city'])}"
        f"\n\n{s.missions(j)}"
        for j in s.person["jobs"]
    )
    degrees = (
        f"{show(d['degree'], **BOLD)} \\\n{show(d['school'])}, {show(str(d['year']))} \\\n{show(d['city'])}"
        for d in s.person["degrees"]
    )
    left = _section(s, "experience", opts, jobs)
    right = _section(s, "education", opts, degrees) + "\n\n"
    right += _rest(s, opts, kinds="skill_hard skill_soft language certification interest")
    head = s.name(size="20pt") + " \\\n" + show(s.person["title"]) + " \\\n"
    head += show(" – ".join(s.contacts()))
    return _page(f"{head}\n#grid(columns: (1fr, 1fr), gutter: 8mm, [{left}], [{right}])", size=9.5)


def headings_left(s: Sheet) -> str:
    """Headings in a column of their own on the left, what they name beside them."""
    opts = {"size": "11pt", "upper": "yes", "fill": 'rgb("#247")'}
    who = s.person

    def beside(kind: str, body: str) -> str:
        return f"#grid(columns: (42mm, 1fr), gutter: 4mm, [{s.head(kind, **opts)}], [{body}])"

    jobs = "\n\n".join(
        f"{show(j['title'], **BOLD)} #h(1fr) {show(s.period(j), size='9pt')} \\\n"
        f"{show(j['employer'] + ' – ' + j['city'])}\n\n{s.missions(j)}"
        for j in who["jobs"]
    )
    degrees = "\n\n".join(
        f"{show(str(d['year']))} #h(6pt) {show(d['degree'], **BOLD)}, {show(d['school'])}"
        for d in who["degrees"]
    )
    head = s.name(**BOLD, size="19pt") + " \\\n" + show(who["title"])
    return _page("\n#v(6pt)\n".join([
        head, beside("contact", _lines(map(show, s.contacts()))),
        beside("summary", show(who["summary"])), beside("experience", jobs),
        beside("education", degrees), beside("skill_hard", s.skills()),
        beside("language", s.languages()), beside("interest", s.items("interests")),
    ]))  # fmt: skip


def label_above(s: Sheet) -> str:
    """A ruled form: names of fields in small type above their values, several beside each other."""
    opts = {**BOLD, "size": "11pt", "upper": "yes"}
    who, french = s.person["contact"], s.style.lang == "fr"
    first, last = s.person["name"]

    def field(name: str, value: str) -> str:
        return f"[{show(name, size='7pt', fill='luma(90)')} \\\n{show(value)}]"

    words = ("Nom", "Prénom", "Téléphone", "Courriel", "Ville", "Permis") if french else (
        "Surname", "First name", "Phone", "E-mail", "City", "Licence")  # fmt: skip
    values = (last, first, s.contacts()[0].split(" : ")[-1], who["email"],
              f"{who['postcode']} {who['city']}", "B")  # fmt: skip
    cells = ", ".join(field(a, b) for a, b in zip(words, values, strict=True))
    form = f"#table(columns: (1fr, 1fr, 1fr), stroke: 0.4pt, {cells})"
    names = ("Poste", "Entreprise", "Période") if french else ("Position", "Company", "Dates")
    jobs = [
        f"#table(columns: (1fr, 1fr, 40mm), stroke: 0.4pt, {field(names[0], j['title'])}, "
        f"{field(names[1], j['employer'])}, {field(names[2], s.period(j))}, "
        f"table.cell(colspan: 3)[{s.missions(j)}])"
        for j in s.person["jobs"]
    ]
    learnt = ("Diplôme", "Établissement", "Année") if french else ("Degree", "School", "Year")
    degrees = [
        f"#table(columns: (1fr, 1fr, 40mm), stroke: 0.4pt, {field(learnt[0], d['degree'])}, "
        f"{field(learnt[1], d['school'])}, {field(learnt[2], str(d['year']))})"
        for d in s.person["degrees"]
    ]
    return _page("\n\n".join([
        show("CURRICULUM VITAE", size="15pt"), form, _section(s, "experience", opts, jobs),
        _section(s, "education", opts, degrees), _rest(s, opts, kinds="skill_hard language interest"),
    ]))  # fmt: skip


def dates_centre(s: Sheet) -> str:
    """A time line in the middle: employer left of the dates, position and missions right."""
    opts = {**BOLD, "size": "12pt"}

    def row(left: str, middle: str, right: str) -> str:
        if s.style.number % 2:
            left, right = right, left
        return (
            "#grid(columns: (1fr, 34mm, 1fr), gutter: 3mm, "
            f"[#align(right)[{left}]], [#align(center)[{middle}]], [{right}])"
        )

    jobs = [
        row(f"{show(j['employer'], **BOLD)} \\\n{show(j['city'])}", show(s.period(j), size="9pt"),
            f"{show(j['title'], **BOLD)}\n\n{s.missions(j)}")
        for j in s.person["jobs"]
    ]  # fmt: skip
    degrees = [
        row(f"{show(d['school'], **BOLD)} \\\n{show(d['city'])}", show(str(d["year"]), size="9pt"),
            show(d["degree"], **BOLD))
        for d in s.person["degrees"]
    ]  # fmt: skip
    head = f"#align(center)[{s.name(**BOLD, size='20pt')} \\\n{show(s.person['title'])} \\\n"
    head += f"{show(' | '.join(s.contacts()))}]"
    return _page("\n\n".join([
        head, _rest(s, opts, kinds="summary"), _section(s, "experience", opts, jobs),
        _section(s, "education", opts, degrees),
        _rest(s, opts, kinds="skill_hard language certification interest"),
    ]))  # fmt: skip


def entries_beside(s: Sheet) -> str:
    """Employer and dates left, position and missions right; the same for degrees."""
    opts = {"size": "13pt", **BOLD, "fill": 'rgb("#722")'}

    def row(left: str, right: str) -> str:
        return f"#grid(columns: (48mm, 1fr), gutter: 5mm, [{left}], [{right}])"

    jobs = [
        row(f"{show(j['employer'], **BOLD)} \\\n{show(s.period(j), size='9pt')} \\\n{show(j['city'])}",
            f"{show(j['title'], **BOLD)}\n\n{s.missions(j)}")
        for j in s.person["jobs"]
    ]  # fmt: skip
    degrees = [
        row(
            f"{show(d['school'], **BOLD)} \\\n{show(str(d['year']), size='9pt')}",
            show(d["degree"], **BOLD),
        )
        for d in s.person["degrees"]
    ]
    head = s.name(**BOLD, size="18pt") + " \\\n" + " \\\n".join(map(show, s.contacts()))
    return _page("\n\n".join([
        head, _section(s, "experience", opts, jobs), _section(s, "education", opts, degrees),
        _rest(s, opts, kinds="skill_hard skill_soft language interest"),
    ]))  # fmt: skip
