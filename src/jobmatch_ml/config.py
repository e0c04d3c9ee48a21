"""Experiments: YAML files in ``configs/`` read into frozen, strict pydantic models.

Precedence: the model's default < the YAML file < ``--set a.b=value``. Unknown keys are refused with
the nearest known one; errors name the file, the line and the value. No environment variable is read
here (:mod:`jobmatch_ml.settings` does that), so a configuration's hash says all about it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from jobmatch_ml.errors import ConfigError, MissingFileError, suggest, summarise


class StrictModel(BaseModel):
    """Base of every configuration: frozen, unknown keys refused, defaults checked too."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


ModelT = TypeVar("ModelT", bound=BaseModel)


def load_config(
    model: type[ModelT], path: Path | None = None, *, overrides: Sequence[str] = ()
) -> ModelT:
    """Reads a YAML file into a configuration model.

    Args:
        model: The pydantic model to fill.
        path: YAML file; ``None`` means the model's defaults.
        overrides: ``a.b=value`` assignments that win over the file; values are read as YAML.

    Raises:
        MissingFileError: The file is not there.
        ConfigError: Broken YAML, an unknown key or a bad value; all problems in one message.
    """
    text = _read(path) if path else ""
    source = str(path) if path else "defaults"
    values = _parse(text, source)
    for dotted, value in parse_overrides(overrides).items():
        _assign(values, dotted, value)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        lines = _line_numbers(text)
        problems = [_explain(model, item, lines) for item in error.errors()]
        raise ConfigError(f"{source}: {summarise(problems)}", field=_dotted(error)) from error


def parse_overrides(overrides: Iterable[str]) -> dict[str, Any]:
    """Reads ``a.b=value`` assignments; values are YAML scalars or lists.

    Example:
        >>> parse_overrides(["seed=2", "split.test_days=7", "name=x"])
        {'seed': 2, 'split.test_days': 7, 'name': 'x'}
    """
    values: dict[str, Any] = {}
    for item in overrides:
        key, sign, raw = item.partition("=")
        if not sign or not key.strip():
            raise ConfigError(f"--set {item!r}: expected key=value, such as seed=2", field="set")
        try:
            values[key.strip()] = yaml.safe_load(raw)
        except yaml.YAMLError as error:
            raise ConfigError(f"--set {item!r}: {raw!r} is not a YAML value", field=key) from error
    return values


def config_hash(config: BaseModel | Mapping[str, Any]) -> str:
    """Returns the SHA-256 of a configuration's values, whatever the order of its keys."""
    values = config.model_dump(mode="json") if isinstance(config, BaseModel) else dict(config)
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise MissingFileError(
            f"configuration file {path} does not exist; `ls configs` shows those that do"
        ) from error
    except (IsADirectoryError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: expected a UTF-8 YAML file") from error


def _parse(text: str, source: str) -> dict[str, Any]:
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{source}{where}: not valid YAML") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(f"{source}: expected `key: value` lines, found a {type(values).__name__}")
    return values


def _assign(values: dict[str, Any], dotted: str, value: Any) -> None:
    *parents, last = dotted.split(".")
    for parent in parents:
        child = values.setdefault(parent, {})
        if not isinstance(child, dict):
            raise ConfigError(f"--set {dotted}: `{parent}` is a single value, it has no keys")
        values = child
    values[last] = value


def _line_numbers(text: str) -> dict[tuple[str, ...], int]:
    """Maps each key's path in a YAML text to its 1-based line."""
    lines: dict[tuple[str, ...], int] = {}

    def walk(node: yaml.Node | None, path: tuple[str, ...]) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                lines[(*path, str(key.value))] = key.start_mark.line + 1
                walk(value, (*path, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                lines[(*path, str(position))] = item.start_mark.line + 1
                walk(item, (*path, str(position)))

    walk(yaml.compose(text) if text else None, ())
    return lines


def _explain(
    model: type[BaseModel], item: ErrorDetails, lines: Mapping[tuple[str, ...], int]
) -> str:
    location = tuple(str(part) for part in item["loc"])
    where = f"line {lines[location]}: " if location in lines else ""
    if item["type"] == "extra_forbidden":
        siblings = _fields_at(model, location[:-1])
        return where + suggest(location[-1], siblings, kind="key")
    return f"{where}`{'.'.join(location)}` is {item['input']!r}; {item['msg']}"


def _fields_at(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    current: Any = model
    for part in path:
        field = getattr(current, "model_fields", {}).get(part)
        current = field.annotation if field else None
    return list(getattr(current, "model_fields", {}))


def _dotted(error: ValidationError) -> str:
    return ".".join(str(part) for part in error.errors()[0]["loc"])
