"""What tailoring and the truth lock do: pairs of a world's CVs and offers, frozen test texts.

Claims are checked twice: by the truth lock, and by a plain comparison of words that shares no code
with it.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.settings import get_settings

CORPORA = Path("tests/corpora/assistant")
MAX_LETTER_WORDS = 300
MAX_PAGES = 2
_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_LASTS = re.compile(r"aujourd'hui|présent|depuis|actuel", re.I)
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTH = re.compile(r"\b(0?[1-9]|1[0-2])[/.](?:19|20)\d{2}\b|\b(?:19|20)\d{2}-(0[1-9]|1[0-2])\b")
_SERVICE = re.compile(r"\b(\d+) ans d'expérience professionnelle")
_NUMBER = re.compile(r"\d+")
# Words of the frame sentences, which say nothing of the person.
_FRAME = (
    "compétences en lien avec le poste ans expérience parmi les que vous recherchez apporte "
    "professionnelle en tout j travaille travaillé actuellement auparavant comme chez mes missions "
    "candidature"
)


def run_assistant_bench(
    *,
    pairs: int = 200,
    world: Path | str | None = None,
    catalogue: Path | str | None = None,
    corpora: Path | str | None = None,
    score: bool = True,
    scored: int = 120,
) -> list[dict[str, Any]]:
    """Measures tailoring on pairs of CV and offer, and the truth lock on the frozen texts.

    Args:
        pairs: How many CVs are tailored, each for one offer; half of the offers are of the
            occupation that the CV names, half of any. Levels 1 to 4 take turns.
        world: A world's folder; default: the demo's.
        catalogue: Its offers; default: the demo's.
        corpora: The frozen texts; default: those of the repository.
        score: Whether to score by the champion.
        scored: On how many of the pairs: the encoder reads three texts for each.

    Returns:
        Rows of ``measure``, ``value``, ``bound`` and ``of`` (how many it was measured on).
    """
    settings = get_settings()
    home = Path(world) if world else settings.under_root(Path("data/world/demo"))
    offers_file = (
        Path(catalogue) if catalogue else settings.under_root(Path("data/catalogue/demo.parquet"))
    )
    texts = Path(corpora) if corpora else settings.under_root(CORPORA)
    scorers = _champion() if score else None
    chosen = _pairs(home, offers_file, pairs)
    results = [
        _measure_pair(number, pair, scorers if number < scored else None)
        for number, pair in enumerate(_shown(chosen))
    ]
    return [*_pair_rows(results), *_lock_rows(texts)]


def _shown(items: Sequence[Any]) -> Iterator[Any]:
    from tqdm import tqdm

    yield from tqdm(items, desc="tailoring", unit="CV", delay=2, leave=False)


class Pair(NamedTuple):
    """A person, an offer, and whether it is of the occupation that their CV names."""

    person: dict[str, Any]
    offer: Any
    is_same: bool


def _pairs(home: Path, offers_file: Path, count: int) -> list[Pair]:
    from jobmatch_ml.offers import read_catalogue
    from jobmatch_ml.reference import OccupationLookup, load_table

    path = home / "candidates.jsonl"
    if not path.is_file():
        raise MissingFileError(
            f"{path} does not exist; build the demo's world first", field="world"
        )
    offers = read_catalogue(offers_file)
    lookup = OccupationLookup(load_table())
    same: list[Pair] = []
    other: list[Pair] = []
    with path.open("rb") as stream:
        for number, line in enumerate(stream):
            if len(same) + len(other) == count:
                break
            person = orjson.loads(line)
            if person.get("language", "fr") != "fr":
                continue
            codes = {match.key for match in lookup.find(person["title"], min_score=99.0)}
            own = [offer for offer in offers if offer.rome_code in codes]
            if own and len(same) < count - count // 2:
                same.append(Pair(person, own[(number * 7919) % len(own)], True))
            elif len(other) < count // 2:
                other.append(Pair(person, offers[(number * 7919) % len(offers)], False))
    # Kinds take turns, so that the first pairs, which are scored, are of both.
    longer = zip_longest(same, other)
    return [pair for both in longer for pair in both if pair is not None]


def _champion() -> Callable[[Any], Callable[[str, str], float]]:
    from jobmatch_ml.offers import offer_document
    from jobmatch_ml.ranking.bundle import load_bundle
    from jobmatch_ml.serving.offer_score import offer_scorer
    from jobmatch_ml.serving.state import find_bundle

    bundle = load_bundle(find_bundle(get_settings(), None)[0])
    encoder = bundle.encoder()
    weight = bundle.ranker(encoder).title_weight
    return lambda offer: offer_scorer(encoder, offer_document(offer), title_weight=weight)


def _measure_pair(number: int, pair: Pair, scorers: Any) -> dict[str, Any]:
    from jobmatch_ml.assistant import check_text, from_reading
    from jobmatch_ml.assistant.letter import write_letter
    from jobmatch_ml.assistant.offer import asked_keywords, from_offer
    from jobmatch_ml.assistant.parse_back import parse_back
    from jobmatch_ml.assistant.tailored_documents import FORMATS, export_cv, export_letter
    from jobmatch_ml.assistant.tailoring import tailor_cv
    from jobmatch_ml.assistant.tailoring_titles import offer_title
    from jobmatch_ml.cv import extract_text

    person, offer, is_same = pair
    data = from_reading(extract_text(person["cv_text"]))
    context = from_offer(offer)
    scorer = scorers(offer) if scorers else None
    tailored = tailor_cv(data, context, level=1 + number // 2 % 4, scorer=scorer)
    letter = write_letter(data, context, tailored)
    layouts = [(f, name) for f in ("docx", "pdf") for name in FORMATS[f]]
    made = {layout: export_cv(tailored.document, *layout).data for layout in layouts}
    back = [parse_back(tailored.document, made[layouts[(number + shift) % 4]]) for shift in (0, 2)]
    texts = [sentence.text for sentence in tailored.sentences]
    said = [sentence.text for sentence in letter.sentences]
    mapped = " ".join(tailored.covered_after)
    # Both genders of the offer's title are the offer's words.
    title = " ".join((offer.title, offer_title(data, context), tailored.document.headline))
    own = f"{person['cv_text']} {mapped} {title if tailored.headline_of_offer else ''}"
    verbatim = {line.strip() for line in person["cv_text"].split("\n")}
    reworded = [text for text in texts if text not in verbatim and not _is_own(text, data)]
    body = " ".join(letter.paragraphs)
    return {
        "lock_own": len(check_text("\n".join(texts), tailored.evidence).unsupported),
        "lock": len(check_text("\n".join(reworded), tailored.evidence).unsupported)
        + len(check_text("\n".join(said), tailored.evidence, offer=context).unsupported),
        "plain": _foreign(texts, own)
        + _foreign(said, f"{own} {title} {offer.company} {offer.place}"),
        "asked": len(asked_keywords(context)),
        "held": len(asked_keywords(context)) - len(tailored.missing),
        "before": len(tailored.covered_before),
        "after": len(tailored.covered_after),
        "is_same": is_same,
        "level": tailored.level,
        "score_before": tailored.score_before,
        "score_after": tailored.score_after,
        "found": sum(field.found for one in back for field in one.fields),
        "total": sum(field.total for one in back for field in one.fields),
        "pages": max(_count_pages(made[layout]) for layout in layouts if layout[0] == "pdf"),
        "letter_pages": _count_pages(export_letter(letter, "pdf").data),
        "letter_words": len(body.split()),
        "sourced": all(sentence.source_line_ids for sentence in tailored.sentences),
    }


def _is_own(text: str, data: Any) -> bool:
    """Whether a text stands in one of the candidate's lines, letter by letter."""
    return any(text in " ".join(line.text.split("\n")) for line in data.lines)


def _foreign(texts: Iterable[str], own: str) -> int:
    """Counts numbers, capitalised names and other telling words that stand in no own text."""
    known = {_bare(word) for word in _WORD.findall(own)}
    # A letter says "mars 2021" where the CV has "03/2021".
    known |= {_MONTHS[int(month) - 1] for pair in _MONTH.findall(own) for month in pair if month}
    years = [int(year) for year in _YEAR.findall(own)]
    if _LASTS.search(own):
        years.append(datetime.now(UTC).year)
    # A length of service is worked out: it may be as long as the years that the CV tells of.
    longest = max(years) - min(years) + 1 if years else 0
    wrong = 0
    for told in texts:
        text = _SERVICE.sub(lambda m: "" if int(m[1]) <= longest else m[0], told)
        for word in _WORD.findall(text):
            bare = _bare(word)
            telling = _NUMBER.search(word) or word[0].isupper() or len(bare) > 3
            if telling and bare not in known and bare not in _frame():
                wrong += 1
    return wrong


def _frame() -> frozenset[str]:
    from jobmatch_ml.assistant import letter

    frames = " ".join((*letter.FRAMES, _FRAME))
    return frozenset(_bare(word) for word in _WORD.findall(frames))


def _bare(word: str) -> str:
    return word.casefold()


def _count_pages(pdf: bytes) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _row(measure: str, value: Any, of: int, bound: str = "") -> dict[str, Any]:
    return {"measure": measure, "value": value, "bound": bound, "of": of}


def _pair_rows(results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    count = len(results)

    def total(name: str) -> int:
        return sum(result[name] for result in results)

    rows = [
        _row("claims that the truth lock does not bear out", total("lock"), count, "0"),
        _row("the same, the person's own words included", total("lock_own"), count),
        _row("words of neither CV, offer's mapped keywords nor frame", total("plain"), count, "0"),
        _row("sentences without source lines", sum(not r["sourced"] for r in results), count, "0"),
        _row("asked keywords a pair", round(total("asked") / count, 2), count),
        _row("of these the candidate has, a pair", round(total("held") / count, 2), count),
        _row("word for word in the CV before, a pair", round(total("before") / count, 2), count),
        _row("word for word in the CV after, a pair", round(total("after") / count, 2), count),
        *_same_rows(results),
    ]
    scored = [r for r in results if r["score_before"] is not None]
    if scored:
        gains = [r["score_after"] - r["score_before"] for r in scored]
        rows += [
            _row(f"score {when}, median",
                 round(statistics.median(r[f"score_{when}"] for r in scored), 4), len(scored))
            for when in ("before", "after")
        ]  # fmt: skip
        rows.append(_row("gain of score, mean", round(statistics.mean(gains), 4), len(scored)))
        better = sum(gain > 0 for gain in gains) / len(gains)
        rows.append(_row("pairs whose score rises", round(better, 3), len(scored)))
        rows += _gain_rows(scored)
    recall = total("found") / total("total")
    rows += [
        _row("parse-back recall of fields", round(recall, 4), total("total"), ">= 0.97"),
        _row("CVs of more than two pages", sum(r["pages"] > MAX_PAGES for r in results),
             count, "0"),
        _row("letters of more than one page", sum(r["letter_pages"] > 1 for r in results), count,
             "0"),
        _row("letters of more than 300 words",
             sum(r["letter_words"] > MAX_LETTER_WORDS for r in results), count, "0"),
    ]  # fmt: skip
    return rows


def _same_rows(results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns keywords where the offer is of the person's occupation and words may change."""
    chosen = [r for r in results if r["is_same"] and r["level"] > 1]
    if not chosen:
        return []
    return [
        _row(f"same occupation, levels 2 to 4: {label}, a pair",
             round(sum(r[key] for r in chosen) / len(chosen), 2), len(chosen))
        for key, label in (("held", "asked keywords that the candidate has"),
                           ("before", "word for word before"), ("after", "word for word after"))
    ]  # fmt: skip


def _gain_rows(scored: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the mean gain by kind of offer, and by level where it is of the same occupation."""
    groups = {
        "offers of another occupation": [r for r in scored if not r["is_same"]],
        **{
            f"same occupation, level {level}": [
                r for r in scored if r["is_same"] and r["level"] == level
            ]
            for level in (1, 2, 3, 4)
        },
    }
    return [
        _row(f"gain of score, mean, {name}",
             round(statistics.mean(r["score_after"] - r["score_before"] for r in group), 4),
             len(group))
        for name, group in groups.items() if group
    ]  # fmt: skip


def _lock_rows(folder: Path) -> list[dict[str, Any]]:
    """Returns the totals of the truth lock's own benchmark, which tells kinds and halves."""
    from jobmatch_ml.bench.truth_lock import run_truth_lock_bench

    told = {
        "planted": ("planted claims caught", ">= 0.95, goal 0.98"),
        "paraphrases": ("honest paraphrases refused", "<= 0.05"),
    }
    return [
        _row(told[row["part"]][0], row["rate"], row["n"], told[row["part"]][1])
        for row in run_truth_lock_bench(corpora=folder)
        if row["part"] in told and row["kind"] == "all" and row["half"] == "all"
    ]
