"""Which layout each rendered CV gets: the configured shares, as exactly as whole files allow."""

from __future__ import annotations

from collections.abc import Mapping

from jobmatch_ml.documents import TEMPLATES
from jobmatch_ml.errors import ConfigError


def allot_layouts(shares: Mapping[str, float], count: int, *, suffix: str) -> tuple[str, ...]:
    """Returns the layout of each of ``count`` files of one kind.

    Each file takes the layout that is furthest behind its share, so that a few files already show
    many layouts, and which ones does not depend on chance.

    Args:
        shares: Relative frequencies of layouts, by name of :data:`documents.TEMPLATES`.
        count: Number of files.
        suffix: ``.pdf`` or ``.docx``; layouts of other files are passed over.

    Raises:
        ConfigError: Files are asked for, and no layout of that kind has a share.
    """
    kind = {
        name: share for name, share in shares.items() if TEMPLATES[name].suffix == suffix and share
    }
    if count and not kind:
        raise ConfigError(
            f"no layout of {suffix} files has a share above 0; expected one in candidates.layouts",
            field="candidates.layouts",
        )
    total = sum(kind.values())
    used = dict.fromkeys(kind, 0)
    chosen = []
    for position in range(count):
        behind = {name: kind[name] / total * (position + 1) - used[name] for name in kind}
        name = max(behind, key=lambda item: (behind[item], item))
        used[name] += 1
        chosen.append(name)
    return tuple(chosen)
