"""References in a pipeline's parameters: ``${config.a.b}`` and ``${stage.record}``.

Everything that can be known before the first notebook starts is checked before: a wrong name must
not cost the hour that the stages before it take.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import ConfigError, JobMatchError, suggest, summarise
from jobmatch_ml.notebook.parameters import Parameter, fit, notebook_parameters
from jobmatch_ml.notebook.source import Notebook, load_notebook
from jobmatch_ml.pipeline.spec import CONFIG, PipelineSpec, StageSpec

# Given by the runner to every notebook that declares them; neither is part of a stage's key.
RUN_DIR, PARENT_RUN = "run_dir", "parent_run_id"
_REFERENCE = re.compile(r"\$\{([a-z][a-z0-9_]*)\.([A-Za-z0-9_][\w.@/-]*)\}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that stands elsewhere: in the configuration, or in a stage's records."""

    source: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return "${" + ".".join((self.source, *self.path)) + "}"


def parse_reference(value: Any) -> Reference | None:
    """Reads a reference; ``None`` for a literal.

    Raises:
        ConfigError: A text with ``${`` in it that is not one whole reference.
    """
    if not isinstance(value, str) or "${" not in value:
        return None
    found = _REFERENCE.fullmatch(value)
    if found is None:
        raise ConfigError(
            f"{value!r} is not a reference; expected the whole value to be ${{config.a.b}} or "
            "${stage.record}"
        )
    return Reference(found[1], tuple(found[2].split(".")))


def resolve(
    stage: StageSpec, config: Mapping[str, Any], records: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Returns a stage's parameters with every reference replaced by its value.

    Args:
        stage: The stage.
        config: Values of the configuration.
        records: What each earlier stage recorded.

    Raises:
        ConfigError: A key that is not there, with the nearest one that is.
    """
    resolved = {}
    for name, value in stage.parameters.items():
        reference = parse_reference(value)
        where = f"stage {stage.name}, parameter `{name}`"
        if reference is None:
            resolved[name] = value
        elif reference.source == CONFIG:
            resolved[name] = _look_up(config, reference, where, kind="configuration key")
        else:
            resolved[name] = _look_up(records[reference.source], reference, where, kind="record")
    return resolved


def check_pipeline(spec: PipelineSpec, config: Mapping[str, Any], *, root: Path) -> None:
    """Checks a whole pipeline before anything runs.

    Notebooks exist and are sound; parameters are declared there and of the right type; references
    lead to the configuration or to a record of an earlier stage.

    Raises:
        ConfigError: Every problem in one message.
    """
    problems: list[str] = []
    notebooks: dict[str, Notebook] = {}
    for stage in spec.stages:
        try:
            notebook = load_notebook(root / stage.notebook)
            declared = notebook_parameters(notebook)
        except JobMatchError as error:
            problems.append(f"stage {stage.name}: {error}")
            continue
        found = _stage_problems(stage, declared, config, _Scope(spec, stage, notebooks))
        problems += [f"stage {stage.name}: {problem}" for problem in found]
        notebooks[stage.name] = notebook
    if problems:
        raise ConfigError(f"pipeline {spec.name}: {summarise(problems)}", field="stages")


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a stage may refer to: the stages before it, and what their notebooks record."""

    spec: PipelineSpec
    stage: StageSpec
    notebooks: Mapping[str, Notebook]

    def problem(self, reference: Reference) -> str | None:
        names = [stage.name for stage in self.spec.stages]
        if reference.source not in names:
            return suggest(reference.source, [CONFIG, *names], kind="stage")
        if names.index(reference.source) >= names.index(self.stage.name):
            return f"{reference} refers to a stage that does not run before this one"
        if reference.source not in self.notebooks:
            return None  # that stage's notebook could not be read, which was said already
        recorded = recorded_names(self.notebooks[reference.source])
        if recorded is None or reference.path[0] in recorded:
            return None
        return f"{reference}: " + suggest(reference.path[0], recorded, kind="record")


def recorded_names(notebook: Notebook) -> set[str] | None:
    """Returns the names that a notebook's ``record(...)`` calls spell out.

    ``None`` when a call passes ``**values``: then the names are known only when it has run.
    """
    names: set[str] = set()
    for cell in notebook.code_cells:
        for node in ast.walk(ast.parse(cell.text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                if any(keyword.arg is None for keyword in node.keywords):
                    return None
                names |= {keyword.arg for keyword in node.keywords if keyword.arg}
    return names


def _stage_problems(
    stage: StageSpec, declared: Mapping[str, Parameter], config: Mapping[str, Any], scope: _Scope
) -> list[str]:
    unknown = [name for name in stage.inputs if name not in declared]
    problems = [suggest(name, declared, kind="input parameter") for name in unknown]
    for name, value in stage.parameters.items():
        if name in (RUN_DIR, PARENT_RUN):
            problems.append(f"`{name}` is given by the runner; remove it")
        elif name not in declared:
            problems.append(suggest(name, declared, kind="parameter"))
        else:
            problem = _value_problem(declared[name], value, config, scope)
            problems += [problem] if problem else []
    return problems


def _value_problem(
    parameter: Parameter, value: Any, config: Mapping[str, Any], scope: _Scope
) -> str | None:
    where = f"parameter `{parameter.name}`"
    try:
        reference = parse_reference(value)
        if reference is not None and reference.source != CONFIG:
            problem = scope.problem(reference)
            return f"{where}: {problem}" if problem else None
        if reference is not None:
            value = _look_up(config, reference, where, kind="configuration key")
        fit(parameter.annotation, value)
    except ConfigError as error:
        return str(error)
    except ValueError as error:
        return f"{where} {error}"
    return None


def _look_up(values: Mapping[str, Any], reference: Reference, where: str, *, kind: str) -> Any:
    current: Any = values
    for part in reference.path:
        if not isinstance(current, Mapping):
            raise ConfigError(f"{where}: {reference}: nothing lies below a single value")
        if part not in current:
            raise ConfigError(f"{where}: {reference}: {suggest(part, current, kind=kind)}")
        current = current[part]
    return current
