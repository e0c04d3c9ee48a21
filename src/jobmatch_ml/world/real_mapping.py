"""What a real offer is about, as far as its record says; the rest is drawn like any offer's.

Rules are simple on purpose: the people who are simulated over real offers act on these facts, so
that what matters is that they are plausible and that a reader of the offer could know them. What a
record did tell is kept apart (``told``) from what was drawn.
"""

from __future__ import annotations

import html
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jobmatch_ml.reference import Occupation, OccupationTable, Place, Sector
from jobmatch_ml.reference.titles import fold
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.offer_salaries import HOURS_A_YEAR
from jobmatch_ml.world.phrases_grammar import Draw, pick_by_weight, pick_one
from jobmatch_ml.world.real_places import NOT_WORD, Towns, plain_words

OTHER = "Z0000"
"""Code of the occupation of offers whose own is unknown: nobody wishes for it."""
_CONTRACTS = {"DDI": "CDD", "CCE": "LIB", "FRA": "LIB", "REP": "LIB", "TTI": "MIS", "DIN": "CDI"}
_KNOWN_CONTRACTS = ("CDI", "CDD", "MIS", "SAI", "LIB")
_YEARS_UNTOLD = (1, 1, 2, 2, 3)
_PLAUSIBLE = (9_000, 300_000)

_CODE = re.compile(r"([A-Z])\s*-?\s*(\d\d)(\d\d)")
_LENGTH = re.compile(r"(\d+)\s*(an|mois)", re.IGNORECASE)
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)?")
_PAY = re.compile(
    r"(Annuel|Mensuel|Horaire)\b.*?(\d[\d.,]*)(?: Euros)?(?: à (\d[\d.,]*))?(.*)$", re.IGNORECASE
)
_MONTHS = re.compile(r"sur (\d+(?:[.,]\d+)?) mois")
_FULL_REMOTE = re.compile(
    r"full[ -]remote|100 ?% (?:en )?(?:teletravail|remote)|teletravail (?:total|complet|a 100)"
)
_NO_REMOTE = re.compile(r"(?:pas de|sans|aucun) teletravail|teletravail (?:impossible|non)")
_REMOTE = re.compile(r"teletravail|\bremote\b|\bhybride\b|travail a distance")
_SHIFT = re.compile(
    r"[2345] ?[x*] ?8|travail poste|horaires? (?:decale|poste)|de nuit|week[ -]?ends? travaill"
    r"|dimanche et jours feries|travail le (?:week|samedi|dimanche)"
)
_LICENCE = re.compile(
    r"permis b?\s*(?:est )?(?:obligatoire|exige|indispensable|requis|demande|necessaire)"
    r"|titulaire du permis"
)


@dataclass(frozen=True, slots=True)
class MappedOffer:
    """A real offer's facts, and which of them its record tells."""

    facts: OfferFacts
    told: frozenset[str]


class RecordMapper:
    """Maps records of the API onto the occupations, skills and places of a world.

    Args:
        table: Occupations and skills.
        places: Towns; at least one.
        resolve: Turns a foreign ROME code into one of the table's, or ``None``; without it, or
            where it does not know, the nearest code of the same domaine professionnel is taken.
        appeal_sigma: Spread of how attractive offers are.

    Attributes:
        counts: How often each fact was found in which way (``place: town``, ``years: drawn`` …).
    """

    def __init__(
        self,
        table: OccupationTable,
        places: Sequence[Place],
        *,
        resolve: Callable[[str], str | None] | None = None,
        appeal_sigma: float = 0.4,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.other = _other_occupation()
        self._table = table
        self._resolve = resolve
        self._sigma = appeal_sigma
        self._towns = Towns(places)
        self._mentions: dict[str, tuple[str, ...]] = {}
        self._skill_names: dict[str, str] = {}
        for skill_id, skill in table.skills.items():
            for name in (skill.offer, *skill.cv):
                self._skill_names.setdefault(plain_words(name), skill_id)
        self._fields: dict[str, list[str]] = defaultdict(list)
        for code in table.by_code:
            self._fields[code[:3]].append(code)

    def map(self, record: Mapping[str, Any], rng: random.Random, moment: datetime) -> MappedOffer:
        """Returns the facts of a record, published at ``moment``.

        Args:
            record: An offer that loading offers would accept.
            rng: Draws what the record does not say.
            moment: When the world publishes it.
        """
        draw = rng.random
        told: set[str] = set()
        text = fold(html.unescape(f"{record['intitule']}\n{record.get('description') or ''}"))
        occupation = self._occupation(record)
        if occupation is not self.other:
            told.add("occupation")
        required, wished = self._skills(record, text, occupation, draw, told)
        years = self._years(record, draw, told)
        facts = OfferFacts(
            offer_id=str(record["id"]),
            occupation=occupation,
            place=self._place(record, draw, told),
            required=required,
            wished=wished,
            years=years,
            contract=self._contract(record, occupation, draw, told),
            created_at=moment,
            salary=self._salary(record, occupation, years, draw, told),
            remote=self._remote(text, told),
            hours=self._hours(record, text, told),
            licence=self._licence(record, text, told),
            # The mean of exp(N(-s^2/2, s)) is 1.
            appeal=math.exp(-(self._sigma**2) / 2 + self._sigma * _normal(draw)),
        )
        return MappedOffer(facts, frozenset(told))

    def _count(self, fact: str, how: str) -> None:
        self.counts[f"{fact}: {how}"] += 1

    def _occupation(self, record: Mapping[str, Any]) -> Occupation:
        code = str(record.get("romeCode") or "").strip().upper()
        found = self._table.by_code.get(code)
        if found is not None:
            self._count("occupation", "code")
            return found
        resolved = self._resolve(code) if self._resolve is not None else None
        if resolved is not None and resolved in self._table.by_code:
            self._count("occupation", "resolved")
            return self._table.by_code[resolved]
        match = _CODE.match(code)
        near = self._fields.get(match[1] + match[2], []) if match else []
        if match and near:
            self._count("occupation", "same field")
            number = int(match[3])
            return self._table.by_code[min(near, key=lambda c: (abs(int(c[3:5]) - number), c))]
        self._count("occupation", "unknown")
        return self.other

    def _place(self, record: Mapping[str, Any], draw: Draw, told: set[str]) -> Place:
        place, how = self._towns.find(record.get("lieuTravail") or {})
        self._count("place", how)
        if place is None:
            return pick_by_weight(draw, self._towns.weighted)
        told.add("place")
        return place

    def _contract(
        self, record: Mapping[str, Any], occupation: Occupation, draw: Draw, told: set[str]
    ) -> str:
        kind = str(record.get("typeContrat") or "")
        mapped = kind if kind in _KNOWN_CONTRACTS else _CONTRACTS.get(kind)
        if mapped is None:
            self._count("contract", "drawn")
            return pick_by_weight(draw, list(occupation.contracts.items()))
        self._count("contract", "stated" if mapped == kind else "nearest")
        told.add("contract")
        return mapped

    def _years(self, record: Mapping[str, Any], draw: Draw, told: set[str]) -> int:
        label = str(record.get("experienceLibelle") or "")
        if record.get("experienceExige") == "D" or label.startswith("Débutant"):
            self._count("years", "beginner")
            told.add("years")
            return 0
        match = _LENGTH.search(label)
        if match:
            self._count("years", "stated")
            told.add("years")
            length = int(match[1])
            return min(length if match[2].lower() == "an" else round(length / 12), 30)
        self._count("years", "drawn")
        return pick_one(draw, _YEARS_UNTOLD)

    def _salary(
        self,
        record: Mapping[str, Any],
        occupation: Occupation,
        years: int,
        draw: Draw,
        told: set[str],
    ) -> tuple[int, int]:
        stated = read_salary(str((record.get("salaire") or {}).get("libelle") or ""))
        if stated is not None:
            self._count("salary", "stated")
            told.add("salary")
            return stated
        self._count("salary", "drawn")
        low, high = occupation.salary
        start = round(low + (high - low) * min(1.0, 0.08 * years + 0.5 * draw()))
        return start, round(start * (1 + 0.15 * draw()))

    def _skills(
        self,
        record: Mapping[str, Any],
        text: str,
        occupation: Occupation,
        draw: Draw,
        told: set[str],
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        required: dict[str, None] = {}
        wished: dict[str, None] = {}
        for item in record.get("competences") or ():
            skill = self._skill_of(item)
            self._count("competence", "unknown" if skill is None else "mapped")
            if skill is not None:
                (required if item.get("exigence") == "E" else wished)[skill] = None
        words = f" {NOT_WORD.sub(' ', text)} "
        for asked, kind in ((occupation.required, required), (occupation.wished, wished)):
            for skill in asked:
                if skill not in wished and self._mentioned(skill, words):
                    kind[skill] = None
        told.update(required, wished)
        self._count("skills", "found" if required or wished else "drawn")
        if not required:
            drawn = [skill for skill in occupation.required if draw() < 0.7]
            required = dict.fromkeys(drawn or occupation.required[:1])
        return tuple(required), tuple(skill for skill in wished if skill not in required)

    def _skill_of(self, item: Mapping[str, Any]) -> str | None:
        for skill_id in (f"rome_{item.get('code')}", str(item.get("code"))):
            if skill_id in self._table.skills:
                return skill_id
        return self._skill_names.get(plain_words(str(item.get("libelle") or "")))

    def _mentioned(self, skill_id: str, words: str) -> bool:
        return any(name in words for name in self._names_of(skill_id))

    def _names_of(self, skill_id: str) -> tuple[str, ...]:
        known = self._mentions.get(skill_id)
        if known is None:
            skill = self._table.skills[skill_id]
            names = {plain_words(name) for name in (skill.offer, *skill.cv)}
            # Two letters ("R", "Go") are found in too many texts by accident.
            known = tuple(f" {name} " for name in sorted(names) if len(name) > 2)
            self._mentions[skill_id] = known
        return known

    def _remote(self, text: str, told: set[str]) -> int:
        if _FULL_REMOTE.search(text):
            told.add("remote")
            self._count("remote", "full")
            return 2
        if _NO_REMOTE.search(text):
            told.add("remote")
            self._count("remote", "refused")
            return 0
        partly = _REMOTE.search(text) is not None
        if partly:
            told.add("remote")
        self._count("remote", "partly" if partly else "not named")
        return int(partly)

    def _hours(self, record: Mapping[str, Any], text: str, told: set[str]) -> str:
        label = fold(str(record.get("dureeTravailLibelle") or ""))
        kind = str(record.get("dureeTravailLibelleConverti") or label)
        if label or kind:
            told.add("hours")
        if "partiel" in kind.lower() or "temps partiel" in label:
            hours = "part_time"
        elif _SHIFT.search(label) or _SHIFT.search(text):
            told.add("hours")
            hours = "shift"
        else:
            hours = "day"
        self._count("hours", hours)
        return hours

    def _licence(self, record: Mapping[str, Any], text: str, told: set[str]) -> bool:
        listed = any(item.get("exigence") == "E" for item in record.get("permis") or ())
        required = listed or _LICENCE.search(text) is not None
        if required:
            told.add("licence")
        self._count("licence", "required" if required else "not named")
        return required


def read_salary(label: str) -> tuple[int, int] | None:
    """Returns the gross yearly salary, lowest and highest, that a ``libelle`` states.

    Returns:
        ``None`` where it names no amount, no known period, or an amount that no one is paid.

    Example:
        >>> read_salary("Mensuel de 2000.0 Euros à 2500.0 Euros sur 13.0 mois")
        (26000, 32500)
        >>> read_salary("Annuel de 30000,00 Euros"), read_salary("Selon profil")
        ((30000, 30000), None)
    """
    match = _PAY.search(label)
    if match is None:
        return None
    months = _MONTHS.search(label)
    factor = {
        "annuel": 1.0,
        "mensuel": _amount(months[1]) if months else 12.0,
        "horaire": float(HOURS_A_YEAR),
    }[match[1].lower()]
    low = round(_amount(match[2]) * factor)
    high = round(_amount(match[3]) * factor) if match[3] else low
    low, high = min(low, high), max(low, high)
    return (low, high) if _PLAUSIBLE[0] <= low and high <= _PLAUSIBLE[1] else None


def _amount(text: str) -> float:
    match = _AMOUNT.match(text)
    return float(match[0].replace(",", ".")) if match else 0.0


def _normal(draw: Draw) -> float:
    return math.sqrt(-2 * math.log(1 - draw())) * math.cos(2 * math.pi * draw())


def _other_occupation() -> Occupation:
    return Occupation(
        code=OTHER,
        label="Autre métier",
        masculine="Autre métier",
        feminine="Autre métier",
        offer_titles=(),
        cv_titles=(),
        required=(),
        wished=(),
        tasks=(),
        neighbours=(),
        contracts={"CDI": 0.7, "CDD": 0.2, "MIS": 0.1},
        salary=(21_600, 40_000),
        qualifications=(),
        level=6,
        sector=Sector(naf="00.00Z", label="Secteur non précisé"),
    )


def with_other(table: OccupationTable, other: Occupation) -> OccupationTable:
    """Returns a table with the occupation of offers whose own is unknown."""
    return replace(table, occupations=(*table.occupations, other))
