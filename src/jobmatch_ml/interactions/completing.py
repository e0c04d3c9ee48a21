"""What follows from other columns is filled in, and what must then be there.

The last step of an import before its rows are checked: typed -> joined -> complete.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.interactions.casting import Casting
from jobmatch_ml.interactions.checks import Rule
from jobmatch_ml.interactions.log import INTERACTION_SCHEMA
from jobmatch_ml.interactions.sources import quoted_columns


def create_complete(connection: Any, view: str, casting: Casting, offers: Path | None) -> None:
    """Creates `complete`: columns that follow from others are filled in.

    An event time says that the event happened. A stage implies those before it where the table does
    not say otherwise, known at the latest when the later one was. A closed row got no later stage.
    """
    unknown = "false AS unknown_offer"
    if offers is not None:
        if not offers.is_file():
            raise MissingFileError(f"there is no catalogue at {offers}; expected Parquet")
        try:
            # One null in the list would make `NOT IN` null for every offer that is not there.
            known = connection.read_parquet(str(offers)).project("offer_id::VARCHAR AS offer_id")
            known.filter("offer_id IS NOT NULL").create_view("catalogue")
        except duckdb.Error as error:
            raise FormatError(
                f"{offers} is no catalogue: expected Parquet with a column offer_id"
            ) from error
        unknown = "offer_external_id NOT IN (SELECT offer_id FROM catalogue) AS unknown_offer"
    implied = "coalesce(got_interview, false)" if "applied" in casting.absent else "false"
    hired = "coalesce(got_hired, hired_at IS NOT NULL OR NULL)"
    met = f"coalesce(got_interview, interview_at IS NOT NULL OR {hired} OR NULL)"
    filled = connection.table(view).project(
        f"""* REPLACE (
            coalesce(request_id, 'r-' || substr(sha256("user" || '|' || shown_at), 1, 20))
                AS request_id,
            coalesce(policy, 'unknown') AS policy,
            coalesce(ranker_version, 'unknown') AS ranker_version,
            coalesce(viewed, viewed_at IS NOT NULL) AS viewed,
            coalesce(saved, saved_at IS NOT NULL) AS saved,
            coalesce({met}, CASE WHEN closed_at IS NOT NULL THEN false END) AS got_interview,
            coalesce({hired}, CASE WHEN closed_at IS NOT NULL THEN false END) AS got_hired
        )"""
    )
    filled = filled.project(
        f"""* REPLACE (
            coalesce(impression_id, 'i-' || substr(sha256(concat_ws('|', "user",
                offer_external_id, shown_at, position)), 1, 20)) AS impression_id,
            coalesce(applied, applied_at IS NOT NULL) OR {implied} AS applied,
            coalesce(time_spent_seconds, CASE WHEN NOT viewed THEN 0 END) AS time_spent_seconds,
            coalesce(interview_at, CASE WHEN got_interview THEN hired_at END) AS interview_at
        )"""
    )
    filled.project(
        f"""* REPLACE (
            coalesce(applied_at, CASE WHEN applied THEN interview_at END) AS applied_at
        ), {unknown}"""
    ).create_view("complete")


def null_rules() -> list[Rule]:
    """Returns the rules of columns that may not be null."""
    names = [field.name for field in INTERACTION_SCHEMA if not field.nullable]
    return [Rule(f"{name} is null", f"{quoted_columns([name])} IS NULL") for name in names]


def position_rules(casting: Casting) -> list[Rule]:
    """Returns the rules of rows that were shown without a position, or have one but were not."""
    rules = [Rule("an import has a position", "surface = 'import' AND position IS NOT NULL")]
    if "position" not in casting.absent:
        rules.append(
            Rule("position is null though shown", "surface <> 'import' AND position IS NULL")
        )
    return rules
