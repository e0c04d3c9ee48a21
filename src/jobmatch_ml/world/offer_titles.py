"""Titles of offers, in the many forms that recruiters give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jobmatch_ml.world.config import OfferConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.french import inclusive_title, masculine_title
from jobmatch_ml.world.phrases_companies import Company
from jobmatch_ml.world.phrases_grammar import Draw, pick_by_weight, pick_one
from jobmatch_ml.world.phrases_names import Values, shout
from jobmatch_ml.world.phrases_offers import load_offer_phrases

_MARKS = (
    ((" (H/F)", 0.85), (" H/F", 0.04), (" (F/H)", 0.03), (" F/H", 0.01), (" (h/f)", 0.01),
     ("", 0.06)),
    ((" (H/F)", 0.71), (" H/F", 0.21), (" (h/f)", 0.01), (" h/f", 0.013), ("", 0.055)),
)  # fmt: skip
"""Gender marks with their shares, of offers posted directly and of partners' (measured)."""

_INNER_MARKS = (("", 0.89), (" F/H", 0.05), (" f/h", 0.022), (" (F/H)", 0.018), (" - f/h", 0.02))
_SENIORITY = (
    "confirmé", "expérimenté", "débutant accepté", "junior", "senior", "qualifié", "polyvalent",
    "en alternance possible", "de nuit", "de jour", "itinérant",
)  # fmt: skip
_TIMES = ("35h", "temps plein", "temps partiel", "24h/semaine", "2x8", "week-end", "mi-temps")
_LONGEST = 100


class Title(NamedTuple):
    """A title as printed, its short form for sentences, and whether it names the occupation."""

    text: str
    spoken: str
    says_occupation: bool


def write_title(
    values: Values, offer: OfferFacts, config: OfferConfig, *, company: Company, partner: bool
) -> Title:
    """Writes the title of an offer."""
    draw = values.draw
    both = draw() < config.both_genders_share
    base, vague = _base(draw, offer, config, both=both)
    short = masculine_title(base)
    if both and base != short:
        # Both genders are how the classification's own names are written; nothing is added.
        text = f"{base} (H/F)" if draw() < 0.95 else base
        return Title(text[:_LONGEST], _spoken(short), not vague)
    core = inclusive_title(base) if draw() < 0.05 else short
    core += _extras(values, offer, company=company, partner=partner)
    text = _cased(draw, core, config) + pick_by_weight(draw, _MARKS[partner])
    after = draw()
    if after < 0.01:
        text += f" - {offer.place.name}"
    elif after < 0.022:
        text += f" - {values['reference']}"
    return Title(text[:_LONGEST].rstrip(), _spoken(short), not vague)


def _base(draw: Draw, offer: OfferFacts, config: OfferConfig, *, both: bool) -> tuple[str, bool]:
    occupation = offer.occupation
    if draw() < config.vague_title_share:
        return load_offer_phrases().vague_titles[occupation.domain], True
    if draw() < config.other_title_share:
        titles = occupation.offer_titles
        if both:
            titles = tuple(title for title in titles if " / " in title)
        if titles:
            return pick_one(draw, titles), False
    if both and " / " in occupation.label and draw() < 0.7:
        return occupation.label, False
    if occupation.masculine == occupation.feminine:
        return occupation.masculine, False
    return f"{occupation.masculine} / {occupation.feminine}", False


def _spoken(short: str) -> str:
    """The title inside a sentence: small first letter, but DSI and UX designer stay."""
    return short[0].lower() + short[1:] if short[1:2].islower() else short


def _extras(values: Values, offer: OfferFacts, *, company: Company, partner: bool) -> str:
    """What stands between the job and the gender mark, in one title of four."""
    draw = values.draw
    inner = pick_by_weight(draw, _INNER_MARKS)
    place = offer.place
    # Each form with the share of titles below which it stands.
    forms: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.70, lambda: inner),
        (0.79, lambda: f"{inner} - {place.name}"),
        (0.87, lambda: f" {pick_one(draw, _SENIORITY)}{inner}"),
        (0.92, lambda: f"{inner} - {company.name if partner else pick_one(draw, _TIMES)}"),
        (0.93, lambda: f" {offer.contract}{inner}"),
        (0.94, lambda: f" - {offer.contract} - {place.name}"),
        (0.965, lambda: f" ({place.department}){inner}"),
        (0.985, lambda: f" {offer.occupation.sector.label.lower()}{inner}"),
        (1.00, lambda: f" {values['product']}{inner}"),
    )
    mark = draw()
    return next(form() for share, form in forms if mark < share)


def _cased(draw: Draw, core: str, config: OfferConfig) -> str:
    form = draw() - config.shouted_title_share
    if form < 0:
        # Most capitals lose their accents.
        return shout(core) if draw() < 0.7 else core.upper()
    if form < 0.018:
        return core[0].lower() + core[1:]
    if form < 0.04:
        return core.capitalize()
    if form < 0.07:
        return f'"{core} F-H"' if draw() < 0.7 else f'"{core}"'
    if form < 0.33:
        return " ".join(
            word[0].upper() + word[1:] if len(word) > 3 and word[1] not in "'’" else word
            for word in core.split(" ")
        )
    return core
