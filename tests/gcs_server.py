"""A local Google Cloud Storage: the part of its JSON API that reads and writes objects.

Metadata, download, multipart and resumable upload, with generations and preconditions. It runs in
a thread; a test points ``STORAGE_EMULATOR_HOST`` at it, as the official client expects.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import google_crc32c

BUCKET = "offres"


class Handler(BaseHTTPRequestHandler):
    """Objects of one bucket; any other bucket is not there."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        download = parts.path.startswith("/download/")
        path = parts.path.removeprefix("/download")
        name = unquote(path.removeprefix(f"/storage/v1/b/{BUCKET}/o/"))
        self.server.asked.append(("GET", name))
        if self.server.status:
            self._json(self.server.status, {"error": {"message": "hush"}})
            return
        held = self.server.objects.get(name)
        if held is None:
            self._json(404, {"error": {"code": 404, "message": "No such object"}})
        elif not self._matches(parts.query, held[0]):
            self._json(412, {"error": {"code": 412, "message": "conditionNotMet"}})
        elif download:
            sums = _checksums(held[1])
            headers = {
                "x-goog-hash": f"crc32c={sums['crc32c']},md5={sums['md5Hash']}",
                "X-Goog-Generation": str(held[0]),
            }
            self._send(200, held[1], "application/octet-stream", headers)
        else:
            self._json(200, _metadata(name, held))

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not parts.path.startswith(f"/upload/storage/v1/b/{BUCKET}/o"):
            self._json(404, {"error": {"code": 404, "message": "No such bucket"}})
        elif query["uploadType"] == "multipart":
            boundary = self.headers["Content-Type"].partition("boundary=")[2].strip('"').encode()
            pieces = body.split(b"--" + boundary)
            described, contents = (piece.partition(b"\r\n\r\n")[2][:-2] for piece in pieces[1:3])
            self._keep(json.loads(described)["name"], contents, parts.query)
        else:
            upload = str(len(self.server.uploads))
            self.server.uploads[upload] = (json.loads(body)["name"], bytearray(), parts.query)
            host = f"http://127.0.0.1:{self.server.server_port}"
            where = f"{host}/upload/storage/v1/b/{BUCKET}/o?uploadType=resumable&upload_id={upload}"
            self._send(200, b"", "text/plain", {"Location": where})

    def do_PUT(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        name, held, conditions = self.server.uploads[query["upload_id"][0]]
        held += self.rfile.read(int(self.headers["Content-Length"]))
        total = self.headers["Content-Range"].rpartition("/")[2]
        if total == "*" or len(held) < int(total):
            self._send(308, b"", "text/plain", {"Range": f"bytes=0-{len(held) - 1}"})
        else:
            self._keep(name, bytes(held), conditions)

    def _keep(self, name: str, contents: bytes, query: str) -> None:
        generation = self.server.objects.get(name, (0, b""))[0]
        if not self._matches(query, generation):
            self._json(412, {"error": {"code": 412, "message": "conditionNotMet"}})
            return
        self.server.objects[name] = (generation + 1, contents)
        self._json(200, _metadata(name, self.server.objects[name]))

    def _matches(self, query: str, generation: int) -> bool:
        wanted = parse_qs(query).get("ifGenerationMatch")
        return wanted is None or int(wanted[0]) == generation

    def _json(self, status: int, value: Any) -> None:
        self._send(status, json.dumps(value).encode(), "application/json", {})

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Type": kind}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """The bucket, and what is going on."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, tuple[int, bytes]] = {}
        self.uploads: dict[str, tuple[str, bytearray, str]] = {}
        self.asked: list[tuple[str, str]] = []
        self.status = 0


def _metadata(name: str, held: tuple[int, bytes]) -> dict[str, Any]:
    return {
        "kind": "storage#object", "name": name, "bucket": BUCKET, "size": str(len(held[1])),
        "generation": str(held[0]), **_checksums(held[1]),
    }  # fmt: skip


def _checksums(contents: bytes) -> dict[str, str]:
    # The client believes no answer whose checksums are missing or wrong.
    md5 = hashlib.md5(contents, usedforsecurity=False).digest()
    crc32c = google_crc32c.value(contents).to_bytes(4, "big")
    return {
        "md5Hash": base64.b64encode(md5).decode(),
        "crc32c": base64.b64encode(crc32c).decode(),
    }


@contextmanager
def running_gcs() -> Iterator[Server]:
    """Serves the bucket from a thread for the block."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
