"""The mapping file: strict about names, helpful about mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.config import load_config
from jobmatch_ml.errors import ConfigError
from jobmatch_ml.interactions.log import INTERACTION_SCHEMA
from jobmatch_ml.interactions.mapping import INTERACTION_KINDS, ImportMapping
from tests.company_table import write_mapping


def test_the_companys_mapping_is_read(tmp_path: Path) -> None:
    mapping = load_config(ImportMapping, write_mapping(tmp_path / "mapping.yaml"))
    assert mapping.columns["user"] == "candidat"
    assert mapping.values["surface"]["accueil"] == "top_offers"
    assert mapping.applications.columns == {}


def test_every_column_of_the_schema_has_a_kind() -> None:
    assert list(INTERACTION_KINDS) == INTERACTION_SCHEMA.names
    kinds = {name: INTERACTION_KINDS[name] for name in ("position", "saved", "shown_at", "user")}
    assert list(kinds.values()) == ["whole number", "yes or no", "time", "text"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns: {usr: person}", "unknown column of interactions 'usr'. Did you mean 'user'"),
        ("constants: {surfaces: search}", "Did you mean 'surface'"),
        ("applications: {columns: {stats: etat}}", "column of applications 'stats'. Did you mean"),
        ("time_zone: Paris", "expected the name of a zone, such as Europe/Paris"),
        ("time_zone: ../../etc/passwd", "expected the name of a zone"),
        ("colums: {}", "Did you mean 'columns'"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(ImportMapping, path)
    assert message in str(caught.value)
