"""Calls that go wrong and are tried again: limits on rate, time and size, and what a retry mends.

What time mends (an overloaded or restarting server, a broken connection, a body cut off) is a
:class:`Transient` and tried again, after a wait that doubles with jitter, or for as long as
``Retry-After`` asks. Anything else is final at once.
"""

from __future__ import annotations

import email.utils
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import orjson

from jobmatch_ml.errors import ConfigError, UpstreamError, missing_extra

try:
    import httpx
    import tenacity
except ImportError as _error:
    raise missing_extra(_error.name or "httpx", "offers") from _error

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 256 * 2**20
"""The largest answer that is read: 150 offers of 1 MB each, with room to spare."""

MAX_WAIT_S = 60.0
LONG_WAIT_S = 10.0
MAX_RETRY_AFTER_S = 300.0
"""A server that asks for more is not waited for: the run stops and says so."""

LONGEST_ANSWER = 4
"""A whole answer may take this many time-outs: an endless trickle is none of them."""

ResultT = TypeVar("ResultT")


class Transient(Exception):  # noqa: N818 - a signal between these modules; users see UpstreamError
    """A failure that a later try may not meet. Its text holds no secret and no contents."""

    def __init__(self, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Returns the body's JSON value; :class:`Transient` when it is none (a proxy's page)."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise Transient(
                f"the answer ({self.status}, {len(self.body):,} bytes) is not JSON"
            ) from None


class Transport:
    """Sends requests no faster than allowed, and tries again what may pass.

    Args:
        interval_s: Least seconds between the starts of two requests.
        timeout_s: Seconds to connect, and of silence within an answer.
        retries: Tries after the first one.
        backoff_s: First wait before a retry; doubles each time, up to a minute.
        sleep: Stands in for ``time.sleep`` in tests.
    """

    def __init__(
        self,
        *,
        interval_s: float,
        timeout_s: float,
        retries: int,
        backoff_s: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.calls = 0
        self.retried = 0
        self._interval_s = interval_s
        self._timeout_s = timeout_s
        self._retries = retries
        self._sleep = sleep
        self._next = 0.0
        self._backoff = tenacity.wait_exponential_jitter(
            initial=backoff_s, max=MAX_WAIT_S, jitter=backoff_s
        )
        # Redirects are not followed: a token goes to the address that was configured, or nowhere.
        self._http = httpx.Client(verify=_tls(), timeout=timeout_s, follow_redirects=False)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def attempt(self, call: Callable[[], ResultT], what: str) -> ResultT:
        """Calls until it succeeds, or the tries are used up.

        Raises:
            UpstreamError: All tries failed; the last reason, and how many tries there were.
        """
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._retries + 1),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(Transient),
            sleep=self._sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        started = time.monotonic()
        try:
            return retrying(call)
        except Transient as error:
            raise UpstreamError(
                f"{what}: {error}, {self._retries + 1} tries in {time.monotonic() - started:.0f} s."
            ) from None

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """Sends one request and reads the answer whole.

        Raises:
            Transient: No whole answer came, or one that says "later" (429, 408, 5xx).
            UpstreamError: The answer is too large, or asks for too long a wait.
        """
        self._keep_pace()
        self.calls += 1
        try:
            with self._http.stream(method, url, headers=headers, data=form) as response:
                body = self._read(response)
        except httpx.TimeoutException:
            raise Transient(f"no answer within {self._timeout_s:g} s") from None
        except httpx.HTTPError as error:
            # The message may quote what was sent; the kind says enough.
            raise Transient(f"the connection broke ({type(error).__name__})") from None
        answer = Answer(response.status_code, response.headers, body)
        if answer.status in (408, 429) or answer.status >= 500:
            raise _later(answer)
        return answer

    def _keep_pace(self) -> None:
        wait = self._next - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._next = time.monotonic() + self._interval_s

    def _read(self, response: httpx.Response) -> bytes:
        deadline = time.monotonic() + LONGEST_ANSWER * self._timeout_s
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MAX_BODY_BYTES:
                raise UpstreamError(f"an answer of more than {MAX_BODY_BYTES:,} bytes was refused.")
            if time.monotonic() > deadline:
                raise Transient(f"no whole answer within {LONGEST_ANSWER * self._timeout_s:g} s")
        return bytes(body)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after_s if isinstance(error, Transient) else None
        return max(self._backoff(state), asked or 0.0)

    def _tell(self, state: tenacity.RetryCallState) -> None:
        self.retried += 1
        error = state.outcome.exception() if state.outcome else None
        wait = state.next_action.sleep if state.next_action else 0.0
        # Whoever waits long wants to know what for.
        level = logging.WARNING if wait >= LONG_WAIT_S else logging.INFO
        logger.log(level, "try %d: %s; again in %.1f s", state.attempt_number, error, wait)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    # Reading the system's certificates takes longer than a call.
    return httpx.create_ssl_context()


def check_url(url: str, variable: str) -> str:
    """Returns a URL that secrets may be sent to: HTTPS, or this very machine.

    Raises:
        ConfigError: It is neither.
    """
    try:
        parsed = httpx.URL(url)
        is_safe = bool(parsed.host) and (
            parsed.scheme == "https"
            or (parsed.scheme == "http" and parsed.host in {"127.0.0.1", "localhost", "::1"})
        )
    except httpx.InvalidURL:
        is_safe = False
    if not is_safe:
        raise ConfigError(
            f"{variable} is not an https:// address; credentials are sent to no other kind.",
            field=variable.removeprefix("JOBMATCH_").lower(),
        )
    return url


def _later(answer: Answer) -> Transient:
    asked = _retry_after_s(answer.headers.get("retry-after", ""))
    if asked is not None and asked > MAX_RETRY_AFTER_S:
        raise UpstreamError(f"the server asks to wait {asked:,.0f} s (status {answer.status}).")
    reason = "too many requests" if answer.status == 429 else "the server failed"
    return Transient(f"{reason} (status {answer.status})", retry_after_s=asked)


def _retry_after_s(header: str) -> float | None:
    """Reads ``Retry-After``: seconds, or a date; ``None`` when it is neither."""
    if header.strip().isdigit():
        return float(header)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
