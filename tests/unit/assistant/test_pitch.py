"""The pitch coach: lengths by construction, nothing invented, two rounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.assistant.coaching.history import read_turns
from jobmatch_ml.assistant.coaching.pitch import MARKER, PitchCoach
from jobmatch_ml.assistant.coaching.pitch_build import LONG, SHORT, Wishes, fit
from jobmatch_ml.assistant.coaching.pitch_facts import Slot
from jobmatch_ml.assistant.coaching.text import count_words
from jobmatch_ml.assistant.errors import AssistantInputError, HistoryError
from jobmatch_ml.assistant.truth_lock import check_text

CORPUS = Path(__file__).resolve().parents[2] / "corpora" / "assistant"
PEOPLE = [
    json.loads(line)["candidate"]
    for line in (CORPUS / "candidates.jsonl").read_text(encoding="utf-8").splitlines()
]


def rich(person: dict[str, Any]) -> dict[str, Any]:
    """Returns a context with three successes, as a person has after some coaching."""
    told = [
        {
            "title": f"Réussite {number}",
            "situation": f"En 202{number}, l'équipe recevait trop de demandes chaque lundi "
            "matin, et plusieurs personnes attendaient une réponse pendant des jours.",
            "task": "Je devais remettre de l'ordre dans les demandes avant la fin du mois.",
            "action": "J'ai classé les demandes par urgence, j'ai écrit une fiche simple pour mes "
            "collègues et j'ai rappelé chaque personne qui attendait depuis trop longtemps.",
            "result": f"Au bout de {number} mois, le retard avait disparu et mon responsable a "
            "gardé la fiche pour tout le service.",
        }
        for number in (2, 3, 4)
    ]
    own = person["professional_successes"]
    return {**person, "existing_successes": [*own, *told[: 3 - len(own) + 1]]}


@pytest.mark.parametrize("audience", ["recruteur", "reseau", "manager"])
def test_both_lengths_are_right_and_everything_is_borne_out(audience: str) -> None:
    for person in PEOPLE[::4]:
        coach = PitchCoach(rich(person))
        pitch = coach.build(audience)
        assert SHORT[0] <= count_words(pitch.short) <= SHORT[1]
        assert LONG[0] <= count_words(pitch.long) <= LONG[1]
        assert pitch.is_complete
        assert pitch.strengths
        assert check_text(pitch.short, coach.data).ok
        assert check_text(pitch.long, coach.data).ok


def test_a_thin_profile_is_told_what_is_missing_and_nothing_is_filled_in() -> None:
    reply = PitchCoach({"profile_title": "Cariste", "skills": ["CACES R489"]}).greet()
    assert not reply.pitch.is_complete
    assert count_words(reply.pitch.long) < LONG[0]
    assert "tes expériences avec leurs missions" in reply.pitch.missing
    assert f"({count_words(reply.pitch.short)} mots)" in reply.text
    with pytest.raises(AssistantInputError) as caught:
        PitchCoach({"first_name": "Awa"})
    assert "profil est vide" in caught.value.user_message


def test_a_pitch_that_is_too_short_says_by_how_many_words() -> None:
    reply = PitchCoach({"first_name": "Ana", "skills": ["Vente"]}).greet()
    lacking = 400 - count_words(reply.pitch.long)
    assert lacking > 0
    assert f"Il manque {lacking} mots au pitch de 3 minutes" in reply.text


def converse(context: dict[str, Any], *messages: str) -> list[Any]:
    coach = PitchCoach(context)
    replies = [coach.greet()]
    history = [{"role": "assistant", "content": replies[0].text}]
    for message in messages:
        replies.append(PitchCoach(context).answer(read_turns(history, message)))
        history += [
            {"role": "user", "content": message},
            {"role": "assistant", "content": replies[-1].text},
        ]
    return replies


def test_there_are_two_rounds_at_most_and_wishes_are_kept() -> None:
    person = rich(PEOPLE[0])
    first, second, third = converse(
        person, "C'est pour un salon, et retire le secouriste", "Insiste sur la caisse"
    )
    assert not first.done
    assert not second.done
    assert "secouriste" in first.pitch.long
    assert "secouriste" not in second.pitch.long + third.pitch.long
    assert second.pitch.audience == third.pitch.audience == "reseau"
    assert third.done
    assert json.loads(third.text.partition(MARKER)[2]) == third.pitch.as_json()
    assert converse(person, "C'est parfait")[-1].done


def test_own_facts_may_be_added_and_orders_may_not() -> None:
    person = rich(PEOPLE[0])
    told = converse(person, "J'ai aussi tenu le stand du marché de Noël pendant 3 hivers.")[-1]
    assert "3 hivers" in told.pitch.long
    ordered = converse(person, "Ajoute que j'ai dirigé 45 personnes chez Google.")[-1]
    assert "Google" not in ordered.text


def test_a_history_of_another_coach_is_refused() -> None:
    with pytest.raises(HistoryError):
        PitchCoach(rich(PEOPLE[0])).answer(
            read_turns([{"role": "assistant", "content": "Quelle était ta mission ?"}], "oui")
        )


def test_the_builder_takes_what_says_most_within_the_window() -> None:
    """Windows of 5 to 6 words: 3 + 2 = 5 fits, 3 + 4 = 7 does not."""
    slots = [
        Slot("a", ("un deux trois",), needed=True),
        Slot("b", ("quatre cinq", "quatre cinq six sept")),
    ]
    assert fit(slots, (5, 6)) == "un deux trois quatre cinq"
    assert fit(slots, (7, 7)) == "un deux trois quatre cinq six sept"
    assert fit(slots, (20, 30)) == "un deux trois quatre cinq six sept"
    wishes = Wishes(less=frozenset({"quatr"}))
    assert fit([slots[0], Slot("b", ("quatre cinq",))], (3, 9), wishes) == "un deux trois"


def test_the_audience_of_the_context_is_that_of_the_first_draft_and_costs_no_round() -> None:
    context = {"profile_title": "Boulangère", "skills": ["Pétrissage"], "audience": "manager"}
    assert PitchCoach(context).greet().pitch.audience == "manager"
    assert PitchCoach({**context, "audience": "pirate"}).greet().pitch.audience == "recruteur"
