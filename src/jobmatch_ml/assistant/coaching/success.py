"""Writing a success from the person's own words: spaces and capitals change, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.claims_text import tokenize
from jobmatch_ml.assistant.coaching.answers import says_i
from jobmatch_ml.assistant.coaching.banks import STORY, Phase
from jobmatch_ml.assistant.coaching.text import count_words, sentences, typeset
from jobmatch_ml.assistant.truth_lock import check_text, lock_text
from jobmatch_ml.reference import load_skills

TITLE_WORDS = 12
_MOST_SKILLS = 8
_CLAUSE = re.compile(r"\s*(?:[,;:(–]| pour | afin | parce que | car | alors que | et (?=j))", re.I)
_NAMES = {
    "situation": "la situation",
    "task": "ta tâche",
    "action": "tes actions",
    "result": "le résultat",
}


@dataclass(frozen=True, slots=True)
class Success:
    """A STAR success, field by field as the API gives it."""

    title: str = ""
    situation: str = ""
    task: str = ""
    action: str = ""
    result: str = ""
    skills_demonstrated: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The French names of the parts that are still empty."""
        return tuple(_NAMES[phase] for phase in STORY if not getattr(self, phase))

    @property
    def is_complete(self) -> bool:
        """Whether every part is told."""
        return not self.missing

    def as_json(self) -> dict[str, object]:
        """Returns the object of the contract."""
        return {
            "title": self.title,
            "situation": self.situation,
            "task": self.task,
            "action": self.action,
            "result": self.result,
            "skills_demonstrated": list(self.skills_demonstrated),
            "is_complete": self.is_complete,
        }


def write_success(
    answers: Mapping[Phase, Sequence[str]], label: str, data: CandidateData
) -> Success:
    """Returns the success that the answers tell.

    Args:
        answers: What was kept of the person's answers, by step.
        label: The experience that was chosen.
        data: Everything the person said, in the CV and in this conversation; the lock's evidence.
    """
    parts = {phase: _locked(_joined(answers.get(phase, ())), data) for phase in STORY}
    title = _locked(_title(parts, label), data).rstrip(".")
    return Success(
        title=title,
        situation=parts["situation"],
        task=parts["task"],
        action=parts["action"],
        result=parts["result"],
        skills_demonstrated=_skills(" ".join(parts.values()), data),
    )


def _joined(texts: Sequence[str]) -> str:
    kept: dict[str, str] = {}
    for text in texts:
        for sentence in sentences(text):
            kept.setdefault(sentence.casefold().strip(" .!"), typeset(sentence))
    return " ".join(kept.values())


def _locked(text: str, data: CandidateData) -> str:
    return lock_text(text, data).text if text else ""


def _title(parts: Mapping[Phase, str], label: str) -> str:
    """Returns the first telling clause of what was done, in at most so many words."""
    phases: tuple[Phase, ...] = ("action", "result", "task")
    for phase in phases:
        told = sentences(parts[phase])
        # What the person did themselves comes before what a group did.
        for sentence in sorted(told, key=lambda each: not says_i(each))[:2]:
            clause = sentence
            if count_words(clause) > TITLE_WORDS:
                clause = _CLAUSE.split(sentence)[0]
            if 3 <= count_words(clause) <= TITLE_WORDS:
                return clause.rstrip(" .!")
    return label.strip("« »\u00a0")


def _skills(story: str, data: CandidateData) -> tuple[str, ...]:
    """Returns the skills of the CV that the story shows, then known ones that it names itself."""
    stems = {token.stem for token in tokenize(story)}
    found: dict[str, str] = {}
    for line in data.of_kind("skill"):
        for name in re.split(r"[,;\n•|]", line.text):
            wanted = {token.stem for token in tokenize(name) if len(token.stem) > 3}
            if wanted and wanted <= stems:
                found.setdefault(name.strip().casefold(), name.strip())
    for name, needed in _known_skills():
        if needed <= stems and check_text(f"Compétences : {name}", data).ok:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:_MOST_SKILLS]


@lru_cache(maxsize=1)
def _known_skills() -> tuple[tuple[str, frozenset[str]], ...]:
    """Returns the skills of the reference table with the stems of their words."""
    found = []
    for skill in load_skills().values():
        wanted = frozenset(token.stem for token in tokenize(skill.offer) if len(token.stem) > 3)
        if len(wanted) >= 2:
            found.append((skill.offer, wanted))
    return tuple(found)
