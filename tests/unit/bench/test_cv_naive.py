"""The naive reading: enough to be a fair floor, nothing more."""

from __future__ import annotations

from jobmatch_ml.bench.cv_naive import interpret


def test_plain_lines_below_plain_headings_are_read() -> None:
    reading = interpret(
        "Amélie Durand\namelie@example.org 06 39 98 00 01\n69003 Lyon\nExpérience\n"
        "Comptable - Cabinet Petit - 2019 - 2021\nLangues\nAnglais, Espagnol\n"
    )
    person, job, *languages = reading.lines
    assert (person.first_name, person.last_name) == ("Amélie", "Durand")
    assert (person.email, person.location) == ("amelie@example.org", "69003 Lyon")
    assert (job.position, job.entity) == ("Comptable", "Cabinet Petit")
    assert [line.content for line in languages] == ["Anglais", "Espagnol"]


def test_nothing_is_read_of_a_picture() -> None:
    assert not any(line.email or line.position for line in interpret("").lines)
