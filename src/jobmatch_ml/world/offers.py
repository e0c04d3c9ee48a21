"""What offers are about: occupation, place, skills, experience, contract, time of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from jobmatch_ml.reference import Occupation, Place
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.randomness import (
    Stage,
    chance,
    pick,
    pick_some,
    pick_weighted,
    stream,
)

# Years of experience that offers ask for, with their frequencies; 0: beginners welcome.
YEARS_ASKED = {0: 0.42, 1: 0.18, 2: 0.15, 3: 0.15, 5: 0.08, 8: 0.02}
_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"


def draw_offers(
    config: WorldConfig, occupations: Sequence[Occupation], places: Sequence[Place]
) -> list[OfferFacts]:
    """Draws the facts of all offers, in the order of publication."""
    weights = popularity_of(occupations, config.seed)
    times = _publication_times(config)
    ids = _offer_ids(config)
    offers: list[OfferFacts] = []
    for index, created_at in enumerate(times):
        rng = stream(config.seed, Stage.OFFERS, index)
        # A copy repeats a recent offer, as recruiters do to stay on top of the list.
        if offers and chance(rng, config.offers.duplicate_share):
            original = int(rng.integers(max(0, index - 40), index))
            offers.append(_copy(offers[original], original, ids[index], created_at))
            continue
        occupation = pick_weighted(rng, weights)
        n_required = max(1, len(occupation.required) - int(chance(rng, 0.3)))
        extra = pick_some(rng, occupation.wished, int(rng.integers(0, 3)))
        offers.append(
            OfferFacts(
                offer_id=ids[index],
                occupation=occupation,
                place=pick_weighted(rng, {place: place.weight for place in places}),
                required=(
                    *pick_some(rng, occupation.required, n_required),
                    *extra[:1],
                ),
                wished=tuple(extra[1:]),
                years=_years(rng, occupation),
                contract=pick_weighted(rng, dict(occupation.contracts)),
                created_at=created_at,
            )
        )
    return offers


def popularity_of(occupations: Sequence[Occupation], seed: int) -> dict[Occupation, float]:
    """Returns how common each occupation is in this world: the commonest ten times the rarest."""
    shares = stream(seed, Stage.OFFERS, 2**32 - 1).permutation(len(occupations))
    top = max(1, len(occupations) - 1)
    return {
        occupation: float(10 ** (share / top))
        for occupation, share in zip(occupations, shares, strict=True)
    }


def _years(rng: np.random.Generator, occupation: Occupation) -> int:
    years = pick_weighted(rng, YEARS_ASKED)
    # Executives are rarely hired without any experience.
    return max(years, pick(rng, (0, 2, 3))) if occupation.level == 9 else years


def _publication_times(config: WorldConfig) -> list[datetime]:
    """Spreads publications over the log and the offers' lifetime before it, on working hours."""
    rng = stream(config.seed, Stage.OFFERS, 2**32 - 2)
    first = datetime.combine(config.start_date, datetime.min.time(), tzinfo=UTC)
    days = rng.integers(-config.offers.lifetime_days, config.days, size=config.n_offers)
    milliseconds = rng.integers(7 * 3_600_000, 19 * 3_600_000, size=config.n_offers)
    return sorted(
        first + timedelta(days=int(day), milliseconds=int(millisecond))
        for day, millisecond in zip(days, milliseconds, strict=True)
    )


def _offer_ids(config: WorldConfig) -> list[str]:
    """Returns ids such as ``186RTLM``: three digits and four letters, all different."""
    rng = stream(config.seed, Stage.IDS)
    ids: dict[str, None] = {}
    while len(ids) < config.n_offers:
        letters = "".join(_LETTERS[int(place)] for place in rng.integers(len(_LETTERS), size=4))
        ids[f"{int(rng.integers(180, 200))}{letters}"] = None
    return list(ids)


def _copy(offer: OfferFacts, position: int, offer_id: str, created_at: datetime) -> OfferFacts:
    return OfferFacts(
        offer_id=offer_id,
        occupation=offer.occupation,
        place=offer.place,
        required=offer.required,
        wished=offer.wished,
        years=offer.years,
        contract=offer.contract,
        created_at=created_at,
        copy_of=position if offer.copy_of is None else offer.copy_of,
    )
