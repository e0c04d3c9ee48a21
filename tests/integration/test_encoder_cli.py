"""``jobmatch encoder``: what a user sees of the encoder in the box."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.encoder import encoder
from jobmatch_ml.registry.tracking import has_run
from jobmatch_ml.settings import get_settings
from tests.tiny_classifications import write_rome
from tests.toy import build_tiny_model

RECIPE = """
name: tiny-encoder
market: {n_offers: 0}
static: {n_ngrams: 300, dimension: 16, min_documents: 1, epochs: 1, batch_size: 4}
transformer: {french_pieces: 0, steps: 1, batch_size: 4, title_length_tokens: 16,
              body_length_tokens: 32, precision: fp32}
"""


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("jobmatch_ml.training.adaptation.recipe._VALIDATION_WINDOW", 48)
    path = tmp_path / "tiny.yaml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(encoder, [str(item) for item in arguments])
    return result.exit_code, result.stdout, str(result.exception or result.stderr)


def test_adapt_writes_a_folder_that_show_can_read(recipe: Path, tmp_path: Path) -> None:
    base = build_tiny_model(tmp_path / "model")
    code, out, error = run(
        *("adapt", "--config", recipe, "--rome", write_rome(tmp_path / "rome")),
        *("--out", tmp_path / "box", "--set", f"transformer.base={base}", "--json"),
    )
    assert code == 0, error
    made = json.loads(out)
    assert set(made["seconds"]) == {"read", "static", "transformer", "fusion"}
    assert has_run(get_settings(), made["mlflow_run"])
    code, out, _ = run("show", tmp_path / "box", "--json")
    assert code == 0
    shown = json.loads(out)
    assert shown["sha256"] == made["sha256"]
    assert shown["config"]["name"] == "tiny-encoder"
    assert "sha256" in run("show", tmp_path / "box")[1]


def test_mistakes_are_named(recipe: Path, tmp_path: Path) -> None:
    code, _, error = run("adapt", "--config", recipe, "--exclude-offers", recipe)
    assert code == 2
    code, _, error = run("show", tmp_path)
    assert code == 1
    assert "manifest.json" in error
    code, _, error = run("adapt", "--config", recipe, "--set", "transformer.stepps=3")
    assert code == 1
    assert "steps" in error
