"""The vocabulary of skills that offers are searched for, and the search itself.

Terms come from our own tables (``reference/tables/offer_skills.csv`` and, as weak terms, the skills
of our occupations) and, where ROME is imported, from its knowledge items.

Two sorts: a *strong* term names a skill wherever it stands (Excel, CACES,
anglais); a *weak* one (hydraulique, comptabilité) is as often the subject of a task or a diploma
and counts only where the offer asks for it. How terms are written in the table:

- ``term``: strong, in any case; ``!Term``: in this case only (MES the system is not "mes");
- ``~Term``: in this case, and only beside another strong term (R, Go, Tableau);
- ``?term``: weak.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Literal, NamedTuple

from jobmatch_ml.offers.flat_text import flatten, fold_term
from jobmatch_ml.reference import RomeTables, load_skills

Kind = Literal["tool", "knowledge", "certificate", "language"]
_WORD = re.compile(r"[a-z0-9]+(?:\+\+|#|\+(?!\w))?|\.net\b")
_NEAR = 30
"""Characters within which a term that needs company must have some."""


@dataclass(frozen=True, slots=True)
class Term:
    """One way to write one skill.

    Args:
        skill: Normalised name.
        kind: What sort of skill it is.
        exact: The spelling it must have, if case matters.
        is_weak: Counts only where the offer asks for it.
        needs_company: Counts only beside another term.
    """

    skill: str
    kind: Kind
    exact: str = ""
    is_weak: bool = False
    needs_company: bool = False


class Mention(NamedTuple):
    """A term found in a text, by its characters."""

    start: int
    end: int
    term: Term


@dataclass
class Vocabulary:
    """Terms by their words; made by :func:`load_vocabulary`."""

    _by_words: dict[tuple[str, ...], tuple[Term, ...]] = field(default_factory=dict, repr=False)
    _lengths: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        """Returns the number of different wordings."""
        return len(self._by_words)

    def add(self, wording: str, term: Term) -> None:
        """Adds a wording; a wording that is there already keeps its first term in each case."""
        words = tuple(_WORD.findall(fold_term(wording)))
        if not words:
            return
        self._by_words[words] = (*self._by_words.get(words, ()), term)
        lengths = {*self._lengths.get(words[0], ()), len(words)}
        self._lengths[words[0]] = tuple(sorted(lengths, reverse=True))

    def find(self, flat: str, text: str) -> Iterator[Mention]:
        """Yields the mentions of terms, the longest at each place, in order, none overlapping.

        Args:
            flat: What :func:`~jobmatch_ml.offers.flat_text.flatten` makes of the text.
            text: The text itself, for terms whose case matters.
        """
        words = [(found[0], found.start(), found.end()) for found in _WORD.finditer(flat)]
        place = 0
        while place < len(words):
            mention, used = self._at(words, place, text)
            if mention:
                yield mention
            place += used

    def _at(
        self, words: list[tuple[str, int, int]], place: int, text: str
    ) -> tuple[Mention | None, int]:
        for length in self._lengths.get(words[place][0], ()):
            part = words[place : place + length]
            terms = self._by_words.get(tuple(word for word, _, _ in part))
            if not terms or part[-1][2] - part[0][1] > 4 * length + sum(
                len(word) for word, _, _ in part
            ):
                continue
            start, end = part[0][1], part[-1][2]
            for term in terms:
                if not term.exact or text[start:end] == term.exact:
                    return Mention(start, end, term), length
        return None, 1


def in_company(mentions: Iterable[Mention]) -> list[Mention]:
    """Leaves out terms that need company (``R``) and stand alone."""
    found = list(mentions)
    strong = [each for each in found if not (each.term.needs_company or each.term.is_weak)]
    return [
        each
        for each in found
        if not each.term.needs_company
        or any(
            0 <= other.start - each.end <= _NEAR or 0 <= each.start - other.end <= _NEAR
            for other in strong
        )
    ]


@lru_cache(maxsize=2)
def _own_terms() -> tuple[tuple[str, Term], ...]:
    table = resources.files("jobmatch_ml.reference") / "tables" / "offer_skills.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return tuple(
        (wording.lstrip("!~?"), _term(row["name"], row["kind"], wording))
        for row in rows
        for wording in row["variants"].split("|")
    )


def _term(skill: str, kind: str, wording: str) -> Term:
    mark, plain = wording[0], wording.lstrip("!~?")
    return Term(
        skill,
        kind,  # type: ignore[arg-type]
        exact=plain if mark in "!~" else "",
        is_weak=mark == "?",
        needs_company=mark == "~",
    )


_MAX_WORDS = 4


def load_vocabulary(rome: RomeTables | None = None) -> Vocabulary:
    """Returns the vocabulary: our own terms; skills of occupations and of ROME as weak ones.

    Args:
        rome: The imported ROME, if there is one; its items of up to four words are added.
    """
    vocabulary = Vocabulary()
    known = set()
    for wording, term in _own_terms():
        vocabulary.add(wording, term)
        known.add(fold_term(wording))
    labels = [skill.offer for skill in load_skills().values()]
    labels += [
        item.label
        for item in (rome.items.values() if rome else ())
        if item.kind == "knowledge"
        and item.category != "Certifications et habilitations"
        and len(item.label.split()) <= _MAX_WORDS
    ]
    for label in labels:
        folded = fold_term(label)
        # "Maîtrise d'Excel" is Excel, which is found already under its own name.
        named = any(not each.term.is_weak for each in vocabulary.find(flatten(label), label))
        if folded not in known and " " in folded and not named:
            known.add(folded)
            vocabulary.add(label, Term(label, "knowledge", is_weak=True))
    return vocabulary
