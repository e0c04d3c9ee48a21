"""Forms: names of fields on the left, values on the right, in five ways."""

# ruff: noqa: E501 - a layout is one template; parted, it would read worse

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.corpora.cv_dev.layouts_lines import rows
from tests.corpora.cv_dev.layouts_wild import lists, part
from tests.corpora.cv_dev.lines import LineSheet
from tests.corpora.cv_dev.sheet import BOLD, ITALIC, Person, _bullets, _page, show


def _names(s: LineSheet) -> dict[str, str]:
    if s.lang == "fr":
        return {
            "dates": s.draw.choice(["Période", "Dates", "Durée"]),
            "title": s.draw.choice(
                ["Poste", "Fonction", "Emploi", "Intitulé du poste", "Poste occupé"]
            ),
            "employer": s.draw.choice(["Employeur", "Entreprise", "Société", "Structure"]),
            "city": s.draw.choice(["Lieu", "Ville"]),
            "missions": s.draw.choice(["Missions", "Activités", "Tâches", "Principales missions"]),
            "contract": "Contrat",
            "degree": s.draw.choice(["Diplôme", "Diplôme obtenu", "Intitulé"]),
            "school": s.draw.choice(["Établissement", "École", "Organisme"]),
            "year": s.draw.choice(["Année", "Date", "Obtention"]),
            "person": "Identité|Nom|Prénom|Téléphone|E-mail|Adresse",
        }
    return {
        "dates": s.draw.choice(["Period", "Dates"]),
        "title": s.draw.choice(["Position", "Job title", "Role"]),
        "employer": s.draw.choice(["Employer", "Company"]),
        "city": s.draw.choice(["Location", "City"]),
        "missions": s.draw.choice(["Duties", "Main activities", "Tasks"]),
        "contract": "Contract",
        "degree": s.draw.choice(["Degree", "Qualification"]),
        "school": s.draw.choice(["School", "Institution"]),
        "year": "Year",
        "person": "Personal details|Last name|First name|Phone|E-mail|Address",
    }


def _fields(s: LineSheet, order: str, j: Person, name: dict[str, str]) -> list[tuple[str, str]]:
    values = {**j, "dates": s.period(j) if "start" in j else "", "year": str(j.get("year", ""))}
    return [
        (name[key], _bullets(j["missions"]) if key == "missions" else show(values[key]))
        for key in order.split()
    ]


def _identity(s: LineSheet, name: dict[str, str]) -> list[tuple[str, str]]:
    _, last, first, phone, mail, place = name["person"].split("|")
    who, (given, family) = s.person["contact"], s.person["name"]
    raw = "0" + who["phone"][3:]
    spoken = " ".join(raw[at : at + 2] for at in range(0, 10, 2))
    return [
        (last, family),
        (first, given),
        (phone, spoken),
        (mail, who["email"]),
        (place, f"{who['street']}, {who['postcode']} {who['city']}"),
    ]


def form_colon(s: LineSheet) -> str:
    """Names with colons at the right edge of a narrow column, values right; no lines."""
    opts = {**BOLD, "size": "13pt"}
    name = _names(s)

    def fields(pairs: Iterable[tuple[str, str]]) -> str:
        return rows(
            "(34mm, 1fr)",
            ((f"#align(right)[{show(a + ' :', fill='luma(80)')}]", b) for a, b in pairs),
            gap="5pt",
        )

    head = f"{show(s.name(), size='18pt', **BOLD)} \\\n{show(s.person['title'])}\n\n" + fields(
        (a, show(b)) for a, b in _identity(s, name)[2:]
    )
    jobs = "\n#v(6pt)\n".join(
        fields(_fields(s, "dates employer city title missions", j, name)) for j in s.person["jobs"]
    )
    degrees = "\n#v(6pt)\n".join(
        fields(_fields(s, "year degree school", d, name)) for d in s.person["degrees"]
    )
    skills = fields((theme, show(", ".join(items))) for theme, items in s.person["skills"].items())
    tongues = fields((a, show(b)) for a, b, _ in s.person["languages"])
    return _page(
        "\n\n".join(
            [
                head,
                part(s, "experience", jobs, **opts),
                part(s, "education", degrees, **opts),
                part(s, "skill_hard", skills, **opts),
                part(s, "language", tongues, **opts),
                lists(s, "certification interest", **opts),
            ]
        )
    )


def form_ruled(s: LineSheet) -> str:
    """A ruled table of names and values, a heading over both columns, title first."""
    name = _names(s)

    def table(kind: str, pairs: Iterable[tuple[str, str]]) -> str:
        flat = ", ".join(f"[{show(a, **BOLD)}], [{b}]" for a, b in pairs)
        heading = (
            f'table.cell(colspan: 2, fill: rgb("#dde6ef"))[{s.head(kind, upper=True, **BOLD)}]'
        )
        return f"#table(columns: (40mm, 1fr), stroke: 0.5pt, {heading}, {flat})"

    person = s.person
    jobs = [
        pair
        for j in person["jobs"]
        for pair in _fields(s, "title employer city contract dates missions", j, name)
    ]
    degrees = [
        pair for d in person["degrees"] for pair in _fields(s, "degree school city year", d, name)
    ]
    head = f"#align(center)[{show('CURRICULUM VITAE', size='15pt')} \\\n{show(s.name(), size='14pt', **BOLD)} \\\n{show(person['title'])}]"
    return _page(
        "\n\n".join(
            [
                head,
                table("contact", ((a, show(b)) for a, b in _identity(s, name))),
                table("experience", jobs),
                table("education", degrees),
                table(
                    "skill_hard",
                    ((theme, show(", ".join(items))) for theme, items in person["skills"].items()),
                ),
                table(
                    "language", ((a, show(f"{b} {c}".strip())) for a, b, c in person["languages"])
                ),
            ]
        ),
        size=9.5,
    )


def form_europass(s: LineSheet) -> str:
    """As the old Europass: headings and names of fields in one left column, a line between."""
    french = s.lang == "fr"
    name = {
        "dates": "Dates",
        "title": "Fonction ou poste occupé" if french else "Occupation or position held",
        "missions": "Principales activités et responsabilités"
        if french
        else "Main activities and responsibilities",
        "employer": "Nom et adresse de l'employeur" if french else "Name and address of employer",
        "degree": "Intitulé du diplôme obtenu" if french else "Title of qualification awarded",
        "school": "Nom de l'établissement" if french else "Name of organisation",
        "year": "Dates",
    }

    def block(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(f"#align(right)[{show(a, size='9pt')}]", b) for a, b in pairs] + [("", "#v(3pt)")]

    person, cells = s.person, []
    cells += [(f"#align(right)[{show('Curriculum vitae Europass', **BOLD, size='12pt')}]", "")]
    given, family = person["name"]
    label = "Nom(s) / Prénom(s)" if french else "Surname(s) / First name(s)"
    cells += block(
        [
            (label, show(f"{family.upper()} {given}", **BOLD)),
            *((a, show(b)) for a, b in _identity(s, _names(s))[2:]),
        ]
    )
    for kind, items, order in (
        ("experience", person["jobs"], "dates title missions employer"),
        ("education", person["degrees"], "year degree school"),
    ):
        cells.append((f"#align(right)[{s.head(kind, **BOLD)}]", ""))
        for item in items:
            shown = (
                {**item, "employer": f"{item['employer']}, {item['city']}"}
                if "employer" in item
                else item
            )
            cells += block(_fields(s, order, shown, name))
    cells.append((f"#align(right)[{s.head('skill_hard', **BOLD)}]", ""))
    cells += block((theme, show(", ".join(items))) for theme, items in person["skills"].items())
    cells.append((f"#align(right)[{s.head('language', **BOLD)}]", ""))
    cells += block((a, show(b)) for a, b, _ in person["languages"])
    return _page(
        rows(
            "(55mm, 1fr)",
            cells,
            gap="5pt",
            more="stroke: (x, y) => if x == 1 { (left: 0.5pt) }, inset: (x: 4pt), ",
        ),
        size=9.5,
    )


def form_pairs(s: LineSheet) -> str:
    """Two names and two values on one line, missions below over the whole width."""
    name, opts = _names(s), {**BOLD, "size": "12pt", "fill": 'rgb("#653")'}

    def entry(pairs: list[tuple[str, str]]) -> str:
        (a, b), (c, d), (e, f), (g, h) = pairs
        return rows(
            "(26mm, 1fr, 22mm, 1fr)",
            [
                (show(a, **ITALIC), b, show(c, **ITALIC), d),
                (show(e, **ITALIC), f, show(g, **ITALIC), h),
            ],
            gap="4pt",
        )

    jobs = "\n\n".join(
        entry(_fields(s, "title dates employer city", j, name)) + "\n\n" + s.missions(j)
        for j in s.person["jobs"]
    )
    degrees = "\n\n".join(
        rows(
            "(26mm, 1fr, 22mm, 1fr)",
            [
                (
                    show(name["degree"], **ITALIC),
                    show(d["degree"]),
                    show(name["year"], **ITALIC),
                    show(str(d["year"])),
                ),
                (
                    show(name["school"], **ITALIC),
                    show(d["school"]),
                    show(name["city"], **ITALIC),
                    show(d["city"]),
                ),
            ],
            gap="4pt",
        )
        for d in s.person["degrees"]
    )
    head = f"{show(s.name(), **BOLD, size='18pt')} \\\n{show(s.person['title'])} \\\n{show(' – '.join(s.contacts()))}"
    return _page(
        "\n\n".join(
            [
                head,
                part(s, "experience", jobs, **opts),
                part(s, "education", degrees, **opts),
                lists(s, "skill_hard skill_soft language", **opts),
            ]
        )
    )


def form_blocks(s: LineSheet) -> str:
    """Each post below a small caption, names in capitals without colons, dates last."""
    name, opts = _names(s), {"size": "14pt", **BOLD, "fill": 'rgb("#084")'}

    def fields(pairs: Iterable[tuple[str, str]]) -> str:
        return rows(
            "(38mm, 1fr)", ((show(a.upper(), size="8pt", **BOLD), b) for a, b in pairs), gap="5pt"
        )

    head = (
        f"{show(s.name(), **BOLD, size='20pt')} \\\n{show(s.person['title'], **ITALIC)}\n\n"
        + "\n\n".join(map(show, s.contacts()))
    )
    jobs = "\n\n#v(4pt)\n".join(
        fields(_fields(s, "employer city title missions dates", j, name)) for j in s.person["jobs"]
    )
    degrees = "\n\n#v(4pt)\n".join(
        fields(_fields(s, "school degree year", d, name)) for d in s.person["degrees"]
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
        ),
        font="DejaVu Sans",
        size=9,
    )


FORMS: dict[str, Callable[[LineSheet], str]] = {
    layout.__name__: layout
    for layout in (form_colon, form_ruled, form_europass, form_pairs, form_blocks)
}
