"""Stock phrases of offers and CVs: what is said whatever the job (``phrases.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of recruiter writes.

    Args:
        name: ``agency``, ``small_firm``, ``administration``, ``startup`` or ``group``.
        domains: ROME domains with such employers.
        share: Share of the offers written in this style.
        intros: Opening sentences.
        task_headers: What stands above the tasks.
        bullet: How a line of a list begins.
        profile_headers: What stands above the person looked for.
        outros: Closing sentences: benefits, how to apply.
        companies: Names of such employers.
    """

    name: str
    domains: str
    share: float
    intros: tuple[str, ...]
    task_headers: tuple[str, ...]
    bullet: str
    profile_headers: tuple[str, ...]
    outros: tuple[str, ...]
    companies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases that are drawn from. Nothing here tells one occupation from another.

    Args:
        styles: Ways of writing an offer.
        common_tasks: Tasks of any job.
        qualities: Qualities as the API names them, and as a sentence has them.
        fillers: Sentences that could be in any offer.
        vague_titles: A title per ROME domain that could be any job of it.
        first_names: First names of ``women`` and ``men``.
        last_names: Last names.
        employers: Former employers.
        schools: Schools.
        summaries: Openings of a CV.
        common_bullets: What any position may have brought.
        soft_skills: Skills that say little.
        interests: Pastimes.
    """

    styles: tuple[Style, ...]
    common_tasks: tuple[str, ...]
    qualities: tuple[tuple[str, str], ...]
    fillers: tuple[str, ...]
    vague_titles: Mapping[str, str]
    first_names: Mapping[str, tuple[str, ...]]
    last_names: tuple[str, ...]
    employers: tuple[str, ...]
    schools: tuple[str, ...]
    summaries: tuple[str, ...]
    common_bullets: tuple[str, ...]
    soft_skills: tuple[str, ...]
    interests: tuple[str, ...]


@lru_cache(maxsize=1)
def load_phrases() -> Phrases:
    """Returns the embedded phrases, read once."""
    text = (resources.files("jobmatch_ml.world") / "phrases.yaml").read_text(encoding="utf-8")
    values: dict[str, Any] = yaml.safe_load(text)
    styles = tuple(Style(**_frozen(style)) for style in values.pop("styles"))
    return Phrases(styles=styles, **_frozen(values))


def _frozen(value: Any) -> Any:
    """Turns lists into tuples, so that nobody changes what others read."""
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
