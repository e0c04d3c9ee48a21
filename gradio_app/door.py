"""How the pages' requests travel: time-outs, refusals, streams; one French sentence a failure.

Nothing of a request or an answer is logged but its path, status and code: both hold a CV.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from gradio_app.sentences import (
    BAD_ANSWER,
    SERVICE_DOWN,
    SERVICE_SLOW,
    STREAM_CUT,
    ServiceFailure,
    explain_refusal,
)

logger = logging.getLogger(__name__)

ModelT = TypeVar("ModelT", bound=BaseModel)

# The service answers within 10 s by its own limits.
REQUEST_TIMEOUT = httpx.Timeout(20.0, connect=3.0)
# A local model may think for a minute before its first word, and rest between two.
STREAM_TIMEOUT = httpx.Timeout(90.0, connect=3.0)
STREAM_TOTAL_S = 250.0  # the service ends a stream after 240 s
# Too slow, too busy, or a gateway before a service that is being started again.
_PASSING = frozenset({408, 425, 429, 502, 503, 504})
_LONGEST_NUMBER = 9  # digits: longer is thirty years, and nobody waits that long
_DATA = "data:"
_DONE = "[DONE]"


class ServiceDoor:
    """The one HTTP connection to the service.

    Args:
        base_url: Where the service listens, such as ``http://127.0.0.1:3000``.
        transport: How requests travel; tests answer them without a server.
    """

    def __init__(self, base_url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        # The operator's own service is meant: no proxy of the environment stands in between,
        # and it never sends us elsewhere.
        self.http = httpx.Client(
            base_url=base_url,
            timeout=REQUEST_TIMEOUT,
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    def post(self, path: str, answer: type[ModelT], **request: Any) -> ModelT:
        """Posts and reads the answer. Raises :class:`ServiceFailure`."""
        return self._read(path, self._send("POST", path, **request), answer)

    def get(self, path: str, answer: type[ModelT]) -> ModelT:
        """Gets and reads the answer. Raises :class:`ServiceFailure`."""
        return self._read(path, self._send("GET", path), answer)

    def post_for_bytes(self, path: str, **request: Any) -> bytes:
        """Posts and returns the answer's body as it is. Raises :class:`ServiceFailure`."""
        return self._send("POST", path, **request).content

    def stream(self, path: str, body: Any) -> Iterator[dict[str, Any]]:
        """Posts and yields the server-sent events, each the moment it arrives.

        Yields:
            The JSON object of each event but the last, which is ``[DONE]``.

        Raises:
            ServiceFailure: The request was refused, the service fell silent, an event says what
                went wrong, or the stream ended without its end.
        """
        deadline = time.monotonic() + STREAM_TOTAL_S
        with (
            _as_failure(path),
            self.http.stream("POST", path, json=body, timeout=STREAM_TIMEOUT) as response,
        ):
            if response.status_code != httpx.codes.OK:
                response.read()
                raise _refusal(path, response)
            for line in response.iter_lines():
                if time.monotonic() > deadline:
                    raise ServiceFailure(SERVICE_SLOW)
                if not line.startswith(_DATA):
                    continue  # a comment that keeps the connection, or the blank between events
                data = line.removeprefix(_DATA).strip()
                if data == _DONE:
                    return
                yield _event(path, data)
        logger.warning("%s: the stream was cut", path)
        raise ServiceFailure(STREAM_CUT)

    def close(self) -> None:
        """Closes the connections."""
        self.http.close()

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        with _as_failure(path):
            response = self.http.request(method, path, **request)
        if not response.is_success:
            raise _refusal(path, response)
        return response

    @staticmethod
    def _read(path: str, response: httpx.Response, answer: type[ModelT]) -> ModelT:
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            # The error's own text would quote the answer, which holds a CV: count only, no cause.
            logger.warning("%s: %d unreadable fields", path, error.error_count())
            raise ServiceFailure(BAD_ANSWER) from None


@contextmanager
def _as_failure(path: str) -> Iterator[None]:
    """Turns what goes wrong on the way into its sentence."""
    try:
        yield
    except httpx.ConnectTimeout as error:
        raise ServiceFailure(SERVICE_DOWN, may_pass=True) from error
    except httpx.TimeoutException as error:
        logger.warning("%s: no answer in time", path)
        raise ServiceFailure(SERVICE_SLOW, may_pass=True) from error
    except httpx.RemoteProtocolError as error:
        # Connected, then cut in the middle of an answer.
        logger.warning("%s: %s", path, type(error).__name__)
        sentence = STREAM_CUT if path.endswith("/stream") else SERVICE_DOWN
        raise ServiceFailure(sentence, may_pass=True) from error
    except httpx.HTTPError as error:
        logger.warning("%s: %s", path, type(error).__name__)
        raise ServiceFailure(SERVICE_DOWN, may_pass=True) from error


def _event(path: str, data: str) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        logger.warning("%s: an event that is no JSON object", path)
        raise ServiceFailure(BAD_ANSWER)
    if "error" in event:
        logger.warning("%s: the stream ended with an error", path)
        raise ServiceFailure(_told(event) or _told(event.get("error")) or STREAM_CUT)
    return event


def _told(value: Any) -> str:
    """Returns the service's sentence for the person, where it gave one."""
    if isinstance(value, dict):
        value = value.get("user_message") or value.get("error")
    return value.strip()[:500] if isinstance(value, str) else ""


def _refusal(path: str, response: httpx.Response) -> ServiceFailure:
    try:
        body = response.json()
    except ValueError:
        body = {}
    details = body if isinstance(body, dict) else {}
    code, field = str(details.get("code") or ""), str(details.get("field") or "")
    logger.warning("%s: status %d, code %s", path, response.status_code, code[:40])
    task_id = details.get("task_id")
    retry_after_s = _seconds_to_wait(response.headers.get("Retry-After", ""))
    return ServiceFailure(
        explain_refusal(
            path,
            response.status_code,
            code=code,
            field=field,
            retry_after_s=retry_after_s,
            told=_told({"user_message": details.get("user_message")}),
        ),
        task_id=task_id if isinstance(task_id, str) else "",
        may_pass=response.status_code in _PASSING,
        retry_after_s=retry_after_s,
    )


def _seconds_to_wait(retry_after: str) -> float:
    """Returns what a ``Retry-After`` header asks for: seconds, or a date; 0 where it is neither."""
    said = retry_after.strip()
    if said.isascii() and said.isdigit():
        return float(said[:_LONGEST_NUMBER])
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    # "-0000" is a time without a zone; HTTP's dates are in UTC.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
