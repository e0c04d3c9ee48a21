"""The candidate's lines, ready to be asked: words, numbers, dates, periods and ranks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.claims_dates import OPEN_END, DatePoint, find_dates
from jobmatch_ml.assistant.claims_kinds import SourceSpan
from jobmatch_ml.assistant.claims_quantities import Quantity, find_quantities
from jobmatch_ml.assistant.claims_roles import find_roles
from jobmatch_ml.assistant.claims_text import Token, tokenize
from jobmatch_ml.assistant.claims_words import abbreviations
from jobmatch_ml.reference import load_table

_PROFILE = ("first_name", "last_name", "email", "phone", "location", "headline")


_ADDRESSES = frozenset({"profile.phone", "profile.email"})

Found = tuple[int, SourceSpan]
"""A line's position in the evidence, and where in it."""


@dataclass(frozen=True)
class EvidenceText:
    """One line of the candidate with what can be asked of it."""

    line_id: str
    kind: str
    text: str
    title: str
    entity: str
    dates_text: str
    tokens: tuple[Token, ...]
    stems: frozenset[str]
    dates: tuple[DatePoint, ...]
    quantities: tuple[Quantity, ...]

    def span(self, start: int = 0, end: int | None = None) -> SourceSpan:
        """Returns a place in the line; the whole line without arguments."""
        return SourceSpan(self.line_id, start, len(self.text) if end is None else end)

    @cached_property
    def title_text(self) -> str:
        """Where a title may stand: the title's field, or the line's first row without one."""
        return self.title or self.text.split("\n", 1)[0]

    @cached_property
    def titles(self) -> tuple[tuple[Token, ...], ...]:
        """What the person says they were: the line's title, and titles told in its rows."""
        found: list[tuple[Token, ...]] = []
        if self.title or self.kind in ("experience", "education", "profile"):
            found.append(tuple(tokenize(self.title_text)))
        for row in self.text.split("\n"):
            # With the small words: a "clerc d'avocat" is no "avocat".
            found += [
                tuple(tokenize(claim.text))
                for claim in find_roles(row, tokenize(row))
                if claim.kind == "title"
            ]
        return tuple(found)

    @cached_property
    def period(self) -> tuple[int, int | None] | None:
        """First month and the month after the last (``None`` while it lasts)."""
        written = self.dates_text or self.text
        points = self.dates if not self.dates_text else tuple(find_dates(self.dates_text))
        if not points:
            return None
        first = points[0]
        if len(points) == 1:
            if OPEN_END.search(written):
                return first.months, None
            return first.months, first.months + (1 if first.month else 12)
        last = points[1]
        # "2018 - 2021" ends in the course of 2021; "03/2018 - 05/2021" counts May.
        whole_year = 12 if last.year == first.year else 0
        return first.months, last.months + (1 if last.month else whole_year)


@dataclass
class Evidence:
    """All lines of a candidate.

    Args:
        lines: The lines, the profile's fields after them.
        today: Until when a position that lasts is counted.
        asked: Answers of the checks, by question.
    """

    lines: tuple[EvidenceText, ...]
    today: date
    asked: dict[Hashable, list[tuple[int, SourceSpan]]] = field(default_factory=dict, repr=False)

    @cached_property
    def by_stem(self) -> dict[str, list[tuple[int, Token]]]:
        """Where each stem stands: positions of lines, with the word."""
        return self._index("stem")

    @cached_property
    def by_word(self) -> dict[str, list[tuple[int, Token]]]:
        """Where each folded word stands."""
        return self._index("fold")

    @cached_property
    def added(self) -> dict[str, list[int]]:
        """Stems that a line's abbreviations and skills stand for, with the lines."""
        found: dict[str, list[int]] = defaultdict(list)
        for position, line in enumerate(self.lines):
            for word in _implied(line):
                found[word].append(position)
        return dict(found)

    @cached_property
    def counted(self) -> frozenset[str]:
        """Stems of the things that the candidate told a number of."""
        return frozenset(
            other.after[0] for line in self.lines for other in line.quantities if other.after
        )

    @cached_property
    def counted_beside(self) -> frozenset[str]:
        """Stems of words right behind those: of "5 conducteurs débutants" the beginners."""
        return frozenset(
            word for line in self.lines for other in line.quantities for word in other.after[1:2]
        )

    @cached_property
    def career_months(self) -> int:
        """Months of all positions together; overlapping ones count once."""
        return self.months_of(range(len(self.lines)))

    def months_of(self, positions: Sequence[int] | range) -> int:
        """Returns the months that the positions among these lines cover."""
        now = self.today.year * 12 + self.today.month
        spans = sorted(
            (period[0], min(now, period[1] if period[1] is not None else now))
            for position in positions
            if self.lines[position].kind == "experience"
            and (period := self.lines[position].period) is not None
        )
        total, reached = 0, 0
        for start, end in spans:
            total += max(0, end - max(start, reached))
            reached = max(reached, end)
        return total

    def told_near(self, position: int) -> frozenset[str]:
        """Returns the stems of a line and of the other lines of the same success."""
        name, dot, _ = self.lines[position].line_id.partition(".")
        near = [self.lines[position]]
        if dot and name.startswith("success"):
            near += [line for line in self.lines if line.line_id.startswith(f"{name}.")]
        return frozenset(word for line in near for word in line.stems)

    def beside(self, position: int) -> list[Quantity]:
        """Returns the numbers on the other lines of the same success."""
        name, dot, _ = self.lines[position].line_id.partition(".")
        if not dot or not name.startswith("success"):
            return []
        return [
            quantity
            for other, line in enumerate(self.lines)
            if other != position and line.line_id.startswith(f"{name}.")
            for quantity in line.quantities
        ]

    def _index(self, name: str) -> dict[str, list[tuple[int, Token]]]:
        found: dict[str, list[tuple[int, Token]]] = defaultdict(list)
        for position, line in enumerate(self.lines):
            for token in line.tokens:
                found[getattr(token, name)].append((position, token))
        return dict(found)


def collect_evidence(data: CandidateData, *, today: date | None = None) -> Evidence:
    """Reads a candidate's data once, for any number of checks."""
    lines = [
        _read(line.line_id, line.kind, line.text, (line.title, line.entity, line.dates))
        for line in data.lines
    ]
    for name in _PROFILE:
        value = getattr(data, name)
        if value:
            lines.append(_read(f"profile.{name}", "profile", value, ("", "", "")))
    return Evidence(tuple(lines), today or datetime.now(UTC).date())


def _read(line_id: str, kind: str, text: str, head: tuple[str, str, str]) -> EvidenceText:
    # Fields that the text does not repeat are part of the line all the same.
    missing = [part for part in head if part and part not in text]
    whole = "\n".join([text, *missing])
    tokens = tuple(tokenize(whole))
    dates = find_dates(whole)
    return EvidenceText(
        line_id,
        kind,
        whole,
        *head,
        tokens=tokens,
        stems=frozenset(token.stem for token in tokens),
        dates=tuple(dates),
        # The digits of a telephone number count nothing.
        quantities=() if line_id in _ADDRESSES else tuple(find_quantities(whole, tokens, dates)),
    )


def _implied(line: EvidenceText) -> Iterator[str]:
    """Yields the stems of what a line says in other words: abbreviations and offers' names."""
    short = abbreviations()
    for token in line.tokens:
        if token.acronym and token.fold in short:
            yield from (part.stem for part in tokenize(short[token.fold]))
    words = " " + " ".join(token.fold for token in line.tokens) + " "
    for names, stems in _skill_names():
        if any(name in words for name in names):
            yield from stems


_SKILLS: list[tuple[tuple[str, ...], tuple[str, ...]]] = []


def _skill_names() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Returns what CVs call each skill (as ' words ') with the stems of its name in offers.

    A CV's wording bears out the general name, never the other way round: who knows "Netsoins"
    writes "transmissions", who writes "transmissions" need not know Netsoins.
    """
    if not _SKILLS:
        for skill in load_table().skills.values():
            parts = [part for wording in skill.cv for part in (wording, *wording.split(","))]
            names = tuple(
                f" {' '.join(token.fold for token in tokenize(part))} "
                for part in parts
                if len(tokenize(part)) >= 2
            )
            stems = tuple(token.stem for token in tokenize(skill.offer))
            _SKILLS.append((names, stems))
    return _SKILLS
