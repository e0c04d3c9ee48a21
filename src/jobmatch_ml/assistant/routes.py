"""The assistant over HTTP: a Starlette application that the service mounts beside its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import orjson

from jobmatch_ml.assistant import routes_generate
from jobmatch_ml.assistant.candidate import from_request
from jobmatch_ml.assistant.chatting import (
    Turn,
    as_sse,
    check_message,
    check_start,
    extract_pitch,
    extract_success,
    take_turn,
)
from jobmatch_ml.assistant.providers import LlmChoice, Provider, choose_provider
from jobmatch_ml.assistant.schemas import (
    Body,
    ChatMessageBody,
    ChatStart,
    ExtractBody,
    GenerateCv,
    GenerateLetter,
    LlmConfig,
    TailorExport,
    TruthCheck,
)
from jobmatch_ml.assistant.tasks import Task, TaskStore, tokens_of, wait_for
from jobmatch_ml.assistant.truth_lock import check_text
from jobmatch_ml.errors import JobMatchError, missing_extra
from jobmatch_ml.settings import Settings

BodyT = TypeVar("BodyT", bound=Body)
Refuse = Callable[[JobMatchError], Any]
Scorer = Callable[..., float]

_ACCEPTED = "Votre demande est prise en compte."
_LONGEST_PACE_S = 3.0
_STREAM_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class Assistant:
    """What the routes share: settings, tasks, and the champion's score.

    Args:
        settings: Who words texts, and how many tasks there may be.
        scorer: Returns a score for ``title, text, offer_title=, offer_text=``, or ``None`` where
            nothing can score yet.
        token_pause_s: Seconds between two tokens of a stream, so that one can read along.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        *,
        scorer: Callable[[], Scorer | None] = lambda: None,
        token_pause_s: float = 0.012,
    ) -> None:
        self._settings = settings
        self.scorer = scorer
        self.token_pause_s = token_pause_s
        self._tasks: TaskStore | None = None
        self._making = threading.Lock()

    @property
    def tasks(self) -> TaskStore:
        """The tasks; made when the first one is asked for."""
        # Requests are answered in threads: of two stores, the tasks of one would be lost.
        with self._making:
            if self._tasks is None:
                limits = self._settings()
                self._tasks = TaskStore(
                    most=limits.assistant_tasks,
                    threads=limits.assistant_threads,
                    results=limits.assistant_results,
                    ttl_s=limits.assistant_result_ttl_s,
                )
            return self._tasks

    def provider(self, config: LlmConfig | None) -> Provider:
        """Returns who words the answer to a request."""
        choice = config.choice() if config else LlmChoice()
        return choose_provider(self._settings(), choice)

    def begin(self, body: ChatStart) -> Task:
        """Returns the task of a coach's next message; it was checked before it began.

        Raises:
            JobMatchError: The request cannot be answered.
        """
        turns = None
        check_start(body.coaching_type, body.user_context)
        if isinstance(body, ChatMessageBody):
            history = [item.model_dump() for item in body.history]
            turns = check_message(body.coaching_type, body.user_context, history, body.message)
        provider = self.provider(body.llm_config)

        def work() -> Mapping[str, Any]:
            turn: Turn = take_turn(body.coaching_type, body.user_context, turns, provider)
            return turn.as_json()

        return self.tasks.start("chat", work, slow=provider.writes)


def create_assistant_app(assistant: Assistant, refuse: Refuse) -> Any:
    """Returns the Starlette application of the assistant's routes.

    Args:
        assistant: What they share.
        refuse: Makes the service's response of a domain error.

    Raises:
        MissingExtraError: Starlette is not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.responses import Response
        from starlette.routing import Route
    except ImportError as error:
        raise missing_extra("starlette", "assistant") from error

    def endpoint(answer: _Answer) -> Callable[[Any], Awaitable[Any]]:
        async def handle(request: Any) -> Any:
            try:
                found = await answer(assistant, request)
            except JobMatchError as error:
                return refuse(error)
            if isinstance(found, Response):
                return found
            return Response(orjson.dumps(found), media_type="application/json")

        return handle

    routes = [Route(path, endpoint(answer), methods=["POST"]) for path, answer in _POSTS.items()]
    routes += [Route(path, endpoint(answer)) for path, answer in _GETS.items()]
    return Starlette(routes=routes)


async def _health(assistant: Assistant, request: Any) -> Any:
    return {"status": "ok", "provider": assistant.provider(None).name}


async def _start(assistant: Assistant, request: Any) -> Any:
    task = await asyncio.to_thread(assistant.begin, await _chat_body(request))
    return {"task_id": task.task_id, "message": _ACCEPTED}


async def _stream(assistant: Assistant, request: Any) -> Any:
    from starlette.responses import StreamingResponse

    task = await asyncio.to_thread(assistant.begin, await _chat_body(request))
    headers = {**_STREAM_HEADERS, "X-Task-ID": task.task_id}
    events = _events(task, assistant.token_pause_s)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _chat_status(assistant: Assistant, request: Any) -> Any:
    return describe(assistant.tasks.get(request.path_params["task_id"], "chat"))


async def _generate_status(assistant: Assistant, request: Any) -> Any:
    return describe(assistant.tasks.get(request.path_params["task_id"], "generate"))


async def _success(assistant: Assistant, request: Any) -> Any:
    body = await _read(request, ExtractBody)
    return await asyncio.to_thread(extract_success, [m.model_dump() for m in body.messages])


async def _pitch(assistant: Assistant, request: Any) -> Any:
    body = await _read(request, ExtractBody)
    messages = [m.model_dump() for m in body.messages]
    return await asyncio.to_thread(extract_pitch, messages, body.user_context)


async def _generate_cv(assistant: Assistant, request: Any) -> Any:
    body = await _read(request, GenerateCv)
    return await asyncio.to_thread(routes_generate.begin_cv, assistant, body)


async def _generate_letter(assistant: Assistant, request: Any) -> Any:
    body = await _read(request, GenerateLetter)
    return await asyncio.to_thread(routes_generate.begin_letter, assistant, body)


async def _truth(assistant: Assistant, request: Any) -> Any:
    return await asyncio.to_thread(_check, await _read(request, TruthCheck))


async def _export(assistant: Assistant, request: Any) -> Any:
    from starlette.responses import Response

    body = await _read(request, TailorExport)
    raw, media, name = await asyncio.to_thread(routes_generate.export, assistant, body)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(raw, media_type=media, headers=disposition)


_Answer = Callable[[Assistant, Any], Awaitable[Any]]
_POSTS: Mapping[str, _Answer] = {
    "/chat/start": _start,
    "/chat/message/async": _start,
    "/chat/start/stream": _stream,
    "/chat/message/stream": _stream,
    "/chat/extract-success": _success,
    "/chat/extract-pitch": _pitch,
    "/generate/cv": _generate_cv,
    "/generate/cover-letter": _generate_letter,
    "/truth/check": _truth,
    "/tailor/export": _export,
}
_GETS: Mapping[str, _Answer] = {
    "/health": _health,
    "/chat/message/status/{task_id}": _chat_status,
    "/generate/status/{task_id}": _generate_status,
}


def describe(task: Task) -> dict[str, Any]:
    """Returns what a status call says; names that begin with ``_`` stay here."""
    found: dict[str, Any] = {"task_id": task.task_id, "status": task.status}
    if task.status == "completed":
        found |= {name: value for name, value in task.result.items() if name[0] != "_"}
    elif task.status == "failed":
        found |= {"error": task.error, "error_code": task.error_code}
    return found


async def _events(task: Task, pause_s: float) -> AsyncIterator[bytes]:
    """Yields a task's message as server-sent events; a client that leaves stops these alone."""
    async for _ in wait_for(task):
        yield b": en cours\n\n"
    if task.status == "failed":
        yield as_sse({"error": task.error, "code": task.error_code})
    else:
        tokens = tokens_of(str(task.result["response"]))
        pause = min(pause_s, _LONGEST_PACE_S / max(1, len(tokens)))
        for token in tokens:
            yield as_sse({"token": token})
            await asyncio.sleep(pause)
        # An empty token: clients that know nothing else add nothing to the text.
        rest = {k: v for k, v in describe(task).items() if k not in ("response", "status")}
        yield as_sse({"token": "", **rest})  # nosec B105  # a word of the answer, no secret
    yield as_sse("[DONE]")


async def _chat_body(request: Any) -> ChatStart:
    is_message = request.url.path.startswith("/chat/message")
    return await _read(request, ChatMessageBody if is_message else ChatStart)


async def _read(request: Any, model: type[BodyT]) -> BodyT:
    # The outer layer has checked it against the same model already.
    return await asyncio.to_thread(partial(model.model_validate_json, await request.body()))


def _check(body: TruthCheck) -> dict[str, Any]:
    offer = routes_generate.offer_of(body.job_offer) if body.job_offer else None
    report = check_text(body.text, from_request(body.candidate), offer=offer)
    claims = [
        {
            "kind": claim.kind,
            "text": claim.text,
            "start": claim.start,
            "end": claim.end,
            "supported": claim.source is not None or claim.about_offer,
            "about_offer": claim.about_offer,
            "source": claim.source
            and {
                "line_id": claim.source.line_id,
                "start": claim.source.start,
                "end": claim.source.end,
            },
        }
        for claim in report.claims
    ]
    return {"ok": report.ok, "claims": claims, "unsupported": len(report.unsupported)}
