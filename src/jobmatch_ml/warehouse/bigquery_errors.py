"""What Google's client raises, as our errors: what is wrong and what to do about it.

Google's own message is never passed on: it may quote values of the rows at fault. Its reason code
and the job's id are, and with them the job is found in the console.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager

from jobmatch_ml.errors import LimitError, NotReadyError, missing_extra


class BigQueryError(NotReadyError):
    """BigQuery did not do what was asked; nothing of it was kept."""

    code = "bigquery"


class BigQueryDownError(BigQueryError):
    """BigQuery cannot be reached, or does not answer in time."""

    code = "bigquery_down"


class NoCredentialsError(BigQueryError):
    """There are no Google Cloud credentials here, or they are no longer good."""

    code = "no_credentials"


class AccessDeniedError(BigQueryError):
    """The account may not do this."""

    code = "access_denied"


class DatasetMissingError(BigQueryError):
    """A dataset or table is not there."""

    code = "dataset_missing"


class QuotaError(BigQueryError):
    """A quota of the project is used up, or billing is off."""

    code = "quota"


_QUOTA_REASONS = frozenset(
    {"quotaExceeded", "rateLimitExceeded", "billingNotEnabled", "billingTierLimitExceeded"}
)
_QUOTA = (
    "a quota of the project is used up, or its billing is off: see IAM & Admin > Quotas in the "
    "console; most quotas are free again within minutes, those of a day at midnight Pacific time"
)
_DENIED = (
    "the account may not do this, or the table is not there: it needs the roles "
    "`roles/bigquery.jobUser` on the project and `roles/bigquery.dataEditor` on both datasets "
    "(docs/bigquery.md); then run `jobmatch warehouse init`"
)
_MISSING = "a dataset or table is not there: run `jobmatch warehouse init`"
_DOWN = (
    "BigQuery cannot be reached or did not answer in time: check the network, "
    "JOBMATCH_BIGQUERY_ENDPOINT and https://status.cloud.google.com, then run the command again"
)
_CREDENTIALS = (
    "no usable Google Cloud credentials: run `gcloud auth application-default login`, or set "
    "GOOGLE_APPLICATION_CREDENTIALS to a service account's key file"
)


@contextmanager
def named_errors(doing: str) -> Iterator[None]:
    """Turns what Google's client raises inside the block into this module's errors.

    Args:
        doing: What was being done, for the message (``loading silver.offers``).
    """
    try:
        from google.api_core.exceptions import GoogleAPIError
        from google.auth.exceptions import GoogleAuthError, TransportError
        from requests.exceptions import RequestException
    except ImportError as error:
        raise missing_extra("google-cloud-bigquery", "bigquery") from error
    down = (TransportError, RequestException, FutureTimeoutError, TimeoutError, ConnectionError)
    try:
        yield
    except down as error:
        raise BigQueryDownError(f"{doing}: {_DOWN}") from error
    except GoogleAuthError as error:
        raise NoCredentialsError(f"{doing}: {_CREDENTIALS}") from error
    except GoogleAPIError as error:
        raise _named(doing, error) from error


def _named(doing: str, error: Exception) -> NotReadyError | LimitError:
    status = getattr(error, "code", None)
    reason = _reason(error)
    if reason == "bytesBilledLimitExceeded":
        return LimitError(
            f"{doing}: the query would read more than JOBMATCH_BIGQUERY_MAX_GB_BILLED allows; "
            "nothing was billed. Raise that limit if this is meant"
        )
    for kind, applies, what in (
        (QuotaError, reason in _QUOTA_REASONS or status == 429, _QUOTA),
        (NoCredentialsError, status == 401, _CREDENTIALS),
        (AccessDeniedError, status == 403, _DENIED),
        (DatasetMissingError, status == 404, _MISSING),
        # A RetryError has no status: the last of many tries failed.
        (BigQueryDownError, status is None or int(status) >= 500, _DOWN),
    ):
        if applies:
            return kind(f"{doing}: {what}")
    return BigQueryError(
        f"{doing}: BigQuery refused the job (status {int(status or 0)}, reason "
        f"{reason or 'not given'}): look at it under Job history in the console"
    )


def _reason(error: Exception) -> str:
    """Returns Google's reason code, a fixed word, from an API error."""
    errors = getattr(error, "errors", None) or ()
    reasons = (item.get("reason", "") for item in errors if isinstance(item, dict))
    return next((str(reason) for reason in reasons if reason), "")
