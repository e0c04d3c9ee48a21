"""What a sentence denies or wishes for is no claim; whatever is less plain stays one."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.truth_lock import check_text


@pytest.mark.parametrize(
    "text",
    [
        "Je n'ai pas le PMP.",
        "Je n'ai jamais travaillé chez Google.",
        "Je ne parle pas espagnol.",
        "Je ne maîtrise pas encore Python.",
        "J'aimerais apprendre l'espagnol.",
    ],
)
def test_what_the_person_says_not_to_have_is_no_claim(text: str) -> None:
    assert check_text(text, CandidateData()).ok


@pytest.mark.parametrize(
    "text",
    [
        "Je n'ai jamais quitté Google.",
        "Je ne parle pas seulement espagnol.",
        "Je ne parle pas qu'espagnol.",
        "Je n'ai pas le PMP, je maîtrise Python.",
        "Je n'ai pas le PMP mais je maîtrise Python.",
        "Je n'ai pas dirigé 40 personnes.",
    ],
)
def test_a_denial_reaches_no_further_than_its_own_words(text: str) -> None:
    assert not check_text(text, CandidateData()).ok
