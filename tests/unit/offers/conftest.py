"""One local France Travail for the tests of this room, begun anew for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from jobmatch_ml.offers.france_travail_auth import Credentials
from jobmatch_ml.offers.france_travail_client import FranceTravailClient
from jobmatch_ml.offers.france_travail_http import Transport
from tests.france_travail_server import (
    CLIENT_ID,
    CLIENT_SECRET,
    FranceTravail,
    running_france_travail,
)

MakeTransport = Callable[..., Transport]


@pytest.fixture(scope="session")
def _running() -> Iterator[FranceTravail]:
    with running_france_travail() as server:
        yield server


@pytest.fixture
def api(_running: FranceTravail) -> FranceTravail:
    _running.reset()
    return _running


@pytest.fixture
def waits() -> list[float]:
    """The waits of the transport, which does not really wait."""
    return []


@pytest.fixture
def make_transport(waits: list[float]) -> Iterator[MakeTransport]:
    made = []

    def make(**changes: Any) -> Transport:
        options: dict[str, Any] = {
            "interval_s": 0.0, "timeout_s": 5.0, "retries": 3, "backoff_s": 0.5,
            "sleep": waits.append,
        }  # fmt: skip
        made.append(Transport(**{**options, **changes}))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def credentials() -> Credentials:
    return Credentials(SecretStr(CLIENT_ID), SecretStr(CLIENT_SECRET))


@pytest.fixture
def client(
    api: FranceTravail, make_transport: MakeTransport, credentials: Credentials
) -> FranceTravailClient:
    return FranceTravailClient(
        credentials, make_transport(), token_url=api.token_url, api_url=api.api_url
    )
