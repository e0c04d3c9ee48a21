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
from jobmatch_ml.assistant.claims import Claim, SourceSpan, extract_claims
from jobmatch_ml.assistant.truth_lock import (
    LockedText,
    LockReport,
    RemovedSentence,
    check_text,
    lock_text,
)

__all__ = [
    "CandidateData",
    "Claim",
    "EvidenceLine",
    "LockReport",
    "LockedText",
    "RemovedSentence",
    "SourceSpan",
    "check_text",
    "extract_claims",
    "from_reading",
    "from_request",
    "from_user_context",
    "lock_text",
]
