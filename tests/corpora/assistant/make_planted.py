"""Write planted.jsonl: unsupported claims planted in the true texts.

The claims of planted_by_hand.jsonl come first; the rest are drawn here, from lists written for the
purpose, into the spans that texts.jsonl marks. A drawn claim is kept only when nothing in the
candidate's data says it. Seeded: the same inputs give the same bytes.

Run from the root of the repository: python tests/corpora/assistant/make_planted.py
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from itertools import combinations
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SEED = 20261122
TOTAL = 1000
# Shares of the drawn claims, most of them small so that rare kinds are seen too.
QUOTAS = {
    "number": 105, "date": 100, "employer": 80, "tool": 62, "title": 65, "language": 35,
    "skill": 33, "degree": 48, "certification": 40, "team_size": 24, "seniority": 22,
}  # fmt: skip

EMPLOYERS = [
    "Castorama", "Decathlon Services", "Sodexo", "Veolia", "Airbus", "Danone", "La Poste",
    "Bouygues Construction", "Michelin", "Schneider Electric", "Ubisoft", "Korian", "Dalkia",
    "Hermès", "Thales", "Galeries Lafayette", "Sanofi", "Monoprix", "Eiffage", "Accor",
    "Groupe Solvane", "Ateliers Morvannais", "Clinéa", "Transports Guérin-Lavigne", "Bonduelle",
    "Orange", "Safran", "Naval Group", "Fleury Michon", "Ramsay Santé", "Vinci Énergies", "Picard",
]  # fmt: skip
TOOLS = [
    "Blender", "MATLAB", "SolidWorks", "Kubernetes", "Hadoop", "Cegid", "Zendesk", "Looker",
    "Premiere Pro", "QuickBooks", "Trello", "Sage X3", "Kafka", "Catia",
]  # fmt: skip
VOWEL_TOOLS = ["AutoCAD", "ArcGIS", "Odoo", "Access", "Elasticsearch"]
# Where the words around name the sort of tool, another of the same sort.
SAME_TOOLS = {
    "Storeland": ["Cegid Retail", "Orchestra"],
    "Crossway": ["DxCare", "Sillage"],
    "NetSoins": ["Titan", "Livia"],
    "Siemens S7": ["Omron CJ2", "Rockwell ControlLogix"],
    "Carl Source": ["Maximo", "Mainta"],
    "WMS Reflex": ["WMS Manhattan", "WMS Infolog"],
    "KNX": ["Crestron", "Loxone"],
    "Bosch KTS": ["Autel MaxiSys", "Delphi DS150"],
    "Opera PMS": ["Fidelio", "Protel"],
    "Snowflake": ["BigQuery", "Redshift"],
    "Teradata": ["Netezza", "Sybase"],
    "Airflow": ["Luigi", "Dagster"],
    "Django": ["Spring Boot", "Ruby on Rails"],
    "Debian": ["Solaris", "FreeBSD"],
    "Splunk": ["Sentinel", "Wazuh"],
    "Power BI": ["Qlik Sense", "MicroStrategy"],
    "Sage": ["Cegid", "Quadra"],
    "SAP S/4HANA": ["Microsoft Dynamics", "Infor M3"],
    "Python": ["Perl", "Scala"],
    "LaTeX": ["Markdown", "FrameMaker"],
    "SketchUp": ["TopSolid", "Cabinet Vision"],
}
# (determiner, noun, occupation families near enough that the claim might be called true)
SKILLS = [
    ("la ", "gestion de la paie", "comptabilité ressources humaines finance secrétariat"),
    ("la ", "soudure TIG", "maintenance plomberie mécanique bâtiment production"),
    ("la ", "langue des signes", "social enseignement petite enfance"),
    ("la ", "conduite d'engins", "bâtiment agriculture logistique transport"),
    ("le ", "référencement naturel", "marketing développement web design"),
    ("la ", "comptabilité analytique", "comptabilité finance direction"),
    ("la ", "permaculture", "agriculture"),
    ("le ", "droit fiscal", "droit comptabilité finance"),
    ("la ", "radioprotection", "santé"),
    ("la ", "négociation internationale", "vente direction projet"),
    ("le ", "pilotage de drones", "agriculture sécurité"),
    ("la ", "programmation en Java", "data développement web recherche cybersécurité projet"),
    ("la ", "sommellerie", "restauration hôtellerie tourisme"),
    ("la ", "taille de pierre", "bâtiment menuiserie"),
    ("la ", "traduction juridique", "droit enseignement"),
]
DEGREES = [
    "doctorat de chimie", "master de droit des affaires", "master de finance de marché",
    "diplôme d'ingénieur aéronautique", "MBA de management international", "doctorat de sociologie",
    "diplôme d'État de sage-femme", "BTS Conception de produits industriels", "BTS Aquaculture",
    "brevet professionnel Boulanger", "bachelor en commerce international", "master de philosophie",
    "diplôme d'architecte", "doctorat de physique", "CAP Fleuriste", "BUT Génie biologique",
]  # fmt: skip
CERTIFICATIONS = [
    "PMP", "CISSP", "CCNA", "ITIL 4 Foundation", "SSIAP 3", "CACES R490", "permis D", "TOEFL iBT",
    "Lean Six Sigma Black Belt", "BAFD", "habilitation nucléaire PR1", "qualification Qualibois",
    "certification AWS Solutions Architect", "certification Google Analytics", "TOSA Expert",
    "certificat de coach professionnel", "agrément de contrôleur technique", "brevet BNSSA",
]  # fmt: skip
SHORT_NAMES = ["CISSP", "CCNA", "PMP", "TOEFL iBT"]  # right behind "le" and "la certification"
# Above what the candidate has been; each begins with a consonant, so that no elision is broken.
TITLES = {
    "f": ["directrice des opérations", "responsable régionale", "cheffe de service",
          "directrice générale adjointe", "cadre dirigeante", "gérante", "responsable de site",
          "coordinatrice nationale", "présidente-directrice générale", "responsable de la qualité"],
    "m": ["directeur des opérations", "responsable régional", "chef de service",
          "directeur général adjoint", "cadre dirigeant", "gérant", "responsable de site",
          "coordinateur national", "président-directeur général", "responsable de la qualité"],
}  # fmt: skip
LANGUAGE_LEVELS = {
    "A1": ["B2", "C1"], "A2": ["C1", "C2"], "B1": ["C1", "C2"], "B2": ["C1", "C2"], "C1": ["C2"],
    "courant": ["langue maternelle"], "notions": ["niveau C1", "niveau B2"],
}  # fmt: skip
MONTHS = ["janvier", "mars", "mai", "juin", "juillet", "septembre", "novembre", "décembre"]
# Spans whose change would break an agreement, an upper limit ("trois sur dix") or be no claim.
LEFT_ALONE = {
    ("c03", "46"), ("c03", "91"), ("c08", "neuf"), ("c08", "quatorze"), ("c14", "sept"),
    ("c15", "1,8"), ("c16", "905"), ("c17", "1,7"), ("c20", "8,1"), ("c20", "9,2"),
    ("c21", "troisième"), ("c24", "TOEIC"), ("c29", "1,4"), ("c30", "4,1"), ("c30", "4,5"),
    ("c32", "huit"), ("c32", "dix"), ("c33", "Pix"), ("c33", "6"), ("c34", "1,2"),
    ("c36", "Sept"), ("c36", "trois"), ("c06", "HACCP"),
    ("c01", "Sauveteuse secouriste du travail"), ("c02", "les tests automatisés"),
    ("c04", "coffrage"), ("c06", "la cuisson des poissons"), ("c06", "notions"),
    ("c07", "super poids lourds"), ("c09", "les spécifications"), ("c26", "l'autolaveuse"),
    ("c36", "les sauvegardes"), ("c36", "La réponse à incident"), ("c19", "huit ans"),
    ("c24", "mars 2026"),
}  # fmt: skip
UNITS = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
]  # fmt: skip
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def words(value: int) -> str:
    """A whole number from 0 to 999 in French words."""
    if value < 20:
        return UNITS[value]
    if value < 70:
        tens, rest = value - value % 10, value % 10
        joint = " et " if rest == 1 else "-"
        return TENS[tens] + (joint + UNITS[rest] if rest else "")
    if value < 80:
        return "soixante" + (" et " if value == 71 else "-") + UNITS[value - 60]
    if value < 100:
        return "quatre-vingts" if value == 80 else "quatre-vingt-" + UNITS[value - 80]
    hundreds, rest = divmod(value, 100)
    start = "cent" if hundreds == 1 else UNITS[hundreds] + (" cents" if not rest else " cent")
    return start + (" " + words(rest) if rest else "")


VALUES = {words(value): value for value in range(1000)}


def fold(text: str) -> str:
    """Lower case, no accents, one kind of apostrophe: for looking up, not for showing."""
    plain = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def read(name: str) -> list[dict[str, Any]]:
    """The records of a JSON lines file beside this script."""
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


class Known:
    """What a candidate's data says, as far as the drawn claims need it."""

    def __init__(self, record: dict[str, Any]) -> None:
        """Take one record of candidates.jsonl."""
        self.gender: str = record["gender"]
        self.family: str = record["occupation_family"]
        data = {key: value for key, value in record["candidate"].items() if key != "phone"}
        self.folded = fold(json.dumps(data, ensure_ascii=False))
        found = re.findall(r"\d[\d ]*(?:,\d+)?", self.folded)
        stated = {float(item.replace(" ", "").replace(",", ".")) for item in found}
        stated |= {
            float(value)
            for word, value in VALUES.items()
            if value > 1 and word in self.folded and self.says(word)
        }
        self.years = {value for value in stated if 1990 <= value <= 2030}
        small = {value for value in stated if value < 1990}
        apart = {abs(a - b) for a, b in combinations(sorted(stated), 2)}
        self.numbers = small | apart | self.years

    def says(self, text: str) -> bool:
        """Whether the data contains these words, whatever the case and accents."""
        plain = fold(text)
        if plain not in self.folded:  # most often so, and far quicker than the search
            return False
        found = re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", self.folded)
        return found is not None


def larger(surface: str, known: Known, rng: random.Random, limit: float) -> str | None:
    """Another, larger number in the same writing (words, digits, decimals), or None."""
    capital, lowered = surface[0].isupper(), surface.lower()
    digits = lowered.replace(" ", "").replace(",", ".")
    in_words = lowered in VALUES
    if not in_words and not re.fullmatch(r"\d+(\.\d)?", digits):
        return None
    value = float(VALUES[lowered]) if in_words else float(digits)
    for _ in range(40):
        changed = value * rng.uniform(1.6, 3.4)
        size = 10 ** max(0, len(str(int(changed))) - 2)
        size = max(size, 5) if value >= 20 else size
        changed = round(changed, 1) if "." in digits else float(round(changed / size) * size)
        if changed in known.numbers or not value < changed <= limit or changed == int(changed) == 1:
            continue
        if in_words:
            if changed > 999 or words(int(changed)).endswith("un"):
                continue
            text = words(int(changed))
            return text[0].upper() + text[1:] if capital else text
        if "." in digits:
            return f"{changed:.1f}".replace(".", ",")
        return f"{int(changed):,}".replace(",", " " if changed >= 10000 or " " in surface else "")
    return None


def changed_date(surface: str, known: Known, rng: random.Random, before: str) -> str | None:
    """The same date in an earlier year, or now and then in another month of its year."""
    year = re.search(r"\d{4}", surface)
    if year is None:
        return None
    month = surface[: year.start()].strip()
    if month in MONTHS and rng.random() < 0.25:
        others = [name for name in MONTHS if name != month and not before.endswith("d'")]
        return f"{rng.choice(others)} {year[0]}"
    # "Since" a later year would still be true; the end of a period must not precede its start.
    step = 1 if before.endswith(" à ") else -1
    moved = [int(year[0]) + step * years for years in range(2, 9)]
    choices = [value for value in moved if value not in known.years]
    return surface.replace(year[0], str(rng.choice(choices)))


def with_determiner(surface: str, noun: str) -> str:
    """The noun (masculine) behind the determiner that the span begins with, if any."""
    first = re.match(r"(un|une|mon|ma|le|la|les)(?= )|l'", surface, re.IGNORECASE)
    if first is None:
        return noun[0].upper() + noun[1:] if surface[0].isupper() else noun
    article = {"une": "un", "ma": "mon", "la": "le", "l'": "le", "les": "le"}.get(
        first[0].lower(), first[0].lower()
    )
    article = article.capitalize() if surface[0].isupper() else article
    return f"{article} {noun}"


def added_skill(
    surface: str, after: str, known: Known, rng: random.Random
) -> tuple[str, str] | None:
    """A skill to write behind the span: (words to insert, the skill alone)."""
    far = [item for item in SKILLS if known.family not in item[2] and not known.says(item[1])]
    determiner, noun, _ = rng.choice(far)
    has_determiner = re.match(r"(la |le |les |l')", surface, re.IGNORECASE)
    skill = (determiner if has_determiner else "") + noun
    if after.startswith((",", " et ")):
        return f", {skill}", noun
    return (f" ainsi que {skill}", noun) if after.startswith(".") else None


def chosen(kind: str, surface: str, before: str, known: Known, rng: random.Random) -> str | None:
    """A claim taken from the list of its kind, written to stand where the span stood."""
    vowel = before.endswith(("d'", "l'", "d’", "l’"))
    tools = SAME_TOOLS.get(surface, VOWEL_TOOLS if vowel else TOOLS)
    levels = [] if before.endswith("français ") else LANGUAGE_LEVELS.get(surface, [])
    article = surface[:3] if kind == "certification" and surface[:3] in ("la ", "le ") else ""
    names = SHORT_NAMES if article else CERTIFICATIONS
    choices: dict[str, list[str]] = {
        "employer": ["chez " + name for name in EMPLOYERS],
        "title": TITLES[known.gender],
        "language": levels,
        "degree": [with_determiner(surface, name) for name in DEGREES],
        "certification": [
            article + ("certification " if article == "la " else "") + name for name in names
        ],
        "tool": [] if before.endswith("du ") and surface not in SAME_TOOLS else tools,
    }
    if not choices[kind]:
        return None
    new = rng.choice(choices[kind])
    return new[0].upper() + new[1:] if surface[0].isupper() else new


def drawn(
    kind: str, surface: str, around: tuple[str, str], known: Known, rng: random.Random
) -> str | None:
    """What to write in place of a span of this kind, or None where nothing fits."""
    before, after = around
    if kind in ("number", "team_size"):
        limit = 99 if re.match(r"( à \S+)? %", after) else 10**9
        return larger(surface, known, rng, limit)
    if kind == "seniority":
        number = larger(surface.removesuffix(" ans"), known, rng, 40)
        return f"{number} ans" if surface.endswith(" ans") and number else None
    if kind == "date":
        return changed_date(surface, known, rng, before)
    return chosen(kind, surface, before, known, rng)


def claim(
    text: dict[str, Any], kind: str, span: tuple[int, int], new: str, by: str
) -> dict[str, Any]:
    """One record: the text with a part replaced, and where the new part stands."""
    start, end = span
    old: str = text["text"][start:end]
    head = tail = 0
    # Whole words that both begin (or end) with are no part of the change.
    for word in re.findall(r"\S+\s(?!\d)", old):
        if not new[head:].startswith(word):
            break
        head += len(word)
    if old[head:] and new[head:].startswith((old[head:] + " ", old[head:] + ",")):
        head = len(old)
    for word in reversed(re.findall(r"(?<!\d)\s\S+", old[head:])):
        if not new[head:].endswith(word, 0, len(new[head:]) - tail):
            break
        tail += len(word)
    start, end, new = start + head, end - tail, new[head : len(new) - tail]
    return {
        "text_id": text["id"],
        "candidate_id": text["candidate_id"],
        "kind": kind,
        "text": text["text"][:start] + new + text["text"][end:],
        "start": start,
        "end": start + len(new),
        "changed": new,
        "original": text["text"][start:end],
        "by": by,
    }


def draw_all(
    texts: list[dict[str, Any]], known: dict[str, Known], taken: set[str], rng: random.Random
) -> list[dict[str, Any]]:
    """The drawn claims, within their quotas, none of them twice."""
    spans = [(text, span) for text in texts for span in text["spans"]]
    left = dict(QUOTAS)
    claims: list[dict[str, Any]] = []
    for _ in range(4):
        rng.shuffle(spans)
        for text, span in spans:
            kind, surface, about = span["kind"], span["text"], known[text["candidate_id"]]
            plain = surface.replace("’", "'")
            if not left[kind] or (text["candidate_id"], plain) in LEFT_ALONE:
                continue
            before, after = text["text"][: span["start"]], text["text"][span["end"] :]
            if kind == "skill":
                added = added_skill(plain, after, about, rng)
                if added is None:
                    continue
                new, alone = surface + added[0], added[1]
            else:
                found = drawn(kind, plain, (before, after), about, rng)
                if found is None or found == plain:
                    continue
                new = found
                alone = re.sub(
                    r"^(chez|un|mon|le|la certification) ", "", found, flags=re.IGNORECASE
                )
            by_value = kind in ("number", "team_size", "seniority", "date", "language")
            if not by_value and about.says(alone):
                continue
            if "’" in text["text"]:
                new = new.replace("'", "’")
            made = claim(text, kind, (span["start"], span["end"]), new, "script")
            if made["text"] in taken:
                continue
            taken.add(made["text"])
            claims.append(made)
            left[kind] -= 1
    return claims


def make() -> list[dict[str, Any]]:
    """All planted claims, by hand first, numbered."""
    texts = read("texts.jsonl")
    by_id = {text["id"]: text for text in texts}
    known = {record["id"]: Known(record) for record in read("candidates.jsonl")}
    claims = []
    for item in read("planted_by_hand.jsonl"):
        text = by_id[item["text_id"]]
        start = text["text"].index(item["original"])
        end = start + len(item["original"])
        claims.append(claim(text, item["kind"], (start, end), item["replacement"], "hand"))
    rng = random.Random(SEED)
    script = draw_all(texts, known, {item["text"] for item in claims}, rng)
    rng.shuffle(script)
    claims += script[: TOTAL - len(claims)]
    return [{"id": f"p{number:04d}", **item} for number, item in enumerate(claims, 1)]


def main() -> None:
    """Write planted.jsonl."""
    lines = [json.dumps(item, ensure_ascii=False) + "\n" for item in make()]
    (HERE / "planted.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
