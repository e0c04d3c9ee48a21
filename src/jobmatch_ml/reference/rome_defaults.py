"""What ROME does not say of an occupation, by domain and level: contracts, pay, sector, diplomas.

All figures come from our own table: the mean of its occupations of the same domain, moved to the
level that the fiche asks for.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from jobmatch_ml.reference.occupations import OccupationTable, Sector
from jobmatch_ml.reference.rome import Fiche, RomeTables

# Usual gross salaries per year by level (France Travail's qualification codes 1 to 9), euros.
_LEVEL_PAY = {
    1: (21_700, 23_500), 2: (21_900, 24_500), 3: (22_500, 27_000), 4: (23_500, 30_000),
    5: (21_700, 24_000), 6: (22_500, 28_000), 7: (26_500, 36_000), 8: (29_000, 40_000),
    9: (38_000, 58_000),
}  # fmt: skip
# Domains whose people are workers (ouvriers) rather than employees (employés) below technicians.
_WORKERS = frozenset("ABFHIN")
_DIPLOMAS = (
    (5, re.compile(r"doctorat|bac ?\+ ?[5-9]|master|ingénieur|grande école", re.I)),
    (3, re.compile(r"bac ?\+ ?[34]|licence|bachelor|\bBUT\b", re.I)),
    (2, re.compile(r"bac ?\+ ?2|\bBTSA?\b|\bDUT\b", re.I)),
    (0, re.compile(r"\bbac\b(?! ?\+)|baccalauréat|\bBP\b|\bBPJEPS\b", re.I)),
    (-1, re.compile(r"\bCAPA?\b|\bBEPA?\b", re.I)),
    (-2, re.compile(r"sans (?:diplôme|qualification|formation)", re.I)),
)
_NAMES = {
    5: ("Master", "Diplôme d'ingénieur"),
    3: ("Licence professionnelle", "BUT"),
    2: ("BTS", "BUT"),
    0: ("Bac professionnel", "Brevet professionnel"),
    -1: ("CAP", "BEP"),
    -2: ("Formation courte", "CAP"),
}


def entry_degree(fiche: Fiche) -> int:
    """Returns the lowest degree that gives access: years after the baccalauréat.

    -1 stands for a CAP, -2 for none at all. Where the text names no diploma, executives are taken
    to have five years, the others a CAP.
    """
    found = [degree for degree, pattern in _DIPLOMAS if pattern.search(fiche.access)]
    return min(found) if found else (5 if fiche.executive else -1)


def entry_level(fiche: Fiche) -> int:
    """Returns France Travail's qualification code (1 to 9) that a fiche stands for."""
    if fiche.executive:
        return 9
    worker = fiche.code[0] in _WORKERS
    by_degree = {-2: (5, 2), -1: (6, 3), 0: (6, 4), 2: (7, 7), 3: (8, 7), 5: (9, 9)}
    return by_degree[entry_degree(fiche)][worker]


@lru_cache(maxsize=1)
def naf_sectors() -> Mapping[str, Sector]:
    """Returns a usual NAF class for each division (two digits)."""
    table = resources.files("jobmatch_ml.reference") / "tables" / "naf.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {row["division"]: Sector(row["naf"], row["label"]) for row in rows}


@dataclass(frozen=True)
class MarketDefaults:
    """Per-domain defaults of a table of occupations; made by :func:`market_defaults`.

    Args:
        shares: Relative frequency of each contract type, by domain.
        pay: How much the domain pays, relative to the usual pay of the same levels.
        sectors: Most frequent sector, by domain.
    """

    shares: Mapping[str, Mapping[str, float]]
    pay: Mapping[str, float]
    sectors: Mapping[str, Sector]

    def contracts(self, domain: str) -> Mapping[str, float]:
        """Returns the contract types of a domain with their shares, which add up to 1."""
        return self.shares.get(domain, self.shares[""])

    def salary(self, domain: str, level: int) -> tuple[int, int]:
        """Returns the usual gross salary per year at a level, in euros, to the hundred."""
        factor = self.pay.get(domain, 1.0)
        # Nobody earns less than the legal minimum, whatever the domain's average.
        low, high = (max(_LEVEL_PAY[1][0], round(pay * factor, -2)) for pay in _LEVEL_PAY[level])
        return int(low), int(max(low, high))

    def sector(self, domain: str) -> Sector:
        """Returns the domain's usual sector."""
        return self.sectors.get(domain, self.sectors[""])

    def qualifications(self, fiche: Fiche, level: int) -> tuple[str, ...]:
        """Returns diplomas named after the fiche's field, at the level of its access text."""
        degree = 5 if level == 9 else entry_degree(fiche)
        field = fiche.field[:1].lower() + fiche.field[1:]
        return tuple(f"{name} {field}".strip() for name in _NAMES[degree])


def usual_sectors(tables: RomeTables) -> dict[str, Sector]:
    """Returns a sector for each fiche that has NAF links: the most telling division of them.

    A division is telling where it mostly employs the fiche's own domaine professionnel: a
    hairdresser works in personal services (96), not in retail (47), though both are linked.
    """
    total: Counter[str] = Counter()
    within: Counter[tuple[str, str]] = Counter()
    for fiche in tables.fiches.values():
        for division, _ in fiche.sectors:
            total[division] += 1
            within[fiche.code[:3], division] += 1
    chosen = {}
    for code, fiche in tables.fiches.items():
        known = [division for division, _ in fiche.sectors if division in naf_sectors()]
        if known:
            # Three more in the denominator keep a division with a single fiche from winning.
            best = min(known, key=lambda d: (-within[code[:3], d] / (total[d] + 3), d))
            chosen[code] = naf_sectors()[best]
    return chosen


def market_defaults(own: OccupationTable) -> MarketDefaults:
    """Computes the defaults of each domain, and of all together under the empty letter."""
    groups = {**own.domains, "": own.occupations}
    shares, pay, sectors = {}, {}, {}
    for domain, occupations in groups.items():
        total: dict[str, float] = {}
        for occupation in occupations:
            weight = sum(occupation.contracts.values())
            for kind, share in occupation.contracts.items():
                total[kind] = total.get(kind, 0.0) + share / weight
        shares[domain] = {kind: total[kind] / len(occupations) for kind in sorted(total)}
        ratios = [sum(item.salary) / sum(_LEVEL_PAY[item.level]) for item in occupations]
        pay[domain] = sum(ratios) / len(ratios)
        counts = Counter(occupation.sector for occupation in occupations)
        sectors[domain] = min(counts, key=lambda sector: (-counts[sector], sector.naf))
    return MarketDefaults(shares=shares, pay=pay, sectors=sectors)
