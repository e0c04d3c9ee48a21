"""A description in the making: what it is about, the words for it, and what it has told so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from jobmatch_ml.world.config import OfferConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.french import elided
from jobmatch_ml.world.offer_conditions import part_time_week
from jobmatch_ml.world.offer_titles import Title
from jobmatch_ml.world.phrases_companies import Company
from jobmatch_ml.world.phrases_grammar import Template, pick_one
from jobmatch_ml.world.phrases_names import MONTHS, Values
from jobmatch_ml.world.phrases_offers import OfferPhrases

_CONTRACT_WORDS = {
    "CDI": ("CDI", "CDI", "contrat à durée indéterminée"),
    "CDD": ("CDD", "CDD", "contrat à durée déterminée"),
    "MIS": ("intérim", "mission d'intérim", "contrat de mission"),
    "SAI": ("contrat saisonnier", "CDD saisonnier"),
    "LIB": ("statut indépendant", "profession libérale", "freelance"),
}


@dataclass(slots=True)
class Draft:
    """A description in the making."""

    values: Values
    offer: OfferFacts
    config: OfferConfig
    company: Company
    phrases: OfferPhrases
    claims: list[tuple[str, str]] = field(default_factory=list)
    unused: dict[str, list[Template]] = field(default_factory=dict)
    """What is told, with the words that tell it: a text that is cut may lose them."""

    def sentence(self, section: str) -> str:
        """Writes one sentence of a section, as long as possible a new one."""
        left = self.unused.get(section)
        if not left:
            left = self.unused[section] = list(self.phrases.common[section])
        return self.write(left.pop(int(self.values.draw() * len(left))))

    def write(self, template: Template) -> str:
        """Writes a template in the recruiter's words."""
        return self.company.in_its_words(self.values.write(template))

    def claim(self, fact: str, section: str) -> str:
        """Writes a sentence that tells a fact."""
        text = self.sentence(section)
        self.claims.append((fact, text))
        return text

    def happens(self, share: float) -> bool:
        """Draws whether something with this share happens."""
        return self.values.draw() < share


def set_values(draft: Draft, title: Title) -> None:
    """Sets the words of an offer: its title, firm, place, dates, and the words of its time."""
    values, offer, draw = draft.values, draft.offer, draft.values.draw
    day = offer.created_at.toordinal()
    start = offer.created_at + timedelta(days=14 + int(draw() * 60))
    values["title"] = title.spoken
    values["de_title"] = elided("de", title.spoken)
    values["que_title"] = elided("que", title.spoken)
    values["company"] = draft.company.name
    values["colon"] = draft.company.colon
    values["sector"] = offer.occupation.sector.label.lower()
    values["department"] = offer.place.department
    values["town"] = offer.place.name
    values["contract"] = pick_one(draw, _CONTRACT_WORDS.get(offer.contract, (offer.contract,)))
    values["month"] = MONTHS[offer.created_at.month - 1]
    values["month_next"] = MONTHS[start.month - 1]
    values["month_number_next"] = f"{start.month:02}"
    values["year_next"] = str(start.year)
    values["year"] = str(offer.created_at.year)
    for name, word in draft.phrases.drifting.items():
        # The new word spreads around its day.
        share = (day - word.day) / draft.phrases.ramp_days + 0.5
        values[name] = word.new if draw() < share else word.old
    values["reference"] = values["reference"]
    values["part_time"] = str(part_time_week(offer))
    values["start"] = draft.sentence("start")
