"""How every command prints: a table for people, ``--json`` for programs. Results go to stdout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import orjson
from tabulate import tabulate

from jobmatch_ml.files import write_bytes

FuncT = TypeVar("FuncT", bound=Callable[..., Any])


def json_option(function: FuncT) -> FuncT:
    """Adds ``--json`` to a command as the keyword ``as_json``."""
    option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    return option(function)


def set_option(function: FuncT) -> FuncT:
    """Adds the repeatable ``--set a.b=value`` to a command as the keyword ``overrides``."""
    option = click.option(
        "--set", "overrides", multiple=True, metavar="A.B=VALUE", help="Override a config value."
    )
    return option(function)


def echo_json(value: Any) -> None:
    """Prints a value as indented JSON; numpy numbers, dates and dataclasses are understood."""
    click.echo(_json_bytes(value).decode())


def save_json(value: Any, path: Path) -> None:
    """Writes to a file, atomically, what :func:`echo_json` prints."""
    write_bytes(path, [_json_bytes(value), b"\n"])


def _json_bytes(value: Any) -> bytes:
    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(value, option=options, default=str)


def echo_table(rows: Sequence[Mapping[str, Any]], *, title: str | None = None) -> None:
    """Prints rows of equal keys as a plain table under an optional title."""
    if title:
        click.echo(f"\n{title}")
    click.echo(tabulate(rows, headers="keys", tablefmt="github", floatfmt=".3f"))


def shorten(value: Any, *, width: int = 80) -> str:
    """Returns a value as text for a table cell: numbers to six digits, long texts cut."""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= width else f"{text[: width - 1]}…"
