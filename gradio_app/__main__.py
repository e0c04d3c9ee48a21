"""Starts the application: ``python -m gradio_app``, from the project's root."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from types import FrameType

import click

from gradio_app.cards import is_web_address
from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.settings import get_settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(1, 65535))
@click.option("--service-url", default=None, help="The service; default: JOBMATCH_SERVICE_URL.")
def main(host: str, port: int, service_url: str | None) -> None:
    """Starts the demo application."""
    try:
        run_app(host, port, service_url or get_settings().service_url)
    except JobMatchError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)


def run_app(host: str, port: int, service_url: str) -> None:
    """Serves the application, its uploads in a folder of its own that goes with it.

    Raises:
        InputError: When the port is taken or the service's address is none.
    """
    if not is_web_address(service_url):
        raise InputError(
            f"the service's address is {service_url!r}; expected one like http://127.0.0.1:3000. "
            "Correct --service-url or JOBMATCH_SERVICE_URL.",
            field="service_url",
        )
    # Read by gradio when it is imported, hence before.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    signal.signal(signal.SIGTERM, _stop)
    with tempfile.TemporaryDirectory(prefix="jobmatch-app-") as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads
        from gradio_app.app import launch_app
        from gradio_app.client import HttpServiceClient

        try:
            client = HttpServiceClient(service_url)
            launch_app(client, host=host, port=port, announce=_announce)
        except OSError as error:
            raise InputError(
                f"the application cannot listen on {host}:{port} (address in use?). "
                "Choose another port with --port.",
                field="port",
            ) from error


def _announce(address: str) -> None:
    click.echo(f"JobMatch: open {address} (Ctrl+C stops it)", err=True)


def _stop(signum: int, frame: FrameType | None) -> None:
    """Turns a polite stop into the one that gradio and the clean-up understand."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
