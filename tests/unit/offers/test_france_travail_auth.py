"""Credentials and tokens: where they come from, when they are renewed, where they never show."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr

from jobmatch_ml.errors import ConfigError, UpstreamError
from jobmatch_ml.offers.france_travail_auth import (
    Credentials,
    TokenSource,
    load_credentials,
)
from jobmatch_ml.settings import Settings, get_settings
from tests.france_travail_server import CLIENT_ID, CLIENT_SECRET, FranceTravail
from tests.unit.offers.conftest import MakeTransport

ENTRY = "projects/p/secrets/france-travail/versions/latest"


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Session:
    """Secret Manager's REST interface, as an authorised session sees it."""

    def __init__(self, status: int, held: str) -> None:
        self.urls: list[str] = []
        self.status_code = status
        data = base64.b64encode(held.encode()).decode()
        self.content = json.dumps({"name": ENTRY, "payload": {"data": data}}).encode()

    def get(self, url: str, timeout: float) -> Session:
        self.urls.append(url)
        if not self.status_code:
            raise OSError("no route; the answer would have been hush")
        return self


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(
    api: FranceTravail, make_transport: MakeTransport, credentials: Credentials, clock: Clock
) -> TokenSource:
    return TokenSource(credentials, url=api.token_url, transport=make_transport(), clock=clock)


def test_a_token_is_asked_for_as_the_protocol_says_and_used_until_it_nears_its_end(
    tokens: TokenSource, api: FranceTravail, clock: Clock
) -> None:
    assert tokens.get() == "token-1"
    clock.now += 1_499 - 61
    assert tokens.get() == "token-1"
    clock.now += 2
    assert tokens.get() == "token-2"
    form = parse_qs(api.seen()["tokens"][0])
    assert form == {
        "grant_type": ["client_credentials"],
        "client_id": [CLIENT_ID],
        "client_secret": [CLIENT_SECRET],
        "scope": ["api_offresdemploiv2 o2dsoffre"],
    }


def test_a_token_of_short_life_is_used_for_half_of_it(
    tokens: TokenSource, api: FranceTravail, clock: Clock
) -> None:
    api.set(token_life=20)
    tokens.get()
    clock.now += 9
    assert tokens.get() == "token-1"
    clock.now += 2
    assert tokens.get() == "token-2"


def test_a_dropped_token_is_not_used_again(tokens: TokenSource) -> None:
    tokens.get()
    tokens.drop()
    assert tokens.get() == "token-2"


@pytest.mark.parametrize("fault", ["500", "503", "html", "close", "429 1", "no_list"])
def test_an_endpoint_that_stumbles_is_asked_again(
    tokens: TokenSource, api: FranceTravail, fault: str
) -> None:
    api.set(token_faults={"1": fault})
    assert tokens.get() == "token-2"


def test_refused_credentials_are_final_and_show_nowhere(
    api: FranceTravail, make_transport: MakeTransport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = Credentials(SecretStr("an-id"), SecretStr("hush-hush"))
    tokens = TokenSource(wrong, url=api.token_url, transport=make_transport())
    with pytest.raises(ConfigError, match=r"refuses the credentials \(status 401, invalid_client"):
        tokens.get()
    try:
        tokens.get()
    except ConfigError as error:
        shown = "".join(traceback.format_exception(error)) + repr(error) + repr(wrong)
    assert len(api.seen()["tokens"]) == 2
    assert "hush-hush" not in shown + caplog.text + repr(vars(tokens))
    assert "an-id" not in shown + caplog.text + repr(vars(tokens))


@pytest.mark.parametrize("fault", ["404", "redirect"])
def test_a_wrong_address_is_told_by_its_variable(
    tokens: TokenSource, api: FranceTravail, fault: str
) -> None:
    api.set(token_faults={"1": fault})
    with pytest.raises(UpstreamError, match="JOBMATCH_FRANCE_TRAVAIL_TOKEN_URL"):
        tokens.get()


def test_what_a_server_repeats_is_blotted_out(tokens: TokenSource) -> None:
    token = tokens.get()
    assert tokens.redact(f"{CLIENT_ID} {CLIENT_SECRET} {token}!") == "[…] […] […]!"


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMATCH_FRANCE_TRAVAIL_CLIENT_ID", "an-id")
    monkeypatch.setenv("JOBMATCH_FRANCE_TRAVAIL_CLIENT_SECRET", "hush-hush")
    found = load_credentials(get_settings())
    assert found.client_secret.get_secret_value() == "hush-hush"
    assert "hush" not in repr(found) + repr(get_settings()) + str(get_settings().model_dump())


def test_without_credentials_the_error_says_what_to_set() -> None:
    with pytest.raises(ConfigError, match="set JOBMATCH_FRANCE_TRAVAIL_CLIENT_ID and JOBMATCH_FR"):
        load_credentials(Settings(_env_file=None))
    half = Settings(_env_file=None, france_travail_client_id=SecretStr("an-id"))
    with pytest.raises(ConfigError, match="only one of"):
        load_credentials(half)


def test_secret_manager_holds_both() -> None:
    session = Session(200, json.dumps({"client_id": "an-id", "client_secret": "hush-hush"}))
    settings = Settings(_env_file=None, france_travail_secret_name=ENTRY)
    found = load_credentials(settings, session=session)
    assert found.client_id.get_secret_value() == "an-id"
    assert found.client_secret.get_secret_value() == "hush-hush"
    assert session.urls == [f"https://secretmanager.googleapis.com/v1/{ENTRY}:access"]


def test_a_machine_without_an_identity_is_told_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    settings = Settings(_env_file=None, france_travail_secret_name=ENTRY)
    with pytest.raises(UpstreamError, match="gcloud auth application-default login"):
        load_credentials(settings)


@pytest.mark.parametrize(
    ("name", "status", "held", "error", "text"),
    [
        ("france-travail", 200, "", ConfigError, "expected projects/P/secrets/S/versions/latest"),
        (ENTRY, 403, "", UpstreamError, "answers 403.*secretAccessor"),
        (ENTRY, 0, "", UpstreamError, r"cannot be reached .* \(OSError\)"),
        (ENTRY, 200, "hush-hush", ConfigError, 'does not hold {"client_id"'),
        (ENTRY, 200, '{"id": "hush-hush"}', ConfigError, 'does not hold {"client_id"'),
        (ENTRY, 200, '["hush-hush"]', ConfigError, 'does not hold {"client_id"'),
    ],
)
def test_what_is_wrong_in_secret_manager_is_said_without_the_secret(
    name: str, status: int, held: str, error: type[Exception], text: str
) -> None:
    settings = Settings(_env_file=None, france_travail_secret_name=name)
    with pytest.raises(error, match=text) as caught:
        load_credentials(settings, session=Session(status, held))
    assert "hush" not in "".join(traceback.format_exception(caught.value))
