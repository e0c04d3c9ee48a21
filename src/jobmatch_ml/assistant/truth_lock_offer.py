"""What a text may say about the offer: its title, company and place, where it speaks of the offer.

"Votre offre de chef de rayon chez Verdier m'intéresse" is about the offer; "chef de rayon chez
Verdier depuis 2019" is about the person, and the person was never there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_text import fold_in_place, tokenize
from jobmatch_ml.assistant.claims_words import load_words, role_key
from jobmatch_ml.assistant.truth_lock_taken import is_taken


class AboutOffer(Protocol):
    """What the lock needs of an offer (``offer.OfferContext`` has it)."""

    @property
    def title(self) -> str:
        """The offer's title."""

    @property
    def company(self) -> str:
        """Who recruits; may be empty."""

    @property
    def location(self) -> str:
        """Where; may be empty."""


_KINDS = frozenset({"employer", "title", "place", "tool", "person", "skill", "seniority"})
_WISHED_KINDS = frozenset({"number", "team_size", "seniority"})
_INFINITIVE = re.compile(r"(?:etre|\w{3,}(?:er|ir|re))\b")
_SPEAKS_OF_OFFER = re.compile(
    r"\b(?:votre|vos|vous|offre|annonce|postul\w*|candidature|rejoin\w*|integrer(?:ai)?|"
    r"souhait\w*|voudrais|aimerais|desir\w*|objet|future?|motiv\w*|pourvoir|apporter\w*|"
    r"mettrai\w*|contribuer\w*|defi|challenge|pret(?:e)? a|poste (?:de|d|a|propose|vise|ouvert)|"
    r"m'interesse|m'attire|recherche[zr]|recrute[zr]|\w{3,}r(?:ait|aient|ais)|"
    r"mon (?:but|projet|souhait|objectif)|ce que je vise|fait pas peur|"
    r"c(?:e|et|ette) (?:poste|offre|annonce|mission)|telle? que|me tent\w+|me plai\w+|"
    r"(?:cherche|demande|attend|confie|propose|suppose|prevoi|exige|recrute)(?:t|nt)?)\b"
)
_SPEAKS_OF_SELF = re.compile(
    r"\b(?:j'(?:ai|etais|exerc\w*|occup\w*)|depuis|actuellement|mon experience|ma formation|"
    r"mes (?:\w+ )?(?:annees|experiences)|je (?:maitrise|travaille|connais)|ayant|"
    r"ai (?:ete|exerce|travaille|occupe)|en tant que|pendant|annees d|ans d|travaillant|"
    r"(?:je|j'ai|j'y|ai|a|avait|il|elle) (?:\w+ )?travaill\w*|j'(?:y )?travaill\w*|"
    r"mon (?:poste|parcours|passage)|apres avoir|forte? de|"
    r"moi|m'(?:a|ont|avai\w+)|je l(?:es |')ai|j'en ai|"
    r"je suis (?!tres|vivement|particulierement|interesse|motive|convaincu|persuade|certain|"
    r"disponible|candidat|pret))\b"
)
_LEAST_NAME = 3
_OPENING = r"(?:chez |(?:la |le |les |l')\w+ (?:de |d'|du ))?(?:la |le |les |l')?"
# The writer as somebody who did or does something.
_OWN = re.compile(
    r"\b(?:j'(?!aim|apprec|en ser)|je (?!postul|souhait|voudr|serai)|"
    r"(?:mon|ma|mes|nous|notre|moi)\b|"
    r"m'(?:a|ont|avai\w+)\b|(?:les|l'|en|y) ai\b)"
)
# "Vous cherchez vingt ans de métier, je les ai" claims what the offer asks.
_MINE_TOO = re.compile(r"\bje (?:les|l')\s?ai\b|\bj'en ai\b|c'est mon cas|comme moi|c'est moi")
# The same in other words: "un expert SAP, ce que je suis", "un doctorat, obtenu en 2015".
_THAT_IS_ME = re.compile(
    r"ce que (?:je suis|j'ai)\b|\b(?:me|les?|la) voi(?:ci|la)\b|cette personne|ces lignes"
    r"|[,;:?] (?:\w+ )?(?:obtenue?|tenue?|parlee?|maitrisee?|passee?|deployee?|exercee?|acquise?"
    r"|validee?|dirigee?|pratiquee?|geree?|faite?)s?\b|\b(?:annees|mois) passees?\b|ans de vie"
    r"|\b(?:lettre|cv|candidature|profil|mots?) d(?:'|e |u )(?!emploi|poste)"
    r"|outil de tous les jours"
    r"|\bvotre (?:futur|prochain|nouvel)\w* \w+ (?:a|est|maitris\w+)\b|\baura un\w* .*de plus\b"
    r"|\bvotre .*\bdepuis\b.*c'est"
)
# A later part that says of what was asked for that it is there, whoever is its subject: "Vous
# demandez le russe et il est courant". What the post itself is ("il est situé à Lyon") is not it.
_IT_IS_THERE = re.compile(
    r"(?:[,;:]|\b(?:et|mais|or|car)) (?:(?:justement|precisement|deja|bien) )?(?:"
    r"(?:il|elle) (?!est (?:situe|base|prevu|demande|requis|propose|ouvert|pourvoir|possible|"
    r"a pourvoir|importan))(?:est|l'est|figure|fait)"
    r"|(?:ils|elles) (?:sont|le sont|figurent|font)"
    r"|c'est (?:(?:exactement|precisement|justement|bien) )?"
    r"(?:mon|ma|le mien|la mienne|moi|fait|acquis)"
    r"|ce sont (?:mes|les miens|les miennes)|(?:cela|ca) (?:fait|me decrit|me ressemble|est fait)"
    r")\b"
)
_OFFER_IS_SUBJECT = re.compile(
    r"(?:que |comme |si )?(?:vous (?!montre|prouve|apport)|votre |vos |(?:le|ce) poste|l'(?:offre|"
    r"annonce|entreprise|equipe)|cette (?:offre|annonce|mission|entreprise)|la mission|il s'agit)"
)
_TELLS = re.compile(
    r"\b(?:est|a|on|compte|reunit|sert|fournit|travaille|dure|emploie|gere|fait|vend|developpe|"
    r"recrute|cherche|recherche|attend|confie|propose|demande|prevoit|suppose|exige|veut|offre)\b"
)
_WISHED = re.compile(r"que je souhait|rejoindre|votre|postul|integrer")
_PAST = re.compile(r"depuis|j'ai|etais|actuellement|travaill|mes \w*\s?annees")
_LEADS_TO_OFFER = re.compile(r"(?:chez|offre|poste|rejoin\w*|integrer|votre)[^,;]*$")
_CLAUSE = re.compile(r"[;:]|,\s| et (?=je |j'|ai )")


def is_about_offer(
    claim: Claim, sentence: str, offset: int, offer: AboutOffer, asked: Sequence[str] = ()
) -> bool:
    """Tells whether a claim is the offer's own and the sentence says it of the offer.

    Args:
        claim: With offsets in the whole text.
        sentence: The sentence that it stands in.
        offset: Where the sentence begins in the whole text.
        offer: The offer.
        asked: Other words of the offer, allowed where "vous" ask for them.
    """
    flat = fold_in_place(sentence)
    start = claim.start - offset
    named = claim.kind in ("employer", "place") and _of_offer(claim, offer, ())
    if not named and is_taken(sentence, claim.end - offset):
        return False
    return _may_be_offers(flat, start, claim, offer, asked)


def _may_be_offers(
    flat: str, start: int, claim: Claim, offer: AboutOffer, asked: Sequence[str]
) -> bool:
    if _tells_offer(flat, start, claim, offer):
        return True
    mine = claim.kind not in _KINDS or _is_me(flat)
    if mine or not _of_offer(claim, offer, asked):
        return False
    if claim.kind in ("employer", "place") and (
        _is_subject(flat, start, offer) or not _WRITER.search(flat)
    ):
        return True
    begin, end = _clause(flat, start)
    clause = flat[begin:end]
    if _SPEAKS_OF_SELF.search(clause):
        wished = _WISHED.search(clause) and not _PAST.search(clause)
        return bool(wished and _LEADS_TO_OFFER.search(flat[begin:start]))
    if _SPEAKS_OF_OFFER.search(clause):
        return True
    return bool(_SPEAKS_OF_OFFER.search(flat)) and not _SPEAKS_OF_SELF.search(flat[:begin])


def _is_me(flat: str) -> bool:
    """Tells whether a sentence claims for the writer what it says the offer asks for."""
    return bool(_THAT_IS_ME.search(flat) or _IT_IS_THERE.search(flat))


def _is_subject(flat: str, start: int, offer: AboutOffer) -> bool:
    """Tells whether a sentence opens with the recruiter's name and says what the firm does."""
    company = fold_in_place(offer.company)
    if len(company) < _LEAST_NAME or not re.match(_OPENING + re.escape(company) + r"\b", flat):
        return False
    _, end = _clause(flat, start)
    own = _PAST.search(flat[:end]) or _OWN.search(flat[:end])
    return not own and bool(_TELLS.search(flat[len(company) :]) or _acts(flat, company))


def _acts(flat: str, company: str) -> bool:
    """Tells whether a verb stands right after the name: "Verdier habille trois générations"."""
    after = flat.partition(company)[2]
    verb = re.match(r" (?:ne |n'|se |s'|y |en )?([a-z]{3,}(?:e|t|nt))\b", after)
    return verb is not None and role_key(verb[1]) not in load_words().roles


def _tells_offer(flat: str, start: int, claim: Claim, offer: AboutOffer) -> bool:
    """Tells whether a clause says what the offer asks or is, and the offer does say so.

    Where nothing of the offer's text is known, what is said of the offer cannot be checked; it is
    no claim about the person all the same.
    """
    if _is_me(flat):
        return False
    known = fold_in_place(str(getattr(offer, "description", "")))
    listed = fold_in_place(" ".join(getattr(offer, "skills", ())))
    said = not known or fold_in_place(claim.text).strip() in f"{known} {listed}"
    if _speaks_of(flat, start, offer) or _as_asked(flat, start) or _only_theirs(flat, offer):
        return said
    begin, end = _clause(flat, start)
    clause = flat[begin:end]
    company = fold_in_place(offer.company)
    opens = _OFFER_IS_SUBJECT.match(clause)
    named = len(company) >= _LEAST_NAME and company in clause and not clause.startswith("chez")
    # "Mener une equipe de douze, comme le prevoit X, me plairait" is a wish.
    wishes = bool(company and company in flat) or _INFINITIVE.match(clause) is not None
    wish = wishes and claim.kind in _WISHED_KINDS and bool(re.search(r"\w{3,}rait\b", flat))
    tells = named and (_TELLS.search(clause) or _acts(clause, company))
    told_of = opens or tells or wish
    if not told_of or _PAST.search(clause) or _OWN.search(clause) or _MINE_TOO.search(flat):
        return False
    return said


_PARTS = re.compile(r"[;:,()]|\b(?:et|mais|car|puis|or|donc)\b|\b(?:ou|que|qu') (?=je|j')")
_YOURS = re.compile(
    r"(?:et |car |si |s'|puisque |que |comme |lorsque |quand |sachant que |parce que "
    r"|dans |selon |d'apres |sur )*"
    r"(?:vous (?!montr|prouv|apport|offr|propos|garant)|votre (?!futur|prochain|nouvel)|"
    r"vos |(?:le|ce) (?:poste|titre|role|metier|contrat)|la fonction|"
    r"l'(?:offre|annonce|entreprise|equipe)|"
    r"cette (?:offre|annonce|mission|entreprise|equipe)|la mission|il s'agit)"
)
_MINE = re.compile(
    r"\b(?:je|j'\w+|mon|ma|mes|moi|nous|notre|nos|m'(?:a|ont|avai\w+|emploi\w*)|candidate?|"
    r"future?|profil|ancienn?e?|comme)\b"
)
_ACTS = (
    r" (?:ne |n'|se |s'|y |en |a |ont |va )?(?!depuis|dans|chez|pendant|avec|pour|sur|sous|par|"
    r"entre|vers|de\b|du\b|des\b|et\b|ou\b|comme)\w{2,}\b"
)


_OFFERED = re.compile(
    r"\b(?:votre|vos|vous|(?:le|ce|du|au|un) poste|offre|annonce|propos\w+|recherch\w+|demand\w+)\b"
)
# Who the writer is, has or did: then the sentence is not about the recruiter alone.
_WRITER = re.compile(
    r"\b(?:je (?!postul|souhait|voudr|aimer|serai|me (?:tien|rejoui|propos|port)|repond|candidat|"
    r"vous|cherch|suis (?:pret|ravi|heureu|interess|motiv|convaincu|curieu|disponible))|"
    r"j'(?!aimer|attend|espere|ador)|mon|ma|mes|moi|nous|notre|nos|titulaire|diplom\w*|"
    r"forte? (?:de|d')|expert\w*|certifie\w*|ancienn?e?|pendant|depuis|apres|dotee?|specialis\w*|"
    r"ayant|en tant que|"
    r"maitris\w*|experimente\w*|confirme\w*|chevronne\w*|annees d|ans d|durant|"
    r"m'(?:a (?:confi|form|embauch|recrut|employ|nomm|promu)\w*|emploi\w*)|ai|candidate?)\b"
)


def _only_theirs(flat: str, offer: AboutOffer) -> bool:
    """Tells a sentence that names the recruiter or the post and says nothing of the writer."""
    company = fold_in_place(offer.company).strip()
    named = len(company) >= _LEAST_NAME and company in flat
    return bool(named or _OFFERED.search(flat)) and not _WRITER.search(flat)


_AS_ASKED = re.compile(
    r"\bvoila ce qu(?:e |')|\b(?:que|comme) (?:"
    r"(?:le |la |l')?(?:prevoi\w+|demand\w+|propos\w+|exig\w+|decri\w+|"
    r"mention\w+|suppos\w+|attend\w+) (?:votre|l'|cette|le|la|ce)|vous (?:le |la |l')?"
    r"(?:demandez|proposez|cherchez|recherchez|prevoyez|attendez|decrivez|souhaitez))"
)


def _as_asked(flat: str, start: int) -> bool:
    """Tells what the offer asks, told first: "quinze agents, comme vous le demandez"."""
    found = _AS_ASKED.search(flat, start)
    return found is not None and not _MINE.search(flat[: found.start()])


# What the writer read of the offer is the offer's.
_READ = re.compile(r"\b(?:j'ai|je) (?:lu|vu|appris|compris|note|sais|vois|lis) (?:que |qu')")


def _speaks_of(flat: str, start: int, offer: AboutOffer) -> bool:
    """Tells whether the part of a sentence that a claim stands in has the recruiter as its subject.

    "Votre verrerie tourne jour et nuit, avec 900 salariés": the second part has no subject of its
    own, so it goes on about the recruiter; "je", "ma" and "mes" bring it back to the writer.
    """
    if _MINE_TOO.search(flat):
        return False
    flat = _READ.sub(lambda found: " " * len(found[0]), flat)
    company = re.escape(fold_in_place(offer.company).strip())
    # "Le port accueille …": the firm by its first word.
    short = fold_in_place(offer.company).partition(" ")[0]
    named = rf"(?:la |le |les |l')?{company}|(?:la |le |l'){re.escape(short)}"
    acts = re.compile(rf"(?:{named})(?:, [^,]{{0,40}},)?(?: ?: |{_ACTS})")
    theirs, position = False, 0
    for stop in [*_PARTS.finditer(flat), None]:
        end = stop.start() if stop else len(flat)
        part = flat[position:end].strip()
        acting = len(company) >= _LEAST_NAME and acts.match(flat[position:].lstrip())
        theirs = theirs or bool(acting) or bool(_YOURS.match(part))
        if _MINE.search(part):
            theirs = False
        if start < end:
            return theirs
        position = stop.end() if stop else len(flat)
    return theirs


def _of_offer(claim: Claim, offer: AboutOffer, asked: Sequence[str]) -> bool:
    words = load_words()
    known = " \n ".join((offer.title, offer.company, offer.location, *asked))
    tokens = tokenize(known)
    folds = {token.fold for token in tokens}
    stems = {token.stem for token in tokens}
    keys = {role_key(token.fold) for token in tokens}
    return bool(claim.words) and all(
        word.fold in folds or word.stem in stems or role_key(word.fold) in keys
        or word.fold in words.generic
        for word in claim.words
    )  # fmt: skip


def _clause(flat: str, position: int) -> tuple[int, int]:
    begin, end = 0, len(flat)
    for match in _CLAUSE.finditer(flat):
        if match.end() <= position:
            begin = match.end()
        elif match.start() >= position:
            end = match.start()
            break
    return begin, end
