"""What became of applications, joined to the impressions they came from.

The mapping from an application's status (added, in_progress, applied, interview, accepted or
rejected) to the funnel:

- saved: every application, from the moment it was added;
- applied: status applied or any later one;
- got_interview: interview or accepted; false once rejected without an interview; else null;
- got_hired: accepted; false once rejected; else null.

A time that the table does not have is bounded from above by the next one that it has (an accepted
application was sent at the latest when it was accepted), so that no label is known too early.

An application belongs to the last impression of its offer to its person before it was added. One
without any such impression is an imported offer: a row of its own, `surface = import`, no position.
"""

from __future__ import annotations

from typing import Any

from jobmatch_ml.interactions.checks import Rule, out_of_time
from jobmatch_ml.interactions.engine import identifier
from jobmatch_ml.interactions.mapping import STATUSES

APPLICATION_RULES = (
    *(
        Rule(f"{name} is null", f"{identifier(name)} IS NULL")
        for name in ("user", "offer_external_id", "status", "added_at")
    ),
    Rule(
        f"status is not one of {', '.join(STATUSES)}",
        f"NOT list_contains({list(STATUSES)!r}, status)",
    ),
    *(
        out_of_time(name)
        for name in ("added_at", "applied_at", "interview_at", "accepted_at", "rejected_at")
    ),
    *(
        Rule(f"{name} before added_at", f"{name} < added_at")
        for name in ("applied_at", "interview_at", "accepted_at", "rejected_at")
    ),
    Rule(
        "accepted without a time",
        "status = 'accepted' AND coalesce(accepted_at, updated_at) IS NULL",
    ),
    Rule(
        "rejected without a time",
        "status = 'rejected' AND coalesce(rejected_at, updated_at) IS NULL",
    ),
    Rule(
        "interview without a time",
        "status = 'interview' AND coalesce(interview_at, updated_at) IS NULL",
    ),
    Rule(
        "applied without a time",
        "status = 'applied' AND coalesce(applied_at, updated_at) IS NULL",
    ),
    Rule(
        "the same person applied to the same offer before",
        'file_row_number > min(file_row_number) OVER (PARTITION BY "user", offer_external_id)',
    ),
)
"""What an application may not be. The last needs its whole table."""


def create_outcomes(connection: Any) -> None:
    """Creates the table `outcomes` from the view `good_applications`: one row an application."""
    connection.execute(_OUTCOMES)


def create_joined(connection: Any) -> tuple[int, int]:
    """Creates the view `joined`: the view `typed` with the outcomes of its applications.

    Returns:
        The number of applications that met an impression, and of those that became imports.
    """
    connection.execute(_ATTRIBUTED)
    connection.execute(_JOINED)
    met, all_of_them = connection.execute(
        "SELECT (SELECT count(*) FROM attributed), (SELECT count(*) FROM outcomes)"
    ).fetchone()
    return int(met), int(all_of_them - met)


_OUTCOMES = """
    CREATE TABLE outcomes AS
    WITH reached AS (
        SELECT *,
            status IN ('applied', 'interview', 'accepted', 'rejected')
                OR applied_at IS NOT NULL OR interview_at IS NOT NULL AS sent,
            status IN ('interview', 'accepted') OR interview_at IS NOT NULL AS met,
            status = 'accepted' AS hired, status = 'rejected' AS closed
        FROM good_applications
    ), timed AS (
        SELECT *, CASE WHEN hired THEN coalesce(accepted_at, updated_at) END AS end_yes,
            CASE WHEN closed THEN coalesce(rejected_at, updated_at) END AS end_no
        FROM reached
    )
    SELECT "user", offer_external_id, added_at,
        true AS saved, added_at AS saved_at,
        sent AS applied,
        CASE WHEN sent THEN coalesce(applied_at, interview_at, end_yes, end_no, updated_at)
            END AS applied_at,
        CASE WHEN met THEN true WHEN closed THEN false END AS got_interview,
        CASE WHEN met THEN coalesce(interview_at, end_yes, updated_at) END AS interview_at,
        CASE WHEN hired THEN true WHEN closed THEN false END AS got_hired,
        end_yes AS hired_at, end_no AS closed_at
    FROM timed
"""

# Only impressions of pairs that have an application take part: the rest of the log is not sorted.
_ATTRIBUTED = """
    CREATE TABLE attributed AS
    WITH shown AS (
        SELECT file_row_number, "user", offer_external_id, shown_at FROM typed
        SEMI JOIN outcomes USING ("user", offer_external_id)
    )
    SELECT outcomes.*, shown.file_row_number AS shown_row
    FROM outcomes ASOF JOIN shown
        ON outcomes."user" = shown."user"
        AND outcomes.offer_external_id = shown.offer_external_id
        AND outcomes.added_at >= shown.shown_at
"""

_JOINED = """
    CREATE VIEW joined AS
    SELECT typed.* REPLACE (
        coalesce(typed.saved, false) OR coalesce(a.saved, false) AS saved,
        coalesce(typed.applied, false) OR coalesce(a.applied, false) AS applied,
        CASE WHEN typed.got_interview OR a.got_interview THEN true
            ELSE coalesce(a.got_interview, typed.got_interview) END AS got_interview,
        CASE WHEN typed.got_hired OR a.got_hired THEN true
            ELSE coalesce(a.got_hired, typed.got_hired) END AS got_hired,
        least(typed.saved_at, a.saved_at) AS saved_at,
        least(typed.applied_at, a.applied_at) AS applied_at,
        least(typed.interview_at, a.interview_at) AS interview_at,
        least(typed.hired_at, a.hired_at) AS hired_at,
        CASE WHEN a.got_hired THEN NULL ELSE coalesce(a.closed_at, typed.closed_at) END AS closed_at
    )
    FROM typed LEFT JOIN attributed a ON typed.file_row_number = a.shown_row
    UNION ALL BY NAME
    SELECT 'import-' || substr(sha256("user" || '|' || offer_external_id), 1, 20) AS impression_id,
        'import-' || substr(sha256("user" || '|' || offer_external_id), 1, 20) AS request_id,
        'import' AS surface, 'none' AS policy, 'none' AS ranker_version,
        added_at AS shown_at, false AS viewed, 0 AS time_spent_seconds,
        (SELECT count(*) FROM typed)
            + row_number() OVER (ORDER BY "user", offer_external_id) AS file_row_number,
        * EXCLUDE (added_at)
    FROM outcomes ANTI JOIN attributed USING ("user", offer_external_id)
"""
