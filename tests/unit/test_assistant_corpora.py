"""The assistant's frozen test corpora are what their README says, and consistent in themselves."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).parents[1] / "corpora" / "assistant"
COUNTS = {
    "candidates": 36,
    "texts": 156,
    "planted_by_hand": 427,
    "planted": 1000,
    "paraphrases": 500,
    "star_dialogues": 30,
    "attacks": 100,
    "offers": 40,
}
KINDS = {
    "number",
    "employer",
    "date",
    "skill",
    "title",
    "degree",
    "certification",
    "team_size",
    "tool",
    "language",
    "seniority",
}
PHASES = ["choose", "situation", "task", "action", "result", "create"]
FOLLOW_UPS = {"precision", "first_person", "figure", "result", "refocus", "french", None}
# The rules that the STAR coach keeps, each with a dialogue of its own.
STAR_RULES = {
    "first_message_presents_coach_and_steps",
    "choose_an_experience_first",
    "phases_in_order",
    "one_phase_at_a_time",
    "next_phase_never_named",
    "one_question_per_message",
    "two_to_four_sentences",
    "vague_answer_gets_precision",
    "je_rather_than_nous",
    "figures_asked_for",
    "figures_never_invented",
    "missing_result_is_asked",
    "marker_and_json_at_the_end",
    "created_without_a_second_call",
}

# Words or years that the data does say, though about something else: hard, and planted on purpose.
SAID_OF_SOMETHING_ELSE = {"p0039", "p0192", "p0290", "p0397", "p0424"}


@cache
def _records(name: str) -> list[dict[str, Any]]:
    lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_planted", HERE / "make_planted.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _candidate_ids() -> set[str]:
    return {record["id"] for record in _records("candidates")}


@pytest.mark.parametrize("name", COUNTS)
def test_a_corpus_is_frozen_at_the_sum_of_its_readme(name: str) -> None:
    data = (HERE / f"{name}.jsonl").read_bytes()
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{name}\.jsonl` \| (\d+) \|.*\| ([0-9a-f]{{64}}) \|$", readme, re.M)
    assert row is not None
    assert row[2] == hashlib.sha256(data).hexdigest()
    assert int(row[1]) == COUNTS[name] == len(_records(name))
    assert len(data) < 450_000


@pytest.mark.parametrize("name", [name for name in COUNTS if name != "planted_by_hand"])
def test_ids_are_unique(name: str) -> None:
    ids = [record["id"] for record in _records(name)]
    assert len(set(ids)) == len(ids)


def test_candidates_have_every_field_of_the_contract_and_are_invented() -> None:
    for record in _records("candidates"):
        candidate = record["candidate"]
        assert set(candidate) == {
            *("first_name", "last_name", "email", "phone", "location", "experiences", "education"),
            *("skills", "professional_successes", "certifications", "languages", "interests"),
            "social_links",
        }
        assert re.fullmatch(r"[a-z.-]+@example\.org", candidate["email"])
        assert re.fullmatch(r"06 39 98 \d\d \d\d", candidate["phone"])
        assert len(candidate["experiences"]) >= 2
        for experience in candidate["experiences"]:
            assert re.fullmatch(r"\d{4}-\d\d", experience["start"])
            assert re.fullmatch(r"\d{4}-\d\d|present", experience["end"])
            assert experience["start"] < experience["end"]
            assert experience["bullets"]


def test_spans_of_the_texts_are_where_they_say() -> None:
    for text in _records("texts"):
        assert text["candidate_id"] in _candidate_ids()
        assert text["spans"]
        end = 0
        for span in text["spans"]:
            assert span["kind"] in KINDS
            assert end <= span["start"] < span["end"]
            assert text["text"][span["start"] : span["end"]] == span["text"]
            end = span["end"]


def test_years_and_figures_of_the_texts_come_from_the_candidate() -> None:
    data = {
        record["id"]: json.dumps(record, ensure_ascii=False) for record in _records("candidates")
    }
    gained = {"t151": "600"}  # 1,7 - 1,1 million
    for text in _records("texts"):
        for figure in re.findall(r"\d+(?:,\d+)?", text["text"]):
            assert figure in data[text["candidate_id"]] or gained.get(text["id"]) == figure


def test_a_planted_text_is_its_true_text_but_for_the_span() -> None:
    texts = {text["id"]: text for text in _records("texts")}
    for item in _records("planted"):
        true, start, end = texts[item["text_id"]], item["start"], item["end"]
        assert item["candidate_id"] == true["candidate_id"]
        assert item["text"][start:end] == item["changed"]
        assert item["changed"] != item["original"]
        back = item["text"][:start] + item["original"] + item["text"][end:]
        assert back == true["text"]


def test_planted_claims_are_many_of_each_kind_and_never_twice_the_same() -> None:
    planted = _records("planted")
    assert len({item["text"] for item in planted}) == len(planted)
    kinds = Counter(item["kind"] for item in planted)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 30
    assert Counter(item["by"] for item in planted)["hand"] >= 300


def test_what_was_planted_is_not_in_the_data() -> None:
    maker = _maker()
    known = {record["id"]: maker.Known(record) for record in _records("candidates")}
    by_value = {"number", "team_size", "seniority", "language", "date"}
    for item in _records("planted"):
        about = known[item["candidate_id"]]
        if item["kind"] in by_value or len(item["changed"]) < 4:
            continue
        said = about.says(item["changed"])
        assert not said or item["id"] in SAID_OF_SOMETHING_ELSE, item["id"]


def test_planted_years_are_none_of_the_candidates_years() -> None:
    maker = _maker()
    known = {record["id"]: maker.Known(record) for record in _records("candidates")}
    for item in _records("planted"):
        year = re.search(r"\d{4}", item["changed"])
        month_alone = item["kind"] == "date" and year and year[0] in item["original"]
        if item["kind"] == "date" and year and not month_alone:
            said = float(year[0]) in known[item["candidate_id"]].years
            assert not said or item["id"] in SAID_OF_SOMETHING_ELSE, item["id"]


def test_the_script_makes_the_same_planted_claims_again() -> None:
    assert _maker().make() == _records("planted")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (21, "vingt et un"),
        (71, "soixante et onze"),
        (80, "quatre-vingts"),
        (91, "quatre-vingt-onze"),
        (200, "deux cents"),
        (250, "deux cent cinquante"),
    ],
)
def test_numbers_are_spelt_in_french(value: int, expected: str) -> None:
    assert _maker().words(value) == expected


def test_paraphrases_are_varied_and_know_their_offers() -> None:
    offers = {offer["id"]: offer["job_offer"] for offer in _records("offers")}
    paraphrases = _records("paraphrases")
    assert len({item["text"] for item in paraphrases}) == len(paraphrases)
    starts = Counter(" ".join(item["text"].split()[:3]) for item in paraphrases)
    assert max(starts.values()) <= 10
    kinds = Counter(item["kind"] for item in paraphrases)
    assert min(kinds["claim"], kinds["motivation"], kinds["offer"]) >= 40
    for item in paraphrases:
        assert item["candidate_id"] in _candidate_ids()
        assert (item["offer"] is not None) == (item["kind"] == "offer")
        if item["offer"]:
            offer = offers[item["offer"]["id"]]
            assert item["offer"]["title"] == offer["title"]
            assert item["offer"]["company"] == offer["company"]


def test_each_star_rule_has_a_dialogue_that_ends_where_it_says() -> None:
    dialogues = _records("star_dialogues")
    assert {dialogue["rule"] for dialogue in dialogues} == STAR_RULES
    for dialogue in dialogues:
        assert dialogue["candidate_id"] in _candidate_ids()
        assert dialogue["turns"][-1]["phase_after"] == dialogue["final_phase"]
        assert dialogue["success_created"] == (dialogue["final_phase"] == "create")
        said = " ".join(turn["user"] for turn in dialogue["turns"])
        assert all(words in said for words in dialogue["success_contains"])
        for turn in dialogue["turns"]:
            assert {turn["phase_after"], *turn["also_accept"]} <= set(PHASES)
            assert turn["follow_up"] in FOLLOW_UPS
            assert len(turn["user"]) * turn["repeat"] <= 20_000
        phases = [PHASES.index(turn["phase_after"]) for turn in dialogue["turns"]]
        assert phases == sorted(phases)


def test_dialogues_cover_good_and_bad_behaviour() -> None:
    situations = {dialogue["situation"] for dialogue in _records("star_dialogues")}
    assert situations >= {
        *("good", "vague", "nous", "no_figure", "no_result", "hostile", "off_topic", "english"),
        *("empty", "one_word", "very_long", "out_of_order_replay", "injected"),
    }


def test_an_obeying_server_would_let_a_canary_out_and_the_data_never_does() -> None:
    data = {
        record["id"]: json.dumps(record, ensure_ascii=False) for record in _records("candidates")
    }
    for attack in _records("attacks"):
        assert attack["canaries"]
        reply = attack["obeyed_reply"].lower()
        assert any(canary.lower() in reply for canary in attack["canaries"]), attack["id"]
        for canary in attack["canaries"]:
            assert canary.lower() not in data[attack["candidate_id"]].lower(), attack["id"]


def test_offers_have_every_field_of_the_contract() -> None:
    for offer in _records("offers"):
        assert set(offer["job_offer"]) == {
            *("title", "company", "location", "contract_type", "remote_type", "description"),
            "skills",
        }
        assert all(offer["job_offer"].values())
    assert sum(offer["far_from_all"] for offer in _records("offers")) == 4
