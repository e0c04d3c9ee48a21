"""French word forms."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.world.french import add_typos, feminine_title, masculine_side


@pytest.mark.parametrize(
    ("masculine", "feminine"),
    [
        ("Caissier", "Caissière"),
        ("Agent de quai", "Agente de quai"),
        ("Technicien helpdesk", "Technicienne helpdesk"),
        ("Formateur occasionnel", "Formatrice occasionnelle"),
        ("Chef de rang", "Cheffe de rang"),
        ("Employé commercial caisse", "Employée commerciale caisse"),
        ("Ingénieur infra", "Ingénieure infra"),
        ("IDE", "IDE"),
        ("Picker", "Picker"),
    ],
)
def test_titles_have_a_feminine(masculine: str, feminine: str) -> None:
    assert feminine_title(masculine) == feminine


def test_the_masculine_side_stands_first() -> None:
    assert masculine_side("Serveur / Serveuse de restaurant") == "Serveur"
    assert masculine_side("Comptable") == "Comptable"


def test_typos_change_about_the_given_share_of_words_and_keep_lines() -> None:
    text = "préparer\n" + " ".join(["commandes"] * 1000)
    typed = add_typos(np.random.default_rng(0), text, 0.1)
    changed = sum(word != "commandes" for word in typed.split()[1:])
    assert 60 < changed < 140
    assert typed.count("\n") == 1
    assert add_typos(np.random.default_rng(0), text, 0.0) == text
