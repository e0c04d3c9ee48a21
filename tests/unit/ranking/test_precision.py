"""Which precision is taken: the processor's flags decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.ranking.precision import cpu_flags, resolve_precision, supports_bf16


def test_processor_flags_decide_about_bf16(tmp_path: Path) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text("processor : 0\nflags\t\t: fpu avx512_bf16 sse\nflags : fpu\n")
    assert cpu_flags(path) == {"fpu", "avx512_bf16", "sse"}
    assert cpu_flags(tmp_path / "absent") == frozenset()


def test_automatic_precision_follows_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert resolve_precision("auto") == ("bf16" if supports_bf16() else "fp32")
    assert resolve_precision("fp32") == "fp32"
