"""From a broad ROME code to a finer one: which of the fiches that a code was split into.

The 532 fiches of ROME 3 became 1,584 in ROME 4. Offers that still speak ROME 3 carry the code of
the parent, which today names one of its children too. The finer code is the sibling whose titles
and words are nearest to the offer: a title found word for word decides, else character n-grams of
the title against each appellation and of the text against the fiche.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import missing_extra
from jobmatch_ml.offers.flat_text import flatten
from jobmatch_ml.offers.texts import tidy_title
from jobmatch_ml.reference import RomeTables, resolve_rome_code
from jobmatch_ml.reference.titles import gender_forms, normalise

_TITLE_WEIGHT = 0.7
_TEXT_CHARS = 1_500
_FEATURES = 2**18


class FinerCode(NamedTuple):
    """A ROME 4 code, its score (0 to 1) and whether it was read or predicted."""

    code: str
    score: float
    source: str


@dataclass
class RomeRefiner:
    """Predicts finer codes; fitted on the imported ROME alone, never on offers.

    Args:
        rome: The imported ROME.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """

    rome: RomeTables
    _children: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _titles: dict[str, set[str]] = field(default_factory=dict, repr=False)
    _rows: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False)
    _vectorizer: Any = field(default=None, repr=False)
    _names: Any = field(default=None, repr=False)
    _texts: Any = field(default=None, repr=False)
    _place: dict[str, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        try:
            from sklearn.feature_extraction.text import TfidfVectorizer
        except ImportError as error:
            raise missing_extra("scikit-learn", "models") from error
        children: dict[str, list[str]] = defaultdict(list)
        for code, fiche in self.rome.fiches.items():
            children[fiche.parent].append(code)
        self._children = dict(children)
        names: list[str] = []
        texts: list[str] = []
        for place, (code, fiche) in enumerate(self.rome.fiches.items()):
            own = [form for each in fiche.appellations for form in gender_forms(each.label)]
            self._rows[code] = (len(names), len(names) + len(own))
            self._titles[code] = {normalise(form) for form in own}
            self._place[code] = place
            names += [normalise(form) for form in own]
            labels = (self.rome.items[link.code].label for link in fiche.links if link.core)
            texts.append(flatten(" ".join((fiche.label, fiche.definition, *labels))))
        self._vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True,
            max_features=_FEATURES, dtype=np.float32,
        )  # fmt: skip
        self._names = self._vectorizer.fit_transform(names)
        self._texts = self._vectorizer.transform(texts)

    def is_broad(self, code: str, label: str) -> bool:
        """Returns whether a code was given in the sense of ROME 3 and was split since.

        The label tells: an offer of today writes the fiche's own, an older one the parent's.
        """
        fiche = self.rome.fiches.get(code)
        if fiche is None:
            return True
        is_parent = fiche.parent == code and self.has_siblings(code)
        return is_parent and normalise(label) != normalise(fiche.label)

    def has_siblings(self, code: str) -> bool:
        """Returns whether the fiche of a code is one of several that one of ROME 3 became."""
        return len(self._children[self.rome.fiches[code].parent]) > 1

    def refine(
        self, codes: Sequence[str], titles: Sequence[str], texts: Sequence[str]
    ) -> list[FinerCode | None]:
        """Predicts the finer code of offers that carry a broad one.

        Args:
            codes: ROME codes as given; unknown ones are resolved to the nearest fiche first.
            titles: Titles of the same offers, as stored.
            texts: Their descriptions, flat.

        Returns:
            The best sibling of each; ``None`` for what is no ROME code at all.
        """
        bare = [tidy_title(title) for title in titles]
        wanted = self._vectorizer.transform([normalise(title) for title in bare])
        bodies = self._vectorizer.transform([text[:_TEXT_CHARS] for text in texts])
        families: dict[str, list[int]] = defaultdict(list)
        for place, code in enumerate(codes):
            known = resolve_rome_code(code, self.rome)
            if known is not None:
                families[self.rome.fiches[known].parent].append(place)
        found: list[FinerCode | None] = [None] * len(codes)
        for parent, places in families.items():
            siblings = self._children[parent]
            scores = self._scores(siblings, wanted[places], bodies[places])
            for row, place in enumerate(places):
                forms = {normalise(form) for form in gender_forms(bare[place])}
                named = [bool(forms & self._titles[each]) for each in siblings]
                ranked = scores[row] + np.array(named, dtype=np.float32)
                best = int(ranked.argmax())
                score = round(float(min(ranked[best], 1.0)), 4)
                found[place] = FinerCode(siblings[best], score, "predicted")
        return found

    def _scores(self, siblings: Sequence[str], wanted: Any, bodies: Any) -> NDArray[np.float32]:
        """Returns offers x siblings: the nearest appellation and the fiche's words, weighed."""
        ranges = [self._rows[code] for code in siblings]
        rows = np.concatenate([np.arange(first, last) for first, last in ranges])
        starts = np.cumsum([0, *(last - first for first, last in ranges[:-1])])
        by_name = (wanted @ self._names[rows].T).toarray()
        nearest = np.maximum.reduceat(by_name, starts, axis=1)
        by_text = (bodies @ self._texts[[self._place[code] for code in siblings]].T).toarray()
        blended: NDArray[np.float32] = _TITLE_WEIGHT * nearest + (1 - _TITLE_WEIGHT) * by_text
        return blended
