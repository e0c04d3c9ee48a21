"""The sentences of a pitch: each says one thing that the person said, in a few lengths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceLine
from jobmatch_ml.assistant.coaching.answers import is_injected, says_i
from jobmatch_ml.assistant.coaching.banks import pitch_sayings
from jobmatch_ml.assistant.coaching.text import count_words, plain, sentences, typeset
from jobmatch_ml.reference import load_skills
from jobmatch_ml.reference.titles import fold

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_NOW = re.compile(r"aujourd|present|actuel|en cours|ce jour|now|\bdepuis\b")
_PARTICIPLE = re.compile(r"^[A-ZÉÈÀ][a-zà-ÿ]+(?:[^t]é)\b(?! de\b)")
_NOUN = re.compile(r"(?:tion|sion|ment|age|ance|ence|te|ure|ise|eil|ien|vente|ie|sse)s?$")
# Places of work that are named by a common noun take an article; other names take "chez".
_AT = {
    "à la": "mairie clinique boulangerie pharmacie ferme creche residence banque prefecture "
            "bibliotheque mission brasserie patisserie boucherie librairie fondation caisse",
    "à l'": "hopital ecole hotel ehpad usine universite auberge agence institut office hypermarche",
    "pour l'": "association entreprise etude exploitation",
    "au": "lycee college garage restaurant cabinet centre chu ch domaine camping theatre salon "
          "supermarche conseil ministere rectorat magasin foyer musee laboratoire port",
    "pour la": "societe communaute commune region ville",
    "pour le": "groupe departement syndicat",
}  # fmt: skip
_ARTICLE = {noun: article for article, nouns in _AT.items() for noun in nouns.split()}
_MOST_EXPERIENCES, _MOST_SUCCESSES, _LONGEST_SENTENCE = 5, 4, 60


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a pitch: several wordings of which one is taken, or none.

    Args:
        kind: What it is about.
        options: Wordings, from short to long.
        needed: Whether one of them must be taken.
        weight: How much a word of it is worth.
        spoken: Further wordings for whoever has three minutes.
    """

    kind: str
    options: tuple[str, ...]
    needed: bool = False
    weight: int = 10
    spoken: tuple[str, ...] = ()

    def without(self, bad: Iterable[str]) -> Slot:
        """Returns the slot without the wordings that hold a sentence that is not borne out."""
        listed = list(bad)
        kept, spoken = (
            tuple(text for text in texts if not any(each in text for each in listed))
            for texts in (self.options, self.spoken)
        )
        return Slot(self.kind, kept, self.needed and bool(kept), self.weight, spoken)


def fact_slots(data: CandidateData) -> list[Slot]:
    """Returns all that can be said of a person, in the order in which a pitch says it."""
    return [
        *_identity(data),
        *_experiences(data),
        *_successes(data),
        *_skills(data),
        *_lists(data),
    ]


def recap_slots(data: CandidateData) -> list[Slot]:
    """Returns what the end of a long pitch repeats: positions and strengths, and one result."""
    say = pitch_sayings()
    heads: list[str] = []
    for line in data.of_kind("experience")[:3]:
        title = lower_first(plain(line.title).split("\n")[0])
        entity = plain(line.entity).split("\n")[0]
        if title and count_words(title) <= 12:
            heads.append(f"{title} {_at(entity)}" if entity else title)
    names = [lower_first(name) for name in key_strengths(data, most=6)]
    found = []
    if heads and names:
        options = [
            f"{say['recap_intro']}\u00a0: j'ai travaillé comme {', puis comme '.join(heads[:h])}. "
            f"Mes points forts sont les suivants\u00a0: {_listed(names[:k])}."
            for h in range(1, len(heads) + 1)
            for k in range(2, len(names) + 1)
        ]
        found.append(Slot("recap", _by_length(options), weight=2))
    for line in data.of_kind("success"):
        told = _clean_sentences(line.text)
        if line.line_id.endswith(".result") and told:
            found.append(
                Slot(
                    "retain",
                    tuple(f"{i} {typeset(told[0])}" for i in say["retain_intro"]),
                    weight=2,
                )
            )
            break
    return found


def key_strengths(data: CandidateData, most: int = 5) -> tuple[str, ...]:
    """Returns the skills to remember, those that a success shows first."""
    shown = [
        part
        for line in data.of_kind("success")
        if line.line_id.endswith(".skills")
        for part in _items(line.text)
    ]
    listed = [part for line in data.of_kind("skill") for part in _items(line.text)]
    # A certificate is one thing, whatever its name holds; its date is not part of it.
    certificates = (
        line.title or line.text.split("\n")[0] for line in data.of_kind("certification")
    )
    listed += [name for name in map(plain, certificates) if 0 < count_words(name) <= 12]
    found: dict[str, str] = {}
    for name in [*shown, *listed]:
        found.setdefault(fold(name), name)
    return tuple(found.values())[:most]


def _identity(data: CandidateData) -> Iterator[Slot]:
    name = plain(data.full_name)
    if name and "\n" not in name:
        yield Slot("name", (f"Je m'appelle {name}.", f"Je suis {name}."), needed=True)
    headline = plain(data.headline).split("\n")[0].rstrip(".")
    place = plain(data.location).split("\n")[0]
    first = next(iter(data.of_kind("experience")), None)
    # A first position of the same title says it already.
    said = first is not None and fold(first.title) == fold(headline)
    if headline and count_words(headline) <= 10 and not said:
        yield Slot("headline", (f"Mon métier : {lower_first(headline)}.",), needed=True, weight=14)
    if place and not re.search(r"\d", place) and count_words(place) <= 5:
        yield Slot("place", (f"J'habite à {place}.", f"Je vis à {place}."), weight=3)
    for line in data.of_kind("summary"):
        told = [typeset(s) for s in _clean_sentences(line.text) if says_i(s)]
        if told:
            yield Slot("summary", tuple(_growing(told)), weight=8)


def _experiences(data: CandidateData) -> Iterator[Slot]:
    for number, line in enumerate(data.of_kind("experience")[:_MOST_EXPERIENCES]):
        heads = list(_heads(line))
        nouns, told = _missions(line)
        if not heads and not nouns and not told:
            continue
        ends = [""]
        ends += [f"Concrètement\u00a0: {_listed(nouns[:k])}." for k in range(1, len(nouns) + 1)]
        ends += [" ".join(told[:k]) for k in range(1, len(told) + 1)]
        if nouns and told:
            ends.append(f"{ends[len(nouns)]} {' '.join(told)}")
        options = [f"{head} {end}".strip() for head in heads or [""] for end in ends]
        yield Slot("experience", _by_length(options), needed=number == 0, weight=12 - 2 * number)


def _heads(line: EvidenceLine) -> Iterator[str]:
    title = lower_first(plain(line.title).split("\n")[0])
    if not title or count_words(title) > 12:
        return
    entity = plain(line.entity).split("\n")[0]
    where = f" {_at(entity)}" if entity and count_words(entity) <= 8 else ""
    years = _YEAR.findall(line.dates)
    now = bool(_NOW.search(fold(line.dates)))
    if now:
        since = f", depuis {years[0]}" if years else ""
        yield f"Je travaille actuellement comme {title}{where}{since}."
        return
    yield f"J'ai travaillé comme {title}{where}."
    if years:
        when = f"en {years[0]}" if years[0] == years[-1] else f"de {years[0]} à {years[-1]}"
        yield f"J'ai travaillé comme {title}{where}, {when}."


def _missions(line: EvidenceLine) -> tuple[list[str], list[str]]:
    """Returns the missions that can stand in a list, and those that are sentences."""
    nouns: list[str] = []
    told: list[str] = []
    for detail in line.details:
        for sentence in _clean_sentences(detail):
            bare = sentence.strip(" -–•*.;")
            if not bare or count_words(bare) > _LONGEST_SENTENCE:
                continue
            if says_i(bare):
                told.append(typeset(bare))
            elif _PARTICIPLE.match(bare):
                told.append(typeset(f"J'ai {lower_first(bare)}"))
            else:
                nouns.append(lower_first(bare))
    return nouns[:6], told[:6]


def _successes(data: CandidateData) -> Iterator[Slot]:
    lines = data.of_kind("success")
    groups = groupby(lines, key=lambda line: line.line_id.partition(".")[0])
    for number, (_, group) in enumerate(groups):
        if number == _MOST_SUCCESSES:
            return
        parts = {line.line_id.partition(".")[2] or "action": line.text for line in group}
        told = {
            name: [typeset(s) for s in _clean_sentences(parts.get(name, ""))]
            for name in ("situation", "task", "action", "result")
        }
        wholes = {name: " ".join(texts) for name, texts in told.items()}
        options = [
            *(s for name in ("result", "action") for s in told[name]),
            *(" ".join(told["action"][:k]) for k in range(2, len(told["action"]) + 1)),
            *(
                " ".join(filter(None, (wholes[name] for name in names)))
                for names in (
                    ("action", "result"), ("task", "action"), ("task", "action", "result"),
                    ("situation", "action", "result"), ("situation", "task", "action", "result"),
                )
            ),
        ]  # fmt: skip
        kept = [option for option in options if option]
        if kept:
            intros = pitch_sayings()["parts"]
            spoken = " ".join(f"{intros[name]} {text}" for name, text in wholes.items() if text)
            yield Slot("success", _by_length(kept), weight=15 - 2 * number, spoken=(spoken,))


def _skills(data: CandidateData) -> Iterator[Slot]:
    names = [lower_first(name) for name in key_strengths(data, most=16)]
    if len(names) == 1:
        yield Slot("skills", (f"Mon point fort\u00a0: {names[0]}.",), weight=9)
    elif names:
        options = [
            f"Mes points forts\u00a0: {_listed(names[:k])}." for k in range(2, len(names) + 1)
        ]
        yield Slot("skills", tuple(options), weight=9)


def _lists(data: CandidateData) -> Iterator[Slot]:
    for line in data.of_kind("education")[:3]:
        entity = plain(line.entity).split("\n")[0]
        title = plain(line.title).split("\n")[0] or plain(line.text).split("\n")[0]
        if title and count_words(title) <= 16:
            longer = [f"Ma formation\u00a0: {title}, {entity}."] if entity else []
            yield Slot("education", (f"Ma formation\u00a0: {title}.", *longer), weight=7)
    for kind, intro in (("language", "Mes langues"), ("interest", "En dehors du travail")):
        lines = [line for line in data.lines if line.kind == kind]
        items = [part for line in lines for part in _items(line.text) if count_words(part) <= 5][:5]
        if items:
            options = [f"{intro}\u00a0: {_listed(items[:k])}." for k in range(1, len(items) + 1)]
            yield Slot(kind, tuple(options), weight=5)


def lower_first(text: str) -> str:
    """Returns a text that begins in lower case where it begins with a common noun or verb."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    bare = fold(first.strip(",;:.()"))
    plain_word = first[:1].isupper() and first[1:].islower() and first.replace("-", "").isalpha()
    verb = bare.endswith(("er", "ir", "re", "e", "eur", "euse", "trice", "iste", "ien", "ant"))
    known = bare in _common_words() or bool(_NOUN.search(bare))
    if plain_word and (known or (verb and " " in text.strip())):
        return text[:1].lower() + text[1:]
    return text


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Returns the words that several skills begin with: common nouns, no product's name."""
    counts: dict[str, int] = {}
    for skill in load_skills().values():
        word = fold(skill.offer.split()[0])
        counts[word] = counts.get(word, 0) + 1
    titles = "vendeur vendeuse comptable cariste serveur serveuse cuisinier cuisiniere chef cheffe"
    return frozenset(word for word, n in counts.items() if n >= 2) | frozenset(titles.split())


def _at(entity: str) -> str:
    article = _ARTICLE.get(fold(entity.split(maxsplit=1)[0]))
    if not article:
        return f"chez {entity}"
    shown = entity if entity.split(maxsplit=1)[0].isupper() else entity[:1].lower() + entity[1:]
    return f"{article}{shown}" if article.endswith("'") else f"{article} {shown}"


def _clean_sentences(text: str) -> list[str]:
    return [s for s in sentences(plain(text)) if not is_injected(s) and any(map(str.isalpha, s))]


def _items(text: str) -> list[str]:
    parts = (part.strip(" .-–•*") for part in re.split(r"[;\n•|]|,(?=\s)", plain(text)))
    return [part for part in parts if part and count_words(part) <= 9 and not is_injected(part)]


def _listed(items: Sequence[str]) -> str:
    if len(items) == 1:
        return items[0]
    comma = any("," in item for item in items)
    joined = (" ; " if comma else ", ").join(items[:-1])
    return f"{joined}\u00a0; {items[-1]}" if comma else f"{joined} et {items[-1]}"


def _growing(texts: Sequence[str]) -> list[str]:
    return [" ".join(texts[:k]) for k in range(1, len(texts) + 1)]


def _by_length(options: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(filter(None, options)), key=count_words))
