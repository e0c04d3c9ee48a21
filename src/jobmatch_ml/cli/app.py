"""``jobmatch app``: starts the demo application, which lives beside ``src`` and knows only HTTP."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

import click

from jobmatch_ml.errors import MissingFileError, missing_extra
from jobmatch_ml.settings import get_settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=7860, show_default=True, type=click.IntRange(1, 65535), help="Port."
)
@click.option("--service-url", default=None, help="The service; default: JOBMATCH_SERVICE_URL.")
def app(host: str, port: int, service_url: str | None) -> None:
    """Start the demo application (the service is started by `jobmatch serve`)."""
    settings = get_settings()
    root = settings.root.resolve()
    if not (root / "gradio_app" / "__main__.py").is_file():
        raise MissingFileError(
            f"there is no application in {root}: expected the folder gradio_app/. "
            "Run the command from the project's root, or set JOBMATCH_ROOT to it."
        )
    for package in ("gradio", "httpx"):
        if find_spec(package) is None:
            raise missing_extra(package, "app")
    arguments = ["--host", host, "--port", str(port)]
    arguments += ["--service-url", service_url or settings.service_url]
    _become_application(root, arguments)


def _become_application(root: os.PathLike[str], arguments: list[str]) -> None:
    """Replaces this process by the application's.

    One process and not a child: signals and exit codes are the application's own. The package is
    found because ``-m`` searches the working directory first.
    """
    os.chdir(root)
    environment = {**os.environ, "JOBMATCH_ROOT": str(root)}
    # The program is this very interpreter; the arguments are a list, no shell reads them.
    os.execve(  # noqa: S606
        sys.executable, [sys.executable, "-m", "gradio_app", *arguments], environment
    )
