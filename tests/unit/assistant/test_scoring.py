"""Writing and scoring a success: the person's words, in French typography."""

from __future__ import annotations

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceLine
from jobmatch_ml.assistant.coaching.banks import Phase
from jobmatch_ml.assistant.coaching.scoring import score_success
from jobmatch_ml.assistant.coaching.success import Success, write_success

ANSWERS: dict[Phase, list[str]] = {
    "situation": ["en 2021 la file dépassait 10 minutes , chaque samedi"],
    "task": ["je devais réduire l'attente"],
    "action": ["nous avons parlé", "j'ai ouvert une caisse et j'ai formé une collègue"],
    "result": ["l'attente est passée à 4 minutes"],
}


def test_a_success_is_the_persons_own_words() -> None:
    said = [text for texts in ANSWERS.values() for text in texts]
    data = CandidateData(lines=(EvidenceLine("skill-1", "skill", "Formation de collègues"),))
    success = write_success(ANSWERS, "Vendeuse", data.with_said(said))
    assert success.situation == "En 2021 la file dépassait 10 minutes, chaque samedi."
    assert success.action == (
        "Nous avons parlé. J'ai ouvert une caisse et j'ai formé une collègue."
    )
    assert success.title == "J'ai ouvert une caisse et j'ai formé une collègue"
    assert success.is_complete


def test_what_is_missing_is_named_and_nothing_is_filled_in() -> None:
    success = write_success({"task": ["je devais livrer"]}, "Livreur", CandidateData())
    assert success.missing == ("la situation", "tes actions", "le résultat")
    assert not success.is_complete
    assert success.action == ""


def test_the_score_adds_up_and_its_tips_say_what_to_do() -> None:
    """Complete 30, « je » 20, two verbs 20, a figure in the result 20, length 5 (31 words)."""
    text = "un deux trois quatre cinq six sept huit neuf dix onze"
    good = Success("t", text, f"je devais {text}", "j'ai ouvert et j'ai formé", "4 minutes")
    assert score_success(good).points == 30 + 20 + 20 + 20 + 5
    empty = score_success(Success())
    assert empty.points == 0
    assert empty.tips[0].startswith("complète")
    assert len(empty.tips) == 5
