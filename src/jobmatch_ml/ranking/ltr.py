"""The learned ranker's model: LightGBM trees over documented features, kept as plain text.

A model's folder holds ``booster.txt`` (LightGBM's own text) and ``features.json`` (the definition
of every column, with its hash). A model made for other columns is refused, never misread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError, missing_extra
from jobmatch_ml.files import staged_folder
from jobmatch_ml.ranking.features.specification import NAMES, specification

BOOSTER = "booster.txt"
FEATURES_FILE = "features.json"
FORMAT = "jobmatch-ltr-1"
FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class LtrModel:
    """Trees and the columns that they read.

    Args:
        booster: A ``lightgbm.Booster``.
        names: Columns that it reads, among the full matrix's.
        facts: How it was made: correction, rounds, counts … (plain values).
    """

    booster: Any
    names: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    def score(self, matrix: FloatArray) -> NDArray[np.float64]:
        """Scores rows of the full feature matrix, ``(n,)``; comparable within a query only.

        Args:
            matrix: ``(n, n_features)`` in the order of ``features.NAMES``; NaN: missing.

        Raises:
            InputError: A matrix of another width.
        """
        if matrix.ndim != 2 or matrix.shape[1] != len(NAMES):
            raise InputError(
                f"the feature matrix has shape {matrix.shape}; expected (n, {len(NAMES)})",
                field="matrix",
            )
        if len(matrix) == 0:
            return np.zeros(0)
        chosen = matrix[:, column_places(self.names)]
        return np.asarray(self.booster.predict(chosen, num_threads=1), dtype=np.float64)

    def contributions(self, matrix: FloatArray) -> NDArray[np.float64]:
        """Returns what each column adds to each row's score, ``(n, len(names) + 1)``.

        The last column is the constant; a row adds up to its score (TreeSHAP).
        """
        chosen = matrix[:, column_places(self.names)]
        return np.asarray(
            self.booster.predict(chosen, pred_contrib=True, num_threads=1), dtype=np.float64
        )

    def gains(self) -> dict[str, float]:
        """Returns each column's share of the total gain of all splits, the largest first."""
        values = np.asarray(self.booster.feature_importance("gain"), dtype=np.float64)
        shares = values / max(values.sum(), 1e-12)
        order = np.argsort(-shares, kind="stable")
        return {self.names[place]: float(shares[place]) for place in order}

    def save(self, folder: Path) -> None:
        """Writes ``booster.txt`` and ``features.json``, both or neither."""
        definition = {"format": FORMAT, **specification(self.names), "facts": self.facts}
        with staged_folder(folder) as work:
            text = self.booster.model_to_string(num_iteration=-1)
            (work / BOOSTER).write_text(text, encoding="utf-8")
            body = orjson.dumps(definition, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
            (work / FEATURES_FILE).write_bytes(body)

    @classmethod
    def load(cls, folder: Path) -> LtrModel:
        """Reads a model; nothing is unpickled.

        Raises:
            MissingFileError: A file is not there.
            IntegrityError: It is damaged, of another format, or made for other features.
        """
        for name in (BOOSTER, FEATURES_FILE):
            if not (folder / name).is_file():
                raise MissingFileError(f"{folder / name} does not exist; train a model first")
        names, facts = _read_definition(folder / FEATURES_FILE)
        text = (folder / BOOSTER).read_text(encoding="utf-8", errors="replace")
        if not text.startswith("tree\n"):
            raise IntegrityError(f"{folder / BOOSTER}: not LightGBM's text; train the model again")
        lightgbm = import_lightgbm()
        try:
            booster = lightgbm.Booster(model_str=text)
        except (lightgbm.basic.LightGBMError, ValueError) as error:
            raise IntegrityError(f"{folder / BOOSTER}: damaged; train the model again") from error
        if booster.num_feature() != len(names):
            raise IntegrityError(
                f"{folder}: the trees read {booster.num_feature()} columns, {FEATURES_FILE} names "
                f"{len(names)}"
            )
        return cls(booster, names, facts)


def column_places(names: Sequence[str]) -> list[int]:
    """Returns the places of columns in the full matrix."""
    places = {name: place for place, name in enumerate(NAMES)}
    return [places[name] for name in names]


def import_lightgbm() -> Any:
    """Imports LightGBM, or says which extra brings it."""
    try:
        import lightgbm
    except ImportError as error:
        raise missing_extra("lightgbm", "ltr") from error
    return lightgbm


def _read_definition(path: Path) -> tuple[tuple[str, ...], dict[str, Any]]:
    try:
        body = orjson.loads(path.read_bytes())
        if body["format"] != FORMAT:
            raise IntegrityError(f"{path}: format {body['format']!r}; this version reads {FORMAT}")
        names = tuple(each["name"] for each in body["features"])
        facts = dict(body["facts"])
        recorded = body["sha256"]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise IntegrityError(f"{path}: not a feature definition; train the model again") from error
    unknown = [name for name in names if name not in NAMES]
    if unknown or specification(names)["sha256"] != recorded:
        raise IntegrityError(
            f"{path}: made for other features than this version computes"
            + (f" (such as {unknown[0]})" if unknown else "")
            + "; train the model again"
        )
    return names, facts
