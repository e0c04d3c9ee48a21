"""Google's errors by their names here: each says what to do, none repeats Google's own text."""

from __future__ import annotations

import pytest
from google.api_core import exceptions as google
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from requests.exceptions import ConnectionError as NoConnection

from jobmatch_ml.errors import JobMatchError, LimitError
from jobmatch_ml.warehouse.bigquery_errors import (
    AccessDeniedError,
    BigQueryDownError,
    BigQueryError,
    DatasetMissingError,
    NoCredentialsError,
    QuotaError,
    named_errors,
)


def _because(kind: type[Exception], reason: str) -> Exception:
    return kind("secret value", errors=[{"reason": reason}])


CASES = [
    (_because(google.Forbidden, "quotaExceeded"), QuotaError, "Quotas in the console"),
    (_because(google.Forbidden, "billingNotEnabled"), QuotaError, "billing is off"),
    (google.TooManyRequests("secret value"), QuotaError, "free again within minutes"),
    (_because(google.Forbidden, "accessDenied"), AccessDeniedError, r"roles/bigquery\.jobUser"),
    (google.Unauthorized("secret value"), NoCredentialsError, "application-default login"),
    (DefaultCredentialsError("secret value"), NoCredentialsError, "application-default login"),
    (RefreshError("secret value"), NoCredentialsError, "application-default login"),
    (google.NotFound("secret value"), DatasetMissingError, "jobmatch warehouse init"),
    (google.ServiceUnavailable("secret value"), BigQueryDownError, "status.cloud.google.com"),
    (google.RetryError("secret value", cause=None), BigQueryDownError, "cannot be reached"),
    (NoConnection("secret value"), BigQueryDownError, "cannot be reached"),
    (TimeoutError("secret value"), BigQueryDownError, "in time"),
    (_because(google.BadRequest, "bytesBilledLimitExceeded"), LimitError, "MAX_GB_BILLED"),
    (_because(google.BadRequest, "invalidQuery"), BigQueryError, "status 400, reason invalidQuery"),
]


@pytest.mark.parametrize(("raised", "kind", "remedy"), CASES, ids=lambda case: type(case).__name__)
def test_each_failure_has_a_name_and_a_remedy(
    raised: Exception, kind: type[JobMatchError], remedy: str
) -> None:
    with pytest.raises(kind, match=remedy) as caught, named_errors("loading silver.offers"):
        raise raised
    assert type(caught.value) is kind
    assert str(caught.value).startswith("loading silver.offers: ")
    assert "secret value" not in str(caught.value)


def test_errors_of_our_own_pass_through() -> None:
    with pytest.raises(LimitError, match="ours"), named_errors("x"):
        raise LimitError("ours")
