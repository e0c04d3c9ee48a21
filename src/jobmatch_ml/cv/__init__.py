"""CVs: a file becomes text (in a killable child), text becomes lines, lines become a profile.

``extract_file`` and ``extract_text`` read; ``build_profile`` is the one maker of the candidate's
views (``title``, ``text``) for training, command line and service. Names are loaded on first use,
because the child process that parses hostile files must start without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jobmatch_ml.cv.errors import CvReadError
    from jobmatch_ml.cv.extract import extract_file, extract_text
    from jobmatch_ml.cv.limits import CvLimits
    from jobmatch_ml.cv.profile import Profile, build_profile, profile_query
    from jobmatch_ml.cv.reading import ContentType, CvReading, Evidence, ExtractedLine

_HOMES = {
    "CvReadError": "errors",
    "extract_file": "extract",
    "extract_text": "extract",
    "CvLimits": "limits",
    "Profile": "profile",
    "build_profile": "profile",
    "profile_query": "profile",
    "ContentType": "reading",
    "CvReading": "reading",
    "Evidence": "reading",
    "ExtractedLine": "reading",
}

__all__ = [
    "ContentType",
    "CvLimits",
    "CvReadError",
    "CvReading",
    "Evidence",
    "ExtractedLine",
    "Profile",
    "build_profile",
    "extract_file",
    "extract_text",
    "profile_query",
]


def __getattr__(name: str) -> Any:
    """Imports a public name's module when the name is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
