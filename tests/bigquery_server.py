"""A BigQuery server on this machine, for tests: bqemulator in a process of its own.

What it lacks of the service (as of 1.4): VECTOR_SEARCH, vector indexes, partition decorators and
the Storage API for query results. Load jobs, scripts and transactions are there.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_S = 60.0  # it takes two; a busy machine may take many


@contextmanager
def bigquery_server(home: Path) -> Iterator[str]:
    """Starts the server and yields its address; its files stay under ``home``."""
    address, log = home / "address", home / "server.log"
    # DuckDB looks for its extensions under HOME: the one that the server needs comes from PyPI.
    # It logs every query: to a file, for a pipe that nobody reads stops it when full.
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, __file__, str(address)],
            env={**os.environ, "HOME": str(home), "TMPDIR": str(home)},
            stdin=subprocess.PIPE,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_S
        while not address.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise RuntimeError(f"bqemulator did not start: {tail}")
            time.sleep(0.05)
        yield address.read_text(encoding="utf-8")
    finally:
        # It lives as long as its standard input, so that it never outlives the tests.
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _serve(address: Path) -> None:
    from bqemulator.config import PersistenceMode, Settings
    from bqemulator.server import EmulatorServer

    settings = Settings(
        persistence_mode=PersistenceMode.EPHEMERAL,
        rest_port=0,
        grpc_port=0,
        enable_format_extensions=False,
        upload_staging_dir=address.parent / "uploads",
    )
    server = EmulatorServer(settings)
    await server.start()
    staged = address.with_suffix(".part")
    staged.write_text(server.rest_url, encoding="utf-8")
    staged.rename(address)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.stop()


def _main() -> None:
    from duckdb_extensions import import_extension

    import_extension("spatial")
    asyncio.run(_serve(Path(sys.argv[1])))


if __name__ == "__main__":
    _main()
