"""Which precision a processor or accelerator computes in fastest."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from jobmatch_ml.errors import missing_extra

Precision = Literal["auto", "fp32", "bf16"]
_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})


def resolve_precision(precision: Precision) -> Literal["fp32", "bf16"]:
    """Returns the precision to compute in; ``auto`` asks the accelerator, else the processor."""
    if precision != "auto":
        return precision
    try:
        import torch  # heavy, and only an accelerator's answer is wanted
    except ImportError as error:
        raise missing_extra("torch", "models") from error
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    return "bf16" if supports_bf16() else "fp32"


def supports_bf16() -> bool:
    """Says whether this processor multiplies in bf16 (AVX-512 BF16 or AMX); False where unknown."""
    return bool(_BF16_FLAGS & cpu_flags())


def cpu_flags(path: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Returns the processor's feature flags as Linux lists them; nothing on other systems."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = (line.partition(":")[2].split() for line in lines if line.startswith("flags"))
    return frozenset(next(flags, []))
