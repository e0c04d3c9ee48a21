"""The one error of reading CVs: a code, an English message, and a French one for the person."""

from __future__ import annotations

from jobmatch_ml.cv.messages import REFUSALS
from jobmatch_ml.errors import InputError


class CvReadError(InputError):
    """A CV that was refused. ``code`` says why; the file's contents are never in the message.

    Args:
        code: A key of :data:`jobmatch_ml.cv.messages.REFUSALS`.
        place: File name or other place, for the command line; never echoed to the service.
        detail: A figure that helps (``31 pages``); never text of the CV.
    """

    def __init__(self, code: str, *, place: str = "", detail: str = "") -> None:
        refusal = REFUSALS[code]
        head = f"{place}: " if place else ""
        tail = f" ({detail})" if detail else ""
        super().__init__(f"{head}{refusal.message}{tail}", field="file")
        self.code = code
        self.http_status = refusal.status
        self.user_message = refusal.user_message
