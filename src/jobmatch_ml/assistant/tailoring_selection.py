"""The lines that a CV which was made already shows: what goes with it says nothing else."""

from __future__ import annotations

from dataclasses import replace

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceLine
from jobmatch_ml.assistant.claims_text import tokenize

_MOST = 0.8  # of a row's words: wording may have left out openings and fillers
_LEAST_LETTERS = 4


def select_shown(data: CandidateData, cv_text: str) -> CandidateData:
    """Returns the data with only the rows whose words stand in a CV's text.

    Each figure and nearly every telling word of a row must stand there. Where nothing of the
    person is in the text, it is another's CV or none, and nothing is selected by it.

    Args:
        data: What the candidate said.
        cv_text: The CV that the person keeps, in any order and layout.
    """
    shown = {token.stem for token in tokenize(cv_text)}
    folded = {token.fold for token in tokenize(cv_text)}
    kept = []
    for line in data.lines:
        rows = [row for row in line.text.split("\n") if _stands(row, shown, folded)]
        if line.kind == "contact":
            kept.append(line)
        elif rows and _stands(_head(line), shown, folded):
            kept.append(replace(line, text="\n".join(rows)))
    if not any(line.kind != "contact" for line in kept):
        return data
    headline = data.headline if _stands(data.headline, shown, folded) else ""
    return replace(data, headline=headline, lines=tuple(kept))


def _head(line: EvidenceLine) -> str:
    return " ".join(filter(None, (line.title, line.entity)))


def _stands(text: str, shown: set[str], folded: set[str]) -> bool:
    words = tokenize(text)
    figures = [token.fold for token in words if any(char.isdigit() for char in token.fold)]
    telling = [
        token.stem for token in words if len(token.fold) >= _LEAST_LETTERS or token.text.isupper()
    ] or [token.stem for token in words]
    if not all(figure in folded for figure in figures):
        return False
    return sum(stem in shown for stem in telling) >= _MOST * len(telling)
