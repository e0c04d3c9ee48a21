"""Coaching and tailoring that never invent: all that is said comes from the candidate's own data.

``candidate`` holds what the candidate said, in one form; ``truth_lock`` checks any French text
against it and takes out what it does not bear out.
"""

from __future__ import annotations

from jobmatch_ml.assistant.candidate import (
    CandidateData,
    EvidenceLine,
    from_reading,
    from_request,
    from_user_context,
)

__all__ = [
    "CandidateData",
    "EvidenceLine",
    "from_reading",
    "from_request",
    "from_user_context",
]
