"""The known truth of a synthetic world: for evaluation alone, and never for a pipeline's decisions.

Judgements from a log are biased towards what was shown. On a synthetic world the relevance of every
pair is known, so the bias itself can be seen: rank once, score twice.
"""

from __future__ import annotations

from pathlib import Path

from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.ranking.beir import read_qrels
from jobmatch_ml.types import Qrels


def read_true_relevance(world_dir: Path) -> Qrels:
    """Reads the true relevance of each (candidate, offer) pair, grades 1 to 4; absent is 0.

    Raises:
        MissingFileError: The folder holds no truth: it is not synthetic, or it was removed.
    """
    path = world_dir / "truth" / "qrels.tsv"
    if not path.is_file():
        raise MissingFileError(
            f"{path} does not exist: only synthetic worlds know the truth, and this one holds none"
        )
    return read_qrels(path)
