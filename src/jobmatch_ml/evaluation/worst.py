"""Error analysis: the queries a run serves worst, with what it put first and what it missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.report import EvaluationReport
from jobmatch_ml.types import Qrels, Run


@dataclass(frozen=True, slots=True)
class Shown:
    """One document of a query: where runs put it, and what it is worth.

    Args:
        doc_id: Its id.
        title: Its title, where titles are known.
        grade: Judgement; 0: judged not relevant, or not judged.
        ranks: By run, from 1; ``None``: not in its answer.
    """

    doc_id: str
    title: str
    grade: int
    ranks: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class WorstQuery:
    """One query, side by side.

    Args:
        query_id: Its id.
        title: Its title, where titles are known.
        scores: The metric by run.
        first: What the run put first.
        missed: The best judged documents that are not among these.
    """

    query_id: str
    title: str
    scores: Mapping[str, float]
    first: tuple[Shown, ...]
    missed: tuple[Shown, ...]


def worst_queries(
    name: str,
    runs: Mapping[str, Run],
    reports: Mapping[str, EvaluationReport],
    qrels: Qrels,
    *,
    metric: str = "ndcg@10",
    n_queries: int = 5,
    depth: int = 3,
    titles: Mapping[str, str] | None = None,
) -> list[WorstQuery]:
    """Finds the queries on which one run loses most to the best of the others.

    Alone, a run's worst queries are those with the lowest score.

    Args:
        name: The run in question.
        runs: All runs by name, it among them.
        reports: Their evaluations, on the same judgements.
        qrels: The judgements.
        metric: A key that the reports hold.
        n_queries: Queries returned.
        depth: Documents shown of each query, first and missed.
        titles: Titles of queries and documents by id.

    Raises:
        InputError: No run or report of that name.
        UnknownNameError: A report does not hold the metric.
    """
    if name not in runs or runs.keys() != reports.keys():
        raise InputError(
            f"runs {sorted(runs)} and reports {sorted(reports)}; expected the same names, and "
            f"'{name}' among them"
        )
    for report in reports.values():
        report.mean(metric)
    scores = {key: report.per_query[metric] for key, report in reports.items()}
    others = [key for key in runs if key != name]

    def loss(query_id: str) -> float:
        best = max((scores[key][query_id] for key in others), default=1.0)
        return scores[name][query_id] - best

    worst = sorted(scores[name], key=lambda query_id: (loss(query_id), query_id))[:n_queries]
    known = titles or {}
    found = []
    for query_id in worst:
        places = {key: _places(run.get(query_id, {})) for key, run in runs.items()}
        judged = qrels[query_id]

        def shown(
            doc_id: str,
            places: Mapping[str, Mapping[str, int]] = places,
            judged: Mapping[str, int] = judged,
        ) -> Shown:
            ranks = {key: place.get(doc_id) for key, place in places.items()}
            return Shown(doc_id, known.get(doc_id, ""), judged.get(doc_id, 0), ranks)

        first = list(places[name])[:depth]
        best = sorted(
            (doc_id for doc_id, grade in judged.items() if grade > 0 and doc_id not in first),
            key=lambda doc_id, judged=judged: (-judged[doc_id], doc_id),  # type: ignore[misc]
        )
        found.append(
            WorstQuery(
                query_id,
                known.get(query_id, ""),
                {key: values[query_id] for key, values in scores.items()},
                tuple(map(shown, first)),
                tuple(map(shown, best[:depth])),
            )
        )
    return found


def _places(scores: Mapping[str, float]) -> dict[str, int]:
    order = sorted(scores, key=lambda doc_id: (-scores[doc_id], doc_id))
    return {doc_id: rank for rank, doc_id in enumerate(order, start=1)}
