"""The demo application as a whole: closed to other programs, started by ``jobmatch app``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

pytest.importorskip("gradio", reason="the extra 'app' is not installed")

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from gradio_app.__main__ import run_app
from gradio_app.app import build_app, launch_app
from gradio_app.client import (
    HttpServiceClient,
)
from gradio_app.first_script import HeadFirst
from jobmatch_ml.cli import app as cli_app
from jobmatch_ml.cv.limits import CvLimits
from jobmatch_ml.errors import InputError, MissingExtraError, MissingFileError
from jobmatch_ml.settings import get_settings

CLIENT = HttpServiceClient("http://127.0.0.1:1")


def test_no_callback_is_offered_to_other_programs() -> None:
    app = build_app(CLIENT)
    assert app.fns
    assert {fn.api_visibility for fn in app.fns.values()} == {"private"}
    assert app.api_open is False
    assert app.analytics_enabled is False
    assert app.delete_cache is not None


def test_no_file_field_fetches_an_address() -> None:
    import gradio as gr

    files = [block for block in build_app(CLIENT).blocks.values() if isinstance(block, gr.File)]
    assert files
    for field in files:
        for address in ("http://example.org/cv.pdf", "https://example.org", "FTP://example.org"):
            with pytest.raises(gr.Error, match="pas une adresse"):
                asyncio.run(field.async_move_resource_to_block_cache(address))


def test_the_application_is_launched_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    import gradio as gr

    options: dict[str, Any] = {}
    address = "http://127.0.0.1:7999/"
    announced: list[str] = []

    def launch(self: gr.Blocks, **given: Any) -> tuple[None, str, None]:
        options.update(given)
        return None, address, None

    monkeypatch.setattr(gr.Blocks, "launch", launch)
    monkeypatch.setattr(gr.Blocks, "block_thread", lambda self: None)
    launch_app(CLIENT, host="127.0.0.1", port=7999, announce=announced.append)
    assert announced == [address]
    closed = ("share", "enable_monitoring", "run_history", "mcp_server", "show_error", "pwa")
    assert [options[name] for name in closed] == [False] * len(closed)
    assert options["allowed_paths"] == []
    # One size for the page's script, the page and the service.
    assert options["max_file_size"] == CvLimits().file_bytes
    (first,) = options["app_kwargs"]["middleware"]
    assert f"file.size <= {CvLimits().file_bytes}" in first.kwargs["head"]
    assert "MAX_FILE_BYTES" not in first.kwargs["head"]
    assert (options["server_name"], options["server_port"]) == ("127.0.0.1", 7999)


def test_our_head_stands_before_gradios_and_other_answers_are_as_they_were() -> None:
    page = '<!doctype html><html lang="en"><head><script>gradio</script></head><p>é <head></p>'

    def answer(request: Request) -> Response:
        return Response(page, media_type="text/html")

    routes = [Route("/", answer, methods=["GET", "HEAD"]), Route("/other", answer)]
    middleware = [Middleware(HeadFirst, head="<script>« à nous »</script>")]
    client = TestClient(Starlette(routes=routes, middleware=middleware))
    ours = page.replace("<head>", "<head><script>« à nous »</script>", 1)
    assert client.get("/").text == ours
    assert client.get("/").headers["content-length"] == str(len(ours.encode()))
    assert client.head("/").headers["content-length"] == str(len(page.encode()))
    assert client.get("/other").text == page


def test_jobmatch_app_becomes_the_application_at_the_root(
    monkeypatch: pytest.MonkeyPatch, project_root: Path
) -> None:
    called: list[Any] = []
    monkeypatch.setattr(cli_app.os, "chdir", lambda path: called.append(Path(path)))
    monkeypatch.setattr(cli_app.os, "execve", lambda *given: called.append(given))
    result = CliRunner().invoke(cli_app.app, ["--port", "7999", "--service-url", "http://x:1"])
    assert result.exit_code == 0, result.output
    root, (_, arguments, environment) = called
    assert root == project_root
    assert arguments[1:] == [
        *("-m", "gradio_app", "--host", "127.0.0.1", "--port", "7999"),
        *("--service-url", "http://x:1"),
    ]
    assert environment["JOBMATCH_ROOT"] == str(project_root)


def test_jobmatch_app_outside_the_project_says_where_to_run_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JOBMATCH_ROOT", str(tmp_path))
    get_settings.cache_clear()
    result = CliRunner().invoke(cli_app.app, [])
    assert isinstance(result.exception, MissingFileError)
    assert "gradio_app/" in str(result.exception)
    assert "JOBMATCH_ROOT" in str(result.exception)


def test_jobmatch_app_without_gradio_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_app, "find_spec", lambda name: None)
    result = CliRunner().invoke(cli_app.app, [])
    assert isinstance(result.exception, MissingExtraError)
    assert ".[app]" in str(result.exception)


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_jobmatch_app_refuses_an_impossible_port(port: str) -> None:
    assert CliRunner().invoke(cli_app.app, ["--port", port]).exit_code == 2


@pytest.mark.parametrize("address", ["localhost:3000", "ftp://127.0.0.1", "", "/api"])
def test_an_address_that_is_none_of_a_service_is_refused_before_the_start(address: str) -> None:
    with pytest.raises(InputError, match="JOBMATCH_SERVICE_URL"):
        run_app("127.0.0.1", 7999, address)
