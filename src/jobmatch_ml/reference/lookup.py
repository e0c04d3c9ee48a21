"""Finding occupations and skills by what people call them, exactly or nearly.

Exact and normalised names are found in a dictionary; only what is in none of them is compared
letter by letter (rapidfuzz). Names of our own table are searched with those of ROME and ESCO, where
they are imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from jobmatch_ml.reference.esco import EscoTables
from jobmatch_ml.reference.occupations import OccupationTable
from jobmatch_ml.reference.rome import RomeTables
from jobmatch_ml.reference.titles import gender_forms, normalise

How = Literal["exact", "normalised", "fuzzy"]
# Source, key and name of what a name stands for.
_Entry = tuple[str, str, str]
_Hit = tuple[float, How, _Entry]

# Longer texts are sentences, not names; comparing them letter by letter would only cost time.
MAX_NAME_CHARS = 200
_NORMALISED_SCORE = 99.0


@dataclass(frozen=True, slots=True)
class Match:
    """A name that was found.

    Args:
        key: Id of what it names: a ROME code, a skill id, an OGR number or an ESCO URI.
        source: ``own``, ``rome`` or ``esco``.
        name: The name that matched, as the table writes it.
        score: 100 exact, 99 the same once normalised, else the letters in common (0 to 98).
        how: How it was found.
    """

    key: str
    source: str
    name: str
    score: float
    how: How


@dataclass
class NameLookup:
    """Names with what they name; see :class:`OccupationLookup` and :class:`SkillLookup`.

    Ties are broken by source (own, rome, esco), then by key, then by name: the same question has
    always the same answer, whatever the order in which the names were added.
    """

    _exact: dict[str, list[_Entry]] = field(default_factory=dict, repr=False)
    _normal: dict[str, list[_Entry]] = field(default_factory=dict, repr=False)
    _keys: list[str] = field(default_factory=list, repr=False)

    def add(self, source: str, key: str, names: Iterable[str]) -> None:
        """Adds the names of one thing, each gender of a title as a name of its own."""
        for name in dict.fromkeys(names):
            entry = (source, key, name)
            for form in dict.fromkeys((name, *gender_forms(name))):
                _put(self._exact, form, entry)
                normal = normalise(form)
                if normal:
                    _put(self._normal, normal, entry)
        self._keys.clear()

    def __len__(self) -> int:
        """Returns the number of different normalised names."""
        return len(self._normal)

    def find(self, text: str, limit: int = 5, min_score: float = 80.0) -> list[Match]:
        """Returns the best matches of a title or skill, best first, one for each key.

        Args:
            text: As written; ``H/F``, both genders, accents and capitals do not matter.
            limit: At most so many.
            min_score: Fuzzy matches below it are left out (0 to 100).

        Returns:
            Exact and normalised matches; fuzzy ones only where there is none of these.
        """
        if limit < 1 or len(text) > MAX_NAME_CHARS:
            return []
        text = text.strip()
        found: list[_Hit] = [(100.0, "exact", entry) for entry in self._exact.get(text, ())]
        forms = dict.fromkeys(normalise(form) for form in gender_forms(text))
        for form in forms:
            near = self._normal.get(form, ())
            found += [(_NORMALISED_SCORE, "normalised", entry) for entry in near]
        if not found and min_score < _NORMALISED_SCORE:
            found = self._fuzzy(list(forms), limit, min_score)
        return _best(found, limit)

    def _fuzzy(self, forms: Sequence[str], limit: int, min_score: float) -> list[_Hit]:
        from rapidfuzz import fuzz, process

        if not self._keys:
            self._keys.extend(sorted(self._normal))
        found: list[_Hit] = []
        for form in forms:
            if not form:
                continue
            # One name may stand for several keys, and several names for one: take more than asked.
            for name, score, _ in process.extract(
                form, self._keys, scorer=fuzz.token_sort_ratio, limit=4 * limit,
                score_cutoff=min_score,
            ):  # fmt: skip
                capped = min(score, _NORMALISED_SCORE - 1)
                found += [(round(capped, 2), "fuzzy", entry) for entry in self._normal[name]]
        return found


class OccupationLookup(NameLookup):
    """Occupations by their titles: ROME codes (own table and ROME), ESCO URIs.

    Args:
        table: Our own table or :func:`rome_occupations`.
        rome: The imported ROME, if there is one.
        esco: The imported ESCO, if there is one.
    """

    def __init__(
        self,
        table: OccupationTable | None = None,
        *,
        rome: RomeTables | None = None,
        esco: EscoTables | None = None,
    ) -> None:
        super().__init__()
        for item in table.occupations if table else ():
            titles = (item.label, item.masculine, item.feminine, *item.offer_titles)
            english = (item.english_title,) if item.english_title else ()
            self.add("own", item.code, (*titles, *item.cv_titles, *item.abbreviations, *english))
        for fiche in rome.fiches.values() if rome else ():
            names = [name for each in fiche.appellations for name in (each.label, each.short)]
            self.add("rome", fiche.code, (fiche.label, *names))
        for concept in esco.occupations.values() if esco else ():
            self.add("esco", concept.uri, (concept.label, *concept.alternatives))


class SkillLookup(NameLookup):
    """Skills by their names: own ids, OGR numbers of ROME, ESCO URIs.

    Args:
        table: Our own table or :func:`rome_occupations`.
        rome: The imported ROME, if there is one.
        esco: The imported ESCO, if there is one.
    """

    def __init__(
        self,
        table: OccupationTable | None = None,
        *,
        rome: RomeTables | None = None,
        esco: EscoTables | None = None,
    ) -> None:
        super().__init__()
        for skill in table.skills.values() if table else ():
            english = (skill.en,) if skill.en else ()
            self.add("own", skill.skill_id, (skill.offer, *skill.cv, *english))
        for item in rome.items.values() if rome else ():
            if item.kind != "context":
                self.add("rome", item.code, (item.label,))
        for concept in esco.skills.values() if esco else ():
            self.add("esco", concept.uri, (concept.label, *concept.alternatives))


def _put(names: dict[str, list[_Entry]], form: str, entry: _Entry) -> None:
    entries = names.setdefault(form, [])
    if entry not in entries:
        entries.append(entry)


@lru_cache(maxsize=8)
def _rank(source: str) -> int:
    order = ("own", "rome", "esco")
    return order.index(source) if source in order else len(order)


def _best(found: Sequence[_Hit], limit: int) -> list[Match]:
    ordered = sorted(found, key=lambda hit: (-hit[0], _rank(hit[2][0]), hit[2][1], hit[2][2]))
    best: dict[tuple[str, str], Match] = {}
    for score, how, (source, key, name) in ordered:
        if (source, key) not in best:
            best[source, key] = Match(key, source, name, score, how)
    return list(best.values())[:limit]
