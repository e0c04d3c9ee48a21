"""Names of firms, people, products and places, put together from parts without end."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from jobmatch_ml.reference import Place
from jobmatch_ml.world.french import at_place, of_place
from jobmatch_ml.world.phrases_grammar import Draw, Template, expand
from jobmatch_ml.world.phrases_offers import load_offer_phrases

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
# Beginnings of numbers that the French regulator keeps free for works of fiction.
_FICTION = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
_LETTERS = "ABCDEFGHIJKLMNOPRSTUV"


class Values(dict[str, str]):
    """Values of a template's slots: those set, else a new name each time one is asked for.

    Args:
        draw: Source of randomness.
        places: Towns that names may mention; at least one.
    """

    def __init__(self, draw: Draw, places: Sequence[Place]) -> None:
        super().__init__()
        self.draw = draw
        self.places = places

    def __missing__(self, name: str) -> str:
        maker = _MAKERS.get(name)
        if maker is not None:
            return maker(self)
        # {SURNAME} is {surname} shouted; {Brand2} needs no maker of its own.
        if name.isupper() and (maker := _MAKERS.get(name.lower())) is not None:
            return shout(maker(self))
        raise KeyError(name)

    def write(self, template: Template) -> str:
        """Writes a template with these values."""
        text = expand(template, self.draw, self)
        # What an empty choice leaves behind.
        return text.replace("  ", " ").replace(" .", ".").replace(" ,", ",").strip()

    def one_of(self, items: Sequence[str]) -> str:
        """Returns one item, all equally likely."""
        return items[int(self.draw() * len(items))]


def shout(text: str) -> str:
    """Returns a text in capitals without accents, as administrations type names.

    Example:
        >>> shout("Hôtel de la Forêt")
        'HOTEL DE LA FORET'
    """
    return without_accents(text.upper())


def without_accents(text: str) -> str:
    """Returns a text without its accents."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(character for character in plain if not unicodedata.combining(character))


def _names(name: str) -> tuple[str, ...]:
    return load_offer_phrases().names[name]


def _surname(values: Values) -> str:
    if values.draw() < 0.06:
        return values.one_of(_names("surnames"))
    return "".join(
        values.one_of(_names(part))
        for part in ("surname_starts", "surname_middles", "surname_ends")
    )


def _brand(values: Values) -> str:
    name = "".join(
        values.one_of(_names(part)) for part in ("brand_starts", "brand_middles", "brand_ends")
    )
    # Firms rarely keep an accent in their name.
    return name if values.draw() < 0.1 else without_accents(name)


def _brand2(values: Values) -> str:
    return _brand(values) + _brand(values)


def _product(values: Values) -> str:
    kind = int(values.draw() * 3)
    if kind == 0:
        return f"{_brand(values)} {1 + int(values.draw() * 12)}"
    return _brand(values) if kind == 1 else _letters(values)


def _letters(values: Values) -> str:
    return "".join(values.one_of(_LETTERS) for _ in range(2 + int(values.draw() * 3)))


def _person(values: Values) -> str:
    first, last = values.one_of(_names("first_names")), _surname(values)
    kind = int(values.draw() * 5)
    if kind == 0:
        return f"M. {last}" if values.draw() < 0.5 else f"Mme {last}"
    if kind == 1:
        return f"{first} {last.upper()}"
    return first if kind == 2 else f"{first} {last}"


def _reference(values: Values) -> str:
    number = int(values.draw() * 99_000) + 1000
    kind = int(values.draw() * 4)
    if kind == 0:
        return f"{_letters(values)}-{number}"
    if kind == 1:
        return f"{_letters(values)}{number}"
    return str(number) if kind == 2 else f"{2020 + number % 7}-{number % 999}"


def _phone(values: Values) -> str:
    pair = int(values.draw() * 9000) + 1000
    return f"{values.one_of(_FICTION)} {pair // 100} {pair % 100:02}"


def _area(values: Values) -> str:
    kind = int(values.draw() * 3)
    town = values.one_of([place.name for place in values.places[:400]])
    if kind == 0:
        return f"du Pays {of_place(town)}"
    return f"du Val {of_place(town)}" if kind == 1 else of_place(town)


def _listed(name: str) -> Callable[[Values], str]:
    return lambda values: values.one_of(_names(name))


def _templated(name: str) -> Callable[[Values], str]:
    return lambda values: values.write(
        load_offer_phrases().name_templates[name][
            int(values.draw() * len(load_offer_phrases().name_templates[name]))
        ]
    )


def _word_of(name: str) -> Callable[[Values], str]:
    return lambda values: values.one_of(load_offer_phrases().words[name])


def _any_town(values: Values) -> str:
    return values.places[int(values.draw() * len(values.places))].name


_MAKERS: dict[str, Callable[[Values], str]] = {
    "surname": _surname,
    "first": _listed("first_names"),
    "person": _person,
    "brand": _brand,
    "Brand2": _brand2,
    "brand2": _brand2,
    "any_town": _any_town,
    "product": _product,
    "letters": _letters,
    "reference": _reference,
    "phone": _phone,
    "word": _listed("places_words"),
    "legal": _listed("legal_forms"),
    "trade": _listed("trades"),
    "agency_word": _listed("agency_words"),
    "shop": _listed("shops"),
    "role": _listed("roles"),
    "partner": _brand,
    "public_body": _templated("public_bodies"),
    "association": _templated("associations"),
    "of_area": _area,
    "quality": _word_of("qualities"),
    "quality2": _word_of("qualities"),
    "noun_quality": _word_of("noun_qualities"),
    "noun_quality2": _word_of("noun_qualities"),
    "percent": lambda values: values.one_of(("50", "50", "60", "70", "75", "80", "100")),
    "cents": lambda values: values.one_of(("00", "20", "50", "80")),
    "weekday": lambda values: values.one_of(_WEEKDAYS),
    "year_past": lambda values: str(1880 + int(values.draw() ** 0.5 * 135)),
    "year_recent": lambda values: str(2014 + int(values.draw() * 11)),
    "town": _any_town,
    "at": lambda values: at_place(_any_town(values)),
    "of": lambda values: of_place(_any_town(values)),
    "start": lambda values: values.one_of(("dès que possible", "toute l'année", "rapidement")),
    "month": lambda values: values.one_of(MONTHS),
}
