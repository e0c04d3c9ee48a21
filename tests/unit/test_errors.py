"""Messages that help: the nearest name, the first few of many, the command that mends."""

from __future__ import annotations

import pytest

from jobmatch_ml import errors


def test_an_unknown_name_gets_the_nearest_and_the_list() -> None:
    message = errors.suggest("bm52", ["random", "bm25"], kind="ranker")
    assert message == "unknown ranker 'bm52'. Did you mean 'bm25'? Known: bm25, random"


def test_of_a_long_list_only_the_beginning_is_shown() -> None:
    message = errors.suggest("n0007x", [f"n{number:04}" for number in range(500)], kind="code")
    assert "Did you mean 'n0007'" in message
    assert message.endswith("Known: n0000, n0001, n0002, n0003, n0004, … 500 in all")


def test_nothing_near_means_no_suggestion() -> None:
    assert "Did you mean" not in errors.suggest("zzz", ["bm25"], kind="ranker")


@pytest.mark.parametrize(("count", "end"), [(5, "p4"), (6, "… 6 in all")])
def test_many_problems_are_cut_to_five_and_counted(count: int, end: str) -> None:
    message = errors.summarise([f"p{number}" for number in range(count)])
    assert message.startswith("p0; p1")
    assert message.endswith(end)


def test_a_missing_library_names_the_extra_and_the_command() -> None:
    message = str(errors.missing_extra("torch", "models"))
    assert "'models'" in message
    assert 'pip install -c requirements.lock -e ".[models]"' in message


def test_every_error_has_a_code_and_a_status() -> None:
    # Other rooms have errors of their own; what a test session has imported must not matter here.
    family = [
        member
        for member in vars(errors).values()
        if isinstance(member, type) and issubclass(member, errors.JobMatchError)
    ]
    assert len(family) > 10
    assert len({error.code for error in family}) == len(family)
    assert all(400 <= error.http_status < 600 for error in family)
