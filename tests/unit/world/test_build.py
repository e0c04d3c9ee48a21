"""A small world from end to end: files, shapes, determinism, and what the log may say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.config import load_config
from jobmatch_ml.errors import ConfigError, InputError
from jobmatch_ml.interactions.log import read_interactions
from jobmatch_ml.types import Document, Query, Run
from jobmatch_ml.world import WorldConfig, WorldManifest, build_world
from jobmatch_ml.world.config import PolicyMixture
from jobmatch_ml.world.files import RowGroups, checksums

CONFIG = WorldConfig(
    name="tiny",
    days=60,
    n_offers=120,
    n_candidates=20,
    requests_per_candidate=8,
    occupations=("J1501", "J1506", "K1302", "M1805"),
    n_pdf=1,
    n_docx=1,
    policy=PolicyMixture(platform=0.4, ranker=0.2, popularity=0.1, explore=0.3),
)


class WordOverlap:
    """Ranks by the number of shared words; enough of a ranker for a logging policy."""

    name = "overlap"

    def index(self, documents: list[Document]) -> None:
        self.words = {item.doc_id: set(f"{item.title} {item.text}".split()) for item in documents}

    def rank(self, queries: list[Query], *, top_k: int) -> Run:
        run: Run = {}
        for query in queries:
            words = set(query.text.split())
            scores = {doc_id: float(len(words & own)) for doc_id, own in self.words.items()}
            best = sorted(scores, key=lambda doc_id: (-scores[doc_id], doc_id))[:top_k]
            run[query.query_id] = {doc_id: scores[doc_id] for doc_id in best}
        return run


RANKED = {"policy_ranker": WordOverlap()}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WorldManifest]:
    folder = tmp_path_factory.mktemp("worlds") / "tiny"
    return folder, build_world(CONFIG, folder, **RANKED)


def read_offers(folder: Path) -> list[dict[str, Any]]:
    return [
        offer
        for path in sorted(folder.glob("bronze/france_travail/offers/*/offer_*.json"))
        for offer in json.loads(path.read_text(encoding="utf-8"))["resultats"]
    ]


def test_the_folder_has_the_agreed_layout(world: tuple[Path, WorldManifest]) -> None:
    folder, manifest = world
    assert {path.name for path in folder.iterdir()} == {
        "world.json",
        "bronze",
        "candidates.jsonl",
        "interactions.parquet",
        "cvs",
        "truth",
    }
    for path in folder.glob("bronze/france_travail/offers/*/*"):
        day = path.parent.name.removeprefix("ingestion_date=")
        assert path.name == f"offer_{day}.json"
    assert {path.name for path in (folder / "cvs").iterdir()} == {"c00001.pdf", "c00002.docx"}
    assert manifest.counts["offers"] == 120
    assert manifest.counts["candidates"] == 20


def test_the_manifest_lists_every_file_with_its_checksum_and_the_truth_apart(
    world: tuple[Path, WorldManifest],
) -> None:
    folder, manifest = world
    listed = dict(manifest.files) | dict(manifest.truth_files)
    assert listed == {k: v for k, v in checksums(folder).items() if k != "world.json"}
    parts = ("candidates", "impressions", "offers", "propensities")
    names = {"truth/qrels.tsv", *(f"truth/{part}.parquet" for part in parts)}
    assert set(manifest.truth_files) == names
    assert manifest.policy_ranker == "overlap-1"
    assert json.loads((folder / "world.json").read_text(encoding="utf-8"))["seed"] == 1


def test_the_same_seed_gives_the_same_bytes_by_one_or_two_workers_and_another_seed_does_not(
    world: tuple[Path, WorldManifest], tmp_path: Path
) -> None:
    folder, manifest = world
    build_world(CONFIG, tmp_path / "again", **RANKED, workers=2)
    assert checksums(tmp_path / "again") == checksums(folder)
    other = CONFIG.model_copy(update={"seed": 2})
    moved = build_world(other, tmp_path / "other", **RANKED)
    same = [path for path, value in moved.files.items() if manifest.files.get(path) == value]
    assert not same
    assert moved.truth_files["truth/qrels.tsv"] != manifest.truth_files["truth/qrels.tsv"]


def test_events_follow_the_impression_and_the_funnel_only_narrows(
    world: tuple[Path, WorldManifest],
) -> None:
    log = read_interactions(world[0] / "interactions.parquet")  # checks events and positions
    for row in log.to_pylist():
        assert row["viewed"] or not (row["saved"] or row["applied"])
        assert row["applied"] or not row["got_interview"]
        assert row["got_interview"] or not row["got_hired"]
        for flag, moment in (("viewed", "viewed_at"), ("applied", "applied_at")):
            assert row[flag] == (row[moment] is not None)
        assert (row["match_score"] is None) == (row["policy"] == "explore")


def test_only_recent_outcomes_are_unknown(world: tuple[Path, WorldManifest]) -> None:
    rows = read_interactions(world[0] / "interactions.parquet").to_pylist()
    end = datetime.combine(CONFIG.start_date, datetime.min.time(), tzinfo=UTC)
    end += timedelta(days=CONFIG.days)
    rates = CONFIG.behaviour
    unknown = [row for row in rows if row["got_interview"] is None or row["got_hired"] is None]
    assert unknown
    for row in unknown:
        since = row["interview_at"] or row["applied_at"] or row["shown_at"]
        longest = rates.answer_window_days if row["applied"] else rates.apply_window_days
        assert end - since <= timedelta(days=longest)
    assert all(row["shown_at"] < end for row in rows)
    fresh = timedelta(days=rates.apply_window_days)
    open_ones = [row for row in rows if not row["applied"] and end - row["shown_at"] < fresh]
    assert open_ones
    assert all(row["got_interview"] is None and row["got_hired"] is None for row in open_ones)


def test_a_slate_shows_live_offers_once_at_positions_from_one(
    world: tuple[Path, WorldManifest],
) -> None:
    rows = read_interactions(world[0] / "interactions.parquet").to_pylist()
    created = {
        offer["id"]: datetime.strptime(offer["dateCreation"], "%Y-%m-%dT%H:%M:%S.%f%z")
        for offer in read_offers(world[0])
    }
    slates: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        slates.setdefault(row["request_id"], []).append(row)
        age = row["shown_at"] - created[row["offer_external_id"]]
        assert timedelta(0) < age < timedelta(days=30)
    for slate in slates.values():
        assert [row["position"] for row in slate] == list(range(1, len(slate) + 1))
        assert len({row["offer_external_id"] for row in slate}) == len(slate)
        assert {row["slate_size"] for row in slate} == {len(slate)}


def test_the_truth_is_in_beir_form_and_better_offers_are_taken_more(
    world: tuple[Path, WorldManifest],
) -> None:
    header, *lines = (world[0] / "truth" / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    assert header == "query-id\tcorpus-id\tscore"
    truth = {(q, d): int(s) for q, d, s in (line.split("\t") for line in lines)}
    assert set(truth.values()) == {1, 2, 3, 4}
    taken: dict[bool, list[bool]] = {True: [], False: []}
    for row in read_interactions(world[0] / "interactions.parquet").to_pylist():
        relevant = truth.get((row["user"], row["offer_external_id"]), 0) >= 2
        taken[relevant].append(row["saved"] or row["applied"])
    assert sum(taken[True]) / len(taken[True]) > 5 * sum(taken[False]) / len(taken[False])
    propensities = pq.read_table(world[0] / "truth" / "propensities.parquet")
    assert propensities.column_names == ["surface", "position", "propensity"]


def test_candidates_say_what_the_files_say(world: tuple[Path, WorldManifest]) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    lines = (world[0] / "candidates.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0])
    assert list(first) == [
        "candidate_id", "title", "cv_text", "cv_file", "language", "preferences", "profiles",
    ]  # fmt: skip
    with pdfplumber.open(world[0] / "cvs" / first["cv_file"]) as document:
        words = set(document.pages[0].extract_text().casefold().split())
    expected = set(first["cv_text"].casefold().replace("\n- ", "\n• ").split())
    assert len(expected - words) <= 0.05 * len(expected)


def test_a_rebuild_replaces_the_world_and_keeps_other_files(tmp_path: Path) -> None:
    small = CONFIG.model_copy(update={"n_pdf": 0, "n_docx": 0})
    folder = tmp_path / "world"
    first = build_world(small, folder, **RANKED)
    (folder / "DATASHEET.md").write_text("kept", encoding="utf-8")
    (folder / "cvs" / "old.pdf").write_text("gone", encoding="utf-8")
    assert build_world(small, folder, **RANKED) == first
    assert (folder / "DATASHEET.md").read_text(encoding="utf-8") == "kept"
    assert not (folder / "cvs" / "old.pdf").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_a_folder_that_is_no_world_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"holds no world\.json"):
        build_world(CONFIG, tmp_path, **RANKED)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_build_that_fails_leaves_nothing_and_keeps_the_earlier_world(tmp_path: Path) -> None:
    class Broken(WordOverlap):
        def rank(self, queries: list[Query], *, top_k: int) -> Run:
            raise InputError("no ranking today")

    folder = tmp_path / "world"
    folder.mkdir()
    (folder / "world.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no ranking today"):
        build_world(CONFIG, folder, policy_ranker=Broken())
    assert [path.name for path in tmp_path.iterdir()] == ["world"]
    assert (folder / "world.json").read_text(encoding="utf-8") == "{}"


def test_the_truth_of_impressions_stands_row_by_row_beside_the_log(
    world: tuple[Path, WorldManifest],
) -> None:
    log = read_interactions(world[0] / "interactions.parquet")
    truth = pq.read_table(world[0] / "truth" / "impressions.parquet")
    assert truth["impression_id"].equals(log["impression_id"])
    rows = list(zip(log.to_pylist(), truth.to_pylist(), strict=True))
    assert all(known["examined"] or not row["viewed"] for row, known in rows)
    assert all(0 <= known["attraction"] <= 1 for _, known in rows)
    _, *lines = (world[0] / "truth" / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    grades = {(q, d): int(s) for q, d, s in (line.split("\t") for line in lines)}
    for row, known in rows:
        assert known["grade"] == grades.get((row["user"], row["offer_external_id"]), 0)


def test_hidden_facts_have_a_row_for_each_item_and_say_what_is_told(
    world: tuple[Path, WorldManifest],
) -> None:
    offers = pq.read_table(world[0] / "truth" / "offers.parquet").to_pylist()
    assert [row["offer_id"] for row in offers] == [row["id"] for row in read_offers(world[0])]
    told = {name for name in offers[0] if name.startswith("told_")}
    assert {"told_occupation", "told_place", "told_skills", "told_licence"} <= told
    assert any(row["told_salary"] for row in offers)
    assert all(set(row["told_skills"]) <= {*row["required"], *row["wished"]} for row in offers)
    people = pq.read_table(world[0] / "truth" / "candidates.parquet").to_pylist()
    assert len(people) == 20
    assert {"woman", "origin", "age", "disability", "address"} <= set(people[0])
    assert all(len(row["skills"]) == len(row["levels"]) for row in people)


def test_preferences_and_profiles_are_those_of_the_facts(
    world: tuple[Path, WorldManifest],
) -> None:
    lines = (world[0] / "candidates.jsonl").read_text(encoding="utf-8").splitlines()
    people = pq.read_table(world[0] / "truth" / "candidates.parquet").to_pylist()
    for line, facts in zip(lines, people, strict=True):
        row = json.loads(line)
        wishes = row["preferences"]
        assert row["candidate_id"] == facts["candidate_id"]
        assert wishes["contractTypes"] == sorted(facts["contracts"])
        assert (wishes["salaryMin"] or 0) == facts["salary_min"]
        assert (wishes["place"], wishes["radiusKm"]) == (facts["place"], facts["radius_km"])
        assert len(row["profiles"]) == 1 + (facts["second"] is not None)
        assert row["profiles"][0]["title"] == row["title"]


def test_a_ranker_in_the_mixture_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"policy\.ranker is 0\.2, but no text ranker"):
        build_world(CONFIG, tmp_path / "world")
    large = CONFIG.model_copy(update={"n_offers": 60_000})
    with pytest.raises(ConfigError, match="at most 50000 offers"):
        build_world(large, tmp_path / "world", **RANKED)
    assert not list(tmp_path.iterdir())


def test_the_truth_is_written_for_evenly_spaced_candidates(tmp_path: Path) -> None:
    few = CONFIG.model_copy(
        update={"truth_candidates": 4, "n_pdf": 0, "n_docx": 0, "policy": PolicyMixture()}
    )
    build_world(few, tmp_path / "world")
    _, *lines = (tmp_path / "world/truth/qrels.tsv").read_text(encoding="utf-8").splitlines()
    people = {line.split("\t")[0] for line in lines}
    assert people <= {"c00001", "c00006", "c00011", "c00016"}


def test_parquet_is_written_in_groups_that_do_not_depend_on_the_parts(tmp_path: Path) -> None:
    schema = pa.schema([pa.field("n", pa.int64())])
    table = pa.table({"n": list(range(2500))}, schema=schema)
    for name, step in (("a", 7), ("b", 999)):
        with RowGroups(tmp_path / name, schema, rows=1000) as file:
            for start in range(0, 2500, step):
                file.write(table.slice(start, step))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    found = pq.ParquetFile(tmp_path / "a").metadata
    assert [found.row_group(n).num_rows for n in range(3)] == [1000, 1000, 500]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("policy.explore=0.9", "platform + ranker + popularity + explore is 1.5; expected 1"),
        ("policy.swap_share=2", "less than or equal to 1"),
        ("candidates.origin_shares={french: 1.0}", "origin_shares needs a share of each of"),
        ("behaviour.recruiter_bias={colour: {red: 0.5}}", "unknown attribute 'colour'"),
        ("behaviour.recruiter_bias={gender: {women: 0.5}}", "Did you mean 'woman'"),
        ("behaviour.recruiter_bias={gender: {woman: -1}}", "greater than or equal to 0"),
        ("behaviour.interview_delay_days=0", "greater than 0"),
        ("n_offers=0", "greater than or equal to 20"),
        ("behaviour.view=[0,0,0,0,1.2]", "less than or equal to 1"),
        ("occupations=[J1501, J1501]", "an occupation is named twice"),
        ("n_pdf=500", "n_pdf + n_docx must not exceed n_candidates"),
        ("offers.max_length=200", "min_length must not exceed max_length"),
        ("nofers=3", "Did you mean 'n_offers'"),
        ("start_date=9999-12-01", "less than or equal to 2100"),
        ("start_date=0001-01-02", "greater than or equal to 2000"),
        ("behaviour.apply_window_days=.inf", "less than or equal to 365"),
        ("activity_days=99999999999", "less than or equal to 730"),
        ("offers.tasks=[1, 99999]", "tasks must be two counts in 1..20"),
        ("policy.platform=.nan", "`policy.platform` is nan"),
    ],
)
def test_an_impossible_configuration_is_refused(override: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(WorldConfig, overrides=[override])
    assert message in str(caught.value)
