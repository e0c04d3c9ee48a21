"""Development layouts as Typst sources: each differs in where heads, dates and columns stand."""

# ruff: noqa: E501, PLR0911 - a layout is one template; parted, it would read worse

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from tests.corpora.cv_dev.styles import Style, language_text

Person = dict[str, Any]


def lit(text: str) -> str:
    """A text as a Typst expression: never source."""
    return json.dumps(text, ensure_ascii=False)


def show(text: str, **options: str) -> str:
    """A text with options (``weight``, ``size`` …)."""
    given = "".join(f"{name}: {value}, " for name, value in options.items())
    return f"#text({given}{lit(text)})"


BOLD = {"weight": '"bold"'}
ITALIC = {"style": '"italic"'}


class Sheet:
    """What a layout writes, and the headings that it wrote."""

    def __init__(self, person: Person, style: Style) -> None:
        self.person, self.style = person, style
        self.sections: list[tuple[str, str]] = []

    def head(self, kind: str, **options: str) -> str:
        """Notes a section and returns its heading."""
        words = self.style.heading(kind)
        self.sections.append((kind, words))
        upper = options.pop("upper", "")
        return show(words.upper() if upper else words, **options)

    def period(self, job: Person) -> str:
        """A job's dates."""
        return self.style.period(job["start"], job.get("end"))

    def name(self, **options: str) -> str:
        """First and last name, the last one in capitals for every other CV."""
        first, last = self.person["name"]
        return show(f"{first} {last.upper() if self.style.number % 2 else last}", **options)

    def skills(self) -> str:
        """Skills in one of seven ways."""
        groups: dict[str, list[str]] = self.person["skills"]
        every = [item for items in groups.values() for item in items]
        way = self.style.number % 7
        if way == 0:
            return _lines(show(f"{theme} : {', '.join(items)}") for theme, items in groups.items())
        if way == 1:
            return _bullets(every)
        if way == 2:
            return show(" • ".join(every))
        if way == 3:
            return _lines(
                f"{show(theme, **BOLD)} #linebreak() {show(', '.join(items))}"
                for theme, items in groups.items()
            )
        if way == 4:
            return _lines(
                show(f"{item} {'●' * (3 + at % 3)}{'○' * (2 - at % 3)}")
                for at, item in enumerate(every)
            )
        if way == 5:
            cells = ", ".join(f"[{show('• ' + item)}]" for item in every)
            return f"#grid(columns: (1fr, 1fr), row-gutter: 6pt, {cells})"
        return show(", ".join(every) + ".")

    def languages(self) -> str:
        """Languages, a line each or in one line."""
        texts = [language_text(item, self.style.number) for item in self.person["languages"]]
        return show(", ".join(texts)) if self.style.number % 4 == 2 else _lines(map(show, texts))

    def items(self, key: str) -> str:
        """A plain list."""
        values = self.person[key]
        if self.style.number % 3 == 0:
            return _bullets(values)
        joint = ", " if key != "certifications" else " ; "
        return show(joint.join(values)) if self.style.number % 3 == 1 else _lines(map(show, values))

    def missions(self, job: Person) -> str:
        """Missions with bullets, dashes or in plain lines."""
        way = self.style.number % 3
        if way == 0:
            return _bullets(job["missions"])
        return _lines(show(f"{'- ' if way == 1 else ''}{text}") for text in job["missions"])

    def contacts(self) -> list[str]:
        """Contact lines."""
        who = self.person["contact"]
        phone = "0" + who["phone"][3:]
        spoken = " ".join(phone[at : at + 2] for at in range(0, 10, 2))
        place = f"{who['street']}, {who['postcode']} {who['city']}"
        if self.style.number % 3 == 1:
            return [f"Tél. : {spoken}", f"E-mail : {who['email']}", f"Adresse : {place}"]
        spoken = f"{who['phone'][:3]} {phone[1]} {spoken[3:]}" if self.style.number % 2 else spoken
        return [spoken, who["email"], place]


def _lines(texts: Iterable[str]) -> str:
    return "\n\n".join(texts)


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"- {show(text)}" for text in texts)


def _rest(sheet: Sheet, opts: dict[str, str], *, kinds: str) -> str:
    """Sections of lists."""
    make = {
        "skill_hard": sheet.skills,
        "skill_soft": lambda: sheet.items("soft"),
        "language": sheet.languages,
        "certification": lambda: sheet.items("certifications"),
        "interest": lambda: sheet.items("interests"),
        "summary": lambda: show(sheet.person["summary"]),
        "contact": lambda: _lines(map(show, sheet.contacts())),
    }
    parts = []
    for kind in kinds.split():
        heading = sheet.head(kind, **opts)
        parts.append(f"#block(above: 14pt, below: 7pt)[{heading}]\n\n{make[kind]()}")
    return "\n\n".join(parts)


def _page(body: str, *, size: float = 10, font: str = "Roboto", margin: str = "18mm") -> str:
    return (
        f'#set page(paper: "a4", margin: {margin})\n#set text(font: {lit(font)}, size: {size}pt)\n'
        f"#set par(leading: 0.55em, spacing: 0.8em)\n{body}\n"
    )


def _section(sheet: Sheet, kind: str, opts: dict[str, str], entries: Iterable[str]) -> str:
    heading = sheet.head(kind, **opts)
    return f"#block(above: 14pt, below: 7pt)[{heading}]\n\n" + "\n\n".join(entries)


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


LAYOUTS: dict[str, Callable[[Sheet], str]] = {
    layout.__name__: layout
    for layout in (
        sidebar_left, sidebar_right, classic_line, timeline_left, dates_below, dates_middle, table,
        academic, contact_grid, capitals, europass, tracked, plain_lines, two_halves,
        headings_left, label_above, dates_centre, entries_beside,
    )
}  # fmt: skip
