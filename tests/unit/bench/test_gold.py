"""The gold bench on tiny sizes: rows of speed, accuracy through the whole of ingestion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobmatch_ml.bench.gold import run_gold_bench
from jobmatch_ml.errors import InputError
from tests.unit.bench.test_gold_scores import LABEL, RAW


def _files(folder: Path, *records: object) -> tuple[str, str]:
    offers, labels = folder / "offers.jsonl", folder / "labels.jsonl"
    offers.write_text("\n".join(json.dumps(each) for each in records))
    labels.write_text(json.dumps(LABEL))
    return str(offers), str(labels)


def test_labelled_offers_are_read_and_scored(tmp_path: Path) -> None:
    record = {
        **RAW,
        "typeContrat": "CDI",
        "experienceExige": "E",
        "experienceLibelle": "1 An(s)",
        "salaire": {"commentaire": "à partir de 2000 € brut par mois"},
    }
    offers, labels = _files(tmp_path, record, {"id": "2", "intitule": "Vendeur"})
    rows = run_gold_bench(sizes=(), offers=offers, labels=labels)
    values = {row["measure"]: row["value"] for row in rows}
    assert {row["part"] for row in rows} == {"accuracy"}
    assert values["salary where stated"] == values["experience"] == 1.0
    assert values["required skills: precision"] == 1.0
    assert values["wished skills: recall"] == 1.0


def test_another_file_than_the_labelled_one_is_refused(tmp_path: Path) -> None:
    offers, labels = _files(tmp_path, {"id": "2", "intitule": "Vendeur"})
    with pytest.raises(InputError, match="1 of the 1 labelled offers"):
        run_gold_bench(sizes=(), offers=offers, labels=labels)


@pytest.mark.slow
def test_speed_has_a_row_a_size_and_stage() -> None:
    rows = run_gold_bench(sizes=(50,))
    assert [(row["size"], row["stage"]) for row in rows] == [(50, "reading"), (50, "duplicates")]
    assert all(row["offers_per_cpu_s"] > 0 for row in rows)
