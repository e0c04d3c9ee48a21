"""What a claim is, and where it is borne out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from jobmatch_ml.assistant.claims_dates import DatePoint
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import Token

ClaimKind = Literal[
    "employer",
    "title",
    "date",
    "number",
    "degree",
    "certification",
    "skill",
    "seniority",
    "team_size",
    "tool",
    "language",
    "place",
    "person",
]


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """Where the candidate said it: ``line.text[start:end]`` of the line with this id.

    Ids such as ``profile.headline`` name fields of the candidate's data that are no lines.
    """

    line_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: ``text[start:end]`` of the text that was read.

    Args:
        kind: What it is about.
        text: The words that make it.
        start: Offset of its first character.
        end: Offset after its last character.
        source: Where the candidate said it; ``None`` when it was not checked or is not borne out.
        about_offer: Whether it is allowed because the sentence speaks of the offer.
        detail: What was read in it: a date, a quantity, words. For the check only.
        loose: One of its words is enough to bear it out: it tells what was done, in any words.
        listed: An item of a list of skills: half of its words do not bear it out.
    """

    kind: ClaimKind
    text: str
    start: int
    end: int
    source: SourceSpan | None = None
    about_offer: bool = False
    detail: DatePoint | Quantity | tuple[Token, ...] | None = field(
        default=None, compare=False, repr=False
    )
    loose: bool = field(default=False, compare=False, repr=False)
    listed: bool = field(default=False, compare=False, repr=False)

    def moved(self, by: int) -> Claim:
        """Returns the claim with its offsets moved; those of ``detail`` stay."""
        return replace(self, start=self.start + by, end=self.end + by)

    @property
    def words(self) -> tuple[Token, ...]:
        """Words that have to be borne out; empty for dates and numbers."""
        return self.detail if isinstance(self.detail, tuple) else ()
