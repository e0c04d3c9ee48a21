"""A local France Travail in its own process: its token endpoint and its search of offers.

It speaks the protocol of « Offres d'emploi v2 »: client credentials in a form, bearer tokens that
end, ``range`` up to 3000-3149, 200, 204 and 206 with ``Content-Range`` and ``Accept-Range``, 400
with a French sentence, and at most so many calls a second (429). ``POST /control`` sets what it
holds and what goes wrong, ``GET /seen`` returns what was asked:

- ``offers``: the records, or ``make``: {"rome", "count", "first", "step_s"} to invent some;
- ``faults``: {"3": "truncated"}: what befalls the third call of the search, counted from 1;
- ``changes``: {"2": {"withdraw": [id], "add": [record], "touch": [id]}}: what happens to the
  offers after the second call was answered (a touched offer moves to the top);
- ``token_faults``, ``token_life``, ``per_second``, ``retry_after``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CLIENT_ID = "PAR_tests_0123"
CLIENT_SECRET = "the-secret-of-the-tests"  # noqa: S105  # pragma: allowlist secret
TOKEN_PATH = "/connexion/oauth2/access_token"  # noqa: S105 - an address
SEARCH_PATH = "/partenaire/offresdemploi/v2/offres/search"
KNOWN = {
    "codeROME", "minCreationDate", "maxCreationDate", "departement", "range", "sort",
}  # fmt: skip
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Refused(Exception):  # noqa: N818 - the answer 400
    """A query that the API does not accept."""


class Handler(BaseHTTPRequestHandler):
    """Both endpoints and the tests' controls; one market a process."""

    protocol_version = "HTTP/1.1"
    # Head and body in one packet: else each answer waits for the other side's delayed ACK.
    wbufsize = -1
    disable_nagle_algorithm = True
    lock = threading.Lock()
    state: dict[str, Any] = {}  # noqa: RUF012 - one server a process

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        with self.lock:
            if parts.path == "/seen":
                self._json(200, {"tokens": self.state["tokens"], "calls": self.state["calls"]})
            elif parts.path == SEARCH_PATH:
                self._search(parts.query)
            else:
                self._json(404, {"message": "Not found"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.lock:
            if self.path == "/control":
                self.state.update(json.loads(body))
                for each in self.state.pop("make", []):
                    self.state["offers"] = [*self.state["offers"], *invented(**each)]
                self._json(200, {})
            elif self.path == f"{TOKEN_PATH}?realm=%2Fpartenaire":
                self._token(body.decode())
            else:
                self._json(404, {"error": "not_found"})

    def _token(self, body: str) -> None:
        self.state["tokens"].append(body)
        if fault := self.state["token_faults"].pop(str(len(self.state["tokens"])), None):
            self._fail(fault)
            return
        form = {key: values[0] for key, values in parse_qs(body).items()}
        error = ""
        if self.headers["Content-Type"] != "application/x-www-form-urlencoded":
            error = "invalid_request"
        elif form.get("grant_type") != "client_credentials":
            error = "unsupported_grant_type"
        elif (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            error = "invalid_client"
        elif set(form.get("scope", "").split()) != {"api_offresdemploiv2", "o2dsoffre"}:
            error = "invalid_scope"
        if error:
            described = {"error": error, "error_description": f"{error}: {body}"}
            self._json(401 if error == "invalid_client" else 400, described)
            return
        token = f"token-{len(self.state['tokens'])}"
        life = self.state["token_life"]
        self.state["valid"] = {token: time.monotonic() + life}
        self._json(
            200,
            {
                "access_token": token, "scope": form["scope"],
                "token_type": "Bearer", "expires_in": life,
            },
        )  # fmt: skip

    def _search(self, query: str) -> None:
        self.state["calls"].append(query)
        number = str(len(self.state["calls"]))
        if self._too_fast():
            self._send(429, b"", {"Retry-After": self.state["retry_after"]})
            return
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        if self.state["valid"].get(token, 0) < time.monotonic():
            self._json(401, {"message": f"Token {token} expired"})
            return
        fault = self.state["faults"].get(number)
        if fault not in (None, "truncated", "slow", "short"):
            self._fail(fault)
        else:
            self._results(query, fault)
        change = self.state["changes"].get(number)
        if change:
            self._change(change)

    def _too_fast(self) -> bool:
        now = time.monotonic()
        recent = [each for each in self.state["times"] if each > now - 1]
        self.state["times"] = [*recent, now]
        return bool(self.state["per_second"]) and len(recent) >= self.state["per_second"]

    def _results(self, query: str, fault: str | None) -> None:
        try:
            first, last, found = answer(query, self.state["offers"])
        except Refused as error:
            self._json(400, {"codeErreur": "", "codeHttp": 400, "message": str(error)})
            return
        if first >= len(found):
            self._send(204, b"", {"Content-Range": f"offres */{len(found)}"})
            return
        shown = found[first : last + 1]
        end = first + len(shown) - 1
        if fault == "short":
            shown = shown[:-1]
        if fault == "slow":
            time.sleep(0.4)
        body = json.dumps({"resultats": shown, "filtresPossibles": []}).encode()
        headers = {
            "Content-Range": f"offres {first}-{end}/{len(found)}", "Accept-Range": "offres 150",
        }  # fmt: skip
        status = 200 if first == 0 and end == len(found) - 1 else 206
        self._send(status, body, headers, cut=fault == "truncated")

    def _change(self, change: dict[str, Any]) -> None:
        offers = [each for each in self.state["offers"] if each["id"] not in _gone(change)]
        newest = max((each["dateCreation"] for each in offers), default="")
        for each in offers:
            if each["id"] in change.get("touch", []):
                each["dateCreation"] = newest[:-1] + "9Z"
        self.state["offers"] = [*offers, *change.get("add", [])]

    def _fail(self, fault: str) -> None:
        if fault == "invalid_json":
            self._send(200, b'{"resultats": [{"id": "1"', {"Content-Range": "offres 0-0/1"})
        elif fault == "html":
            self._send(200, b"<html><body>Maintenance</body></html>", {})
        elif fault == "no_list":
            self._json(200, {"resultats": None})
        elif fault == "close":
            self.close_connection = True
        elif fault == "echo":
            said = f"bad request {CLIENT_SECRET} {self.headers['Authorization']}"
            self._json(400, {"message": said})
        elif fault == "redirect":
            self._send(302, b"", {"Location": "http://127.0.0.1:9/steal"})
        elif fault.startswith("429"):
            self._send(429, b"", {"Retry-After": fault.partition(" ")[2]})
        else:
            self._send(int(fault), b'{"message": "Erreur interne"}', {})

    def _json(self, status: int, value: Any) -> None:
        self._send(status, json.dumps(value).encode(), {})

    def _send(
        self, status: int, body: bytes, headers: dict[str, str], *, cut: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", "application/json;charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body[: len(body) // 2] if cut else body)
        except OSError:
            return  # the client left, as one does after a time-out
        if cut:
            self.close_connection = True


def answer(query: str, offers: list[dict[str, Any]]) -> tuple[int, int, list[dict[str, Any]]]:
    """Returns the range asked for and every offer that the query finds, in the asked order."""
    if "%3A" in query.upper():
        raise Refused("Format du paramètre « minCreationDate » incorrect.")
    asked = {key: values[0] for key, values in parse_qs(query).items()}
    if unknown := asked.keys() - KNOWN:
        raise Refused(f"Paramètre inconnu : {sorted(unknown)[0]}")
    first, last = _range(asked.get("range", "0-149"))
    earliest, latest = asked.get("minCreationDate"), asked.get("maxCreationDate")
    if bool(earliest) != bool(latest):
        raise Refused("Les deux dates de création doivent être renseignées.")
    for each in (earliest, latest):
        if each and not STAMP.fullmatch(each):
            raise Refused("Format attendu : yyyy-MM-dd'T'hh:mm:ss'Z'.")
    rome = asked.get("codeROME", "")
    if not re.fullmatch(r"[A-N]\d{4}", rome) or rome.endswith("999"):
        raise Refused("Valeur du paramètre « codeROME » incorrecte.")
    found = [
        each for each in offers
        if each["romeCode"] == rome
        and (not earliest or earliest[:-1] <= each["dateCreation"][:-1])
        # Dates of offers have milliseconds: an offer of 10:00:00.5 is after 10:00:00.
        and (not latest or each["dateCreation"][:-1] <= latest[:-1])
        and _is_in(each, asked.get("departement"))
    ]  # fmt: skip
    found.sort(key=lambda each: each["id"])
    found.sort(key=lambda each: str(each["dateCreation"]), reverse=True)
    return first, last, found


def _range(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)-(\d+)", text)
    if match is None:
        raise Refused("Format du paramètre « range » incorrect. <entier>-<entier> attendu.")
    first, last = int(match[1]), int(match[2])
    if first > 3000 or last > 3149:
        raise Refused("La position de début doit être inférieure ou égale à 3000.")
    if not 0 <= last - first < 150:
        raise Refused("La plage de résultats demandée est trop importante.")
    return first, last


def _is_in(record: dict[str, Any], department: str | None) -> bool:
    place = (record.get("lieuTravail") or {}).get("codePostal", "")
    return department is None or str(place).startswith(department)


def _gone(change: dict[str, Any]) -> set[str]:
    return {*change.get("withdraw", []), *(each["id"] for each in change.get("add", []))}


def invented(
    rome: str, count: int, *, first: str = "2026-11-20T12:00:00", step_s: float = -60.0
) -> list[dict[str, Any]]:
    """Returns offers of one occupation, ``step_s`` seconds apart, a tenth of them without place."""
    start = datetime.fromisoformat(first).replace(tzinfo=UTC)
    made = []
    for number in range(count):
        moment = start + timedelta(seconds=step_s * number)
        record: dict[str, Any] = {
            "id": f"{rome}-{number:05d}",
            "intitule": f"Poste {number} (H/F)",
            "dateCreation": moment.strftime("%Y-%m-%dT%H:%M:%S.") + "500Z",
            "romeCode": rome,
        }
        if number % 10:
            record["lieuTravail"] = {"codePostal": ("69003", "75011", "13001")[number % 3]}
        made.append(record)
    return made


class FranceTravail:
    """The running server, seen from a test."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.token_url = f"{self.base}{TOKEN_PATH}?realm=%2Fpartenaire"
        self.api_url = self.base + SEARCH_PATH.removesuffix("/offres/search")

    def reset(self, **changes: Any) -> None:
        """Begins anew: nothing asked, nothing held, nothing wrong, but for ``changes``."""
        self.set(**{**_fresh(), **changes})

    def set(self, **changes: Any) -> None:
        """Changes what it holds or what goes wrong."""
        body = json.dumps(changes).encode()
        urllib.request.urlopen(f"{self.base}/control", body, timeout=10).close()  # noqa: S310

    def seen(self) -> dict[str, list[str]]:
        """Returns the bodies sent to the token endpoint, and the query strings of the search."""
        with urllib.request.urlopen(f"{self.base}/seen", timeout=10) as seen:  # noqa: S310
            return dict(json.load(seen))


def _fresh() -> dict[str, Any]:
    return {
        "offers": [], "tokens": [], "calls": [], "times": [], "valid": {}, "faults": {},
        "token_faults": {}, "changes": {}, "token_life": 1499, "per_second": 0, "retry_after": "1",
    }  # fmt: skip


@contextmanager
def running_france_travail() -> Iterator[FranceTravail]:
    """Starts the server in a process of its own, and ends it."""
    child = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        yield FranceTravail(int(child.stdout.readline()))
    finally:
        child.kill()
        child.wait(10)
        if child.stdout is not None:
            child.stdout.close()


def main() -> None:
    Handler.state.update(_fresh())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
