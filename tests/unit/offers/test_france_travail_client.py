"""Pages of the search against a local France Travail: what each kind of answer becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jobmatch_ml.errors import ConfigError, InputError, UpstreamError
from jobmatch_ml.offers.france_travail_auth import Credentials
from jobmatch_ml.offers.france_travail_client import FranceTravailClient
from jobmatch_ml.offers.france_travail_queries import OfferQuery
from tests.france_travail_server import CLIENT_SECRET, FranceTravail
from tests.unit.offers.conftest import MakeTransport

QUERY = OfferQuery("M1805", datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))


def hold(api: FranceTravail, count: int, **changes: object) -> None:
    api.set(make=[{"rome": "M1805", "count": count}], **changes)


def test_a_part_of_the_results_comes_with_their_number(
    client: FranceTravailClient, api: FranceTravail
) -> None:
    hold(api, 353)
    page = client.search(QUERY, 150)
    assert (len(page.offers), page.total) == (150, 353)
    assert page.offers[0]["id"] == "M1805-00150"
    assert len(client.search(QUERY, 300).offers) == 53


def test_all_results_come_with_200_and_none_with_204(
    client: FranceTravailClient, api: FranceTravail
) -> None:
    assert client.search(QUERY).total == 0
    hold(api, 2)
    page = client.search(QUERY)
    assert ([each["id"] for each in page.offers], page.total) == (
        ["M1805-00000", "M1805-00001"],
        2,
    )
    assert (client.search(QUERY, 150).offers, client.search(QUERY, 150).total) == ([], 2)


@pytest.mark.parametrize(
    "fault",
    ["500", "502", "503", "504", "429 1", "truncated", "invalid_json", "html", "close", "no_list"],
)
def test_what_passes_is_asked_again(
    client: FranceTravailClient, api: FranceTravail, fault: str
) -> None:
    hold(api, 200, faults={"1": fault})
    assert client.search(QUERY).total == 200
    assert len(api.seen()["calls"]) == 2


def test_a_slow_answer_is_given_up_and_asked_again(
    api: FranceTravail, make_transport: MakeTransport, credentials: Credentials
) -> None:
    hold(api, 3, faults={"1": "slow"})
    client = FranceTravailClient(
        credentials, make_transport(timeout_s=0.2), token_url=api.token_url, api_url=api.api_url
    )
    # The one slow answer keeps the server's lock a little longer than the first time-out.
    assert client.search(QUERY).total == 3


def test_a_token_that_ends_early_is_renewed_once(
    client: FranceTravailClient, api: FranceTravail
) -> None:
    hold(api, 3)
    client.search(QUERY)
    api.set(valid={})
    assert client.search(QUERY).total == 3
    assert len(api.seen()["tokens"]) == 2


def test_a_fresh_token_that_is_refused_is_final(
    client: FranceTravailClient, api: FranceTravail
) -> None:
    api.set(faults={"1": "401", "2": "401"})
    with pytest.raises(ConfigError, match="refuses a token that it has just given"):
        client.search(QUERY)


def test_an_endless_failure_is_told_with_the_query_and_the_page(
    client: FranceTravailClient, api: FranceTravail
) -> None:
    api.set(faults={str(number): "503" for number in range(1, 9)})
    with pytest.raises(UpstreamError) as caught:
        client.search(QUERY, 150)
    assert str(caught.value).startswith(
        "France Travail, M1805 from 2026-11-01T00:00:00Z to 2026-11-23T00:00:00Z, results from 150 "
        "on: the server failed (status 503), 4 tries in"
    )


@pytest.mark.parametrize(
    ("fault", "error", "text"),
    [
        ("403", ConfigError, 'status 403: "Erreur interne"'),
        ("404", InputError, "refuses the query M1805"),
        ("redirect", UpstreamError, "answers 302.*JOBMATCH_FRANCE_TRAVAIL_API_URL"),
    ],
)
def test_a_refusal_is_final_and_says_what_to_do(
    client: FranceTravailClient,
    api: FranceTravail,
    fault: str,
    error: type[Exception],
    text: str,
) -> None:
    api.set(faults={"1": fault})
    with pytest.raises(error, match=text):
        client.search(QUERY)
    assert len(api.seen()["calls"]) == 1


def test_the_api_s_own_sentence_is_passed_on(client: FranceTravailClient) -> None:
    unknown = OfferQuery("M1999", QUERY.since, QUERY.until)
    with pytest.raises(InputError, match='status 400: "Valeur du paramètre « codeROME » incorrec'):
        client.search(unknown)


def test_a_secret_that_the_api_repeats_is_not_passed_on(
    client: FranceTravailClient, api: FranceTravail
) -> None:
    api.set(faults={"1": "echo"})
    with pytest.raises(InputError, match=r"bad request \[…\] Bearer \[…\]") as caught:
        client.search(QUERY)
    assert CLIENT_SECRET not in str(caught.value)
