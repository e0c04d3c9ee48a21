"""What each path of the service takes: how much, for how long, and how many at once."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from jobmatch_ml.cv import CvLimits
from jobmatch_ml.serving.schemas import REQUEST_BODIES

MAX_JSON_BYTES = 2_000_000  # the longest text that a CV may have, escaped, is 1.2 MB
MAX_UPLOAD_BYTES = CvLimits().file_bytes + 64_000  # a CV file, and the form around it


@dataclass(frozen=True, slots=True)
class RouteRule:
    """Limits of one path.

    Args:
        model: What a JSON body must fit; ``None`` where the body is not JSON.
        group: Paths of one group share ``at_once``, because they wait for the same things.
        at_once: Requests of the group that are answered or wait; more are refused with 429.
        body_bytes: Largest body.
        body_s: Seconds in which the body must have arrived.
        total_s: Seconds in which the answer must have begun, the body's arrival included.
    """

    model: type[BaseModel] | None = None
    group: str = ""
    at_once: int = 1_000
    body_bytes: int = MAX_JSON_BYTES
    body_s: float = 10.0
    total_s: float = 10.0


# Uploads wait for a reader and may be scans, which are read for 35 s; clients give up after 60 s.
_UPLOAD = RouteRule(
    group="extract", at_once=16, body_bytes=MAX_UPLOAD_BYTES, body_s=20.0, total_s=55.0
)
_READ_ONLY = ("/", "/livez", "/healthz", "/readyz", "/metrics", "/docs.json", "/schema.json")

ROUTES: dict[str, RouteRule] = {
    **{
        path: RouteRule(model=model, group="match", at_once=16, body_s=5.0)
        for path, model in REQUEST_BODIES.items()
    },
    "/extract": _UPLOAD,
    **dict.fromkeys(_READ_ONLY, RouteRule()),
}
"""Every path of the service. Any other is answered 404 before anything keeps its name."""
