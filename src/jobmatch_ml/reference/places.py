"""French towns with coordinates: a small table of our own, for distances and addresses."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from jobmatch_ml.reference.regions import region_of

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Place:
    """A town where people live and work.

    Args:
        name: Usual name, with accents.
        department: Code of the department (``"06"``, ``"75"``).
        postal_code: One postal code of the town.
        commune: INSEE code, of the district in Paris, Lyon and Marseille.
        latitude: Degrees north.
        longitude: Degrees east.
        weight: Share of the job market, relative to the other places.
    """

    name: str
    department: str
    postal_code: str
    commune: str
    latitude: float
    longitude: float
    weight: float

    @property
    def region(self) -> str:
        """Name of the region; the overseas departments count as one, ``Outre-mer``."""
        return region_of(self.department)


@lru_cache(maxsize=1)
def load_places() -> tuple[Place, ...]:
    """Returns the places of the embedded table, in its order."""
    table = resources.files("jobmatch_ml.reference") / "tables" / "places.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return tuple(
        Place(
            name=row["name"],
            department=row["department"],
            postal_code=row["postal_code"],
            commune=row["commune"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            weight=float(row["weight"]),
        )
        for row in rows
    )


def distance_km(first: Place, second: Place) -> float:
    """Returns the great-circle distance between two places, by the haversine formula.

    Example:
        >>> places = {place.name: place for place in load_places()}
        >>> round(distance_km(places["Paris"], places["Lyon"]))
        394
    """
    lat1, lat2 = math.radians(first.latitude), math.radians(second.latitude)
    half_lat = (lat2 - lat1) / 2
    half_lon = math.radians(second.longitude - first.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))
