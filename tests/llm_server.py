"""A local OpenAI-compatible server in its own process, which behaves as its model's name says.

It speaks Ollama's own protocol too, on ``/api/chat``.

``invent`` makes things up about the person, ``obey`` also does whatever any text of the prompt
orders and gives its prompt away; the others are faults: ``slow``, ``hang``, ``drip``, ``garbage``,
``schema``, ``cut``, ``empty``, ``html``, ``redirect``, ``big``, ``utf8`` and ``status-401``.
``say:TEXT`` answers with the text, ``fill:TEXT`` puts it into every field that is asked for.
``GET /seen`` returns how many requests came, and their bodies.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

INVENTED = (
    "J'ai dirigé une équipe de 45 personnes chez Google pendant 12 ans. "
    "J'ai augmenté le chiffre d'affaires de 380 %. "
    "Je suis titulaire d'un doctorat de l'École polytechnique et je maîtrise Kubernetes. "
)
HOLE = '<img src="https://evil.example/x.png"> [clique](https://evil.example) CANARI-7731 '


def _answer(model: str, messages: list[dict[str, Any]]) -> str:
    if model.startswith(("say:", "fill:")):
        return model.partition(":")[2]
    if model == "obey":
        # Everything that it was told, its own instructions included.
        return INVENTED + HOLE + " ".join(str(message["content"]) for message in messages)[:6_000]
    return INVENTED


def _filled(schema: dict[str, Any], text: str) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return {key: _filled(item, text) for key, item in schema.get("properties", {}).items()}
    if kind == "array":
        return [text]
    return {"boolean": True, "integer": 97, "number": 97.5}.get(str(kind), text)


class Handler(BaseHTTPRequestHandler):
    """Answers ``/v1/chat/completions`` as the asked model says."""

    protocol_version = "HTTP/1.0"
    seen: list[dict[str, Any]] = []  # noqa: RUF012 - one server a process
    lock = threading.Lock()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        body = json.dumps(self.seen).encode()
        if self.path == "/forget":
            self.seen.clear()
        self._plain(200, "application/json", body)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.lock:
            self.seen.append({"auth": self.headers.get("Authorization", ""), **asked})
        model = str(asked["model"])
        if model.startswith("status-"):
            error = json.dumps({"error": {"message": "secret " + json.dumps(asked)}}).encode()
            self._plain(int(model.removeprefix("status-")), "application/json", error)
        elif model == "html":
            self._plain(200, "text/html", b"<html><body>Bad gateway</body></html>")
        elif model == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest")
            self.end_headers()
        elif model == "hang":
            time.sleep(20)
        else:
            self._stream(asked, model)

    def _stream(self, asked: dict[str, Any], model: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        text = _answer(model, asked["messages"])
        form = asked.get("response_format", {}).get("json_schema", {}).get("schema")
        form = form or asked.get("format")
        if form and not model.startswith("say:"):
            text = json.dumps(_filled(form, text), ensure_ascii=False)
        try:
            self._pieces(model, text)
        except OSError:
            return  # the client left: nobody listens any more

    def _pieces(self, model: str, text: str) -> None:
        if model == "garbage":
            self.wfile.write(b"{not json\n" if self.native else b"data: {not json\n\n")
            return
        if model == "utf8" and not self.native:
            self.wfile.write(b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n')
            return
        if model == "schema":
            text = '{"something": "else"}'
        if model == "slow":
            time.sleep(3)
        pieces = [] if model == "empty" else [text[i : i + 24] for i in range(0, len(text), 24)]
        if model == "big":
            pieces = ["x" * 60_000] * 200
        for number, piece in enumerate(pieces):
            if model == "cut" and number == 3:
                return
            if model == "drip":
                time.sleep(0.2)
            self._event({"delta": {"content": piece}, "finish_reason": None})
        self._event({"delta": {}, "finish_reason": "stop"})
        if not self.native:
            self.wfile.write(b"data: [DONE]\n\n")

    @property
    def native(self) -> bool:
        """Whether Ollama's own protocol is asked for."""
        return self.path == "/api/chat"

    def _event(self, choice: dict[str, Any]) -> None:
        if self.native:
            line = {"message": {"role": "assistant", "content": choice["delta"].get("content", "")},
                    "done": bool(choice["finish_reason"])}  # fmt: skip
            self.wfile.write(json.dumps(line).encode() + b"\n")
            self.wfile.flush()
            return
        body = {
            "id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m",
            "choices": [{"index": 0, **choice}],
        }  # fmt: skip
        self.wfile.write(f"data: {json.dumps(body)}\n\n".encode())
        self.wfile.flush()

    def _plain(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class LlmServer:
    """The running server, seen from a test."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self._seen = f"http://127.0.0.1:{port}/seen"
        self._forget = f"http://127.0.0.1:{port}/forget"

    def seen(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(self._seen, timeout=10) as answer:  # noqa: S310 - loopback
            return list(json.load(answer))

    def forget(self) -> None:
        urllib.request.urlopen(self._forget, timeout=10).close()  # noqa: S310 - loopback


@contextmanager
def running_llm_server() -> Iterator[LlmServer]:
    """Starts the server in a process of its own, and ends it."""
    child = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        yield LlmServer(int(child.stdout.readline()))
    finally:
        child.kill()
        child.wait(10)
        if child.stdout is not None:
            child.stdout.close()


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
