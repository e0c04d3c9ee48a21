"""French word forms that texts need: genders of titles, typing errors."""

from __future__ import annotations

import math
from collections.abc import Callable

# (ending of the masculine, ending of the feminine); the first that fits counts.
_FEMININE = (
    ("instituteur", "institutrice"),
    ("docteur", "docteure"),
    ("professeur", "professeure"),
    ("poursuiteur", "poursuiteuse"),
    ("ateur", "atrice"),
    ("cteur", "ctrice"),
    ("pteur", "ptrice"),
    ("iteur", "itrice"),
    ("énieur", "énieure"),
    ("eur", "euse"),
    ("ier", "ière"),
    ("ller", "llère"),
    ("cher", "chère"),
    ("ger", "gère"),
    ("ien", "ienne"),
    ("cial", "ciale"),
    ("final", "finale"),
    ("floral", "florale"),
    ("ional", "ionale"),
    ("cipal", "cipale"),
    ("patrimonial", "patrimoniale"),
    ("tant", "tante"),
    ("nant", "nante"),
    ("érant", "érante"),
    ("arant", "arante"),
    ("llant", "llante"),
    ("laçant", "laçante"),
    ("icant", "icante"),
    ("pendant", "pendante"),
    ("antin", "antine"),
    ("djoint", "djointe"),
    ("rtisan", "rtisane"),
    ("valent", "valente"),
    ("nel", "nelle"),
    ("triel", "trielle"),
    ("tuel", "tuelle"),
    ("suel", "suelle"),
    ("ntiel", "ntielle"),
    ("catif", "cative"),
    ("tratif", "trative"),
    ("sportif", "sportive"),
    ("érent", "érente"),
    ("second", "seconde"),
    ("agent", "agente"),
    ("chef", "cheffe"),
    ("çon", "çonne"),
    ("neron", "neronne"),
    ("pion", "pionne"),
    ("é", "ée"),
)
# English words and nouns that end like masculine ones: nouns that follow a title do not agree.
_SAME_IN_BOTH = {
    "runner", "picker", "designer", "barman", "manager", "controller", "researcher", "kiné",
    "beauté", "qualité", "sécurité", "propreté", "collectivité", "copropriété", "proximité",
    "ascenseur", "traiteur", "courrier", "atelier", "chantier", "dispatcher", "ingé",
    "champion",
}  # fmt: skip

# Words of both genders, after which a title goes on to agree; abbreviations are others.
_AGREEING_ON = {
    "coach", "comptable", "dentaire", "peintre", "plaquiste", "prof", "psy", "secrétaire",
}  # fmt: skip


def feminine_title(title: str) -> str:
    """Returns a masculine job title in the feminine, as far as its first words change.

    Example:
        >>> feminine_title("Ouvrier paysagiste"), feminine_title("Cadreur monteur")
        ('Ouvrière paysagiste', 'Cadreuse monteuse')
        >>> feminine_title("Key account manager"), feminine_title("Monteur-livreur")
        ('Key account manager', 'Monteuse-livreuse')
    """
    words = title.split(" ")
    for position, word in enumerate(words):
        changed = "-".join(_feminine_word(part) for part in word.split("-"))
        if changed == word and word.lower() not in _AGREEING_ON and not word.isupper():
            break
        words[position] = changed
    return " ".join(words)


def _feminine_word(word: str) -> str:
    if word.lower() in _SAME_IN_BOTH or word[1:2] in ("'", "’"):  # d'atelier, l'accueil
        return word
    for masculine, feminine in _FEMININE:
        if word.lower().endswith(masculine):
            return word[: len(word) - len(masculine)] + _like(word, masculine, feminine)
    return word


def _like(word: str, masculine: str, feminine: str) -> str:
    """Keeps the capital of a word that is an ending as a whole (``Agent``)."""
    whole = len(word) == len(masculine) and word[0].isupper()
    return feminine[0].upper() + feminine[1:] if whole else feminine


def masculine_side(title: str) -> str:
    """Returns the first of two genders (``Serveur / Serveuse de restaurant`` → ``Serveur``)."""
    return title.split(" / ", maxsplit=1)[0]


def masculine_title(title: str) -> str:
    """Returns a title of both genders in the masculine, with the words that follow both.

    Example:
        >>> masculine_title("Serveur / Serveuse de restaurant"), masculine_title("Maçon / Maçonne")
        ('Serveur de restaurant', 'Maçon')
    """
    masculine, slash, feminine = title.partition(" / ")
    if not slash:
        return title
    return " ".join([masculine, *feminine.split(" ")[len(masculine.split(" ")) :]])


def inclusive_title(title: str) -> str:
    """Returns both genders of a title in one word, as many recruiters write it.

    Example:
        >>> inclusive_title("Serveur / Serveuse de restaurant")
        'Serveur(se) de restaurant'
        >>> inclusive_title("Technicien / Technicienne"), inclusive_title("Comptable")
        ('Technicien(ne)', 'Comptable')
    """
    masculine, slash, feminine = title.partition(" / ")
    if not slash or " " in masculine:
        return title
    feminine, _, rest = feminine.partition(" ")
    for ending in ("trice", "euse", "ère", "fe", "ne", "le", "te", "e"):
        if feminine.endswith(ending):
            shown = "se" if ending == "euse" else ending
            return f"{masculine}({shown}) {rest}".rstrip()
    return title


def elided(word: str, noun: str) -> str:
    """Returns "de" or "que" with a noun: ``d'aide-soignant``, ``que maçon``.

    Example:
        >>> elided("de", "électricien"), elided("que", "agent"), elided("de", "plombier")
        ("d'électricien", "qu'agent", 'de plombier')
    """
    return f"{word[:-1]}'{noun}" if noun[:1].lower() in "aeiouéèêhâîô" else f"{word} {noun}"


def of_place(name: str) -> str:
    """Returns "of" a town, contracted or elided as French wants it.

    Example:
        >>> of_place("Le Mans"), of_place("Angers"), of_place("Lyon")
        ('du Mans', "d'Angers", 'de Lyon')
    """
    if name.startswith("Le "):
        return f"du {name[3:]}"
    return f"d'{name}" if name[0] in "AEÉIOU" else f"de {name}"


def at_place(name: str) -> str:
    """Returns "in" a town.

    Example:
        >>> at_place("Le Havre"), at_place("Lille")
        ('au Havre', 'à Lille')
    """
    return f"au {name[3:]}" if name.startswith("Le ") else f"à {name}"


def quick_typos(draw: Callable[[], float], text: str, rate: float) -> str:
    """Returns a text in which a share of the longer words was typed badly.

    Args:
        draw: Source of randomness; a few draws a text, not one a word.
        text: Any text; line breaks are kept.
        rate: Probability of each word of five letters or more.
    """
    if rate <= 0:
        return text
    words = text.split(" ")
    scale = 1 / math.log1p(-rate)
    place = int(math.log(1 - draw()) * scale)
    while place < len(words):
        word = words[place]
        if len(word) >= 5 and word.isalpha():
            words[place] = _damage(word, 1 + int(draw() * (len(word) - 2)), int(draw() * 3))
        place += 1 + int(math.log(1 - draw()) * scale)
    return " ".join(words)


def _damage(word: str, place: int, kind: int) -> str:
    if kind == 0:  # a letter left out
        return word[:place] + word[place + 1 :]
    if kind == 1:  # a letter doubled
        return word[:place] + word[place] + word[place:]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
