"""Which offers are the same job posted again: the groups that must not straddle a split.

Two offers belong together when

- they have the same title and the same employer (without an employer, the same first words of the
  description), or
- their texts are nearly the same: Jaccard similarity of the sets of three-word shingles of title
  and description at least :data:`THRESHOLD`, whatever the employer says (agencies post a job that
  the employer posts too).

Similar texts are found by MinHash and banding (Broder 1997; Leskovec, Rajaraman and Ullman, Mining
of Massive Datasets, chapter 3) and then compared exactly, so that a group is never an accident of
hashing; a pair at the threshold is missed with probability (1 - 0.7^4)^16 = 1.2 %. Groups are
transitive.

This is the one definition for everyone: splits, reports and deduplication ask here.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, missing_extra
from jobmatch_ml.types import Offer

THRESHOLD = 0.7
"""Jaccard similarity from which two texts are one job: about one word in ten may differ."""
MIN_WORDS = 20
"""Shorter texts say too little: two of them are alike without being the same job."""
_BANDS, _BAND_ROWS = 16, 4
# In a bucket of many texts each is compared with this many different ones at most.
_MAX_LEADERS = 20

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_GENDER_MARK = re.compile(r"\b(?:h f|f h|h f x|f h x)\b")


def duplicate_groups(offers: Iterable[Offer], *, threshold: float = THRESHOLD) -> dict[str, str]:
    """Returns the group of each offer: the smallest id among those that are the same job.

    Args:
        offers: Offers with ids of their own.
        threshold: Similarity from which two texts are one job, in (0, 1]; far below 0.6 banding
            would miss pairs.

    Raises:
        InputError: The threshold is out of range.
        MissingExtraError: datasketch is not installed.

    Example:
        >>> first = Offer("1", "Vendeur H/F", "…", company="Dupont")
        >>> again = Offer("2", "VENDEUR (F/H)", "autre texte", company="DUPONT")
        >>> duplicate_groups([again, first])
        {'1': '1', '2': '1'}
    """
    if not 0 < threshold <= 1:
        raise InputError(
            f"threshold is {threshold}; expected a number in (0, 1]", field="threshold"
        )
    ordered = sorted(offers, key=lambda offer: offer.offer_id)
    groups = _Groups(len(ordered))
    first_of: dict[str, int] = {}
    texts: list[str] = []
    for number, offer in enumerate(ordered):
        groups.join(number, first_of.setdefault(posting_key(offer), number))
        texts.append(_normalise(f"{offer.title} {offer.description}"))
    for one, other in similar_texts(texts, threshold=threshold):
        groups.join(one, other)
    return {
        offer.offer_id: ordered[groups.root(number)].offer_id
        for number, offer in enumerate(ordered)
    }


def posting_key(offer: Offer) -> str:
    """Returns what two postings of one job share word for word: title and employer."""
    title = _GENDER_MARK.sub(" ", _normalise(offer.title))
    employer = _normalise(offer.company) or _normalise(offer.description)[:200]
    return f"{' '.join(title.split())}|{employer}"


def similar_texts(
    texts: Sequence[str], *, threshold: float = THRESHOLD
) -> Iterator[tuple[int, int]]:
    """Yields pairs of texts (their places) that are nearly the same: enough to join all of a group.

    Not every pair of a large group comes: each text is paired with one that it resembles.
    """
    usable, signatures = _signatures(texts)
    cached: dict[int, NDArray[np.uint32]] = {}

    def shingles(place: int) -> NDArray[np.uint32]:
        if place not in cached:
            cached[place] = _shingles(texts[usable[place]])
        return cached[place]

    seen: set[tuple[int, int]] = set()
    for bucket in _buckets(signatures):
        leaders: list[int] = []
        for place in bucket:
            for leader in leaders:
                pair = leader, place
                if pair in seen:
                    break
                if _jaccard(shingles(place), shingles(leader)) >= threshold:
                    seen.add(pair)
                    yield usable[leader], usable[place]
                    break
            else:
                if len(leaders) < _MAX_LEADERS:
                    leaders.append(place)


def _signatures(texts: Sequence[str]) -> tuple[list[int], NDArray[np.uint32]]:
    """Returns the places of texts that are long enough, and their MinHash signatures."""
    try:
        from datasketch import MinHash
    except ImportError as error:
        raise missing_extra("datasketch", "models") from error
    usable = [place for place, text in enumerate(texts) if text.count(" ") + 1 >= MIN_WORDS]
    sets = (_shingles(texts[place]).tolist() for place in usable)
    hashes = MinHash.generator(sets, num_perm=_BANDS * _BAND_ROWS, seed=1, hashfunc=int)
    signatures = np.empty((len(usable), _BANDS * _BAND_ROWS), dtype=np.uint32)
    for row, sketch in enumerate(hashes):
        signatures[row] = sketch.hashvalues
    return usable, signatures


def _buckets(signatures: NDArray[np.uint32]) -> Iterator[list[int]]:
    """Yields the rows, in order, that agree in all of a band."""
    for band in range(_BANDS):
        part = signatures[:, band * _BAND_ROWS : (band + 1) * _BAND_ROWS]
        alike: dict[bytes, list[int]] = defaultdict(list)
        for row, key in enumerate(part):
            alike[key.tobytes()].append(row)
        yield from (rows for rows in alike.values() if len(rows) > 1)


def _shingles(text: str) -> NDArray[np.uint32]:
    """Returns the hashes of the three-word runs of a text, each once, in order."""
    hashed = (zlib.crc32(word.encode()) for word in text.split())
    words = np.fromiter(hashed, dtype=np.uint32)
    first, second, third = words[:-2], words[1:-1], words[2:]
    # Odd factors, so that the order of the words counts; sums wrap around.
    return np.unique(first * np.uint32(0x9E3779B1) + second * np.uint32(0x85EBCA77) + third)


def _jaccard(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> float:
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


class _Groups:
    """Disjoint sets of numbers; a set is called by its smallest."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low


def _normalise(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return _NOT_A_WORD.sub(" ", plain).strip()
