"""All fiches of ROME as occupations of a labour market, so that a world spans the classification.

ROME says what an occupation is called and takes; it says nothing of contracts, salaries or how
people word things in CVs. Those come from rules (:mod:`jobmatch_ml.reference.cv_wording`) and from
the defaults of our own table (:mod:`jobmatch_ml.reference.rome_defaults`).
"""

from __future__ import annotations

import re
from collections import Counter

from jobmatch_ml.reference.cv_wording import reword_skill, reword_task
from jobmatch_ml.reference.occupations import (
    Occupation,
    OccupationTable,
    Sector,
    Skill,
    Task,
    load_table,
)
from jobmatch_ml.reference.rome import Appellation, Fiche, RomeItem, RomeTables
from jobmatch_ml.reference.rome_defaults import (
    MarketDefaults,
    entry_level,
    market_defaults,
    usual_sectors,
)
from jobmatch_ml.reference.titles import fold

N_TASKS = 6
N_REQUIRED = 4
N_WISHED = 4
MOST_TITLES = 6
MOST_NEIGHBOURS = 8

_ACRONYM = re.compile(r"\(([A-Z]{2,6})\b")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_CUT = re.compile(r"(?<=\w{4}) (?:en|de|du|des|d'|pour|sur|dans|à|au) ?")
_DIPLOMAS = (
    "BTS", "BUT ", "CAP", "Bac pro", "Baccalauréat", "Licence", "Master", "Titre pro", "Diplôme",
    "Brevet", "Certificat", "DEUST", "BP ", "BM ", "BPJEPS", "DEJEPS",
)  # fmt: skip


def rome_occupations(tables: RomeTables, *, own: OccupationTable | None = None) -> OccupationTable:
    """Returns the fiches of ROME as a table of occupations.

    Titles: the first half of the names (in both genders) is for offers, the other half (in the
    masculine) for CVs, so that the two sides do not always share words. Tasks are the core skills;
    skills are what remains, knowledge first, the rarest first among equals. Neighbours come from
    the mobility links, else from the same domaine professionnel.

    Args:
        tables: The classification, from ``read_rome`` or ``load_rome``.
        own: Table whose contracts, salaries and sectors are the defaults of each domain;
            by default the embedded one.
    """
    defaults = market_defaults(own or load_table())
    sectors = usual_sectors(tables)
    usage = Counter(link.code for fiche in tables.fiches.values() for link in fiche.links)
    fields: dict[str, list[str]] = {}
    for code in tables.fiches:
        fields.setdefault(code[:3], []).append(code)
    skills: dict[str, Skill] = {}
    occupations = []
    for fiche in tables.fiches.values():
        tasks, required, wished = _divide(tables, fiche, usage)
        for item in (*required, *wished):
            skill_id = _skill_id(item)
            if skill_id not in skills:
                skills[skill_id] = Skill(skill_id, item.label, reword_skill(item.label))
        neighbours = _neighbours(fiche, fields[fiche.code[:3]], tuple(tables.fiches))
        occupations.append(
            _occupation(
                fiche,
                tasks=tuple(Task(offer=item.label, cv=reword_task(item.label)) for item in tasks),
                required=tuple(map(_skill_id, required)),
                wished=tuple(map(_skill_id, wished)),
                neighbours=neighbours,
                qualifications=_qualifications(tables, fiche),
                sector=sectors.get(fiche.code) or defaults.sector(fiche.code[0]),
                defaults=defaults,
            )
        )
    return OccupationTable(occupations=tuple(occupations), skills=skills)


def _occupation(
    fiche: Fiche,
    *,
    tasks: tuple[Task, ...],
    required: tuple[str, ...],
    wished: tuple[str, ...],
    neighbours: tuple[str, ...],
    qualifications: tuple[str, ...],
    sector: Sector,
    defaults: MarketDefaults,
) -> Occupation:
    level = entry_level(fiche)
    offer_titles, cv_titles = _titles(fiche)
    return Occupation(
        code=fiche.code,
        label=fiche.label,
        masculine=_plain(fiche.main.masculine),
        feminine=_plain(fiche.main.feminine),
        offer_titles=offer_titles,
        cv_titles=cv_titles,
        required=required,
        wished=wished,
        tasks=tasks,
        neighbours=neighbours,
        contracts=defaults.contracts(fiche.code[0]),
        salary=defaults.salary(fiche.code[0], level),
        qualifications=qualifications or defaults.qualifications(fiche, level),
        level=level,
        sector=sector,
        abbreviations=_abbreviations(fiche),
    )


def _titles(fiche: Fiche) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Divides the names between offers and CVs; a fiche with one name shortens it for CVs."""
    others = [name for name in fiche.appellations[1:] if not name.rare] or fiche.appellations[1:]
    # Every other name, so that both sides have the whole alphabet of specialities.
    offers = [name.label for name in others[::2]][:MOST_TITLES]
    cvs = [_plain(name.masculine) for name in others[1::2]][:MOST_TITLES]
    if not cvs:
        cvs = _shortened(fiche.main)
    # Two names can be one once their brackets are gone.
    return tuple(dict.fromkeys(offers or [fiche.label])), tuple(dict.fromkeys(cvs))


def _shortened(name: Appellation) -> list[str]:
    plain = _plain(name.masculine)
    cut = _CUT.split(plain, maxsplit=1)[0]
    return [cut] if cut != plain and len(cut) > 4 else [plain]


def _plain(title: str) -> str:
    return _BRACKETS.sub("", title).strip() or title


def _abbreviations(fiche: Fiche) -> tuple[str, ...]:
    """Returns the acronyms in brackets that are made of the initials of their title."""
    found = []
    for name in fiche.appellations:
        match = _ACRONYM.search(name.label)
        initials = iter([word[0] for word in re.split(r"[^a-z]+", fold(name.masculine)) if word])
        if match and all(letter in initials for letter in match[1].lower()):
            found.append(match[1])
    return tuple(dict.fromkeys(found))[:3]


def _divide(
    tables: RomeTables, fiche: Fiche, usage: Counter[str]
) -> tuple[list[RomeItem], list[RomeItem], list[RomeItem]]:
    """Returns the items of a fiche that are tasks, required skills and wished skills."""

    def ranked(kind: str) -> list[RomeItem]:
        pairs = tables.items_of(fiche.code, "skill" if kind == "skill" else "knowledge")
        ordered = sorted(pairs, key=lambda p: (not p[1].core, usage[p[0].code], p[0].code))
        return [item for item, _ in ordered if not _is_diploma(item)]

    doing, knowing = ranked("skill"), ranked("knowledge")
    tasks, rest = doing[:N_TASKS], doing[N_TASKS:]
    # Two of knowledge and two of skills alternate, as employers mix them.
    mixed = [item for pair in zip(knowing, rest, strict=False) for item in pair]
    longer = knowing if len(knowing) > len(rest) else rest
    mixed += longer[min(len(knowing), len(rest)) :]
    mixed = mixed or tasks
    return tasks, mixed[:N_REQUIRED], mixed[N_REQUIRED : N_REQUIRED + N_WISHED]


def _is_diploma(item: RomeItem) -> bool:
    return item.kind == "knowledge" and item.category == "Certifications"


def _qualifications(tables: RomeTables, fiche: Fiche) -> tuple[str, ...]:
    labels = [
        item.label for item, _ in tables.items_of(fiche.code, "knowledge") if _is_diploma(item)
    ]
    return tuple(label for label in labels if label.startswith(_DIPLOMAS))[:3]


def _neighbours(fiche: Fiche, same_field: list[str], codes: tuple[str, ...]) -> tuple[str, ...]:
    near = [move.code for move in fiche.mobility if move.code != fiche.code]
    near = near or [code for code in same_field if code != fiche.code]
    near = near or [code for code in codes if code[0] == fiche.code[0] and code != fiche.code]
    return tuple(dict.fromkeys(near))[:MOST_NEIGHBOURS]


def _skill_id(item: RomeItem) -> str:
    return f"rome_{item.code}"
