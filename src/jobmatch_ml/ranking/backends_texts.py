"""French texts that exports are made and measured with, from the package's own tables.

They are here on every machine, belong to nobody, and have the lengths that an index has: titles,
lines, bodies. Each pair has one right answer, so that a backend's ranking can be scored.
"""

from __future__ import annotations

from dataclasses import dataclass

from jobmatch_ml.reference import load_occupations


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Queries in the words of CVs, documents in those of offers.

    Args:
        name: ``titles``, ``tasks`` or ``bodies``.
        queries: Texts.
        documents: Texts.
        answers: For each query the position of its document.
    """

    name: str
    queries: tuple[str, ...]
    documents: tuple[str, ...]
    answers: tuple[int, ...]


def retrieval_sets() -> tuple[RetrievalSet, ...]:
    """Returns short, middle and long texts: titles, single tasks, whole bodies."""
    occupations = load_occupations()
    # Every second task: half the time, and still five hundred queries.
    tasks = [task for item in occupations for task in item.tasks][::2]
    titles = [(title, row) for row, item in enumerate(occupations) for title in item.cv_titles]
    return (
        RetrievalSet(
            "titles",
            tuple(title for title, _ in titles),
            tuple(item.label for item in occupations),
            tuple(row for _, row in titles),
        ),
        RetrievalSet(
            "tasks",
            tuple(task.cv for task in tasks),
            tuple(task.offer for task in tasks),
            tuple(range(len(tasks))),
        ),
        RetrievalSet(
            "bodies",
            tuple("\n".join(task.cv for task in item.tasks) for item in occupations),
            tuple(
                "\n".join([item.label, *(f"- {task.offer}" for task in item.tasks)])
                for item in occupations
            ),
            tuple(range(len(occupations))),
        ),
    )


def calibration_texts(n_texts: int = 96) -> list[str]:
    """Returns French texts of all lengths, always the same, to take int8's ranges from.

    Args:
        n_texts: How many at most.
    """
    columns = [
        [*found.queries, *found.documents][:: max(1, 6 * len(found.queries) // n_texts)]
        for found in retrieval_sets()
    ]
    return [text for column in columns for text in column][:n_texts]


def timing_texts(n_texts: int = 96) -> list[str]:
    """Returns texts to time: half titles, half bodies, as in an index."""
    titles, _, bodies = retrieval_sets()
    half = n_texts // 2
    return [*titles.documents[:half], *bodies.documents[:half]]
