"""French word forms."""

from __future__ import annotations

import random

import pytest

from jobmatch_ml.world.french import feminine_title, masculine_side, quick_typos


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
        ("Conseiller beauté", "Conseillère beauté"),
        ("Assistant copropriété", "Assistante copropriété"),
        ("Menuisier d'extérieur", "Menuisière d'extérieur"),
        ("Professeur agrégé", "Professeure agrégée"),
        ("Gérant de boutique", "Gérante de boutique"),
        ("Store manager", "Store manager"),
        ("Kiné du sport", "Kiné du sport"),
        ("IDE", "IDE"),
        ("Picker", "Picker"),
        ("Dispatcher", "Dispatcher"),
        ("Ingé son", "Ingé son"),
        ("Assistant dentaire qualifié", "Assistante dentaire qualifiée"),
        ("Assistant maternel", "Assistante maternelle"),
        ("Adjoint administratif", "Adjointe administrative"),
        ("Peintre finisseur", "Peintre finisseuse"),
        ("ASEM remplaçant", "ASEM remplaçante"),
        ("Monteur-vendeur en optique", "Monteuse-vendeuse en optique"),
        ("Vigneron", "Vigneronne"),
        ("Second de cuisine", "Seconde de cuisine"),
    ],
)
def test_titles_have_a_feminine(masculine: str, feminine: str) -> None:
    assert feminine_title(masculine) == feminine


def test_the_masculine_side_stands_first() -> None:
    assert masculine_side("Serveur / Serveuse de restaurant") == "Serveur"
    assert masculine_side("Comptable") == "Comptable"


def test_typos_change_about_the_given_share_of_words_and_keep_lines() -> None:
    text = "préparer\n" + " ".join(["commandes"] * 1000)
    typed = quick_typos(random.Random(0).random, text, 0.1)
    changed = sum(word != "commandes" for word in typed.split()[1:])
    assert 60 < changed < 140
    assert typed.count("\n") == 1
    assert quick_typos(random.Random(0).random, text, 0.0) == text
