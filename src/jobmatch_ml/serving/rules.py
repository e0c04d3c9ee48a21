"""What each path of the service takes: how much, for how long, and how many at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from jobmatch_ml.cv import CvLimits
from jobmatch_ml.errors import JobMatchError
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
        total_s: Seconds in which the answer must have begun, the body's arrival included; a stream
            must have ended.
        speak: Gives the sentence for the person to a refusal that has none; ``None`` leaves it
            to :func:`jobmatch_ml.serving.speaking.speak`.
    """

    model: type[BaseModel] | None = None
    group: str = ""
    at_once: int = 1_000
    body_bytes: int = MAX_JSON_BYTES
    body_s: float = 10.0
    total_s: float = 10.0
    speak: Callable[[JobMatchError], str] | None = None


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
    "/extract/async": _UPLOAD,
    "/extract/status/{task_id}": RouteRule(),
    **dict.fromkeys(_READ_ONLY, RouteRule()),
    "/api/catalogue/offers/{offer_id}": RouteRule(),
}
"""Every path of the service. Any other is answered 404 before anything keeps its name."""

_STREAM_S = 300.0  # longer than a model may take for one answer


def assistant_rules(
    bodies: Mapping[str, type[BaseModel]],
    *,
    reads: Iterable[str],
    streams: Collection[str],
    speak: Callable[[JobMatchError], str],
) -> dict[str, RouteRule]:
    """Returns the rules of the assistant's routes, which are described where they are answered.

    Args:
        bodies: The routes that take JSON, and what it must fit.
        reads: The routes that are read.
        streams: Those of ``bodies`` that answer for as long as a model speaks.
        speak: Gives a refusal its sentence for the person.
    """
    rules = {
        path: RouteRule(
            model=model,
            group="assistant stream" if path in streams else "assistant",
            at_once=128 if path in streams else 32,
            total_s=_STREAM_S if path in streams else 30.0,
            speak=speak,
        )
        for path, model in bodies.items()
    }
    return rules | {path: RouteRule(speak=speak) for path in reads}


OFFER_ID = re.compile(r"[\w.:@+-]{1,100}", re.ASCII)
"""An offer's id as a path can have it; offers with another id are ranked, and cannot be opened."""

_IDS = {
    "{task_id}": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "{offer_id}": OFFER_ID,
}


def find_rule(rules: Mapping[str, RouteRule], path: str) -> tuple[str, RouteRule] | None:
    """Returns the name and the rule of a path, ``None`` where the service has no such path.

    A path that ends with an id goes by its name with ``{task_id}`` or ``{offer_id}``, so that no
    id becomes part of a counter.
    """
    if path in rules:
        return path, rules[path]
    parent, _, last = path.rpartition("/")
    for name, pattern in _IDS.items():
        named = f"{parent}/{name}"
        if named in rules and pattern.fullmatch(last):
            return named, rules[named]
    return None
