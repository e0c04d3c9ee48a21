"""An offer in a recruiter's words: its title and its description.

A description is what its recruiter always writes (about itself, benefits, notices), what the offer
is about, and whatever fills it up to its length; then it is typed in one of several ways.
"""

from __future__ import annotations

import html
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobmatch_ml.reference import Occupation, Place, Skill
from jobmatch_ml.world.config import OfferConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.french import at_place, of_place, quick_typos
from jobmatch_ml.world.offer_draft import Draft, set_values
from jobmatch_ml.world.offer_parts import condition_lines, extra_lines, fill_up, profile_lines
from jobmatch_ml.world.offer_titles import Title, write_title
from jobmatch_ml.world.phrases_companies import Company, CompanyBook
from jobmatch_ml.world.phrases_grammar import Draw, pick_by_weight, pick_many, pick_one
from jobmatch_ml.world.phrases_names import Values
from jobmatch_ml.world.phrases_offers import Style, load_offer_phrases


@dataclass(frozen=True, slots=True)
class OfferText:
    """The written side of an offer.

    Args:
        title: As printed, gender mark included.
        description: As printed.
        company: Who recruits.
        partner: Whether it came from a partner's site.
        told: What a reader of title and description can know: ids of skills, and ``occupation``,
            ``place``, ``contract``, ``years``, ``salary``, ``remote``, ``hours``, ``licence``.
    """

    title: str
    description: str
    company: Company
    partner: bool
    told: frozenset[str]


class OfferWriter:
    """Writes the texts of a world's offers.

    Args:
        seed: The world's seed.
        config: Shares and lengths.
        occupations: Every occupation by code: near-miss tasks come from neighbours.
        skills: Every skill by id.
        places: The world's towns, at least one.
    """

    def __init__(
        self,
        seed: int,
        config: OfferConfig,
        *,
        occupations: Mapping[str, Occupation],
        skills: Mapping[str, Skill],
        places: Sequence[Place],
    ) -> None:
        self.seed = seed
        self.config = config
        self.skills = skills
        self._occupations = occupations
        self._places = places
        self._phrases = load_offer_phrases()
        self._book = CompanyBook(seed, places)
        self._styles: dict[tuple[str, bool], list[tuple[Style, float]]] = {}

    def write(self, rng: random.Random, offer: OfferFacts) -> OfferText:
        """Writes title and description; the same stream and facts give the same text."""
        draw = rng.random
        partner = draw() < self.config.partner_share
        style = pick_by_weight(draw, self._styles_of(offer.occupation.domain, partner=partner))
        company = self._book.find(draw, style, occupation=offer.occupation, place=offer.place)
        values = Values(draw, self._places)
        title = write_title(values, offer, self.config, company=company, partner=partner)
        draft = Draft(values, offer, self.config, company, self._phrases)
        set_values(draft, title)
        told_place = draft.happens(self.config.place_in_text_share)
        values["at"] = at_place(offer.place.name) if told_place else "dans votre région"
        values["of"] = of_place(offer.place.name) if told_place else "du secteur"
        sections = self._sections(draft, told_place=told_place)
        plain = _typed(draft, sections, partner=partner)
        # A letter typed twice must not push the text over its limit.
        description = quick_typos(draw, plain, self.config.typo_rate)[: self.config.max_length]
        description = _encoded(draw, description, partner=partner)
        told = _told(draft, title, plain, description, skills=self.skills)
        return OfferText(title.text, description, company, partner, told)

    def _styles_of(self, domain: str, *, partner: bool) -> list[tuple[Style, float]]:
        known = self._styles.get((domain, partner))
        if known is None:
            known = self._styles[domain, partner] = [
                (style, style.partner if partner else style.direct)
                for style in self._phrases.styles
                if domain in style.domains
            ]
        return known

    def _sections(self, draft: Draft, *, told_place: bool) -> dict[str, list[str]]:
        """Writes the parts of a description: what it must say first, then up to its length."""
        config, draw = draft.config, draft.values.draw
        middle = math.log(config.median_length) + config.length_spread * _normal(draw)
        target = min(max(math.exp(middle), config.min_length), config.max_length)
        sections: dict[str, list[str]] = {
            "intro": [draft.write(pick_one(draw, draft.company.intros))],
            "task": self._tasks(draft),
            "profile": profile_lines(draft, self.skills),
            "offer": condition_lines(draft, told_place=told_place),
        }
        size = sum(len(line) + 3 for lines in sections.values() for line in lines) + 40
        extras = extra_lines(draft)
        # What there is room for is drawn in the order in which recruiters care for it.
        for section, lines in extras:
            if size >= target:
                break
            sections.setdefault(section, []).extend(lines)
            size += sum(len(line) + 3 for line in lines)
        fill_up(draft, sections, missing=int(min(target, config.max_length - 120) - size))
        return sections

    def _tasks(self, draft: Draft) -> list[str]:
        draw, config, occupation = draft.values.draw, draft.config, draft.offer.occupation
        low, high = config.tasks
        count = low + int(draw() * (high - low + 1))
        tasks = [task.offer for task in pick_many(draw, occupation.tasks, count)]
        # Near-miss occupations share work: their tasks turn up in each other's offers.
        near = [code for code in occupation.neighbours if code in self._occupations]
        if near and tasks and draw() < config.neighbour_task_share:
            neighbour = self._occupations[pick_one(draw, near)]
            if neighbour.tasks:
                tasks[-1] = pick_one(draw, neighbour.tasks).offer
        if draw() < 0.6 or not tasks:
            tasks.append(draft.sentence("common_tasks"))
        return tasks


def _normal(draw: Draw) -> float:
    return math.sqrt(-2 * math.log(1 - draw())) * math.cos(2 * math.pi * draw())


_ORDER = ("about", "intro", "task", "profile", "offer", "benefits", "process", "notice")
_TITLED = {"task": "task", "profile": "profile", "benefits": "offer", "process": "process"}


def _typed(draft: Draft, sections: Mapping[str, list[str]], *, partner: bool) -> str:
    """Puts the sections together as one of several keyboards and export filters would."""
    company, draw = draft.company, draft.values.draw
    kind = draw()
    aggregated = partner and kind < 0.24
    glued = partner and kind > 0.86
    blocks = []
    for name in _ORDER:
        lines = sections.get(name)
        if lines:
            blocks.append(_block(draft, name, lines, plain=glued))
    if aggregated:
        cut = 1 + sum(name in sections for name in ("about", "intro", "task")) - 1
        blocks = ["Description du poste :", *blocks[:cut], "Description du profil :", *blocks[cut:]]
    if glued:
        text = (" ", "", " ")[int(draw() * 3)].join(blocks).replace("\n", " ")
    else:
        text = ("\n\n" if company.airy else "\n").join(blocks)
    limit = draft.config.max_length
    return text if len(text) <= limit else text[: max(1, text.rfind(" ", 0, limit))]


def _block(draft: Draft, name: str, lines: list[str], *, plain: bool) -> str:
    company, draw = draft.company, draft.values.draw
    header = company.headers[_TITLED[name]] if name in _TITLED and draw() < 0.85 else ""
    if name in ("task", "benefits"):
        body = _listed(company, lines, plain=plain)
    elif name == "profile" and company.bullet and draw() < 0.4:
        body = "\n".join(f"{company.bullet}{line}" for line in lines)
    else:
        body = " ".join(lines) if draw() < 0.6 else "\n".join(lines)
    return f"{header}\n{body}" if header else body


def _listed(company: Company, lines: list[str], *, plain: bool) -> str:
    if not company.bullet:
        return " ".join(line if line[-1] in ".!?" else f"{line}." for line in lines)
    mark, end = company.bullet, company.line_end
    if plain:
        return " ".join(f"{mark}{line}{end}" for line in lines)
    return "\n".join(f"{mark}{line}{end}" for line in lines)


def _encoded(draw: Draw, text: str, *, partner: bool) -> str:
    """Some partners send HTML entities; loading offers turns them back into characters."""
    if draw() >= (0.115 if partner else 0.017):
        return text
    encoded = html.escape(text, quote=False).replace("'", "&#039;")
    return encoded.replace(" :", "&nbsp;:") if draw() < 0.5 else encoded


def _told(
    draft: Draft, title: Title, plain: str, description: str, *, skills: Mapping[str, Skill]
) -> frozenset[str]:
    offer = draft.offer
    told = {fact for fact, words in draft.claims if words in plain}
    if title.says_occupation:
        told.add("occupation")
    if offer.place.name in plain or offer.place.name in title.text:
        told.add("place")
    readable = html.unescape(description).casefold()
    told.update(
        skill
        for skill in (*offer.required, *offer.wished)
        if skills[skill].offer.casefold() in readable
    )
    return frozenset(told)
