"""The headings of French and English CVs, and what stands under each."""

from __future__ import annotations

import re
import unicodedata

from jobmatch_ml.cv.reading import ContentType

_HEADINGS: dict[ContentType, str] = {
    ContentType.SUMMARY: "profil|profil professionnel|a propos|a propos de moi|presentation|resume|"
    "resume professionnel|objectif|objectif professionnel|projet professionnel|en bref|"
    "qui suis je|accroche|introduction|summary|professional summary|profile|about|about me|"
    "objective|career objective|executive summary|professional profile|executive profile",
    ContentType.EXPERIENCE: "experience|experiences|experience professionnelle|"
    "experiences professionnelles|parcours|parcours professionnel|emplois|emplois occupes|"
    "historique professionnel|missions|stages|stages et alternances|experiences significatives|"
    "experiences de benevolat|benevolat|work experience|professional experience|"
    "employment history|employment|work history|career history|relevant experience|"
    "volunteer experience|volunteering|internships",
    ContentType.EDUCATION: "formation|formations|formation initiale|formations et diplomes|"
    "formation et diplomes|diplomes|diplomes et formations|diplomes et formation|etudes|"
    "cursus|cursus scolaire|parcours scolaire|parcours academique|scolarite|education|"
    "academic background|education and training|qualifications|studies|academic history",
    ContentType.CERTIFICATION: "certifications|certification|certificats|habilitations|permis|"
    "licences et certifications|certifications et habilitations|permis et habilitations|"
    "caces|licenses|licenses and certifications|certificates|permis et certifications",
    ContentType.SKILL_HARD: "competences|competences techniques|competences cles|"
    "competences professionnelles|competences metier|domaines de competences|savoir faire|"
    "connaissances|outils|outils et logiciels|logiciels|informatique|competences informatiques|"
    "principales competences|technologies|expertise|expertises|skills|technical skills|"
    "key skills|core competencies|skill highlights|highlights|tools|areas of expertise|"
    "computer skills|core qualifications",
    ContentType.SKILL_SOFT: "savoir etre|qualites|qualites personnelles|atouts|points forts|"
    "competences comportementales|competences transversales|soft skills|strengths|"
    "personal qualities|interpersonal skills",
    ContentType.LANGUAGE: "langues|langue|langues etrangeres|langues vivantes|languages|"
    "language skills",
    ContentType.INTEREST: "centres d interet|centres d interets|centre d interet|"
    "centre d interets|loisirs|interets|hobbies|activites|passions|divers|"
    "loisirs et centres d interet|centres d interet et loisirs|interests|"
    "activites extra professionnelles|hobbies and interests",
    ContentType.CONTACT: "contact|contacts|coordonnees|mes coordonnees|informations personnelles|"
    "etat civil|contact information|personal information|personal details",
    ContentType.SOCIAL_LINK: "liens|reseaux sociaux|links|social media|sur le web",
    ContentType.OTHER: "references|projets|projets personnels|publications|realisations|projects|"
    "informations complementaires|autres informations|distinctions|prix|awards|"
    "accomplishments|additional information|complements",
}
_BY_LABEL = {label: kind for kind, labels in _HEADINGS.items() for label in labels.split("|")}
_LONGEST = 60  # characters; headings are short, sentences are not
_MARKUP = re.compile(r"[#*_=>|]{1,6}")
_NOT_WORD = re.compile(r"[^a-z0-9]+")

BULLETS = "-–—•·●▪◦‣∙*►▶➢✓✔\uf0b7\uf0a7"  # the last two are of Word's symbol fonts


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
    head, sign, rest = line.partition(":")
    if len(head) > _LONGEST or is_bullet(line):
        return None
    kind = _BY_LABEL.get(fold(_MARKUP.sub(" ", head)))
    if kind is None:
        return None
    return kind, rest.strip(" *_") if sign else ""


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
    return find_heading(f"{first} {second}")
