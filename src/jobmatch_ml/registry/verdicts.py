"""A review's verdict as tags of the version, and what they allow."""

from __future__ import annotations

from typing import Literal

from jobmatch_ml.registry.bundles import Version
from jobmatch_ml.registry.review_types import Review
from jobmatch_ml.registry.tracking import run_key

TAG = "review/"
FOLDER_TAG = f"{TAG}folder"
_LONGEST = 4900  # characters that every MLflow server takes as a tag's value

Standing = Literal["pass", "fail", "unreviewed", "outdated"]


def verdict_tags(review: Review, folder: str) -> dict[str, str]:
    """Returns the tags that MLflow's pages show beside a version.

    Args:
        review: The review.
        folder: Where its files lie in the run's artifacts.
    """
    row = review.evidence.comparisons[0]
    values = {
        "verdict": review.verdict,
        "reasons": "; ".join(review.reasons) or "all gates passed",
        "against": review.against,
        "opponent": review.opponent,
        "at": review.reviewed_at.isoformat(timespec="seconds"),
        "by": review.reviewed_by,
        "ranker": review.ranker,
        "bundle_sha256": review.bundle_sha256,
        "data_hash": review.data_hash,
        "config_hash": review.config_hash,
        "folder": folder,
        f"difference {row.metric}": f"{row.difference:+.4f} [{row.low:+.4f}, {row.high:+.4f}]",
    }
    for gate in review.gates:
        values[f"gate {gate.name}"] = f"{'pass' if gate.passed else 'FAIL'}: {gate.reason}"
    return {run_key(TAG + key): value[:_LONGEST] for key, value in values.items()}


def standing(version: Version, champion: str) -> tuple[Standing, str]:
    """Says whether a version's review lets it take the champion's place, and why not.

    A review speaks of one bundle against one champion: with another champion it is outdated.

    Args:
        version: With its tags.
        champion: Version of the present champion; empty: none.

    Returns:
        ``pass`` and an empty text, or what stands in the way and the sentence for it.
    """
    tags = version.tags
    verdict = tags.get(f"{TAG}verdict")
    if verdict is None:
        return "unreviewed", f"version {version.version} was not reviewed"
    if tags.get(f"{TAG}bundle_sha256") != version.bundle_sha256:
        return "outdated", f"the review of version {version.version} is of another bundle"
    ranker = tags.get(f"{TAG}ranker", "served")
    if ranker != "served":
        return (
            "outdated",
            f"version {version.version} was reviewed as {ranker}, not as it is served",
        )
    against = tags.get(f"{TAG}against", "")
    if against != champion:
        return "outdated", (
            f"version {version.version} was reviewed against "
            f"{f'version {against}' if against else 'the baseline'}, but the champion is now "
            f"{f'version {champion}' if champion else 'nobody'}"
        )
    if verdict != "pass":
        why = tags.get(f"{TAG}reasons", "no reason was recorded")
        return "fail", f"version {version.version} failed its review: {why}"
    return "pass", ""
