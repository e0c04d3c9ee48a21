"""Configuration: precedence, and errors that name the line, the value and the nearest key."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from jobmatch_ml.config import StrictModel, config_hash, load_config, parse_overrides
from jobmatch_ml.errors import ConfigError, MissingFileError


class Inner(StrictModel):
    learning_rate: float = Field(0.1, gt=0, le=1)
    names: tuple[str, ...] = ()


class Outer(StrictModel):
    seed: int = Field(0, ge=0)
    inner: Inner = Inner()


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_then_file_then_override(tmp_path: Path) -> None:
    path = write(tmp_path, "seed: 1\ninner: {learning_rate: 0.5}\n")
    assert load_config(Outer).seed == 0
    assert load_config(Outer, path).inner.learning_rate == 0.5
    chosen = load_config(Outer, path, overrides=["inner.learning_rate=0.25", "inner.names=[a, b]"])
    assert (chosen.seed, chosen.inner.learning_rate, chosen.inner.names) == (1, 0.25, ("a", "b"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sed: 1\n", r"line 1: unknown key 'sed'. Did you mean 'seed'"),
        ("seed: 1\ninner:\n  lerning_rate: 2\n", r"line 3: unknown key 'lerning_rate'"),
        ("seed: 0\ninner:\n  learning_rate: 2\n", r"line 3: `inner.learning_rate` is 2; .*less"),
        ("seed: x\n", r"`seed` is 'x'; .*integer"),
        ("- a\n", r"expected `key: value` lines, found a list"),
        ("seed: [1\n", r"line 2: not valid YAML"),
    ],
)
def test_an_error_names_place_value_and_remedy(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(Outer, write(tmp_path, text))


def test_all_problems_come_in_one_message(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"line 1.*; line 2"):
        load_config(Outer, write(tmp_path, "seed: -1\nother: 1\n"))


def test_a_missing_file_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="does not exist; `ls configs`"):
        load_config(Outer, tmp_path / "none.yaml")


def test_a_folder_is_not_a_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a UTF-8 YAML file"):
        load_config(Outer, tmp_path)


@pytest.mark.parametrize("item", ["seed", "=1", "a=[1"])
def test_a_broken_override_is_refused(item: str) -> None:
    with pytest.raises(ConfigError, match="--set"):
        parse_overrides([item])


def test_an_override_below_a_single_value_is_refused() -> None:
    with pytest.raises(ConfigError, match="single value"):
        load_config(Outer, overrides=["seed=1", "seed.x=2"])


def test_the_hash_sees_values_and_not_their_order() -> None:
    assert config_hash({"a": 1, "b": 2}) == config_hash({"b": 2, "a": 1})
    assert config_hash(Outer(seed=1)) != config_hash(Outer(seed=2))
