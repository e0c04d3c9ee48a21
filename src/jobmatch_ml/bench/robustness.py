"""How much rankers lose when the searching side is written differently: same meaning, other text.

Queries are changed, documents are not. Each change keeps what is asked for, so a fall of nDCG is
the ranker's fault.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import compare, evaluate
from jobmatch_ml.ranking.beir import read_corpus, read_qrels, read_queries
from jobmatch_ml.ranking.registry import create_ranker
from jobmatch_ml.reference import gender_forms
from jobmatch_ml.types import Query

_TYPO_SHARE = 0.02
_GENDER_MARK = re.compile(r"\s*[(\[]?\b[hHfF]\s*/\s*[hHfF](?:\s*/\s*[xX])?\b[)\]]?")
_MARKS = (" H/F", " (F/H)", " - h/f")


def run_robustness_bench(
    *,
    folders: list[str] | str = "",
    rankers: tuple[str, ...] = ("tfidf_char", "static", "box", "hybrid"),
    n_queries: int = 300,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Ranks each folder's corpus for its queries as they are, and changed in each way.

    Args:
        folders: BEIR folders.
        rankers: Text rankers, by name.
        n_queries: Queries drawn from each folder.
        seed: Of the draws and changes.

    Returns:
        One row a folder, ranker and change: nDCG@10 before and after, the paired difference with
        its interval, and how many queries the change altered.

    Raises:
        InputError: No folder was named.
    """
    paths = [folders] if isinstance(folders, str) else folders
    if not any(paths):
        raise InputError("no folder was named; expected --option folders=[PATH, …]")
    rows = []
    for path in map(Path, paths):
        queries = read_queries(path / "queries.jsonl")
        judged = read_qrels(path / "qrels.tsv")
        queries = [query for query in queries if query.query_id in judged]
        drawn = random.Random(seed).sample(queries, min(n_queries, len(queries)))
        qrels = {query.query_id: judged[query.query_id] for query in drawn}
        documents = read_corpus(path / "corpus.jsonl")
        for name in rankers:
            ranker = create_ranker(name)
            ranker.index(documents)
            plain = evaluate(qrels, ranker.rank(drawn, top_k=10), metrics=("ndcg@10",))
            for change, function in CHANGES.items():
                changed = [change_query(query, function, seed=seed) for query in drawn]
                after = evaluate(qrels, ranker.rank(changed, top_k=10), metrics=("ndcg@10",))
                altered = sum(one != other for one, other in zip(drawn, changed, strict=True))
                rows.append(
                    {
                        "set": path.name,
                        "ranker": name,
                        "change": change,
                        "n_queries": len(drawn),
                        "n_altered": altered,
                        "ndcg@10_plain": plain.mean("ndcg@10"),
                        "ndcg@10": after.mean("ndcg@10"),
                        **compare(after, plain, "ndcg@10").as_row(),
                    }
                )
    return rows


def change_query(
    query: Query, change: Callable[[str, str, random.Random], tuple[str, str]], *, seed: int
) -> Query:
    """Returns the query with title and text changed; the same seed gives the same change."""
    title, text = change(query.title, query.text, random.Random(f"{seed} {query.query_id}"))
    return replace(query, title=title, text=text)


def strip_accents(text: str) -> str:
    """Returns a text without accents.

    Example:
        >>> strip_accents("Régleur à façon")
        'Regleur a facon'
    """
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def mistype(text: str, rng: random.Random, *, share: float = _TYPO_SHARE) -> str:
    """Returns a text in which letters are swapped with the next, doubled or dropped.

    Args:
        text: The text.
        rng: Draws places and kinds.
        share: Of the letters.
    """
    letters = list(text)
    for place, letter in enumerate(text[:-1]):
        if letter.isalpha() and rng.random() < share:
            kind = rng.randrange(3)
            if kind == 0:
                letters[place] = ""
            elif kind == 1:
                letters[place] = letter * 2
            else:
                letters[place], letters[place + 1] = text[place + 1], letter
    return "".join(letters)


def other_gender_form(title: str, rng: random.Random) -> str:
    """Returns a title in one gender, or without its mark, or with one where it had none."""
    forms = gender_forms(title)
    if len(forms) > 1:
        return rng.choice(forms)
    bare = _GENDER_MARK.sub("", title).strip()
    return bare if bare and bare != title else title + rng.choice(_MARKS)


def reorder_sections(text: str, rng: random.Random) -> str:
    """Returns a text whose paragraphs, or else sentences, stand in another order."""
    parts = [part for part in re.split(r"\n+", text) if part.strip()]
    separator = "\n"
    if len(parts) < 3:
        parts, separator = re.split(r"(?<=[.!?])\s+", text), " "
    rng.shuffle(parts)
    return separator.join(parts)


def truncate(text: str) -> str:
    """Returns the first half of a text's words."""
    words = text.split()
    return " ".join(words[: (len(words) + 1) // 2])


CHANGES: dict[str, Callable[[str, str, random.Random], tuple[str, str]]] = {
    "accents stripped": lambda title, text, _: (strip_accents(title), strip_accents(text)),
    "capitals": lambda title, text, _: (title.upper(), text.upper()),
    "lower case": lambda title, text, _: (title.lower(), text.lower()),
    "gender form": lambda title, text, rng: (other_gender_form(title, rng), text),
    "2 % typos": lambda title, text, rng: (mistype(title, rng), mistype(text, rng)),
    "sections reordered": lambda title, text, rng: (title, reorder_sections(text, rng)),
    "text cut in half": lambda title, text, _: (title, truncate(text)),
}
