"""Who asks: client credentials, from the environment or Secret Manager, and the tokens they buy.

Secrets are held as ``SecretStr`` and sent to the token endpoint alone: no message, log line or
``repr`` shows one, and no error of the HTTP library, which would, is chained.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import SecretStr

from jobmatch_ml.errors import ConfigError, JobMatchError, UpstreamError, missing_extra
from jobmatch_ml.offers.france_travail_http import Answer, Transient, Transport, check_url
from jobmatch_ml.settings import Settings, variable_name

SCOPE = "api_offresdemploiv2 o2dsoffre"
EARLY_S = 60.0
"""A token is renewed this long before it ends: clocks differ, and a call takes its time."""

DEFAULT_LIFE_S = 1_499.0
"""How long a token lives where the answer does not say."""

_ENTRY_NAME = re.compile(r"projects/[\w:.-]+/secrets/[\w-]+/versions/[\w-]+")
_MANAGER_URL = "https://secretmanager.googleapis.com/v1"
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")
_BOTH = (
    f"{variable_name('france_travail_client_id')} and "
    f"{variable_name('france_travail_client_secret')}"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What France Travail gives to an application (https://francetravail.io)."""

    client_id: SecretStr
    client_secret: SecretStr


def load_credentials(settings: Settings, *, session: Any = None) -> Credentials:
    """Finds the credentials: in the environment, else in Secret Manager.

    Args:
        settings: Where they are.
        session: Stands in for an authorised Google session in tests.

    Raises:
        ConfigError: There are none, one of the two is missing, or the entry is not as expected.
        UpstreamError: Secret Manager refuses, or does not answer.
        MissingExtraError: Secret Manager is named and its library is not installed.
    """
    given = Credentials(settings.france_travail_client_id, settings.france_travail_client_secret)
    there = [bool(each.get_secret_value()) for each in (given.client_id, given.client_secret)]
    if all(there):
        return given
    if any(there):
        raise ConfigError(
            f"only one of {_BOTH} is set; both are needed.", field="france_travail_client_id"
        )
    if settings.france_travail_secret_name:
        return _from_secret_manager(settings.france_travail_secret_name, session)
    raise ConfigError(
        f"no credentials for France Travail: set {_BOTH} (environment or .env), or "
        f"{variable_name('france_travail_secret_name')} to an entry of Secret Manager. "
        "docs/france_travail.md says how to get them.",
        field="france_travail_client_id",
    )


def _from_secret_manager(name: str, session: Any) -> Credentials:
    variable = variable_name("france_travail_secret_name")
    if not _ENTRY_NAME.fullmatch(name):
        raise ConfigError(
            f"{variable} is {name[:120]!r}; expected projects/P/secrets/S/versions/latest",
            field="france_travail_secret_name",
        )
    try:
        answer = (session or _google_session()).get(f"{_MANAGER_URL}/{name}:access", timeout=30)
        status, body = answer.status_code, answer.content
    except JobMatchError:
        raise
    except Exception as error:
        raise UpstreamError(
            f"Secret Manager cannot be reached for {name} ({type(error).__name__}). "
            "`gcloud auth application-default login` gives this machine an identity."
        ) from None
    if status != 200:
        raise UpstreamError(
            f"Secret Manager answers {status} for {name}: expected an existing version, and the "
            "role roles/secretmanager.secretAccessor for this machine's identity."
        )
    try:
        held = orjson.loads(base64.b64decode(orjson.loads(body)["payload"]["data"]))
        return Credentials(SecretStr(held["client_id"]), SecretStr(held["client_secret"]))
    except (ValueError, KeyError, TypeError):
        # Not chained: the decoder's error holds the text.
        raise ConfigError(
            f'{name} does not hold {{"client_id": …, "client_secret": …}} as JSON.',
            field="france_travail_secret_name",
        ) from None


def _google_session() -> Any:
    try:
        import google.auth
        from google.auth.transport.requests import AuthorizedSession
    except ImportError as error:
        raise missing_extra("google-auth", "gcp") from error
    identity, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    session: Any = AuthorizedSession
    return session(identity)


class TokenSource:
    """Access tokens by client credentials, renewed before they end.

    Args:
        credentials: Of the application.
        url: Token endpoint, realm included.
        transport: Sends the request.
        clock: Seconds that only go forward; stands in for ``time.monotonic`` in tests.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        url: str,
        transport: Transport,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credentials = credentials
        self._url = check_url(url, variable_name("france_travail_token_url"))
        self._transport = transport
        self._clock = clock
        self._token = SecretStr("")
        self._renew_at = 0.0

    def get(self) -> str:
        """Returns a token that is good for a call now.

        Raises:
            ConfigError: The credentials are refused.
            UpstreamError: The endpoint failed, also when asked again.
        """
        if not self._token.get_secret_value() or self._clock() >= self._renew_at:
            self._transport.attempt(self._renew, "France Travail's token endpoint")
        return self._token.get_secret_value()

    def drop(self) -> None:
        """Forgets the token: the API refused it."""
        self._token = SecretStr("")

    def redact(self, text: str) -> str:
        """Returns a text without the secrets, should a server have repeated one of them."""
        held = (self._token, self._credentials.client_id, self._credentials.client_secret)
        for secret in held:
            if value := secret.get_secret_value():
                text = text.replace(value, "[…]")
        return text

    def _renew(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id.get_secret_value(),
            "client_secret": self._credentials.client_secret.get_secret_value(),
            "scope": SCOPE,
        }
        asked = self._clock()
        answer = self._transport.send(
            "POST", self._url, headers={"Accept": "application/json"}, form=form
        )
        if answer.status != 200:
            raise _refused(answer)
        values = answer.json()
        token = values.get("access_token") if isinstance(values, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise Transient("the answer holds no access token")
        life = values.get("expires_in")
        life_s = float(life) if isinstance(life, (int, float)) and life > 0 else DEFAULT_LIFE_S
        self._token = SecretStr(token)
        # Of a token that lives shorter than the margin, half its life is used.
        self._renew_at = asked + max(life_s - EARLY_S, life_s / 2)


def _refused(answer: Answer) -> Exception:
    try:
        code = orjson.loads(answer.body)["error"]
    except (ValueError, KeyError, TypeError):
        code = ""
    named = f", {code}" if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else ""
    if answer.status in (400, 401, 403):
        return ConfigError(
            f"France Travail refuses the credentials (status {answer.status}{named}): check "
            f"{_BOTH}, and that the application is subscribed to « Offres d'emploi v2 ».",
            field="france_travail_client_id",
        )
    return UpstreamError(
        f"France Travail's token endpoint answers {answer.status}: expected 200; check "
        f"{variable_name('france_travail_token_url')}."
    )
