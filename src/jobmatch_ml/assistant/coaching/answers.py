"""Reading an answer: what of it belongs to the story, and what it lacks.

Sentences that are no part of a story (insults, orders to the program, questions to it, "je ne sais
pas") are left out of the success and of the evidence; what is left is judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from jobmatch_ml.assistant.coaching.banks import Phase, listening
from jobmatch_ml.assistant.coaching.text import count_words, plain, sentences, shorten
from jobmatch_ml.reference.titles import fold

Flaw = Literal[
    "empty", "hostile", "injected", "english", "off_topic", "unknown",
    "too_long", "vague", "no_je", "no_result", "no_figure",
]  # fmt: skip

LONGEST = 1_500  # characters of an answer before the coach asks for the essential
KEPT = 1_200  # characters of an answer that become part of the success

_HOSTILE = re.compile(
    r"\b(?:con(?:ne|nard|nasse|s)?|merde|merdique|putain|encule|salop\w*|abruti\w*|debile\w*|"
    r"bouffon\w*|ta gueule|ferme la$|va te faire|fait? chier|casse toi|degage$|cretin\w*|"
    r"imbecile\w*|gros naze|tocard\w*)\b"
    r"|\b(?:t es|tu es|c est|vous etes|ce coach est|cet outil est|ton (?:truc|site) est)"
    r" (?:vraiment |trop |juste |completement )?(?:nul\w*|inutile|stupide|idiot\w*|bete|pourri\w*|"
    r"bidon|ridicule|une blague|lamentable|minable)\b"
    r"|\bj en ai (?:marre|assez|ras le bol)\b|\b(?:sert|sers) a rien\b"
    r"|\btu (?:m enerves|me saoules|me fatigues|m emmerdes|me gonfles)\b"
)
_INJECTED = re.compile(
    r"\b(?:ignor\w+|oubli\w+|disregard|forget|outrepass\w+|contourn\w+)\b.{0,40}"
    r"\b(?:instruction\w*|consigne\w*|regle\w*|prompt|rules|precedent\w*|directive\w*)\b"
    r"|\b(?:system|systeme) ?prompt\b|\bprompt systeme\b|\bmode (?:developpeur|admin|debug)\b"
    r"|\b(?:developer|dan) mode\b|\bjailbreak\b"
    r"|^(?:system|systeme|assistant|user|admin) ?:|<\|?/?(?:system|im_start|im_end|assistant)"
    r"|\b(?:tu es|you are) (?:maintenant|desormais|now)\b|\bfais comme si tu\b|\bjoue le role\b"
    r"|\b(?:ajoute|ecris|note|mets|invente|pretends|affirme|indique|dis)\b(?: [\w']+){0,4} que "
    r"(?:je suis|j ai|je|le candidat|la candidate)\b"
    r"|\b(?:invente|fabrique|rajoute)\b.{0,30}\b(?:chiffre\w*|diplome\w*|experience\w*|competence\w*|pourcentage\w*|"
    r"resultat\w*|poste|succes)\b"
    r"|\b(?:affiche|revele|montre|repete|donne|imprime|print|reveal|repeat)\b.{0,30}"
    r"\b(?:instructions?|prompt|consignes?|cle|api|key|secret\w*|mot de passe|token)\b"
    r"|\b(?:assistant|ia|ai|llm|chatbot|modele|model) (?:should|must|shall|doit|devrait)\b"
    r"|\breponds? (?:uniquement|seulement|juste) (?:par|avec)\b"
    r"|\bstar[_ ]complete\b|\bis[_ ]complete\b"
)
_UNKNOWN = re.compile(
    r"^(?:euh |bah |ben |bof |alors |la |franchement )*"
    r"(?:je (?:ne )?(?:sais|vois) (?:pas|plus)|j en sais rien|"
    r"je (?:ne )?me (?:souviens|rappelle) (?:pas|plus)|aucune idee|pas d idee|"
    r"sais pas|chais pas|j ai oublie|rien de special)\b"
)
_NO_FIGURE = re.compile(
    r"\b(?:pas|aucun|sans|jamais|plus)\b.{0,25}\b(?:chiffre\w*|mesure\w*|statistique\w*|donnees|nombre)\b"
    r"|\bje (?:n ai|n en ai|n ai jamais) (?:pas|aucun\w*|rien)\b.{0,20}$"
)
_FIGURE_WORD = re.compile(r"\b(?:chiffre\w*|pourcentage\w*|nombre|pour cent)\b|%")
_OFF_TOPIC = re.compile(
    r"\b(?:meteo|il fait (?:beau|chaud|froid)|match|foot\w*|blague|recette|horoscope|president\w*|"
    r"elections?|politique|capitale|poeme|chanson|film|serie|netflix|bitcoin|crypto\w*|lotto|loto|"
    r"amoureu\w*|petit ami|petite amie|sens de la vie|chatgpt|intelligence artificielle|robot)\b"
)
_ABOUT_SELF = re.compile(r"\b(?:j|je|mon|ma|mes|moi|nous|notre|nos|on)\b")
_PAST = re.compile(
    r"\b(?:j ai|j avais|j etais|je suis|je me suis|je l ai|je les ai|j y ai|j en ai|on a|on avait|"
    r"nous avons|nous avions|mon chef|ma cheffe|mon equipe|mes collegues|mon patron|etait|etaient|"
    r"avait|avaient|devais|fallait|faisais)\b"
)
_I = re.compile(r"\b(?:j|je|moi)\b")
_WE = re.compile(r"\b(?:nous|on|l equipe|notre)\b")
_RESULT = re.compile(
    r"\b(?:resultat\w*|augment\w+|bais\w+|dimin\w+|redui\w+|gagn\w+|econom\w+|satisf\w+|felicit\w+|"
    r"remerci\w+|progress\w+|amelior\w+|obten\w+|reuss\w+|termin\w+|livr\w+|evit\w+|disparu\w*|"
    r"plus (?:de|aucun\w*|jamais)|moins|mieux|enfin|finalement|depuis|desormais|grace|a la fin|"
    r"embauch\w+|cdi|promu\w*|prime|sign\w+|fidel\w+|adopt\w+|valid\w+|garde\w*|confie\w*|reprit|"
    r"repris|rouvert|calme\w*|rassure\w*|content\w*|heureu\w+|double\w*|zero|aucun\w*|guer\w+)\b"
)
_FIGURE = re.compile(
    r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|"
    r"cinquante|soixante|cent|cents|mille|dizaine\w*|douzaine\w*|vingtaine|trentaine|centaine\w*|"
    r"moitie|tiers|quart|double\w*|triple\w*|zero|aucun\w*|premiere? fois)\b"
    r"|\bune? (?:seule? )?\w+ (?:sur|par) (?:heure|jour|semaine|mois|an|annee|trimestre|personne)\b"
)
# Least number of words that say something, by step.
_LEAST = {"choose": 1, "situation": 4, "task": 3, "action": 4, "result": 3}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was read.

    Args:
        kept: What of it may become part of the success, in the person's own words.
        flaw: The weakness that is worth a question, ``None`` when it can stand as it is.
        declines_figure: Whether it says that there is no figure to give.
    """

    kept: str
    flaw: Flaw | None
    declines_figure: bool = False


def read_answer(message: str, phase: Phase) -> Answer:
    """Returns what a message gives to a step, and its one most important weakness."""
    text = plain(message)
    if not any(map(str.isalpha, text)) and not _FIGURE.search(text):
        return Answer("", "empty")
    kept, outside = _split(text)
    words = key(text)
    declines = bool(_NO_FIGURE.search(words))
    flaw = _weakness(kept, phase) if kept else outside
    if flaw in ("vague", "off_topic") and _is_english(words.split()):
        flaw = "english"
    elif flaw in ("english", "vague") and outside in ("hostile", "injected"):
        flaw = outside
    if phase == "result":
        # Of this step there is one best question: what changed, or by how much.
        if flaw == "unknown":
            flaw = "no_result"
        elif flaw == "injected" and _FIGURE_WORD.search(words):
            flaw = "no_figure"
    # Words that say nothing are asked about again, not written down.
    dropped = flaw == "english" or (not telling_words(kept) and not _FIGURE.search(words))
    return Answer("" if dropped else shorten(kept, KEPT), flaw, declines)


def key(text: str) -> str:
    """Returns a text folded to letters, digits and single spaces: what the patterns look at."""
    return " ".join(re.sub(r"[^\w:<|%€]+", " ", fold(text)).split())


def has_figure(text: str) -> bool:
    """Whether a text gives a number, in digits or in words."""
    return bool(_FIGURE.search(key(text)))


def says_i(text: str) -> bool:
    """Whether a text is told in the first person singular."""
    return bool(_I.search(key(text)))


def is_injected(text: str) -> bool:
    """Whether a sentence gives orders to the program instead of telling something."""
    return bool(_INJECTED.search(key(text)))


def _split(text: str) -> tuple[str, Flaw | None]:
    """Returns the sentences that tell something, and what the others were."""
    kept: list[str] = []
    flaws: list[Flaw] = []
    # Once each: what is repeated a hundred times is said once.
    for sentence in dict.fromkeys(sentences(text)):
        flaw = _outside(sentence)
        if flaw is None:
            kept.append(sentence)
        else:
            flaws.append(flaw)
    order: tuple[Flaw, ...] = ("hostile", "injected", "off_topic", "unknown")
    worst = next((flaw for flaw in order if flaw in flaws), None)
    return " ".join(kept), worst


def _outside(sentence: str) -> Flaw | None:
    words = key(sentence)
    if _HOSTILE.search(words):
        return "hostile"
    if is_injected(sentence):
        return "injected"
    if _UNKNOWN.search(words) and count_words(sentence) <= 12:
        return "unknown"
    tells = bool(_PAST.search(words))
    if sentence.rstrip().endswith("?") and not (tells and count_words(sentence) > 12):
        return "off_topic"
    if _OFF_TOPIC.search(words) and not tells:
        return "off_topic"
    return None


def telling_words(text: str) -> int:
    """Returns how many words of a text say something of their own."""
    return sum(word not in listening("empty") for word in key(text).split())


def _weakness(text: str, phase: Phase) -> Flaw | None:
    words = key(text)
    if _is_english(words.split()):
        return "english"
    if len(text) > LONGEST:
        return "too_long"
    telling = telling_words(text)
    if telling < _LEAST[phase] and not (_FIGURE.search(words) and telling >= 2):
        return "vague"
    if phase == "action":
        mine, ours = len(_I.findall(words)), len(_WE.findall(words))
        return "no_je" if not mine or ours > 2 * mine else None
    if phase == "result" and not _FIGURE.search(words):
        # What happened to others is an effect, even where no word says so.
        tells_effect = _RESULT.search(words) or not _I.search(words)
        return "no_figure" if tells_effect else "no_result"
    return None


def _is_english(words: list[str]) -> bool:
    english = sum(word in listening("english") for word in words)
    french = sum(word in listening("french") for word in words)
    return english >= 3 and english > 1.5 * french
