"""How well CVs are read: the world's invented people in every layout, field by field.

The truth is the document that was rendered, so nothing is labelled by hand. A fact counts when all
of its fields are right: of an experience title, employer and dates together. Layouts of the world
are what the rules were written on: their figures are of development. Those that count are of
held-out files (`--option heldout=tests/corpora/cv_heldout`).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jobmatch_ml.bench.cv_heldout import measure_heldout
from jobmatch_ml.cv import CvReading, extract_file
from jobmatch_ml.cv.headings import fold
from jobmatch_ml.documents import TEMPLATES, CvDocument, render
from jobmatch_ml.documents.cv_document import period_of
from jobmatch_ml.errors import InputError
from jobmatch_ml.world.config import WorldConfig

Facts = dict[str, Counter[str]]
PARTS = (
    "name",
    "email",
    "phone",
    "headline",
    "experience",
    "education",
    "skill",
    "certification",
    "language",
    "interest",
)
"""What is scored, each with an F1."""


def run_cv_bench(
    *,
    people: int = 12,
    layouts: Sequence[str] | str = "",
    scans: bool = False,
    seed: int = 7,
    heldout: str = "",
    files: str = "",
) -> list[dict[str, Any]]:
    """Reads the CVs of invented people in each layout and compares with what was written.

    Args:
        people: CVs a layout.
        layouts: Names of :data:`documents.TEMPLATES`, as a list or joined by commas; all by
            default.
        scans: Whether layouts of scanned pages are read too; they take seconds each.
        seed: Of the invented people.
        heldout: Folder of the frozen held-out CVs (``tests/corpora/cv_heldout`` of a checkout);
            they are measured too, scans included, where it is given.
        files: Folder of their rendered files; ``build/cv_heldout`` of that checkout by default.

    Returns:
        Of the part ``development``, a row a layout: ``layout``, ``cvs``, ``seconds`` a CV, and the
        F1 of each of :data:`PARTS` (``None`` where no CV has it); ``all`` pools them. After it,
        the rows of :func:`jobmatch_ml.bench.cv_heldout.measure_heldout`, of the part ``heldout``.

    Raises:
        InputError: No CV is asked for.
    """
    if people < 1:
        raise InputError(f"people is {people}; expected at least 1", field="people")
    names = layouts.split(",") if isinstance(layouts, str) and layouts else list(layouts)
    names = names or [name for name, layout in TEMPLATES.items() if scans or not layout.scanned]
    documents = write_documents(people, seed)
    rows, pooled = [], Score()
    for name in names:
        score, started = Score(), 0.0
        for document in documents:
            data, _ = render(document, name)
            begun = time.perf_counter()
            reading = extract_file(data, name)
            started += time.perf_counter() - begun
            for tally in (score, pooled):
                tally.add(facts_written(document), facts_read(reading))
        seconds = round(started / people, 3)
        rows.append(_row(name, people, seconds, score))
    rows.append(_row("all", people * len(names), None, pooled))
    if heldout:
        corpus = Path(heldout)
        rows += measure_heldout(
            corpus, Path(files) if files else corpus.resolve().parents[2] / "build" / "cv_heldout"
        )
    return rows


def _row(name: str, cvs: int, seconds: float | None, score: Score) -> dict[str, Any]:
    return {"part": "development", "layout": name, "cvs": cvs, "seconds": seconds, **score.row()}


def write_documents(count: int, seed: int) -> list[CvDocument]:
    """Returns the CVs of the first people of an invented market, without typing errors."""
    from jobmatch_ml.world.cv_writing import write_cv
    from jobmatch_ml.world.market import make_market
    from jobmatch_ml.world.randomness import Stage, fast_stream

    config = WorldConfig(n_offers=20, n_candidates=max(count, 20), n_pdf=0, n_docx=0, seed=seed)
    quiet = config.candidates.model_copy(update={"typo_rate": 0.0})
    market = make_market(config)
    return [
        write_cv(
            fast_stream(market.seed, Stage.CV_TEXT, row),
            market.candidates.view(row, market.tables),
            quiet,
            skills=market.tables.table.skills,
            places=market.tables.places,
            today=config.start_date,
        ).document
        for row in range(count)
    ]


class Score:
    """True, found and right facts of each part, added up over CVs."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, written: Facts, read: Facts) -> None:
        """Adds one CV."""
        for part in PARTS:
            count = self.counts[part]
            count[0] += written[part].total()
            count[1] += read[part].total()
            count[2] += (written[part] & read[part]).total()

    def row(self) -> dict[str, float | None]:
        """Returns the F1 of each part."""
        return {
            part: round(2 * right / (true + found), 3) if true else None
            for part, (true, found, right) in ((part, self.counts[part]) for part in PARTS)
        }


def facts_written(cv: CvDocument) -> Facts:
    """Returns what a perfect reader finds in a document."""
    from jobmatch_ml.cv.contacts import EMAIL, PHONE

    contacts = " | ".join(cv.contacts)
    return {
        "name": _tally([" ".join(sorted(fold(cv.full_name).split()))]),
        "email": _tally(EMAIL.findall(contacts)),
        "phone": _tally(PHONE.findall(contacts)),
        "headline": _tally([cv.headline]),
        "experience": _tally(
            _joined(job.title, job.employer, period_of(job, cv.language)) for job in cv.experiences
        ),
        "education": _tally(
            _joined(item.title, item.school, str(item.year)) for item in cv.education
        ),
        "skill": _tally(cv.skills),
        "certification": _tally(cv.certifications),
        "language": _tally(f"{item.name} {item.level}" for item in cv.languages),
        "interest": _tally(cv.interests),
    }


def facts_read(reading: CvReading) -> Facts:
    """Returns what the rules found, in the form of :func:`facts_written`."""
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for line in reading.lines:
        by_kind[line.content_type.value].append(line)
    names = [f"{line.first_name} {line.last_name}" for line in reading.lines if line.last_name]
    people = [*by_kind["contact"], *by_kind["personal_info"]]
    skills = [*by_kind["skill_hard"], *by_kind["skill_soft"]]
    return {
        "name": _tally(" ".join(sorted(fold(name).split())) for name in names),
        "email": _tally(line.email for line in people if line.email),
        "phone": _tally(line.phone for line in people if line.phone),
        "headline": _tally(line.position for line in by_kind["summary"] if line.position),
        "experience": _tally(
            _joined(line.position, line.entity, line.dates) for line in by_kind["experience"]
        ),
        "education": _tally(
            _joined(line.position, line.entity, line.dates) for line in by_kind["education"]
        ),
        "skill": _tally(line.content for line in skills),
        "certification": _tally(line.content for line in by_kind["certification"]),
        "language": _tally(line.content for line in by_kind["language"]),
        "interest": _tally(line.content for line in by_kind["interest"]),
    }


def _joined(*fields: str | None) -> str:
    return "\n".join(fold(field or "") for field in fields)


def _tally(texts: Iterable[str]) -> Counter[str]:
    """Counts texts by their words alone: signs, case and accents are a layout's."""
    return Counter("\n".join(fold(part) for part in text.split("\n")) for text in texts)
