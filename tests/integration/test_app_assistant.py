"""The assistant's pages over a fake client: conversations, pitches, tailored CVs, exports."""

from __future__ import annotations

import base64
import json
import re

import pytest

pytest.importorskip("gradio", reason="the extra 'app' is not installed")

from gradio_app import sentences
from gradio_app.answers import (
    StreamEvent,
)
from gradio_app.callbacks import pitch, star
from gradio_app.callbacks.chat import Conversation, Turn, answer, begin, read_result, visible_part
from gradio_app.chat_view import steps_html, turn_html
from gradio_app.profile import candidate_of, context_of, experiences_of
from gradio_app.records import (
    SavedPitch,
    SavedSuccess,
    drop_record,
    put_record,
    read_records,
    write_records,
)
from tests.app_fakes import CV, ENDING, HOSTILE, STORY, FakeAssistant, last


def started(*messages: str) -> Conversation:
    roles = ("assistant", "user")
    said = tuple({"role": roles[n % 2], "content": text} for n, text in enumerate(messages))
    return Conversation("star", {}, said)


# A conversation -----------------------------------------------------------------------------------


def test_every_token_is_shown_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradio_app.callbacks.chat.SHOWN_EVERY_S", 0.0)
    turns = list(begin(FakeAssistant("Bon", "jour", " !"), "star", {}))
    assert [turn.streaming for turn in turns] == ["", "Bon", "Bonjour", "Bonjour !", None]
    assert turns[-1].conversation.messages == ({"role": "assistant", "content": "Bonjour !"},)


def test_tokens_that_come_all_at_once_are_not_drawn_one_by_one() -> None:
    assert len(list(begin(FakeAssistant(*["mot "] * 500), "star", {}))) < 100


def test_an_answer_joins_the_history_with_the_words_it_answers() -> None:
    client = FakeAssistant("D'accord.", StreamEvent(step="situation"))
    turn = last(answer(client, started("Bonjour ?"), " Oui "))
    assert client.asked == [("Oui", started("Bonjour ?").messages)]
    assert [item["content"] for item in turn.conversation.messages] == [
        *("Bonjour ?", "Oui", "D'accord.")
    ]
    assert turn.conversation.step == "situation"


@pytest.mark.parametrize("events", [(), ("D'acc",)])
def test_a_cut_stream_loses_nothing(events: tuple[str, ...]) -> None:
    before = started("Bonjour ?")
    client = FakeAssistant(*events, failure=sentences.STREAM_CUT)
    turn = last(answer(client, before, "Oui"))
    assert turn.conversation == before
    assert (turn.box, turn.failure) == ("Oui", sentences.STREAM_CUT)
    html = turn_html(turn)
    assert 'role="alert"' in html
    assert ("(interrompu)" in html) == bool(events)
    assert 'aria-busy="false"' in html


def test_a_stream_without_a_word_is_a_failure_too() -> None:
    assert last(begin(FakeAssistant(), "star", {})).failure == sentences.START_CUT


@pytest.mark.parametrize("message", ["", "  \n", "x" * 20_001])
def test_what_cannot_be_sent_is_said_and_not_sent(message: str) -> None:
    client = FakeAssistant("x")
    turn = last(answer(client, started("Bonjour ?"), message))
    assert turn.failure in (sentences.EMPTY_MESSAGE, sentences.FIELDS_TOO_LONG)
    assert turn.box is None
    assert client.asked == []


def test_an_ended_conversation_asks_for_another() -> None:
    client = FakeAssistant("x")
    assert last(answer(client, started(ENDING), "Oui")).failure == sentences.CONVERSATION_ENDED
    assert client.asked == []


@pytest.mark.parametrize("cut", range(1, len("[STAR_COMPLETE]") + 1))
def test_the_marker_is_never_seen_not_even_its_beginning(cut: int) -> None:
    assert visible_part("Bravo !\n\n" + "[STAR_COMPLETE]"[:cut]) == "Bravo !"


def test_brackets_of_the_text_stay() -> None:
    assert visible_part("Voir [1] et [STOP") == "Voir [1] et [STOP"


@pytest.mark.parametrize("content", ["Bravo", "[STAR_COMPLETE] {", "[STAR_COMPLETE] [1]"])
def test_a_result_that_cannot_be_read_is_none(content: str) -> None:
    assert read_result(content) is None


def test_what_either_side_says_is_never_markup() -> None:
    turn = Turn(
        started(HOSTILE, HOSTILE), said=HOSTILE, streaming=f"**{HOSTILE}**", failure=HOSTILE
    )
    html = turn_html(turn)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 5
    assert "<strong>&lt;script&gt;" in html


def test_the_steps_say_which_is_the_current_one() -> None:
    html = steps_html(Conversation("star", {}, step="action"))
    assert html.count('aria-current="step"') == 1
    assert '<li class="jm-now" aria-current="step">Action</li>' in html
    assert html.count("(fait)") == 3
    assert "aria-current" not in steps_html(None)


# Successes ----------------------------------------------------------------------------------------


def test_the_success_of_the_marker_joins_the_list_and_the_same_one_only_once() -> None:
    client = FakeAssistant(ENDING)
    moment = last(star.answer_star(client, started("Et ?"), "Voilà", []))
    assert moment.saved == [moment.told]
    assert moment.told.title == "Zéro panne"
    assert "extract" not in client.asked
    assert put_record(moment.saved, moment.told) == moment.saved


def test_a_marker_without_its_json_asks_the_service_for_the_success() -> None:
    client = FakeAssistant("Bravo !\n[STAR_COMPLETE]\n{oops")
    assert last(star.answer_star(client, started("Et ?"), "Voilà", [])).told.title == "Zéro panne"
    assert client.asked[-1] == "extract"


def test_an_answer_before_the_start_is_told_to_start() -> None:
    moment = last(star.answer_star(FakeAssistant(), None, "Bonjour", []))
    assert moment.turn.failure == sentences.NOT_STARTED


def test_a_success_is_edited_and_deleted() -> None:
    kept = [SavedSuccess(title="A"), SavedSuccess(title="B")]
    values = {"title": " C ", "skills": "Vente, , Caisse"}
    changed, notice = star.change_success(kept, kept[1].record_id, values)
    assert [item.title for item in changed] == ["A", "C"]
    assert changed[1].skills_demonstrated == ("Vente", "Caisse")
    assert "jm-success" in notice
    assert drop_record(changed, kept[0].record_id) == changed[1:]
    assert star.change_success(kept, "nobody", values)[0] == kept
    same, notice = star.change_success(kept, kept[0].record_id, {"title": "x" * 20_001})
    assert same == kept
    assert "jm-error" in notice


@pytest.mark.parametrize("text", [None, "", "null", "{", "[1]", '[{"title": 3}]', '[{"title":'])
def test_a_list_that_is_none_is_empty(text: str | None) -> None:
    assert read_records(text, SavedSuccess) == []


def test_a_list_comes_back_as_it_was_kept_and_never_grows_for_ever() -> None:
    kept = [SavedSuccess(title=f"{n}") for n in range(60)]
    assert read_records(write_records(kept), SavedSuccess) == kept[-50:]


def test_the_list_shows_what_is_missing_and_nothing_of_it_is_markup() -> None:
    html = star.successes_html([SavedSuccess(title=HOSTILE, situation=HOSTILE)])
    assert "<script" not in html
    assert "À compléter\u00a0: tâche, action, résultat." in html
    assert "Relisez-le avant" in html
    assert "Racontez-en un" in star.successes_html([])


def test_an_export_is_the_whole_list() -> None:
    html = star.successes_html([SavedSuccess(**STORY)])
    found = re.findall(r'download="([^"]+)" href="data:[^,]+,([^"]+)"', html)
    files = {name: base64.b64decode(data).decode("utf-8-sig") for name, data in found}
    assert json.loads(files["mes-succes.json"])[0]["result"] == "R"
    assert "Résultat : R" in files["mes-succes.txt"]


# Profile ------------------------------------------------------------------------------------------


def test_the_experience_that_was_chosen_comes_first_and_missions_are_rows() -> None:
    assert experiences_of(CV) == [("Vendeuse, Octets (2020 - 2022)", 2), ("Stagiaire", 3)]
    first, second = context_of(CV, chosen=3)["experiences"]
    assert first["position"] == "Stagiaire"
    assert second["content"] == "Vendeuse, Octets\nAccueil des clients\nTenue de la caisse"


def test_a_coach_is_told_no_address_and_a_word_is_no_summary() -> None:
    context = context_of(CV, [SavedSuccess(**STORY)])
    assert not {"email", "phone"} & set(context)
    assert context["existing_successes"][0]["title"] == "Zéro panne"
    candidate = candidate_of(CV)
    assert (candidate["email"], candidate["summary"]) == ("a@b.org", "")
    assert candidate["skills"] == ["Vente"]


# Pitch --------------------------------------------------------------------------------------------

DRAFT = (
    "Voici.\n\n**Pitch de 30 secondes** (3 mots)\nJe suis Awa.\n\n"
    "**Pitch de 3 minutes** (1 mot)\nBonjour"
)


def test_words_are_counted_while_they_come() -> None:
    assert pitch.read_drafts("Voici.") == ("", "")
    assert pitch.read_drafts(DRAFT[: DRAFT.index(" suis")]) == ("Je", "")
    assert pitch.read_drafts(DRAFT) == ("Je suis Awa.", "Bonjour")
    html = pitch.counts_html("mot " * 75, "mot " * 451)
    assert "<strong>75 mots</strong> <span>sur 75–80, bonne longueur" in html
    assert "<strong>451 mots</strong> <span>sur 400–450, trop long" in html
    assert "1 mot</strong>" in pitch.counts_html("a", "")


def test_a_draft_fills_the_page_even_without_its_json() -> None:
    moment = last(pitch.start_pitch(FakeAssistant(DRAFT), CV, [], "manager"))
    assert moment.texts == ("Je suis Awa.", "Bonjour")
    assert moment.pitch.pitch_30s == "Je suis Awa."


def test_the_audience_travels_and_an_empty_profile_is_said() -> None:
    client = FakeAssistant(DRAFT)
    last(pitch.start_pitch(client, CV, [], "manager"))
    assert client.asked[0][1]["audience"] == "manager"
    moment = last(pitch.start_pitch(client, None, [], "manager"))
    assert moment.turn.failure == sentences.PROFILE_NEEDED
    assert len(client.asked) == 1


def test_the_rounds_are_counted_down() -> None:
    assert "Encore 2 changements possibles" in pitch.rounds_html(started(DRAFT))
    assert "Encore 1 changement possible " in pitch.rounds_html(started(DRAFT, "Oui", DRAFT))
    assert "Version finale" in pitch.rounds_html(
        started(DRAFT, "a", DRAFT, "b", "[PITCH_COMPLETE]")
    )


def test_a_pitch_is_kept_as_it_was_corrected() -> None:
    saved, notice = pitch.keep_pitch([], None, " Court ", "Long")
    assert [(item.pitch_30s, item.pitch_3min) for item in saved] == [("Court", "Long")]
    assert "jm-success" in notice
    assert "jm-error" in pitch.keep_pitch([], None, "", " ")[1]
    assert "<script" not in pitch.pitches_html([SavedPitch(pitch_30s=HOSTILE, audience=HOSTILE)])


def test_what_the_coach_misses_is_said_politely() -> None:
    made = pitch.Pitch(missing=("tes compétences", "le métier que tu vises"))
    html = pitch.strengths_html(made)
    assert "vos compétences, le métier que vous visez" in html
