"""``jobmatch world build`` writes a world and says what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.world import world
from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.settings import get_settings
from jobmatch_ml.world.files import MANIFEST
from tests.tiny_classifications import write_rome

SMALL = ["--set", "n_offers=40", "--set", "n_candidates=6", "--set", "n_pdf=0", "--set", "n_docx=0"]


def test_a_world_is_built_where_it_is_named_or_in_the_data_folder(
    project_root: Path, tmp_path: Path
) -> None:
    config = str(project_root / "configs" / "world" / "toy.yaml")
    arguments = ["build", "--config", config, *SMALL]
    named = CliRunner().invoke(
        world, [*arguments, "--out", str(tmp_path / "w"), "--json"], catch_exceptions=False
    )
    answer = orjson.loads(named.stdout)
    assert (answer["out"], answer["counts"]["offers"]) == (str(tmp_path / "w"), 40)
    assert (tmp_path / "w" / MANIFEST).exists()
    default = CliRunner().invoke(world, arguments, catch_exceptions=False)
    assert (get_settings().data / "world" / "toy" / MANIFEST).exists()
    assert "candidates" in default.stdout


def test_a_world_on_other_offers_never_replaces_the_plain_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []

    def stop(config: object, folder: Path, **options: object) -> None:
        built.append(folder)
        raise RuntimeError("far enough")

    monkeypatch.setattr("jobmatch_ml.world.build_world", stop)
    monkeypatch.setattr("jobmatch_ml.cli.world._real_offers", lambda *args, **options: None)
    CliRunner().invoke(world, ["build", "--config", "configs/world/toy.yaml"])
    CliRunner().invoke(
        world, ["build", "--config", "configs/world/toy.yaml", "--offers", str(tmp_path)]
    )
    assert [folder.name for folder in built] == ["toy", "toy-offers"]


TITLES = {"J1501": "Aide-soignant (H/F)", "J1506": "Infirmier de bloc H/F", "M1805": "Développeur"}


def write_offers(path: Path, *, count: int = 24) -> Path:
    """Writes hand-made offers in the API's form, one of them twice and one that is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    codes = list(TITLES)
    records: list[dict[str, Any]] = [
        {
            "id": f"19{number:04}X",
            "intitule": TITLES[codes[number % 3]],
            "description": f"Établissement numéro {number} : constates d'un patient, équipe unie.",
            "dateCreation": f"2024-03-{1 + number:02}T08:00:00.000Z",
            "romeCode": codes[number % 3],
            "typeContrat": "CDI" if number % 2 else "CDD",
            "lieuTravail": {"libelle": "69 - LYON 03", "codePostal": "69003"},
        }
        for number in range(count)
    ]
    records += [records[0], {"intitule": "sans identifiant"}]
    path.write_bytes(orjson.dumps({"resultats": records}))
    return path


def build_on(tmp_path: Path, name: str, *arguments: str) -> Any:
    config = tmp_path / "config.yaml"
    config.write_text("{name: real, days: 20, n_candidates: 12, n_pdf: 0, n_docx: 0}")
    command = ["build", "--config", str(config), "--out", str(tmp_path / name), *arguments]
    return CliRunner().invoke(world, [*command, "--json"])


def test_people_are_simulated_over_real_offers_with_the_official_occupations(
    tmp_path: Path,
) -> None:
    rome = ("--rome", str(write_rome(tmp_path / "rome")))
    offers = ("--offers", str(write_offers(tmp_path / "offers" / "day.json")))
    result = build_on(tmp_path, "w", *rome, *offers)
    assert result.exit_code == 0, result.output
    answer = orjson.loads(result.stdout)
    read = answer["real_offers"]
    assert (read["read"], read["used"]) == (26, 24)
    assert (read["left out: id seen before"], read["left out: not an offer"]) == (1, 1)
    assert answer["counts"]["offers"] == 24
    assert answer["counts"]["impressions"] > 0
    assert answer["counts"]["relevant_pairs"] > 0
    folder = tmp_path / "w"
    files = sorted((folder / "bronze").rglob("*.json"))
    shown = [record for file in files for record in orjson.loads(file.read_bytes())["resultats"]]
    assert {record["id"] for record in shown} == {f"19{number:04}X" for number in range(24)}
    again = build_on(tmp_path, "again", *rome, *offers)
    assert orjson.loads(again.stdout)["files"] == answer["files"]
    assert orjson.loads(again.stdout)["truth_files"] == answer["truth_files"]


def test_offers_that_make_no_world_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    few = write_offers(tmp_path / "few" / "day.json", count=3)
    garbage = tmp_path / "garbage.json"
    garbage.write_bytes(b"\x00\xff not JSON {")
    (tmp_path / "empty").mkdir()
    for offers, message in (
        (few, "3 usable offers"),
        (garbage, "usable offers"),
        (tmp_path / "empty", "empty"),
        (tmp_path / "nowhere", "nowhere does not exist"),
    ):
        result = build_on(tmp_path, "w", "--offers", str(offers))
        assert result.exit_code != 0, offers
        assert isinstance(result.exception, JobMatchError), (offers, result.exception)
        assert message in str(result.exception), (offers, result.exception)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"config.yaml", "few", "garbage.json", "empty"}


def test_a_folder_that_is_no_classification_is_refused(tmp_path: Path) -> None:
    rome = write_rome(tmp_path / "rome")
    (rome / "unix_item_v460_utf8.csv").unlink()
    result = build_on(tmp_path, "w", "--rome", str(rome))
    assert isinstance(result.exception, JobMatchError)
    assert "unix_item_v460_utf8.csv: not there" in str(result.exception)
    assert not (tmp_path / "w").exists()
