"""``jobmatch serve``: starts the BentoML service, which lives beside ``src`` in ``bentos/``."""

from __future__ import annotations

import errno
import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from jobmatch_ml.errors import InputError, MissingFileError, missing_extra
from jobmatch_ml.settings import get_settings

_SERVICE = "bentos.jobmatch.service:JobMatch"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=3000, show_default=True, type=click.IntRange(1, 65535), help="Port."
)
def serve(host: str, port: int) -> None:
    """Start the matching service: /api/match, /api/match/text, /api/embed, /extract.

    It answers /livez at once; /readyz turns 200 when model, catalogue and index are loaded.
    """
    settings = get_settings()
    root = settings.root.resolve()
    if not (root / "bentos" / "jobmatch" / "service.py").is_file():
        raise MissingFileError(
            f"there is no service in {root}: expected bentos/jobmatch/service.py. "
            "Run the command from the project's root, or set JOBMATCH_ROOT to it."
        )
    for package in ("bentoml", "starlette", "python_multipart"):
        if find_spec(package) is None:
            raise missing_extra(package, "serving")
    _check_address(host, port)
    command = ["-m", "bentoml", "serve", _SERVICE, "--working-dir", str(root)]
    _become_server(root, [*command, "--host", host, "--port", str(port)], settings.serving_dir)


def _check_address(host: str, port: int) -> None:
    """Tries the address first: the server's own failure is a page of traceback.

    Raises:
        InputError: The port is taken or may not be used, or the host is not one of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the server binds: connections that have just ended do not hold a port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                f"port {port} of {host} is taken by another program: stop it, or choose another "
                "with --port",
                field="port",
            ) from error
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"cannot listen on {host}, port {port}: {reason}. Choose others with --host and --port",
            field="host",
        ) from error


def _become_server(root: Path, arguments: list[str], serving_dir: Path) -> None:
    """Replaces this process by the server's: signals and exit codes are the server's own."""
    os.chdir(root)
    environment = {
        # Nothing is written outside the project, and nothing is reported to anybody.
        "BENTOML_HOME": str(serving_dir / "bentoml"),
        "OMP_WAIT_POLICY": "PASSIVE",
        **os.environ,
        "BENTOML_DO_NOT_TRACK": "True",
        "JOBMATCH_ROOT": str(root),
    }
    # The program is this very interpreter; the arguments are a list, no shell reads them.
    os.execve(sys.executable, [sys.executable, *arguments], environment)  # noqa: S606
