"""The error family: every failure that a user can cause or mend has a class here.

A message says what is wrong, where, what was expected and what to do. It never holds personal
text (CV contents, names, e-mail addresses): ids, positions and lengths only.

The command line prints a :class:`JobMatchError` as one line and exits with 1; the service answers
its ``http_status`` with ``{"code", "message", "field"}``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class JobMatchError(Exception):
    """A failure with a cause that the user can understand and act on.

    Args:
        message: What is wrong, where, what was expected, what to do.
        field: The input field at fault, for programs (``top_k``, ``cv_embedding`` …).
    """

    code = "error"
    http_status = 500

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InputError(JobMatchError):
    """An argument, file or record that cannot be used as it is."""

    code = "invalid_input"
    http_status = 422


class MissingFileError(InputError):
    """A file or folder that was named but is not there."""

    code = "not_found"
    http_status = 404


class FormatError(InputError):
    """A file or body whose contents are not in the format that was expected."""

    code = "invalid_format"


class LimitError(InputError):
    """An input larger, deeper or slower to read than the documented limits allow."""

    code = "limit_exceeded"
    http_status = 413


class ConfigError(InputError):
    """A configuration with an unknown key or a value out of range."""

    code = "invalid_config"


class UnknownNameError(InputError):
    """A name (ranker, pipeline, notebook, metric …) that is not known here."""

    code = "unknown_name"


class MissingExtraError(JobMatchError):
    """A library that is needed for this step is not installed."""

    code = "missing_extra"


class RankerNotApplicableError(InputError):
    """A ranker that has no meaning on the data at hand (popularity without a log)."""

    code = "ranker_not_applicable"


class IntegrityError(JobMatchError):
    """A stored artefact (bundle, weights, index) whose checksum or shape is not as recorded."""

    code = "integrity"


class ModelMismatchError(JobMatchError):
    """A client named, or sent vectors of, a model that is not the one being served."""

    code = "model_mismatch"
    http_status = 409


class NotReadyError(JobMatchError):
    """Something needed for an answer (champion bundle, index, catalogue) is not there yet."""

    code = "not_ready"
    http_status = 503


class UpstreamError(JobMatchError):
    """A service that is not ours (an API of offers, a cloud) failed, refused or did not answer."""

    code = "upstream"
    http_status = 502


class NotebookError(JobMatchError):
    """A notebook that was refused, or that failed in one of its cells."""

    code = "notebook"


class RegistryError(JobMatchError):
    """The model registry cannot do what was asked."""

    code = "registry"


class RefusedError(RegistryError):
    """A promotion that the version's review does not allow."""

    code = "refused"
    http_status = 409


MOST_NAMES = 60
"""The longest list of known names that an error message shows in full."""


def suggest(name: str, known: Iterable[str], *, kind: str) -> str:
    """Returns the message for an unknown name, with the nearest known one and the known ones.

    Of long lists (a classification has thousands of codes) only the beginning is shown.

    Example:
        >>> suggest("bm52", ["bm25", "random"], kind="ranker")
        "unknown ranker 'bm52'. Did you mean 'bm25'? Known: bm25, random"
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    shown = names if len(names) <= MOST_NAMES else [*names[:5], f"… {len(names)} in all"]
    return f"unknown {kind} '{name}'.{hint} Known: {', '.join(shown) or 'none'}"


def summarise(problems: Sequence[str], *, shown: int = 5) -> str:
    """Joins many problems into one message: the first few, and how many there are in all.

    Example:
        >>> summarise(["a", "b", "c"], shown=2)
        'a; b; … 3 in all'
    """
    head = "; ".join(problems[:shown])
    return head if len(problems) <= shown else f"{head}; … {len(problems)} in all"


def missing_extra(package: str, extra: str) -> MissingExtraError:
    """Builds the error for a library that an extra would have brought."""
    return MissingExtraError(
        f"the package '{package}' is not installed. It comes with the extra '{extra}': "
        f'run `pip install -c requirements.lock -e ".[{extra}]"` (or `make setup`).'
    )
