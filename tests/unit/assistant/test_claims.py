"""What counts as a claim in a French text, and what is only politeness and motivation."""

from __future__ import annotations

import time

import pytest

from jobmatch_ml.assistant.claims import extract_claims
from jobmatch_ml.assistant.claims_words import load_words, role_key
from jobmatch_ml.assistant.words import grammar


def found(text: str) -> list[tuple[str, str]]:
    return [(claim.kind, claim.text) for claim in extract_claims(text)]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Je travaille chez Brossard depuis mars 2019.", ["employer Brossard", "date mars 2019"]),
        ("Employée de banque au Club Nord", ["title Employée de banque", "employer Club Nord"]),
        ("J'habite à Grenoble.", ["place Grenoble"]),
        ("Je traite 400 dossiers.", ["number 400"]),
        ("Une équipe de 12 personnes", ["team_size 12"]),
        ("Titulaire d'un BTS tourisme", ["degree BTS tourisme"]),
        ("J'ai un bac +3.", ["degree bac +3"]),
        ("CACES R489 et permis B", ["certification CACES R489", "certification permis B"]),
        ("Je sais utiliser excel.", ["tool excel"]),
        ("Mon anglais est courant.", ["language anglais est courant"]),
        ("Madame Dubois m'a formé.", ["person Dubois"]),
        ("J'ai eu un trophée.", ["person trophée"]),
        ("J'ai relié des grimoires.", ["skill grimoires"]),
        ("Je maîtrise la broderie et le crochet.", ["skill broderie", "skill crochet"]),
        ("- Soudure sur inox", ["skill Soudure"]),
        ("Vendeuse senior", ["title Vendeuse", "seniority senior"]),
        ("J'ai dirigé le magasin.", ["seniority dirigé"]),
        ("Je suis cheffe d'équipe.", ["title cheffe d'équipe"]),
    ],
)  # fmt: skip
def test_a_claim_is_found_with_its_kind(text: str, claims: list[str]) -> None:
    assert [f"{kind} {words}" for kind, words in found(text)] == claims


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀 🎉",
        "Rigoureuse et motivée, je souhaite rejoindre votre équipe.",
        "Je vous prie d'agréer, Madame, Monsieur, mes salutations distinguées.",
        "Dans l'attente de votre réponse, je reste à votre disposition pour un entretien.",
        "Le directeur a confirmé les commandes.",
        "Mon parcours m'a donné le sens du service et le goût du travail bien fait.",
        "Disponible immédiatement, je saurai m'adapter rapidement.",
        "Certifications\nLangues étrangères :\nCentres d'intérêt",
        "Conseiller les clients",
    ],
)
def test_motivation_and_other_people_claim_nothing(text: str) -> None:
    assert found(text) == []


def test_below_a_heading_of_skills_each_item_is_a_skill() -> None:
    text = "Compétences\n- Marionnettes\n- Rigueur\n\nExpériences\nMarionnettes de laine"
    assert [c.text for c in extract_claims(text)].count("Marionnettes") == 1


def test_offsets_are_those_of_the_text_markup_included() -> None:
    text = "<p>Bonjour</p>\n**Vendeuse** chez Brossard, j'ai formé 3 personnes."
    claims = extract_claims(text)
    assert len(claims) == 3
    assert all(text[claim.start : claim.end] == claim.text for claim in claims)


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "A B ",
        "je maîtrise ",
        "chez Aa ",
        "vendeuse ",
        "deux ",
        "<",
        "é,",
        "a",
        "2019 - ",
        "\n- ",
    ],
)
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    text = (piece * 30_000)[:30_000]
    begin = time.process_time()
    extract_claims(text)
    # A quadratic rule takes minutes; a linear one, a fifth of a second on a quiet machine.
    assert time.process_time() - begin < 10


def test_the_nouns_of_persons_meet_over_gender_and_number() -> None:
    for forms in ("directeur directrice directrices", "employé employée", "chef cheffes"):
        assert len({role_key(form.replace("é", "e")) for form in forms.split()}) == 1


def test_the_word_lists_do_not_contradict_each_other() -> None:
    words = load_words()
    assert not words.skill_stems & words.generic_stems
    assert not words.tools & words.generic - grammar("ambiguous_tools") - {"vue"}
    assert not words.certifications - {"permis"} & words.generic
