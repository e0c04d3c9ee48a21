"""How a company's own tables are read: their names, values and clocks, declared in one YAML file.

Example (`columns`: our name first, theirs after the colon):

    time_zone: Europe/Paris            # of times that carry no offset themselves
    columns: {user: candidate_ref, offer_external_id: job_id, shown_at: seen_at}
    constants: {surface: top_offers, policy: production, ranker_version: "2025-11"}
    defaults: {time_spent_seconds: 0}  # where theirs is null
    values: {surface: {home: top_offers, recherche: search}}
    applications:
      columns: {user: candidate_ref, offer_external_id: job_id, added_at: created}
      values: {status: {envoyée: applied, refusée: rejected}}
"""

from __future__ import annotations

from typing import TypeAlias
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import suggest
from jobmatch_ml.interactions.log import INTERACTION_SCHEMA

Constant: TypeAlias = bool | int | float | str

STATUSES = ("added", "in_progress", "applied", "interview", "accepted", "rejected")
"""An application's status, in order; rejected ends it at any point."""

# Our name -> kind. `status` is one of STATUSES; the times that are not there are null.
APPLICATION_KINDS = {
    "user": "text",
    "offer_external_id": "text",
    "status": "text",
    "added_at": "time",
    "applied_at": "time",
    "interview_at": "time",
    "accepted_at": "time",
    "rejected_at": "time",
    "updated_at": "time",
}


def _interaction_kinds() -> dict[str, str]:
    kinds = {"bool": "yes or no", "int32": "whole number", "double": "number", "string": "text"}
    return {field.name: kinds.get(str(field.type), "time") for field in INTERACTION_SCHEMA}


INTERACTION_KINDS = _interaction_kinds()


class TableMapping(StrictModel):
    """How one table is read. A column of ours that is not named here is taken by its own name."""

    columns: dict[str, str] = Field(
        default_factory=dict, description="Our column name -> theirs, for those that differ."
    )
    constants: dict[str, Constant] = Field(
        default_factory=dict, description="Values of columns that the table does not have."
    )
    defaults: dict[str, Constant] = Field(
        default_factory=dict, description="Values that stand in for a null."
    )
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="By our column name: their value -> ours."
    )
    time_zone: str | None = Field(
        None, description="Zone of times without an offset, such as Europe/Paris."
    )
    time_format: str | None = Field(
        None, description="strptime format of times written as text, such as %d/%m/%Y %H:%M."
    )
    delimiter: str | None = Field(
        None, min_length=1, max_length=1, description="Of a CSV file; found out when not given."
    )

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (KeyError, ValueError, OSError) as error:
                raise ValueError("expected the name of a zone, such as Europe/Paris") from error
        return name

    def check_names(self, known: dict[str, str], *, table: str) -> None:
        """Raises ValueError for a column that the table of ours does not have."""
        for part in (self.columns, self.constants, self.defaults, self.values):
            for name in part:
                if name not in known:
                    raise ValueError(suggest(name, known, kind=f"column of {table}"))


class ImportMapping(TableMapping):
    """How a table of interactions is read, and the table of applications beside it."""

    applications: TableMapping = Field(
        default_factory=TableMapping, description="How the table of applications is read."
    )

    @model_validator(mode="after")
    def _knows_its_columns(self) -> ImportMapping:
        self.check_names(INTERACTION_KINDS, table="interactions")
        self.applications.check_names(APPLICATION_KINDS, table="applications")
        return self
