"""The phrases of CVs, by language, and people's names by origin (``cv_phrases/*.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from jobmatch_ml.world.phrases_grammar import Template, compile_template

Templates = tuple[Template, ...]

_TEMPLATES = (
    "age", "bullets", "certifications", "disability", "level_forms", "licence", "phone",
    "summaries", "title_notes", "vague", "years_forms",
)  # fmt: skip
_WORDS = ("interests", "months", "other_levels", "short_months", "soft")


@dataclass(frozen=True, slots=True, eq=False)
class CvPhrases:
    """What CVs of one language are written from.

    Args:
        templates: Sentences by what they say.
        words: Plain words by kind.
        traits: Qualities, of a man and of a woman.
        reach: How a summary goes on about where the work may be.
        wishes: Sentences about wishes, by fact.
        contracts: Contract types in words.
        levels: Words for a skill's level, 1 to 3.
        languages: Foreign languages with frequencies.
        english: Name of English, and levels by ``good`` and ``little``.
        own: Name of French and its levels.
        schools: Where diplomas are taught, by how they begin; the last kind fits all (always
            French).
        school_leaving: What young people leave school with (always French).
        employers: Employers by the beginning of a ROME code, and ``any`` (always French).
        headings: Headings of each section, the usual one first.
    """

    templates: Mapping[str, Templates]
    words: Mapping[str, tuple[str, ...]]
    traits: tuple[tuple[str, str], ...]
    reach: Mapping[str, Template]
    wishes: Mapping[str, Templates]
    contracts: Mapping[str, str]
    levels: Mapping[int, tuple[str, ...]]
    languages: tuple[tuple[str, float], ...]
    english: tuple[str, Mapping[str, Templates]]
    own: tuple[str, tuple[str, ...]]
    schools: tuple[tuple[tuple[str, ...], Templates], ...]
    school_leaving: tuple[str, ...]
    employers: Mapping[str, Templates]
    headings: Mapping[str, tuple[str, ...]]

    def schools_of(self, diploma: str) -> Templates:
        """Returns the schools at which a diploma is taught."""
        return next(at for begins, at in self.schools if diploma.startswith(begins))

    def employers_of(self, code: str) -> tuple[Templates, bool]:
        """Returns the employers of an occupation, and whether it is found at no others.

        The longest known beginning of its code counts; a domain alone is no closed circle.
        """
        for length in range(len(code), 0, -1):
            if code[:length] in self.employers:
                return self.employers[code[:length]], length > 1
        return self.employers["any"], False


@dataclass(frozen=True, slots=True, eq=False)
class PeopleNames:
    """Names by origin and gender, and kinds of addresses.

    Args:
        women: Women's first names by origin.
        men: Men's first names by origin.
        last: Last names by origin.
        streets: Street lines by kind of address.
    """

    women: Mapping[str, tuple[str, ...]]
    men: Mapping[str, tuple[str, ...]]
    last: Mapping[str, tuple[str, ...]]
    streets: Mapping[str, Templates]


@lru_cache(maxsize=2)
def load_cv_phrases(language: str) -> CvPhrases:
    """Returns the embedded phrases of CVs in ``fr`` or ``en``, read and compiled once."""
    values = _read(language)
    french = values if language == "fr" else _read("fr")
    return CvPhrases(
        templates={name: _compiled(values[name]) for name in _TEMPLATES},
        words={name: tuple(values[name]) for name in _WORDS},
        traits=tuple((man, woman) for man, woman in (pair.split("/") for pair in values["traits"])),
        reach={name: compile_template(text) for name, text in values["reach"].items()},
        wishes={name: _compiled(texts) for name, texts in values["wishes"].items()},
        contracts=values["contracts"],
        levels={level: tuple(words) for level, words in values["levels"].items()},
        languages=tuple((name, float(share)) for name, share in values["languages"].items()),
        english=(
            values["english"],
            {name: _compiled(texts) for name, texts in values["english_levels"].items()},
        ),
        own=(values["own"]["name"], tuple(values["own"]["levels"])),
        schools=tuple((tuple(kind["begins"]), _compiled(kind["at"])) for kind in french["schools"]),
        school_leaving=tuple(french["school_leaving"]),
        employers={code: _compiled(texts) for code, texts in french["employers"].items()},
        headings={name: tuple(texts) for name, texts in values["headings"].items()},
    )


@lru_cache(maxsize=1)
def load_people_names() -> PeopleNames:
    """Returns the embedded names and addresses, read once."""
    values = _read("people")
    streets = {kind: _compiled(texts) for kind, texts in values.pop("streets").items()}
    lists = {
        part: {origin: tuple(names[part]) for origin, names in values.items()}
        for part in ("women", "men", "last")
    }
    return PeopleNames(**lists, streets=streets)


def _read(name: str) -> Any:
    folder = resources.files("jobmatch_ml.world") / "cv_phrases"
    return yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))


def _compiled(texts: list[str]) -> Templates:
    return tuple(compile_template(text) for text in texts)
