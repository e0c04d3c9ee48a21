"""How like real offers are the world's? Two collections of offers, compared field by field.

Both are read by path, and what is returned are counts, quantiles and pieces of the *world's* texts:
real offers may be measured without anything of them being kept.
"""

from __future__ import annotations

import html
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from jobmatch_ml.errors import InputError
from jobmatch_ml.offers.bronze import Broken, find_offer_files, read_offers
from jobmatch_ml.offers.duplicates import duplicate_groups
from jobmatch_ml.types import Offer
from jobmatch_ml.world.realism_classifier import FieldTest, tell_presence, tell_texts

Record = Mapping[str, Any]
Matching = Literal["code", "field", "domain", "none"]
_MATCHED_CHARS = {"code": 5, "field": 3, "domain": 1, "none": 0}

TEXT_FIELDS = (
    "intitule", "description", "salaire.libelle", "salaire.commentaire", "experienceLibelle",
    "typeContratLibelle", "dureeTravailLibelle", "lieuTravail.libelle", "entreprise.nom",
    "entreprise.description", "appellationlibelle", "qualificationLibelle",
    "secteurActiviteLibelle",
)  # fmt: skip
"""Fields whose texts are compared."""
FORM_FIELDS = (
    "intitule",
    "description",
    "salaire.libelle",
    "lieuTravail.libelle",
    "entreprise.nom",
)
"""Fields whose form is compared too: words as ``a``, ``A`` or ``Aa``, numbers as ``9``.

A title's subject is the occupation's, a place's the map's; its form alone is the writer's.
"""
_INDIVIDUAL = {"description", "entreprise.description", "entreprise.nom"}
OPTIONAL_FIELDS = (
    "lieuTravail", "lieuTravail.latitude", "lieuTravail.codePostal", "lieuTravail.commune",
    "entreprise.nom", "entreprise.description", "typeContratLibelle", "salaire",
    "salaire.libelle", "salaire.commentaire", "salaire.complement1", "salaire.complement2",
    "competences", "qualitesProfessionnelles", "formations", "permis", "langues",
    "qualificationCode", "codeNAF", "dureeTravailLibelle", "dureeTravailLibelleConverti",
    "contexteTravail", "deplacementCode", "offresManqueCandidats", "complementExercice",
    "experienceCommentaire",
)  # fmt: skip
"""Fields that many offers lack. ``contact`` is not here: collections leave it out for privacy."""
QUANTILES = (5, 25, 50, 75, 95)
_SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
_LOWER = re.compile(r"[a-zà-öø-ÿœ]+")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞŒ]a")
_UPPER = re.compile(r"[A-ZÀ-ÖØ-ÞŒ]+(?!a)")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Realism:
    """How two collections of offers compare; ``other`` are real offers, or a second half.

    Args:
        n_world: Offers compared of the world.
        n_other: Offers compared of the other side.
        lengths: Rows with field, side and quantiles of its characters.
        presence: Rows with a field and the share of offers that have it, by side.
        vocabulary: Rows with a number of words and how many different ones are among them.
        summary: Rows with a measure and its value by side: Heaps exponent, titles, duplicates.
        salary_patterns: Rows with a pattern of the world's (digits as 9) and its shares.
        tests: Two-sample tests by field.
    """

    n_world: int
    n_other: int
    lengths: list[dict[str, Any]]
    presence: list[dict[str, Any]]
    vocabulary: list[dict[str, Any]]
    summary: list[dict[str, Any]]
    salary_patterns: list[dict[str, Any]]
    tests: list[FieldTest]

    def aucs(self) -> dict[str, float]:
        """Returns the area under the curve by field, rounded to three decimals."""
        return {test.field: round(test.auc, 3) for test in self.tests}

    def test_rows(self) -> list[dict[str, Any]]:
        """Returns the tests as rows of a table."""
        return [asdict(test) | {"tells": " ┃ ".join(test.tells)} for test in self.tests]

    def most_different(self) -> float:
        """Returns the largest difference between the sides in how often a field is there."""
        return max(abs(float(row["world"]) - float(row["other"])) for row in self.presence)


def read_offer_records(path: Path, *, skip_marked: str = "") -> list[dict[str, Any]]:
    """Reads the offers of a file or folder, a world's bronze folder included.

    Args:
        path: France Travail JSON in any form that loading offers reads.
        skip_marked: Leave out records with this key: a collection may mark those that it put
            together from other sources, whose missing fields say nothing of the API.

    Raises:
        InputError: There is no offer.
    """
    records = []
    for file in find_offer_files([path], default_day=date(2000, 1, 1)):
        for item in read_offers(file.path):
            if isinstance(item, Broken) or not isinstance(item.value, dict):
                continue
            if item.value.get("intitule") and not item.value.get(skip_marked):
                records.append(item.value)
    if not records:
        raise InputError(f"{path} holds no offers", field="offers")
    return records


def two_sides(
    world_dir: Path, real: str, *, skip_marked: str = "", seed: int = 0
) -> tuple[list[Record], list[Record]]:
    """Returns a world's offers and those to compare them with.

    Args:
        world_dir: A world's folder.
        real: Path of real offers; empty: the world is compared with itself, half with half, which
            shows what the tests say of collections that are alike.
        skip_marked: See :func:`read_offer_records`.
        seed: Of the halves.

    Raises:
        InputError: There is no offer.
        MissingFileError: One of the paths does not exist.
    """
    ours = read_offer_records(world_dir / "bronze")
    if not real:
        return halves(ours, seed=seed)
    return list(ours), list(read_offer_records(Path(real), skip_marked=skip_marked))


def halves(records: Sequence[Record], *, seed: int = 0) -> tuple[list[Record], list[Record]]:
    """Returns two random halves: what is compared when there is nothing real to compare with."""
    order = _shuffled(records, seed)
    return order[: len(order) // 2], order[len(order) // 2 :]


def compare_offers(
    world: Sequence[Record],
    other: Sequence[Record],
    *,
    match_on: Matching = "field",
    max_offers: int = 3000,
    fields: Iterable[str] = TEXT_FIELDS,
    seed: int = 0,
) -> Realism:
    """Compares two collections.

    Args:
        world: Offers of a world.
        other: Real offers, or another world's.
        match_on: Both sides are drawn to hold as many offers of each ROME code, domaine
            professionnel (three characters), domain or (``none``) in all: a collection that is half
            informatics differs from a whole market by its subject, which is not in question here.
        max_offers: Most offers of each side.
        fields: Fields whose texts are compared.
        seed: Of all that is drawn.

    Raises:
        InputError: The sides have no ROME code, field or domain in common.
    """
    ours, theirs = _matched(world, other, _MATCHED_CHARS[match_on], max_offers, seed)
    tests = [_tell_presence(ours, theirs, seed)]
    for field in fields:
        values = [
            [text for item in side if (text := _text(item, field))] for side in (ours, theirs)
        ]
        once = field in _INDIVIDUAL
        tests.append(tell_texts(field, values[0], values[1], seed=seed, once=once))
        if field in FORM_FIELDS:
            forms = [list(map(form_of, side)) for side in values]
            tests.append(tell_texts(f"{field}, form", forms[0], forms[1], seed=seed))
    return Realism(
        n_world=len(ours),
        n_other=len(theirs),
        lengths=_lengths(ours, theirs),
        presence=_presence(ours, theirs),
        vocabulary=_vocabulary(ours, theirs),
        summary=_summary(ours, theirs),
        salary_patterns=_salary_patterns(ours, theirs),
        tests=[test for test in tests if test is not None],
    )


def form_of(text: str) -> str:
    """Returns how a text is written, without what it says.

    Example:
        >>> form_of("Agent d'accueil H/F - LYON 03")
        "Aa a'a A/A - A 9"
    """
    text = _LOWER.sub("a", text)
    text = _CAPITAL.sub("Aa", text)
    return _DIGITS.sub("9", _UPPER.sub("A", text))


def heaps_exponent(counts: Sequence[tuple[int, int]]) -> float:
    """Returns b of Heaps' law, types = K * tokens^b, by least squares on logarithms.

    Example:
        >>> round(heaps_exponent([(100, 10), (10_000, 100)]), 3)
        0.5
    """
    points = [(math.log(tokens), math.log(types)) for tokens, types in counts if tokens > 0]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    below = sum((x - mean_x) ** 2 for x, _ in points)
    return above / below if below else 0.0


def _shuffled(records: Iterable[Record], seed: int) -> list[Record]:
    order = sorted(records, key=lambda record: str(record.get("id")))
    random.Random(seed).shuffle(order)
    return order


def _matched(
    world: Sequence[Record], other: Sequence[Record], chars: int, most: int, seed: int
) -> tuple[list[Record], list[Record]]:
    groups: list[dict[str, list[Record]]] = []
    for side in (world, other):
        by_code: dict[str, list[Record]] = defaultdict(list)
        for record in _shuffled(side, seed):
            by_code[str(record.get("romeCode") or "")[:chars]].append(record)
        groups.append(by_code)
    ours: list[Record] = []
    theirs: list[Record] = []
    for code in sorted(set(groups[0]) & set(groups[1])):
        size = min(len(groups[0][code]), len(groups[1][code]))
        ours += groups[0][code][:size]
        theirs += groups[1][code][:size]
    if not ours:
        raise InputError("the two collections have no occupation in common", field="match_on")
    return _shuffled(ours, seed)[:most], _shuffled(theirs, seed)[:most]


def _value(record: Record, path: str) -> Any:
    value: Any = record
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _text(record: Record, path: str) -> str:
    """A field as rankers see it: entities are characters, as after loading."""
    value = _value(record, path)
    return html.unescape(html.unescape(str(value))).strip() if value is not None else ""


def _lengths(ours: Sequence[Record], theirs: Sequence[Record]) -> list[dict[str, Any]]:
    rows = []
    for field in ("intitule", "description", "entreprise.description"):
        for side, records in (("world", ours), ("other", theirs)):
            sizes = sorted(len(text) for item in records if (text := _text(item, field)))
            if sizes:
                cuts = {f"q{cut}": sizes[min(len(sizes) - 1, len(sizes) * cut // 100)]
                        for cut in QUANTILES}  # fmt: skip
                rows.append({"field": field, "side": side, **cuts})
    return rows


def _presence(ours: Sequence[Record], theirs: Sequence[Record]) -> list[dict[str, Any]]:
    def share(records: Sequence[Record], field: str) -> float:
        return round(sum(_value(item, field) is not None for item in records) / len(records), 3)

    return [
        {"field": field, "world": share(ours, field), "other": share(theirs, field)}
        for field in OPTIONAL_FIELDS
    ]


def _tell_presence(ours: Sequence[Record], theirs: Sequence[Record], seed: int) -> FieldTest | None:
    sides = [
        [frozenset(f for f in OPTIONAL_FIELDS if _value(item, f) is not None) for item in side]
        for side in (ours, theirs)
    ]
    return tell_presence("(which fields are there)", sides[0], sides[1], seed=seed)


def _growth(records: Sequence[Record]) -> list[tuple[int, int]]:
    """Returns how many different words there are among the first 1,000, 3,000 … words."""
    seen: set[str] = set()
    counts: list[tuple[int, int]] = []
    total = 0
    for record in records:
        for word in _WORD.findall(_text(record, "description").casefold()):
            seen.add(word)
            total += 1
            if total in _SIZES:
                counts.append((total, len(seen)))
    return counts or [(max(1, total), max(1, len(seen)))]


def _vocabulary(ours: Sequence[Record], theirs: Sequence[Record]) -> list[dict[str, Any]]:
    sides = [dict(_growth(ours)), dict(_growth(theirs))]
    return [
        {"words": size, "world": sides[0][size], "other": sides[1][size]}
        for size in sorted(set(sides[0]) & set(sides[1]))
    ]


def _summary(ours: Sequence[Record], theirs: Sequence[Record]) -> list[dict[str, Any]]:
    measures: tuple[tuple[str, Callable[[Sequence[Record]], float]], ...] = (
        ("Heaps exponent", lambda side: heaps_exponent(_growth(side))),
        ("distinct titles, share", _distinct_titles),
        ("entropy of titles, bits", _title_entropy),
        ("descriptions posted before, share", _repeated),
        ("offers with a near-duplicate, share", _near_duplicates),
    )
    return [
        {"measure": name, "world": round(measure(ours), 4), "other": round(measure(theirs), 4)}
        for name, measure in measures
    ]


def _distinct_titles(records: Sequence[Record]) -> float:
    return len({_text(record, "intitule") for record in records}) / len(records)


def _title_entropy(records: Sequence[Record]) -> float:
    counts = Counter(_text(record, "intitule") for record in records)
    shares = [count / len(records) for count in counts.values()]
    return -sum(share * math.log2(share) for share in shares)


def _repeated(records: Sequence[Record]) -> float:
    texts = [_SPACES.sub(" ", _text(record, "description")) for record in records]
    return 1 - len(set(texts)) / len(texts)


def _near_duplicates(records: Sequence[Record]) -> float:
    offers = [
        Offer(str(number), _text(record, "intitule"), _text(record, "description"),
              company=_text(record, "entreprise.nom"))
        for number, record in enumerate(records)
    ]  # fmt: skip
    sizes = Counter(duplicate_groups(offers).values())
    return sum(size for size in sizes.values() if size > 1) / len(offers)


def _salary_patterns(ours: Sequence[Record], theirs: Sequence[Record]) -> list[dict[str, Any]]:
    def patterns(records: Sequence[Record]) -> Counter[str]:
        found = (_DIGITS.sub("9", _text(item, "salaire.libelle")) for item in records)
        return Counter(pattern for pattern in found if pattern)

    sides = (patterns(ours), patterns(theirs))
    totals = [max(1, side.total()) for side in sides]
    return [
        {
            "pattern": pattern,
            "world": round(count / totals[0], 3),
            "other": round(sides[1][pattern] / totals[1], 3),
        }
        for pattern, count in sides[0].most_common(12)
    ]
