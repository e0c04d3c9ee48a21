"""Skills in an offer's text: which, where exactly, and whether they are required or a plus.

Three readings are put together: terms that name a skill wherever they stand, weaker terms where
the text asks for them, and what follows an asking phrase ("maîtrise de ...", "connaissances en
...") though no vocabulary knows it. A clause or a heading that speaks of a plus makes its skills
wished.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from jobmatch_ml.offers.flat_text import flatten, fold_term
from jobmatch_ml.offers.skill_terms import Kind, Mention, Vocabulary, in_company


class FoundSkill(NamedTuple):
    """A skill of an offer and its first mention.

    ``start`` and ``end`` are characters into the ``part`` (``title`` or ``description``).
    """

    skill: str
    key: str
    kind: Kind
    is_required: bool
    part: str
    start: int
    end: int


_SENTENCE = re.compile(
    r"[\n;!?]+|\.(?=\s|$)|(?<=\s)[-*](?=\s)|\. ?(?=[-*])|(?<=[a-z)])- ?(?=[a-z])"
)
_ASKING = re.compile(
    r"\bmaitris\w+|\bconnaissances?\b|\bconnaiss(?:ez|ant)\b|\bcompetences?\b|\bnotions?\b|"
    r"\bexpertise\b|\bbonnes? bases?\b|\bbases en\b|\ba l'aise (?:avec|dans|en)\b|"
    r"\bpratique (?:de|du|des|courante|approfondie)\b|\bspecialisee?\b|\blogiciels?\b|"
    r"\bformee?s?(?:\(e\))? (?:aux?|a la)\b|\benvironnements? techn\w+|\bstack\b|\bhabilit\w+|"
    r"\butilisation (?:de|du|des|d')|\bdomaines? techniques\b|\bsavoir[- ]faire\b|"
    r"\bexperience (?:technique )?(?:avec|en|dans les domaines?)\b|\bprofessionnel des\b|"
    r"\bniveau d'|\bbon niveau en\b"
)
_WISHED = re.compile(
    r"\b(?:un|des|de|fort|gros|reel|vrai|le) (?:\w+ )?(?:plus|atouts?)\b|\bapprecie|"
    r"\bsouhaitee?s?\b|\bidealement\b|\beventuel|\bfacultati|\bbonus\b|\bnotions?\b|"
    r"\bnice to have\b|\bpreference\b|\bvalorise|\bbienvenu|\bserai(?:t|ent) un\b|\boptionnel"
)
_AFTER_ONLY = re.compile(r"\b(?:idealement|eventuellement|notions?|de preference)\b")
_WISHED_HEADING = re.compile(
    r"^\W*(?:les (?:petits )?(?:plus|atouts)|atouts?|serai\w+ un plus|nice to have|bonus|"
    r"souhaite\w*|"
    r".{0,90}(?:seraient|serait|sont|est) (?:un (?:vrai |reel )?(?:plus|atout)|des atouts|"
    r"apprecie\w*))[^\n]{0,25}:?\W*$"
)
_BULLET = re.compile(r"^\s*[-*o\u2022>]\s*")
_ADJECTIVES = (
    r"(?: (?:approfondies?|avancees?|techniques?|confirmees?|requises?|solides?|parfaite|"
    r"indispensable|de base|necessaires?|specifiques?|parfaitement|imperative|informatiques?|"
    r"bonnes?))*(?: dans (?:les domaines? (?:suivants? ?:?|de|d')|le domaine))?"
)
_ARTICLES = r"(?:en |de la |de l'|des |du |de |d'|les |le |la |l'|dans |aux? |sur |avec )"
# Open reading: what stands behind an asking phrase, up to the end of its clause.
_OPEN = re.compile(
    r"(?:(?<!brevet de )\b(?:maitris(?:e|ez|ant)(?! d'o[eu])|"
    r"(?:solides? |bonnes? |tres bonnes? )?connaissances?|connaissez)"
    rf"{_ADJECTIVES} {_ARTICLES}|"
    r"\b(?:competences? (?:confirmees? )?(?:en|dans)\b|notions?|bases en|a l'aise avec|"
    rf"formee?\(?e?\)? aux){_ADJECTIVES} {_ARTICLES}?)"
    r"(?:base (?:en|de|d') ?)?(?:outils? (?:de |d')|techniques? (?:de |d'))?"
    r"(?P<what>[^.;:()\n!?]{3,140})"
)
_SPLIT = re.compile(
    r",| et (?:de |des |du |d'|en |la |le |les )?| ou (?:de |d'|en )?|\bet/ou\b| - |/(?= )"
)
_STOP_AT = re.compile(
    r"\b(?:dans|pour|afin|qui|vous|serait|est|sont|seraient|avec|permettant|tel(?:le)?s?|comme|sur|"
    r"ainsi|necessaires?|requise?s?|indispensables?|exigee?s?|souhaitee?s?|appreciee?s?|lors|selon|"
    r"lies?|liee?s?|a la|et savoir|obligatoire|imperati\w+|demande\w*|recommande\w*|notamment|via|"
    r"par|connaissances?|maitrise|competences?|capacite|aptitude|experience|sens|esprit|seront|sera|"
    r"ont|avez|etes|etre|acquise?s?|au sein|chez|votre|nos|notre|cette?|ces|mais|egalement|"
    r"constitu\w+|savez|dotee?|incluant|idealement|preference|leurs?|autres|plusieurs|ensemble|"
    r"continu|associee?s?|couramment|parle\w*|suivants?|propres?|nouvelles?)\b"
)
_LEAD = re.compile(
    r"^(?:(?:de|des|du|en|la|le|les|un|une|au|aux|a|tres|bonne?s?|vos|ses|son|sa)\s+|[dl]'|\s+)+"
)
_TAIL = re.compile(r"(?:\s+(?:de|des|du|d'|la|le|les|l'|en|et|au|aux|dans|un|une|a))*\s*$")
# Words that alone, or with their like, name no skill that can be learnt.
_VAGUE_WORDS = (
    "activite activites adaptation aisance analyse analytique analytiques architecture "
    "autonomie base bases besoins bio bonnes business client clients commande communication "
    "competence competences complexes conception concepts connaissances consignes contractuel "
    "contraintes couts curiosite delais developpement different differentes differents "
    "disponibilite domaine domaines donnees dynamisme ecoute ecrit ecrite enjeux entreprise "
    "entreprises environnement environnements equipe equipes esprit experience exploitation "
    "expression flux fonction fonctionnel fonctionnelle fonctionnels francais generale gestes "
    "gestion groupes humaines industrie informatique informatiques langue langues logiciel "
    "logiciels management marche materiel materiels metier metiers mission missions mode "
    "modeles motivation normes on optimisation oral orale organisation organisationnel "
    "oriente orientee outil outils parcours pedagogie polyvalence ponctualite poste pratiques "
    "presentation principes priorites procedures processus production produit produits "
    "profession professionnelle professionnels propres qualite recherche redactionnel "
    "redactionnelles referentiels reglementation regles relationnel relationnelle "
    "relationnelles rigueur risques role roles secteur securite service situations soi "
    "solides solutions specifique specifiques standards stress suivant suivantes suivants "
    "synthese systeme systemes technique techniques technologiques temps terrain toutes "
    "traitement transformations travail utilisation verbale "
)
_VAGUE = frozenset(_VAGUE_WORDS.split())
_MAX_OPEN_WORDS = 5
_BLURB = re.compile(
    r"\b(?:notre|nos) (?:entreprise|societe|groupe|client|cabinet|solution|formation|agence|"
    r"valeurs|"
    r"partenaires|collaborateurs|equipes)\b|\bnous (?:sommes|proposons|vous proposons|offrons)\b|"
    r"\bvous aurez (?:egalement )?la possibilite\b|\bcompleter vos competences\b|\bleader\b"
)
_DIPLOMA = re.compile(
    r"\b(?:bac|bts|dut|licence|master|diplom\w*|formation|cap|bep|ecole|doctorat|ingenieur\w*|"
    r"etudiante?|titulaire|cursus)\b[^,.;]{0,60}$"
)


def find_skills(title: str, description: str, vocabulary: Vocabulary) -> list[FoundSkill]:
    """Returns the skills of an offer, each once, in the order of the text, the title first.

    A skill that is required anywhere is required.

    Args:
        title: As gold stores it.
        description: As gold stores it; cut at
            :data:`~jobmatch_ml.offers.flat_text.MAX_CHARS` characters.
        vocabulary: Of :func:`~jobmatch_ml.offers.skill_terms.load_vocabulary`.
    """
    best: dict[str, FoundSkill] = {}
    for part, text in (("title", title), ("description", description)):
        flat = flatten(text)
        for skill in _in_text(part, flat, text, vocabulary):
            held = best.get(skill.key)
            if held is None:
                best[skill.key] = skill
            elif skill.is_required and not held.is_required:
                best[skill.key] = held._replace(is_required=True)
    return list(best.values())


def _in_text(part: str, flat: str, text: str, vocabulary: Vocabulary) -> Iterator[FoundSkill]:
    mentions = in_company(vocabulary.find(flat, text))
    under_wish = asked_above = False
    place = 0
    for start, end in _clauses(flat):
        clause = flat[start:end]
        inside: list[Mention] = []
        while place < len(mentions) and mentions[place].start < end:
            inside.append(mentions[place])
            place += 1
        is_item = bool(_BULLET.match(flat[max(0, start - 3) : end]))
        if _WISHED_HEADING.match(clause) and len(clause) < 140:
            under_wish = not inside
        elif under_wish and not is_item and clause.strip() and clause.rstrip().endswith(":"):
            under_wish = False
        asking = _ASKING.search(clause) if part == "description" else None
        if clause.rstrip().endswith(":"):
            asked_above = bool(asking)
        yield from _of_clause(part, (start, clause), inside, (under_wish, asked_above, asking))


def _clauses(flat: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _SENTENCE.finditer(flat):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
    if start < len(flat):
        yield start, len(flat)


def _of_clause(
    part: str,
    where: tuple[int, str],
    inside: list[Mention],
    state: tuple[bool, bool, re.Match[str] | None],
) -> Iterator[FoundSkill]:
    start, clause = where
    under_wish, asked_above, asking = state
    if not inside and not asking:
        return
    wish = _WISHED.search(clause)
    after_only = _AFTER_ONLY.search(clause)
    is_blurb = bool(_BLURB.search(clause))

    def required(place: int) -> bool:
        if under_wish:
            return False
        if wish is None:
            return True
        return bool(after_only and wish.start() == after_only.start() and place < wish.start())

    covered: list[tuple[int, int]] = []
    for mention in inside:
        place = mention.start - start
        if mention.term.is_weak:
            is_asked = asked_above or bool(asking and asking.start() < place)
            if not is_asked or _DIPLOMA.search(clause[:place]):
                continue
        if is_blurb or clause[max(0, place - 5) : place] == "sans ":
            continue
        covered.append((mention.start, mention.end))
        term = mention.term
        yield FoundSkill(
            term.skill, fold_term(term.skill), term.kind, required(place), part,
            mention.start, mention.end,
        )  # fmt: skip
    if asking and not is_blurb:
        yield from _open(part, start, clause, covered, required)


def _open(
    part: str,
    offset: int,
    clause: str,
    covered: list[tuple[int, int]],
    required: Callable[[int], bool],
) -> Iterator[FoundSkill]:
    for found in _OPEN.finditer(clause):
        begin = found.start("what")
        what = found["what"]
        for low, high in _pieces(what):
            start, end = offset + begin + low, offset + begin + high
            if any(start < stop and begun < end for begun, stop in covered):
                continue
            name = " ".join(what[low:high].split())
            yield FoundSkill(
                name,
                name,
                "knowledge",
                required(begin + low),
                part,
                start,
                end,
            )


def _pieces(what: str) -> Iterator[tuple[int, int]]:
    """Yields the parts of an enumeration that look like the name of a skill."""
    start = 0
    spans = []
    for found in _SPLIT.finditer(what):
        spans.append((start, found.start()))
        start = found.end()
    spans.append((start, len(what)))
    for low, high in spans:
        piece = what[low:high]
        stop = _STOP_AT.search(piece)
        is_cut = bool(stop)
        if stop:
            piece = piece[: stop.start()]
        lead = _LEAD.match(piece)
        skipped = lead.end() if lead else 0
        piece = _TAIL.sub("", piece[skipped:]).rstrip()
        words = [word for word in re.findall(r"[a-z0-9+#]{2,}", piece) if word not in _LITTLE]
        if words and len(words) <= _MAX_OPEN_WORDS and not all(word in _VAGUE for word in words):
            yield low + skipped, low + skipped + len(piece)
        if is_cut:
            return


_LITTLE_WORDS = "de des du la le les en et au aux dans un une sur pour par ou son sa vos"
_LITTLE = frozenset(_LITTLE_WORDS.split())
