"""How likely each position is to be looked at: the curve that makes clicks readable.

A click needs two things: the person looked at the position, and the offer attracted. Under the
position-based model (Craswell et al. 2008, https://doi.org/10.1145/1341531.1341545)

    P(click | offer i at position k on surface s) = propensity(s, k) * attraction(i)

and dividing by the propensity undoes what the position did. Only ratios can be learnt from clicks,
so position 1 is the reference: its propensity is 1, and an attraction is a chance to be opened when
shown first. Estimators: :mod:`.propensity_interventions` (needs some randomised positions) and
:mod:`.propensity_em` (needs features that tell what the ranker knew).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.errors import FormatError, InputError, MissingFileError, suggest
from jobmatch_ml.files import write_bytes

FORMAT = "jobmatch-propensities-1"


@dataclass(frozen=True, slots=True)
class PropensityCurve:
    """The propensities of one surface, by position.

    Args:
        propensities: In (0, 1], of position 1 (exactly 1), 2, 3 …
        low: Lower ends of the 95 % intervals.
        high: Their upper ends.
        log_covariance: Covariance of the logarithms of the estimates, one row a position; zeros
            where the curve is known. It carries the uncertainty into what is estimated with it.
        n_impressions: Rows that were used.
        n_clicks: How many of them were clicked.
    """

    propensities: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    log_covariance: tuple[tuple[float, ...], ...]
    n_impressions: int = 0
    n_clicks: int = 0

    def __post_init__(self) -> None:
        length = len(self.propensities)
        if length == 0 or self.propensities[0] != 1:
            raise InputError(
                "a propensity curve starts with 1, that of position 1; divide it by its first value"
            )
        if not all(0 < value <= 1 for value in self.propensities):
            raise InputError(f"propensities are {self.propensities}; expected values in (0, 1]")
        rows = [len(row) for row in self.log_covariance]
        if len(self.low) != length or len(self.high) != length or rows != [length] * length:
            raise InputError(
                f"a propensity curve of {length} positions needs as many interval ends and a "
                f"covariance of {length} x {length}"
            )


@dataclass(frozen=True, slots=True)
class PropensityModel:
    """Propensities by surface and position, and where they come from.

    Args:
        method: ``random``, ``swaps``, ``interventions``, ``em``, ``known`` …
        curves: One curve a surface.
    """

    method: str
    curves: Mapping[str, PropensityCurve]

    def of(self, surface: str, position: int) -> float:
        """Returns the propensity of one position (1-based) of a surface.

        Raises:
            InputError: A surface or position that the model does not hold.
        """
        curve = self._curve(surface)
        if not 1 <= position <= len(curve.propensities):
            raise InputError(
                f"position {position} of surface '{surface}' has no propensity; this model "
                f"('{self.method}') covers positions 1 to {len(curve.propensities)}",
                field="position",
            )
        return curve.propensities[position - 1]

    def propensities_of(self, table: pa.Table) -> NDArray[np.float64]:
        """Returns the propensity of each row's position, ``(n_rows,)``.

        Args:
            table: Rows in the log's schema; the columns ``surface`` and ``position`` are read.

        Raises:
            InputError: A row that was never shown (an import), or that the model does not cover.
        """
        if table["position"].null_count:
            raise InputError(
                f"{table['position'].null_count} rows have no position (imports were never shown); "
                "leave them out before asking for propensities",
                field="position",
            )
        positions = np.asarray(table["position"].to_numpy(), dtype=np.int64)
        surfaces = table["surface"].combine_chunks().dictionary_encode()
        codes = np.asarray(surfaces.indices.to_numpy(), dtype=np.int64)
        values = np.empty(len(table))
        for code, surface in enumerate(surfaces.dictionary.to_pylist()):
            rows = codes == code
            self.of(surface, int(positions[rows].min()))
            self.of(surface, int(positions[rows].max()))
            values[rows] = np.array(self._curve(surface).propensities)[positions[rows] - 1]
        return values

    def rows(self) -> list[dict[str, Any]]:
        """Returns one row per surface and position, for tables and plots."""
        return [
            {
                "method": self.method,
                "surface": surface,
                "position": index + 1,
                "propensity": curve.propensities[index],
                "low": curve.low[index],
                "high": curve.high[index],
            }
            for surface, curve in sorted(self.curves.items())
            for index in range(len(curve.propensities))
        ]

    def save(self, path: Path) -> None:
        """Writes the model as JSON, whole or not at all."""
        body = {"format": FORMAT, "method": self.method, "curves": _plain(self.curves)}
        write_bytes(path, [orjson.dumps(body, option=orjson.OPT_INDENT_2)])

    def _curve(self, surface: str) -> PropensityCurve:
        if surface not in self.curves:
            raise InputError(
                suggest(surface, self.curves, kind=f"surface of this model ('{self.method}')"),
                field="surface",
            )
        return self.curves[surface]


def known_propensities(
    curves: Mapping[str, NDArray[np.float64]], *, method: str = "known"
) -> PropensityModel:
    """Returns a model of propensities that are known and carry no uncertainty."""
    models = {}
    for surface, curve in curves.items():
        values = tuple(float(value) for value in curve)
        zeros = tuple(tuple(0.0 for _ in values) for _ in values)
        models[surface] = PropensityCurve(values, values, values, zeros)
    return PropensityModel(method, models)


def load_propensities(path: Path) -> PropensityModel:
    """Reads a model that :meth:`PropensityModel.save` wrote.

    Raises:
        MissingFileError: The file is not there.
        FormatError: Not such a file.
    """
    if not path.is_file():
        raise MissingFileError(f"propensity model {path} does not exist")
    try:
        body = orjson.loads(path.read_bytes())
        if body["format"] != FORMAT:
            raise FormatError(f"{path}: format {body['format']!r}; expected '{FORMAT}'")
        curves = {surface: _curve_of(value) for surface, value in body["curves"].items()}
        return PropensityModel(str(body["method"]), curves)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise FormatError(
            f"{path}: not a propensity model; estimate it again and save it"
        ) from error


def _plain(curves: Mapping[str, PropensityCurve]) -> dict[str, Any]:
    return {surface: asdict(curve) for surface, curve in curves.items()}


def _curve_of(value: Mapping[str, Any]) -> PropensityCurve:
    return PropensityCurve(
        propensities=tuple(float(number) for number in value["propensities"]),
        low=tuple(float(number) for number in value["low"]),
        high=tuple(float(number) for number in value["high"]),
        log_covariance=tuple(tuple(float(n) for n in row) for row in value["log_covariance"]),
        n_impressions=int(value["n_impressions"]),
        n_clicks=int(value["n_clicks"]),
    )
