"""The known truth of a synthetic world: for evaluation alone, and never for a pipeline's decisions.

Judgements from a log are biased towards what was shown. On a synthetic world the relevance of every
pair is known, and so is how likely each position was looked at: the bias itself can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.interactions.propensity import PropensityModel, known_propensities
from jobmatch_ml.ranking.beir import read_qrels
from jobmatch_ml.types import Qrels

FOLDER = "truth"
_OFFER_COLUMNS = ("offer_id", "occupation", "required", "told_occupation", "told_skills")
_CANDIDATE_COLUMNS = ("candidate_id", "occupation", "skills", "told_occupation", "told_skills")


def read_true_relevance(world_dir: Path) -> Qrels:
    """Reads the true relevance of each (candidate, offer) pair, grades 1 to 4; absent is 0.

    Raises:
        MissingFileError: The folder holds no truth: it is not synthetic, or it was removed.
    """
    return read_qrels(_path(world_dir, "qrels.tsv"))


def read_true_propensities(world_dir: Path) -> PropensityModel:
    """Reads the probability that each position of each surface is looked at.

    Raises:
        MissingFileError: As :func:`read_true_relevance`.
        FormatError: Not that file: columns are missing, or positions do not count from 1.
    """
    path = _path(world_dir, "propensities.parquet")
    table = _read(path, ("surface", "position", "propensity")).sort_by(
        [("surface", "ascending"), ("position", "ascending")]
    )
    surfaces = np.array(table["surface"].to_pylist())
    positions, values = table["position"].to_numpy(), table["propensity"].to_numpy()
    curves = {}
    for surface in sorted(set(surfaces.tolist())):
        rows = surfaces == surface
        if not (positions[rows] == np.arange(1, rows.sum() + 1)).all():
            raise FormatError(
                f"{path}: surface '{surface}' has positions {positions[rows].tolist()[:5]} …; "
                "expected each from 1 on, once"
            )
        curves[surface] = values[rows]
    return known_propensities(curves, method="truth")


def read_true_impressions(world_dir: Path) -> pa.Table:
    """Reads what is true of each row of the log, in its order.

    Returns:
        ``impression_id``, ``attraction`` (P(view | looked at)), ``examined`` (looked at), ``grade``
        (true relevance), ``discriminated`` (made worse by the recruiters' bias).

    Raises:
        MissingFileError, FormatError: As :func:`read_true_propensities`.
    """
    columns = ("impression_id", "attraction", "examined", "grade", "discriminated")
    return _read(_path(world_dir, "impressions.parquet"), columns)


def read_hidden_offers(world_dir: Path) -> pa.Table:
    """Reads the facts behind the offers; ``told_*`` columns say which of them a reader can know.

    Raises:
        MissingFileError, FormatError: As :func:`read_true_propensities`.
    """
    return _read(_path(world_dir, "offers.parquet"), _OFFER_COLUMNS, whole=True)


def read_hidden_candidates(world_dir: Path) -> pa.Table:
    """Reads the facts behind the candidates, identity attributes included; else as for offers."""
    return _read(_path(world_dir, "candidates.parquet"), _CANDIDATE_COLUMNS, whole=True)


def _path(world_dir: Path, name: str) -> Path:
    path = world_dir / FOLDER / name
    if not path.is_file():
        raise MissingFileError(
            f"{path} does not exist: only synthetic worlds know the truth, and this one does not "
            "hold it; build the world again with `jobmatch world build`"
        )
    return path


def _read(path: Path, columns: Sequence[str], *, whole: bool = False) -> pa.Table:
    """Reads some columns of a Parquet file, or all once these are known to be there."""
    try:
        present = pq.read_schema(path).names
        missing = [name for name in columns if name not in present]
        if missing:
            raise FormatError(
                f"{path}: columns missing: {', '.join(missing)}; build the world again",
                field=missing[0],
            )
        return pq.read_table(path, columns=None if whole else list(columns))
    except pa.ArrowInvalid as error:
        raise FormatError(f"{path}: not a Parquet file that can be read") from error
