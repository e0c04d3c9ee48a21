"""The headings of French and English CVs, and what stands under each."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from jobmatch_ml.cv.reading import ContentType

_HEADINGS: dict[ContentType, str] = {
    ContentType.SUMMARY: (
        "profil|profil professionnel|mon profil|mon projet|en quelques mots|en deux mots|"
        "quelques mots|qui je suis|ce que je cherche|je recherche|mon objectif|a propos|"
        "a propos de moi|presentation|resume|"
        "resume professionnel|objectif|objectif professionnel|projet professionnel|en bref|"
        "qui suis je|who i am|ma motivation|mes motivations|motivation|mon profil en bref|"
        "profil en bref|portrait|bio|biographie|presentation personnelle|profil personnel|"
        "personal profile|personal statement|my profile|overview|accroche|introduction|summary|"
        "professional summary|profile|about|about me|objective|career objective|executive summary|"
        "professional profile|executive profile|career overview|career summary|career focus|"
        "professional overview|summary of qualifications"
    ),
    ContentType.EXPERIENCE: (
        "experience|experiences|experience professionnelle|experiences professionnelles|parcours|"
        "parcours professionnel|emplois|emplois occupes|historique professionnel|"
        "itineraire professionnel|vie professionnelle|activites professionnelles|"
        "activite professionnelle|experiences pro|experience pro|parcours pro|mon parcours|"
        "mon parcours professionnel|cheminement professionnel|trajectoire|"
        "trajectoire professionnelle|references professionnelles|mes missions|postes occupes|"
        "emplois precedents|professional background|professional history|employment record|"
        "where i worked|missions|stages|stages et alternances|experiences significatives|"
        "experiences de benevolat|benevolat|work experience|professional experience|"
        "ce que j ai fait|mon experience|positions held|career so far|where i have worked|jobs|"
        "employment history|employment|work history|career history|relevant experience|"
        "volunteer experience|volunteering|internships"
    ),
    ContentType.EDUCATION: (
        "formation|formations|formation initiale|formations et diplomes|formation et diplomes|"
        "diplomes|diplomes et formations|diplomes et formation|etudes|ce que j ai appris|"
        "parcours de formation|niveau d etudes|instruction|bagage scolaire|formation universitaire|"
        "formations academiques|cursus academique|cursus universitaire|formation professionnelle|"
        "formations professionnelles|academic qualifications|schools|mon cursus|ecoles et diplomes|"
        "degrees|where i studied|schooling|cursus|cursus scolaire|parcours scolaire|"
        "parcours academique|scolarite|education|academic background|education and training|"
        "qualifications|studies|academic history"
    ),
    ContentType.CERTIFICATION: (
        "certifications|certification|certificats|habilitations|permis|licences et certifications|"
        "certifications et habilitations|permis et habilitations|permis de conduire|"
        "titres et habilitations|titres professionnels|professional training|caces|licenses|"
        "licenses and certifications|certificates|permis et certifications"
    ),
    ContentType.SKILL_HARD: (
        "ce que je sais faire|je sais faire|what i can do|what i do well|competences|"
        "competences techniques|boite a outils|toolbox|ma boite a outils|bagage technique|"
        "hard skills|stack|stack technique|tech stack|champs d expertise|champs de competence|"
        "champs de competences|domaines d expertise|domaines d intervention|ce que je maitrise|"
        "je maitrise|mes outils|environnement technique|environnements techniques|specialites|"
        "specialisations|points cles|competences acquises|savoirs|what i know|competences cles|"
        "competences professionnelles|competences metier|domaines de competences|savoir faire|"
        "connaissances|outils|outils et logiciels|logiciels|informatique|competences informatiques|"
        "principales competences|technologies|expertise|expertises|skills|technical skills|"
        "key skills|core competencies|skill highlights|highlights|tools|areas of expertise|"
        "computer skills|core qualifications"
    ),
    ContentType.SKILL_SOFT: (
        "savoir etre|qualites|qualites personnelles|atouts|points forts|"
        "competences comportementales|competences transversales|soft skills|strengths|"
        "traits de caractere|caractere|ma personnalite|mon caractere|comportement|"
        "personal qualities|interpersonal skills|personal attributes|attributes|personal skills"
    ),
    ContentType.LANGUAGE: (
        "langues|langue|je parle|niveau de langue|niveau de langues|competences linguistiques|"
        "connaissances linguistiques|languages spoken|linguistic skills|i speak|langues etrangeres|"
        "langues vivantes|languages|language skills"
    ),
    ContentType.INTEREST: (
        "hors du bureau|vie personnelle|vie privee|en dehors du bureau|et sinon|"
        "mes centres d interet|a cote|pour finir|beyond work|away from work|leisure|"
        "activites sportives|sport et loisirs|sports et loisirs|en dehors du travail|hors travail|"
        "hors du travail|a cote du travail|outside work|outside of work|when i am not working|"
        "ce que j aime|j aime|et aussi|centres d interet|centres d interets|centre d interet|"
        "centre d interets|loisirs|interets|hobbies|activites|passions|divers|"
        "loisirs et centres d interet|centres d interet et loisirs|interests|"
        "activites extra professionnelles|hobbies and interests"
    ),
    ContentType.CONTACT: (
        "contact|contacts|coordonnees|mes coordonnees|informations personnelles|contactez moi|"
        "me contacter|pour me contacter|pour me joindre|get in touch|infos|mes infos|"
        "infos pratiques|informations pratiques|etat civil|contact information|"
        "personal information|personal details"
    ),
    ContentType.SOCIAL_LINK: ("liens|reseaux sociaux|links|social media|sur le web"),
    ContentType.OTHER: (
        "references|projets|projets personnels|publications|realisations|projects|"
        "informations complementaires|autres informations|distinctions|prix|awards|accomplishments|"
        "additional information|complements|core accomplishments|affiliations|memberships|"
        "professional affiliations|professional memberships|presentations"
    ),
}
_BY_LABEL = {label: kind for kind, labels in _HEADINGS.items() for label in labels.split("|")}
# Words that name a section, and words that may stand beside them: a line of nothing else, one of
# the first kind among them, is a heading in words that no list foresaw. The first name decides.
_NOUNS: dict[ContentType, str] = {
    ContentType.SUMMARY: "profil|presentation|objectif|objectifs|accroche|summary|profile|"
    "objective|synthese|apercu|overview|statement",
    ContentType.EXPERIENCE: "experience|experiences|emploi|emplois|carriere|career|employment|"
    "postes|historique|stages|work|jobs|internships|vecu",
    ContentType.EDUCATION: "formation|formations|diplome|diplomes|etudes|scolarite|scolaire|"
    "cursus|education|academic|studies|degrees|academique|scolaires|universitaire|"
    "training|apprentissages",
    ContentType.CERTIFICATION: "certification|certifications|certificats|certificat|habilitation|"
    "caces|habilitations|permis|licences|licenses|certificates|attestations|agrements|brevets",
    ContentType.SKILL_SOFT: "qualites|atouts|comportementales|comportemental|savoirs etre|"
    "savoir etre|soft|strengths|personnalite|relationnelles|transversales|humaines|interpersonal|"
    "forces|points forts|aptitudes relationnelles|traits",
    ContentType.SKILL_HARD: "competence|competences|outils|logiciels|informatique|informatiques|"
    "techniques|technique|technologies|skills|tools|expertise|expertises|savoir faire|"
    "savoirs faire|connaissances|maitrise|software|aptitudes|competencies|know how|abilities|"
    "capacites",
    ContentType.LANGUAGE: "langue|langues|languages|language|linguistiques|linguistique",
    ContentType.INTEREST: "loisirs|loisir|interets|interet|passions|hobbies|interests|leisure|"
    "centre d interet|centres d interet|centres d interets|temps libre|sports|activities",
    ContentType.CONTACT: "contact|contacts|coordonnees|joindre|etat civil|identite",
    ContentType.SOCIAL_LINK: "liens|reseaux|links|portfolio",
    ContentType.OTHER: "references|publications|realisations|projets|projects|informations|"
    "complements|divers|distinctions|awards|achievements",
}  # fmt: skip
_BESIDE = (
    "mes|mon|ma|me|my|les|des|de|du|d|la|le|l|et|and|of|en|a|au|aux|the|ce que|je|qui|i|"
    "professionnel|professionnelle|professionnels|professionnelles|professional|personnel|"
    "personnelle|personnelles|personnels|personal|pro|pros|principal|principales|principaux|main|key|cles|"
    "cle|core|parcours|initiale|continue|initiales|continues|etrangeres|parlees|vivantes|foreign|"
    "spoken|pratiquees|maitrisees|maitrises|obtenus|obtenues|occupes|significatives|recentes|"
    "relevant|recent|metier|metiers|domaines|domaine|extra|autres|autre|other|additional|"
    "complementaires|specifiques|history|background|and training|sociaux|en ligne|generales|"
    "acquises|acquis|numeriques|digital|digitales|bureautique|bureautiques|technical|qualifications|"
    "activites|centres|centre|niveau|conduite|vie|experience|utiles|environnement|operationnelles|"
    "fonctionnelles|organisationnelles|internship|volunteer|civil|information|details|"
    "benevoles|associatives|associatif|titres|title|titre"
)
_KIND_OF = {noun: kind for kind, nouns in _NOUNS.items() for noun in nouns.split("|")}
_WORDS = sorted({word for label in [*_BY_LABEL, *_KIND_OF] for word in label.split()})
_VOCABULARY = "|".join(sorted({*_KIND_OF, *_BESIDE.split("|")}, key=len, reverse=True))
_COMPOSED = re.compile(rf"(?:(?:{_VOCABULARY})(?: |$))+")
_COMPOSED_WORD = re.compile(rf"({_VOCABULARY})(?: |$)")
_MOST_WORDS = 6
# With something behind them, these tell of one position's tools or duties.
_OF_A_JOB = frozenset(
    ["stack", "stack technique", "tech stack", "environnement technique", "missions",
     "mes missions",
     "environnements techniques", "technologies", "realisations", "activites"]
)  # fmt: skip
_TWO = re.compile(r"\b(?:et|and)\b")
_HALVES = re.compile(r"\s[/|]\s|\s?/\s?")
_SPACED = re.compile(r"(?:\w['’]?\s+){3,}\w\s*:?")
_BY_SQUEEZED = {label.replace(" ", ""): kind for label, kind in _BY_LABEL.items()}
_LONGEST = 60  # characters; headings are short, sentences are not
_MARKUP = re.compile(r"[#*_=>|]{1,6}")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
# What headings wear besides: "1. Profil", "02 Profil", "IV – Profil", "— Profil —", "Profil ....".
_NUMBER = re.compile(
    r"(?:(?:\d{1,2}|[IVXL]{1,5}|[A-J])\s?[.)/°–—-]|\d{1,2}(?=\s)|[IVX]{1,4}(?=\s\s?[A-ZÀ-Ý]))\s*(?=[A-ZÀ-Ý])"
)
_AROUND = re.compile(r"([^\w\s]{1,4})\s*(?P<text>\w.*?\w)\s*([^\w\s]{1,4})")
_BEFORE = re.compile(r"(?:/{1,3}|\|{1,2}|~|>{1,3}|\+)\s*(?=\w)")
_LEADERS, _FEWEST_LEADERS = " .…·_~-\t", 3
_OPPOSITE = str.maketrans("([{<«‹>»", ")]}>»›<«")
_SLIP = 84.0  # of 100: likeness of a word to what one letter of it was misread as
_LEAST_SLIPPED = 6  # letters of such a word
_NO_SLIPS = frozenset(
    ["contrat", "contrats", "contract", "contracts", "langage", "langages"]
)  # words nearly as those of headings

BULLETS = "-–—•·●▪◦‣∙*►▶➢➤➜➔→»❖◆◇■□○✓✔✗✦✧⁃\uf0b7\uf0a7"  # the last two are of Word's symbol fonts


def fold(text: str) -> str:
    """Returns a label without accents, case, punctuation and markup.

    Example:
        >>> fold("## CENTRES D’INTÉRÊT :")
        'centres d interet'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", bare.replace("&", " et ")).strip()


def is_bullet(line: str) -> bool:
    """Tells whether a line begins with a bullet (bold markdown is not one)."""
    return line[:1] in BULLETS and not line.startswith("**")


def find_heading(line: str) -> tuple[ContentType, str] | None:
    """Tells whether a line opens a section.

    Returns:
        The section's content type and what stands on the line after the heading
        (``Langues : anglais`` → ``anglais``); ``None`` when the line is no heading.
    """
    line = _undressed(line)
    head, sign, rest = line.partition(":")
    if len(head) > _LONGEST or is_bullet(line):
        return None
    label, cut, beside = line.partition(" | ")  # a form: names of fields left, values right
    if cut and label.strip(" |"):
        kind = _BY_LABEL.get(fold(label))
        return (kind, beside) if kind is not None and _kind_of(beside) is None else None
    kind = _kind_of(_MARKUP.sub(" ", head))
    if kind is None or (rest.strip(" *_") and fold(head) in _OF_A_JOB):
        return None
    return kind, rest.strip(" *_") if sign else ""


def _undressed(line: str) -> str:
    """Returns a line without the number before it, or the signs around it, if it is short."""
    bare = line.rstrip(_LEADERS)
    bare = bare if len(line) - len(bare) >= _FEWEST_LEADERS else line
    if len(bare) > _LONGEST:
        return line
    around = _AROUND.fullmatch(line[: 2 * _LONGEST])
    if around is not None and _is_mirrored(around[1], around[3]):
        return around["text"]
    number = _NUMBER.match(bare) or _BEFORE.match(bare)
    return bare[number.end() :] if number else bare


def _is_mirrored(before: str, behind: str) -> bool:
    """Tells whether two signs are one, or opposite: "— Profil —", "[ Profil ]", "<Profil />"."""
    opened = before.translate(_OPPOSITE)
    return before == behind or opened[::-1] == behind or (before, behind) == ("<", "/>")


def _kind_of(head: str) -> ContentType | None:
    """Tells the section that a short text names: by the list, in other words, or letter-spaced."""
    spaced = _SPACED.fullmatch(head.strip())
    folded = fold(head)
    if spaced:
        return _BY_SQUEEZED.get(folded.replace(" ", ""))
    kind = _BY_LABEL.get(folded)
    if kind is not None:
        return kind
    halves = {_BY_LABEL.get(fold(half)) for half in _HALVES.split(head)[:3]}
    if len(halves) == 1 and (both := halves.pop()) is not None:
        return both
    if not head.strip()[:1].isupper() or head.rstrip().endswith((".", ",", ";", ")")):
        return None
    if len(folded.split()) > _MOST_WORDS or "," in head or not _COMPOSED.fullmatch(folded):
        return None
    named = [_KIND_OF[w] for w in _COMPOSED_WORD.findall(folded) if w in _KIND_OF]
    # "compétences comportementales", "language skills": the special word decides.
    special = [kind for kind in named if kind is ContentType.SKILL_SOFT or _is_tongue(kind, folded)]
    return next(iter(special or named), None)


def name_inside(text: str) -> ContentType | None:
    """Returns the section that a word of a heading names, whatever stands beside it.

    For lines that their type makes headings: a word alone proves nothing in a text.
    """
    words = fold(text).split()
    if len(words) > _MOST_WORDS:
        return None
    exact = next((_KIND_OF[word] for word in words if word in _KIND_OF), None)
    return exact or next((kind for word in words if (kind := _nearly(word))), None)


def as_heading(text: str) -> str | None:
    """Returns a heading as it is written where a word of a short line was misread by a letter.

    Example:
        >>> as_heading("Lanques étrangères")
        'langues étrangères'
    """
    words = text.split()
    if len(words) > _MOST_WORDS:
        return None
    for at, word in enumerate(words):
        folded = fold(word)
        if len(folded) < _LEAST_SLIPPED or folded in _WORDS or folded in _NO_SLIPS:
            continue
        best = extractOne(folded, _WORDS, scorer=ratio, score_cutoff=_SLIP)
        if best is None or not _is_misread(folded, best[0]):
            continue
        mended = " ".join([*words[:at], best[0], *words[at + 1 :]])
        found = find_heading(mended[:1].upper() + mended[1:])
        if found is not None and not found[1]:
            return mended
    return None


def _is_misread(word: str, other: str) -> bool:
    """Tells whether one word is the other with letters misread: as long, or two run into one."""
    plural = word.startswith(other) or other.startswith(word)
    return abs(len(word) - len(other)) <= 1 and not plural


def _nearly(word: str) -> ContentType | None:
    """Returns the section that a word names with a slip: scans have "Expénence"."""
    if len(word) < _LEAST_SLIPPED or word in _NO_SLIPS:
        return None
    best = extractOne(word, _KIND_OF.keys(), scorer=ratio, score_cutoff=_SLIP)
    return _KIND_OF[best[0]] if best else None


def _is_tongue(kind: ContentType, folded: str) -> bool:
    """Tells whether skills are those of languages; "compétences et langues" are two sections."""
    return kind is ContentType.LANGUAGE and not _TWO.search(folded)


def find_broken_heading(line: str, following: str) -> tuple[ContentType, str] | None:
    """Tells whether two lines are one heading that a narrow column broke.

    Example:
        >>> find_broken_heading("Permis et", "habilitations")
        (<ContentType.CERTIFICATION: 'certification'>, '')
    """
    if not following or len(line) + len(following) > _LONGEST or ":" in line:
        return None
    first, second = line.strip(), following.strip()
    goes_on = second[:1].islower() or (first.isupper() and second.isupper())
    if not goes_on or is_bullet(first) or is_bullet(second):
        return None
    found = find_heading(f"{first} {second}")
    # What follows a heading on its line stands on the second one whole, or this is no broken one.
    return found if found and found[1] in second else None
