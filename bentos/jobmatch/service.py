"""The matching service over HTTP: a wrapper around :mod:`jobmatch_ml.serving`, no logic of its own.

``jobmatch serve`` starts it. The process answers ``/livez`` at once and loads model, catalogue and
index in the background; ``/readyz`` says how far it is, or what is missing.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from functools import partial
from typing import Any

import bentoml
from starlette.responses import Response

from jobmatch_ml.assistant import schemas as assistant_schemas
from jobmatch_ml.assistant.providers import LlmChoice, Provider, choose_provider
from jobmatch_ml.assistant.routes import Assistant, create_assistant_app
from jobmatch_ml.assistant.tasks import TaskStore
from jobmatch_ml.cv.child import keep_spares
from jobmatch_ml.serving import schemas
from jobmatch_ml.serving.answers import count_answer, refuse, respond
from jobmatch_ml.serving.catalogue_offer import create_catalogue_app, describe_route
from jobmatch_ml.serving.champion_watch import SourceProbe
from jobmatch_ml.serving.extracting import Extracting
from jobmatch_ml.serving.http import GuardMiddleware
from jobmatch_ml.serving.match_service import MatchService
from jobmatch_ml.serving.openapi import complete_openapi
from jobmatch_ml.serving.outermost import KnownPaths
from jobmatch_ml.serving.rules import ROUTES, assistant_rules
from jobmatch_ml.serving.state import load_state
from jobmatch_ml.serving.upload import create_upload_app
from jobmatch_ml.serving.upload_form import LlmFields
from jobmatch_ml.serving.watch import keep_loaded
from jobmatch_ml.settings import get_settings

matching = MatchService(lambda report: load_state(get_settings(), report=report))
assistant = Assistant(
    get_settings, scorer=lambda: matching.score_texts if matching.is_ready else None
)
# Each holds a file of up to 10 MB until it is read, so few may wait.
extracting = Extracting(TaskStore(most=16, threads=8, results=200))
RULES = ROUTES | assistant_rules(
    assistant_schemas.BODIES,
    reads=assistant_schemas.READS,
    streams=assistant_schemas.STREAMS,
    speak=assistant_schemas.speak,
)


def choose_reader(fields: LlmFields) -> Provider:
    """Returns who reads an uploaded CV: the request's model if it may, else the operator's."""
    choice = LlmChoice(
        fields.endpoint,
        fields.model,
        fields.api_key,
        fields.max_tokens,
        fields.use_rules,
        fields.vision,
        fields.api_mode,
    )
    return choose_provider(get_settings(), choice)


def describe() -> dict[str, Any]:
    """Returns the OpenAPI description, which BentoML makes from the class below."""
    parts = (assistant_schemas.openapi(), describe_route())
    more = {name: {**parts[0][name], **parts[1][name]} for name in ("paths", "schemas")}
    return complete_openapi(JobMatch.openapi_spec.asdict(), more)


# The guard's time-outs come first; BentoML's is for a guard that hangs.
@bentoml.service(name="jobmatch", workers=1, threads=4, traffic={"timeout": 120})
@bentoml.asgi_app(create_upload_app(describe, extracting, choose_reader), path="/", name="upload")
@bentoml.asgi_app(
    create_assistant_app(assistant, partial(refuse, "assistant")), path="/", name="assistant"
)
@bentoml.asgi_app(
    create_catalogue_app(lambda: matching.offers, lambda: matching.withdrawn),
    path="/",
    name="catalogue",
)
class JobMatch:
    """Ranks job offers for a CV. Scores are w·cos(titles) + (1-w)·cos(bodies), in [-1, 1]."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._open = ExitStack()
        self._open.enter_context(keep_spares({"pdf": 2, "docx": 1}))
        probe = SourceProbe(get_settings(), tell=matching.note_registry)
        watch = {"probe": probe, "stop": self._stop}
        threading.Thread(target=keep_loaded, args=(matching,), kwargs=watch, daemon=True).start()

    @bentoml.on_shutdown
    def stop(self) -> None:
        """Ends the background loader, and the children that wait for a file."""
        self._stop.set()
        self._open.close()

    @bentoml.api(route="/api/match", output_spec=schemas.MatchResponse)
    def match(self, body: schemas.MatchRequest, /) -> Response:
        """Ranks the offers for two vectors of the served encoder (get them from /api/embed)."""
        return respond("match", lambda: matching.match_vectors(**body.model_dump()))

    @bentoml.api(route="/api/match/text", output_spec=schemas.MatchAnswer)
    def match_text(self, body: schemas.MatchTextRequest, /) -> Response:
        """Ranks the offers for a CV's text; an explicit title wins over the CV's headline."""
        return respond("match_text", lambda: matching.match_text(**body.model_dump()))

    @bentoml.api(route="/api/embed", output_spec=schemas.EmbedAnswer)
    def embed(self, body: schemas.EmbedRequest, /) -> Response:
        """Returns the vectors of a title and a CV's text, as /api/match takes them."""
        return respond("embed", lambda: matching.embed(**body.model_dump()))


JobMatch.add_asgi_middleware(KnownPaths, paths=RULES.keys())
JobMatch.add_asgi_middleware(
    GuardMiddleware, readiness=matching.report, rules=RULES, count=count_answer
)
