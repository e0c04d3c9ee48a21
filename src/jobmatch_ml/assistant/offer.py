"""The offer that a CV or a letter is written for, and what it asks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobmatch_ml.assistant.errors import AssistantInputError
from jobmatch_ml.assistant.skill_names import SkillNames, load_skill_names
from jobmatch_ml.cv.text import clean
from jobmatch_ml.errors import InputError
from jobmatch_ml.reference.titles import fold, normalise
from jobmatch_ml.types import Offer

MAX_OFFER_CHARS = 100_000
MAX_KEYWORDS = 30

_LONGEST_KEYWORD = 80  # characters; what is longer is a sentence, not a skill
_TAG = re.compile(r"<[^<>]{0,300}>")
_DEPARTMENT = re.compile(r"^\d[\dAB]{1,2} - ")
_ASKED = re.compile(
    r"compétences? (?:attendues?|requises?|demandées?|souhaitées?) ?: ?([^\n]+)", re.I
)
_WORD = re.compile(r"[^\W\d_]+")
# Small words inside the name of a town.
_INSIDE = frozenset(
    ["à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "lès", "lez",
     "près", "sous", "sur"]
)  # fmt: skip
# What follows a firm's or a town's name is no part of it.
_ASIDE = re.compile(r"\s*[(\[].*$|,\s.*$")
# What no skill, title or firm is called: addresses, markup, orders to whoever reads.
_NO_NAME = re.compile(
    r"[{}<>\[\]|@`\\]|://|www\.|\b(?:ignor\w+|oubli\w+|instructions?|consignes? precedentes?|"
    r"prompt|system|assistant ia|repond\w*|reply|respond|disregard|forget|canari|canary|dis que|"
    r"dites|vous|you|password|mot de passe|ecris\w*|ajout\w*|affirm\w*|mention\w* que)\b"
)


@dataclass(frozen=True, slots=True)
class OfferContext:
    """What is known of an offer; texts without markup, empty where it says nothing.

    Args:
        title: Its title as the employer wrote it.
        company: Who recruits.
        location: Town, without the number of the department.
        contract_type: CDI, CDD …
        remote_type: How far work at home is possible.
        description: The whole text.
        skills: Skills that it lists, the required ones first.
        offer_id: Its id, where it comes from a catalogue.
    """

    title: str
    company: str = ""
    location: str = ""
    contract_type: str = ""
    remote_type: str = ""
    description: str = ""
    skills: tuple[str, ...] = ()
    offer_id: str = ""

    @property
    def named_title(self) -> str:
        """The title where it is one, for a sentence; empty when it holds something else."""
        return self.title if _is_name(self.title, 120) else ""

    @property
    def named_company(self) -> str:
        """The firm's name where it is one; empty when it holds something else."""
        firm = _ASIDE.sub("", self.company).strip()
        return firm if _is_name(firm, 100) else ""

    @property
    def named_location(self) -> str:
        """The town where it is one; empty when it holds something else."""
        town = _ASIDE.sub("", self.location).strip()
        return town if _is_name(town, 80) else ""


@dataclass(frozen=True, slots=True)
class AskedKeyword:
    """A skill that an offer asks for.

    Args:
        text: The offer's exact words.
        skill_id: Which skill of ``reference`` it is; ``None`` when it is none of them.
        required: Whether the offer lists it; else it only stands in the description.
        general: Whether it is the skill's general name, which narrower names bear out.
    """

    text: str
    skill_id: str | None = None
    required: bool = True
    general: bool = False


def from_request(job_offer: Mapping[str, Any]) -> OfferContext:
    """Returns the offer of a ``job_offer`` as the assistant API takes it.

    Raises:
        InputError: It is not an object, has neither title nor description, or is too long.
    """
    if not isinstance(job_offer, Mapping):
        raise InputError("`job_offer` must be an object", field="job_offer")
    total = sum(len(str(value)) for value in job_offer.values())
    if total > MAX_OFFER_CHARS:
        raise AssistantInputError(
            f"the offer has {total} characters; expected at most {MAX_OFFER_CHARS}",
            user_message="Cette offre est trop longue. Gardez-en le titre, les missions et le "
            "profil recherché.",
            field="job_offer",
        )
    offer = OfferContext(
        title=_plain(job_offer.get("title"), one_line=True),
        company=_plain(job_offer.get("company"), one_line=True),
        location=_place(_plain(job_offer.get("location"), one_line=True)),
        contract_type=_plain(job_offer.get("contract_type"), one_line=True),
        remote_type=_plain(job_offer.get("remote_type"), one_line=True),
        description=_plain(job_offer.get("description")),
        skills=_skills(job_offer.get("skills")),
    )
    if not (offer.title or offer.description):
        raise AssistantInputError(
            "the offer has neither title nor description",
            user_message="Indiquez au moins le titre de l'offre ou sa description.",
            field="job_offer",
        )
    return offer


def from_offer(offer: Offer) -> OfferContext:
    """Returns an offer of the catalogue in the assistant's form."""
    return OfferContext(
        title=_plain(offer.title, one_line=True),
        company=_plain(offer.company, one_line=True),
        location=_place(offer.place),
        contract_type=offer.contract_label or offer.contract_type,
        description=_plain(offer.description),
        skills=tuple(dict.fromkeys((*offer.required_skills, *offer.wished_skills))),
        offer_id=offer.offer_id,
    )


def asked_keywords(
    offer: OfferContext, names: SkillNames | None = None
) -> tuple[AskedKeyword, ...]:
    """Returns the skills that an offer asks for, each once, the listed ones first.

    Args:
        offer: The offer.
        names: The names of skills; by default those of our own table.
    """
    names = names or load_skill_names()
    listed = [*offer.skills]
    for match in _ASKED.finditer(offer.description):
        listed += _split(match[1])
    found: dict[str, AskedKeyword] = {}
    for text in listed:
        bare = text.strip(" .;,-–•*")
        if not _is_name(bare, _LONGEST_KEYWORD):
            continue
        known = names.named(bare)
        key = known.skill_id if known else normalise(bare)
        if key:
            found.setdefault(
                key,
                AskedKeyword(
                    bare,
                    known.skill_id if known else None,
                    required=True,
                    general=known is not None and known.general,
                ),
            )
    for mention in names.mentions(offer.description):
        if mention.general:
            written = AskedKeyword(mention.text, mention.skill_id, False, True)
            found.setdefault(mention.skill_id, written)
    return tuple(found.values())[:MAX_KEYWORDS]


def _split(text: str) -> list[str]:
    """Splits a list at commas; the reference's names may hold commas, so longer ones come first."""
    parts = [part.strip() for part in re.split(r"[,;]", text.strip().rstrip("."))]
    names = load_skill_names()
    found: list[str] = []
    position = 0
    while position < len(parts):
        for width in (3, 2, 1):
            joined = ", ".join(parts[position : position + width])
            if width == 1 or (position + width <= len(parts) and names.named(joined)):
                found.append(joined)
                position += width
                break
    return found


def _is_name(text: str, longest: int) -> bool:
    flat = fold(text)
    return (
        0 < len(text) <= longest
        and not _NO_NAME.search(flat)
        and not re.search(r"[.!?:]\s", text)
        and any(char.isalpha() for char in text)
    )


def _plain(value: Any, *, one_line: bool = False) -> str:
    if not isinstance(value, str):
        return ""
    text = clean(html.unescape(_TAG.sub(" ", value)))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return " ".join(filter(None, lines)) if one_line else "\n".join(filter(None, lines))


def _place(text: str) -> str:
    town = _DEPARTMENT.sub("", text.strip())
    return _cased_town(town) if town.isupper() else town


def _cased_town(town: str) -> str:
    """Returns a town in capitals as it is written: "Aix-en-Provence", "L'Isle-d'Abeau"."""
    return _WORD.sub(
        lambda word: (
            word[0].lower()
            if word.start() and word[0].lower() in _INSIDE and town[word.start() - 1] in " -'’"
            else word[0].capitalize()
        ),
        town,
    )


def _skills(value: Any) -> tuple[str, ...]:
    items: Iterable[Any] = (
        value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    )
    if isinstance(value, str):
        items = re.split(r"[,;\n]", value)
    texts = [
        _plain(item.get("name") or item.get("label") if isinstance(item, Mapping) else item,
               one_line=True)
        for item in items
    ]  # fmt: skip
    return tuple(dict.fromkeys(text for text in texts if text))
