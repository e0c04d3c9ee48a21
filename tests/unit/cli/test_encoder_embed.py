"""`jobmatch encoder embed`: what it passes on, what it prints, what it refuses."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.encoder_embed import embed_command
from jobmatch_ml.ranking import embed_corpus as module
from jobmatch_ml.ranking.embed_corpus import EmbedOptions, EmbedReport

REPORT = EmbedReport(Path("out"), n_documents=12, n_parts=3, n_embedded=1, seconds=1.23456)


def test_options_reach_the_room_and_the_report_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def embed(corpus: Path, out: Path, options: EmbedOptions, **where: object) -> EmbedReport:
        calls.append((corpus, out, options, where))
        return REPORT

    monkeypatch.setattr(module, "embed_corpus", embed)
    plain = CliRunner().invoke(embed_command, ["corpus.jsonl", "--out", "out"])
    assert plain.exit_code == 0
    assert "n_embedded" in plain.output
    arguments = ["corpus.jsonl", "--out", "out", "--model", "box", "--part-size", "5"]
    arguments += ["--max-length", "48", "--precision", "fp32", "--address", "local"]
    as_json = CliRunner().invoke(embed_command, [*arguments, "--workers", "2", "--json"])
    assert orjson.loads(as_json.output) == {
        **{"out_dir": "out", "n_documents": 12, "n_parts": 3, "n_embedded": 1, "seconds": 1.23}
    }
    ours = EmbedOptions("box", max_length_tokens=48, precision="fp32", part_size=5)
    assert calls == [
        (Path("corpus.jsonl"), Path("out"), EmbedOptions(), {"address": None, "workers": 1}),
        (Path("corpus.jsonl"), Path("out"), ours, {"address": "local", "workers": 2}),
    ]


@pytest.mark.parametrize("wrong", [["--workers", "0"], ["--part-size", "0"], ["--max-length", "4"]])
def test_sizes_that_make_no_sense_are_usage_errors(wrong: list[str]) -> None:
    result = CliRunner().invoke(embed_command, ["corpus.jsonl", "--out", "out", *wrong])
    assert result.exit_code == 2
