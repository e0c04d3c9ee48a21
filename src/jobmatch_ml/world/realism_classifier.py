"""How easily a character model tells two collections of offers apart.

A classifier two-sample test: if no classifier can, the collections are alike for every model that
sees what it sees (Lopez-Paz and Oquab, Revisiting classifier two-sample tests, ICLR 2017). The area
under the curve is 0.5 for alike, 1 for told apart without fail.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import missing_extra

_FOLDS = 5
_FEWEST = 20
_MAX_CHARS = 1500


@dataclass(frozen=True, slots=True)
class FieldTest:
    """Result for one field.

    Args:
        field: Its name; ``(which fields are there)`` is the pattern of absent fields.
        n: Values of each side.
        auc: Area under the curve of held-out predictions, the world's side being the positive one.
        low: Lower bound of its 95 % interval (Hanley and McNeil, 1982).
        high: Upper bound.
        tells: What gives the world away: its most telling pieces of text. The other side's are not
            here, so that nothing of it is ever printed.
    """

    field: str
    n: int
    auc: float
    low: float
    high: float
    tells: tuple[str, ...]


def tell_texts(
    field: str, world: Sequence[str], other: Sequence[str], *, seed: int, once: bool = False
) -> FieldTest | None:
    """Trains character n-grams and a logistic regression to tell two sides' texts apart.

    Args:
        field: Name of the field.
        world: The world's texts; as many are used as the other side has. Cut at 1,500 characters.
        other: The other side's.
        seed: Of the folds.
        once: Keep equal texts in one fold, so that none is recognised by having been learned: for
            fields whose values are individual, as names and whole texts are.

    Returns:
        ``None`` when a side has fewer than 20 values, or both together one value only.
    """
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError as error:
        raise missing_extra("training", "sklearn") from error
    size = min(len(world), len(other))
    texts = [text[:_MAX_CHARS] for text in (*world[:size], *other[:size])]
    if size < _FEWEST or len(set(texts)) < 2 * _FOLDS:
        return None
    long = sum(map(len, texts)) > 300 * len(texts)
    vectoriser = TfidfVectorizer(
        analyzer="char_wb" if long else "char",
        ngram_range=(2, 4) if long else (1, 4),
        min_df=3,
        max_features=60_000,
        lowercase=False,
        sublinear_tf=True,
        dtype=np.float32,
    )
    features = vectoriser.fit_transform([f"\x02{text}\x03" for text in texts])
    names = vectoriser.get_feature_names_out()
    groups = texts if once else [str(position) for position in range(len(texts))]
    return _test(field, features, [str(name) for name in names], groups, seed=seed)


def tell_presence(
    field: str, world: Sequence[frozenset[str]], other: Sequence[frozenset[str]], *, seed: int
) -> FieldTest | None:
    """The same for sets of names: which fields each offer has."""
    size = min(len(world), len(other))
    if size < _FEWEST:
        return None
    sides = (*world[:size], *other[:size])
    names = sorted(set().union(*sides))
    features = np.array([[name in each for name in names] for each in sides], dtype=np.float32)
    groups = [str(position) for position in range(len(sides))]
    return _test(field, features, names, groups, seed=seed)


def _test(
    field: str, features: Any, names: Sequence[str], groups: Sequence[str], *, seed: int
) -> FieldTest:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold

    size = features.shape[0] // 2
    labels = np.repeat([1, 0], size)
    numbers = np.unique(np.array(groups), return_inverse=True)[1]
    scores = np.zeros(2 * size)
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed)
    for train, held in folds.split(features, labels, numbers):
        model = LogisticRegression(C=5.0, max_iter=300, solver="liblinear", random_state=seed)
        model.fit(features[train], labels[train])
        scores[held] = model.decision_function(features[held])
    auc = float(roc_auc_score(labels, scores))
    low, high = auc_interval(auc, size, size)
    return FieldTest(field, size, auc, low, high, _tells(features, labels, names, seed))


def _tells(features: Any, labels: NDArray[Any], names: Sequence[str], seed: int) -> tuple[str, ...]:
    """The world's most telling pieces: the highest weights, none a part of another."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1.0, max_iter=300, solver="liblinear", random_state=seed)
    weights = model.fit(features, labels).coef_[0]
    chosen: list[str] = []
    for place in np.argsort(-weights, kind="stable")[:200]:
        name = names[place]
        if weights[place] <= 0 or len(chosen) == 12:
            break
        if not any(name in other or other in name for other in chosen):
            chosen.append(name)
    return tuple(name.replace("\x02", "^").replace("\x03", "$") for name in chosen)


def auc_interval(auc: float, n_positive: int, n_negative: int) -> tuple[float, float]:
    """Returns the 95 % interval of an area under the curve (Hanley and McNeil, 1982).

    ``se^2 = (A(1-A) + (n-1)(Q1-A^2) + (m-1)(Q2-A^2)) / (n m)`` with ``Q1 = A/(2-A)`` and
    ``Q2 = 2A^2/(1+A)``.

    Example:
        >>> [round(bound, 3) for bound in auc_interval(0.5, 100, 100)]
        [0.42, 0.58]
    """
    first, second = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    spread = (
        auc * (1 - auc)
        + (n_positive - 1) * (first - auc * auc)
        + (n_negative - 1) * (second - auc * auc)
    )
    error = 1.96 * math.sqrt(max(spread, 0.0) / (n_positive * n_negative))
    return max(0.0, auc - error), min(1.0, auc + error)
