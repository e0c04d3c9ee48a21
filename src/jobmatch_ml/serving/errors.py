"""The refusals of the HTTP layer, and the one shape that every error has on the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jobmatch_ml.cv.messages import REFUSALS
from jobmatch_ml.errors import FormatError, InputError, JobMatchError
from jobmatch_ml.serving.speaking import speak

Speak = Callable[[JobMatchError], str]
ERROR_MARK = "x-jobmatch-error"
"""Header of an error whose body has our shape already."""


class MediaTypeError(InputError):
    """A body of a media type that a route does not take."""

    code = "unsupported_media_type"
    http_status = 415


class BadJsonError(FormatError):
    """A body that is not JSON at all."""

    code = "invalid_json"
    http_status = 400


class UnknownPathError(InputError):
    """A path that the service does not have."""

    code = "not_found"
    http_status = 404


class UnknownOfferError(InputError):
    """An offer that the served catalogue does not hold and never did."""

    code = "unknown_offer"
    http_status = 404
    user_message = (
        "Cette offre n'existe pas dans le catalogue. Vérifiez son identifiant, ou relancez la "
        "recherche."
    )


class WithdrawnOfferError(InputError):
    """An offer that was served once and is in the catalogue no longer."""

    code = "offer_withdrawn"
    http_status = 410
    user_message = (
        "Cette offre n'est plus disponible : elle a été retirée. Relancez la recherche pour voir "
        "les offres du moment."
    )


class ClientGoneError(InputError):
    """The client left before its request was answered; nobody reads this answer."""

    code = "client_gone"
    http_status = 400


class SlowBodyError(InputError):
    """A body that took too long to arrive."""

    code = "request_timeout"
    http_status = 408


class TooBusyError(JobMatchError):
    """As many requests as the service takes at once are being answered or waiting."""

    code = "too_many_requests"
    http_status = 429


class SlowAnswerError(JobMatchError):
    """An answer that took longer than its route allows."""

    code = "gateway_timeout"
    http_status = 504


def error_body(error: JobMatchError, speak: Speak = speak) -> dict[str, Any]:
    """Returns ``{"code", "message", "field", "user_message"}``, with a ``task_id`` if any.

    Args:
        error: What went wrong.
        speak: Gives the sentence for the person to an error that has none of its own.
    """
    said = getattr(error, "user_message", "") or speak(error)
    body = {
        "code": error.code,
        "message": str(error),
        "field": error.field,
        "user_message": said,
    }
    task_id = getattr(error, "task_id", "")
    return {**body, "task_id": task_id} if task_id else body


def error_headers(error: JobMatchError) -> dict[str, str]:
    """Returns the headers of an error's answer: our mark, and when to try again if that helps."""
    headers = {ERROR_MARK: error.code}
    return {**headers, "retry-after": "5"} if error.http_status in (429, 503) else headers


_CODES: dict[int, tuple[str, ...]] = {
    400: ("invalid_json", "client_gone"),
    404: ("not_found",),
    405: ("method_not_allowed",),
    408: ("request_timeout",),
    409: ("model_mismatch",),
    413: ("limit_exceeded",),
    415: ("unsupported_media_type",),
    422: ("invalid_input",),
    429: ("too_many_requests",),
    500: ("error", "internal_server_error"),
    503: ("not_ready",),
    504: ("gateway_timeout",),
}
_UPLOADS_HAVE_NOT = (409, 503)


def error_codes(*, upload: bool) -> dict[int, list[str]]:
    """Returns the codes that a route may answer, by status; those of refused CVs for uploads."""
    if not upload:
        return {status: list(codes) for status, codes in _CODES.items()}
    found = {
        status: list(codes) for status, codes in _CODES.items() if status not in _UPLOADS_HAVE_NOT
    }
    found[422].append("llm_not_allowed")
    for code, refusal in REFUSALS.items():
        found.setdefault(refusal.status, []).append(code)
    return dict(sorted(found.items()))
