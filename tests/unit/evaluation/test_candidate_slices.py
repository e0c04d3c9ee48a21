"""What candidates are sliced by, read from their own words and the log."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.evaluation.candidate_slices import candidate_attributes, cold_offers
from tests.log_factory import day, make_log

CV = """Camille Durand
Expérience professionnelle
Boulangère, Le Fournil, Lyon
2012 – 2024
- Pétrissage et cuisson
"""


def write(folder: Path, *rows: object) -> Path:
    path = folder / "candidates.jsonl"
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    return path


def test_attributes_are_read_from_the_candidates_own_words(tmp_path: Path) -> None:
    first = {
        "candidate_id": "c1",
        "title": "Boulanger",
        "cv_text": CV,
        "cv_file": "c1.pdf",
        "language": "fr",
        "preferences": {"place": "Lyon"},
    }
    second = {"candidate_id": "c2", "title": "Qqqq", "cv_text": "Rien."}
    log = make_log({"user": "c1"}, {"user": "c2", "shown_at": day(9)})
    found = candidate_attributes(
        write(tmp_path, first, second, {**second, "candidate_id": "c3"}),
        ["c1", "c2"],
        log=log,
        before=day(5),
    )
    assert {name: values["c1"] for name, values in found.items()} == {
        "ROME domain": "D",
        "region": "Auvergne-Rhône-Alpes",
        "experience": "10 years and more",
        "language": "fr",
        "CV source": "pdf",
        "shown before": "under 50 offers",
    }
    assert {name: values["c2"] for name, values in found.items()} == {
        "ROME domain": "not told",
        "region": "not told",
        "experience": "not told",
        "language": "not told",
        "CV source": "text",
        "shown before": "nothing",
    }
    assert "c3" not in found["region"]


def test_offers_that_nobody_was_shown_are_cold() -> None:
    log = make_log({"offer_external_id": "o1"}, {"offer_external_id": "o2", "shown_at": day(9)})
    assert cold_offers(log, ["o1", "o2", "o3"], before=day(5)) == {"o2", "o3"}


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        candidate_attributes(tmp_path / "none.jsonl", ["c1"])
    with pytest.raises(FormatError, match="line 1"):
        candidate_attributes(write(tmp_path, ["c1"]), ["c1"])
