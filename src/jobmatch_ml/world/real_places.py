"""The towns of real offers: found by commune, name, coordinates or department."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from jobmatch_ml.reference import Place
from jobmatch_ml.reference.titles import fold

_NEAR_KM2 = 25.0**2
_DEPARTMENT = re.compile(r"^(\d[\dAB]\d?)\s*-\s*(.+)$")
NOT_WORD = re.compile(r"[^a-z0-9+#]+")
# Share of the market of a town that only has an offer: not 0, which shares are divided by.
_NOBODY = 1e-9


class Towns:
    """Finds the town of a record: by commune, name, coordinates or department."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.weighted = [(place, max(place.weight, 1e-9)) for place in places]
        self._by_code = {place.commune: place for place in places}
        self._by_code |= {place.postal_code: place for place in places}
        self._by_name: dict[tuple[str, str], Place] = {}
        self._largest: dict[str, Place] = {}
        for place in sorted(places, key=lambda item: -item.weight):
            self._by_name.setdefault((place.department, plain_words(place.name)), place)
            self._largest.setdefault(place.department, place)
        self._places = places
        self._nearest: dict[tuple[float, float], Place] = {}

    def find(self, work: Mapping[str, Any]) -> tuple[Place | None, str]:
        """Returns the town and how it was found; ``None``, ``drawn`` where nothing is said."""
        for key in ("commune", "codePostal"):
            known = self._by_code.get(str(work.get(key)))
            if known is not None:
                return known, "town"
        match = _DEPARTMENT.match(str(work.get("libelle") or "").strip())
        name = plain_words(match[2]) if match else ""
        department = match[1] if match else ""
        where = (work.get("latitude"), work.get("longitude"))
        if isinstance(where[0], (int, float)) and isinstance(where[1], (int, float)):
            return self._at(work, float(where[0]), float(where[1]), match)
        bare = re.sub(r" \d+.*$", "", name).replace("st ", "saint ")
        named = self._by_name.get((department, bare))
        if named is not None:
            return named, "town"
        if department in self._largest:
            return self._largest[department], "department"
        return None, "drawn"

    def _at(
        self, work: Mapping[str, Any], latitude: float, longitude: float, match: Any
    ) -> tuple[Place, str]:
        """Returns the town of coordinates: one of ours within 25 km, else a new one."""
        spot = (round(latitude, 2), round(longitude, 2))
        if spot in self._nearest:
            return self._nearest[spot], "coordinates"
        shrink = math.cos(math.radians(latitude))

        def square(place: Place) -> float:
            north = (place.latitude - latitude) * 111.2
            east = (place.longitude - longitude) * 111.2 * shrink
            return north * north + east * east

        near = min(self._places, key=square)
        if square(near) > _NEAR_KM2 and match is not None:
            # People live in the towns of the table; work may be anywhere.
            near = Place(
                name=match[2].title(),
                department=match[1],
                postal_code=str(work.get("codePostal") or f"{match[1]:0<5}"),
                commune=str(work.get("commune") or f"{match[1]:0<5}"),
                latitude=spot[0],
                longitude=spot[1],
                weight=_NOBODY,
            )
        self._nearest[spot] = near
        return near, "coordinates"


def plain_words(text: str) -> str:
    """Returns a text in small letters without accents, its words set apart by one blank."""
    return NOT_WORD.sub(" ", fold(text)).strip()
