"""The one definition of every warehouse table, as plain data: silver, gold, and what is personal.

DuckDB, BigQuery, the Parquet catalogue and the normaliser all read these specifications, so a table
cannot exist in two versions that disagree. Type strings are those of ibis; nothing is imported.

Silver keeps the French names of the France Travail API; gold is English. Silver tables hold one
partition a day (``ingestion_date``): reloading a day replaces that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TEXT = "string"
FLAG = "boolean"
COUNT = "int64"
NUMBER = "float64"
DAY = "date"
MOMENT = "timestamp('UTC')"
TEXTS = "array<string>"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its ibis type string, and whether it holds personal data.

    Personal columns never leave silver: not for gold, the catalogue, logs or error messages.
    """

    name: str
    type: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a layer; the layer is the DuckDB schema, the BigQuery dataset's suffix.

    Args:
        layer: ``silver`` or ``gold``.
        name: Table name, unique in its layer.
        columns: Columns in order.
        id_column: The column that holds the offer's id; empty for aggregates.
    """

    layer: Literal["silver", "gold"]
    name: str
    columns: tuple[Column, ...]
    id_column: str = ""

    @property
    def types(self) -> dict[str, str]:
        """Column name -> ibis type string, in order."""
        return {column.name: column.type for column in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def personal_names(self) -> tuple[str, ...]:
        """Names of the columns that hold personal data."""
        return tuple(column.name for column in self.columns if column.personal)


def _columns(types: dict[str, str], *, personal: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, kind, personal) for name, kind in types.items())


_DAY_COLUMN = Column("ingestion_date", DAY)


def _detail(name: str, types: dict[str, str], *, personal: bool = False) -> Table:
    """Builds a silver table that hangs on ``offers`` by ``offer_id``."""
    columns = (Column("offer_id", TEXT), *_columns(types, personal=personal), _DAY_COLUMN)
    return Table("silver", name, columns, id_column="offer_id")


OFFERS = Table(
    "silver",
    "offers",
    (
        *_columns(
            {
                "id": TEXT,
                "intitule": TEXT,
                "description": TEXT,
                "dateCreation": MOMENT,
                "dateActualisation": MOMENT,
                "romeCode": TEXT,
                "romeLibelle": TEXT,
                "appellationlibelle": TEXT,
                "typeContrat": TEXT,
                "typeContratLibelle": TEXT,
                "natureContrat": TEXT,
                "experienceExige": TEXT,
                "experienceLibelle": TEXT,
                "dureeTravailLibelle": TEXT,
                "dureeTravailLibelleConverti": TEXT,
                "alternance": FLAG,
                "nombrePostes": COUNT,
                "accessibleTH": FLAG,
                "qualificationCode": TEXT,
                "qualificationLibelle": TEXT,
                "codeNAF": TEXT,
                "secteurActivite": TEXT,
                "secteurActiviteLibelle": TEXT,
                "trancheEffectifEtab": TEXT,
                "offresManqueCandidats": FLAG,
                "entrepriseAdaptee": FLAG,
                "employeurHandiEngage": FLAG,
            }
        ),
        _DAY_COLUMN,
    ),
    id_column="id",
)
LIEU_TRAVAIL = _detail(
    "offers_lieu_travail",
    {
        "libelle": TEXT,
        "latitude": NUMBER,
        "longitude": NUMBER,
        "codePostal": TEXT,
        "commune": TEXT,
    },
)
ENTREPRISE = _detail(
    "offers_entreprise", {"nom": TEXT, "description": TEXT, "entrepriseAdaptee": FLAG}
)
SALAIRE = _detail(
    "offers_salaire",
    {"libelle": TEXT, "commentaire": TEXT, "complement1": TEXT, "complement2": TEXT},
)
SALAIRE_COMPLEMENTS = _detail("offers_salaire_complements", {"code": TEXT, "libelle": TEXT})
COMPETENCES = _detail("offers_competences", {"code": TEXT, "libelle": TEXT, "exigence": TEXT})
QUALITES = _detail("offers_qualites_professionnelles", {"libelle": TEXT, "description": TEXT})
FORMATIONS = _detail(
    "offers_formations",
    {
        "codeFormation": TEXT,
        "domaineLibelle": TEXT,
        "niveauLibelle": TEXT,
        "commentaire": TEXT,
        "exigence": TEXT,
    },
)
PERMIS = _detail("offers_permis", {"libelle": TEXT, "exigence": TEXT})
LANGUES = _detail("offers_langues", {"libelle": TEXT, "exigence": TEXT})
CONTACT = _detail(
    "offers_contact",
    {
        "nom": TEXT,
        "coordonnees1": TEXT,
        "coordonnees2": TEXT,
        "coordonnees3": TEXT,
        "courriel": TEXT,
        "telephone": TEXT,
        "urlRecruteur": TEXT,
        "commentaire": TEXT,
    },
    personal=True,
)
# `partenaires` is a list of objects in the API; silver keeps it as JSON text.
ORIGINE = _detail("offers_origine", {"origine": TEXT, "urlOrigine": TEXT, "partenaires": TEXT})
HORAIRES = _detail("offers_contexte_travail_horaires", {"horaire": TEXT})

SILVER_TABLES = (
    OFFERS,
    LIEU_TRAVAIL,
    ENTREPRISE,
    SALAIRE,
    SALAIRE_COMPLEMENTS,
    COMPETENCES,
    QUALITES,
    FORMATIONS,
    PERMIS,
    LANGUES,
    CONTACT,
    ORIGINE,
    HORAIRES,
)
"""The 13 silver tables, ``offers`` first."""

# Every field of `types.Offer` is here under its own name; a test keeps the two together.
GOLD_OFFERS = Table(
    "gold",
    "offers",
    _columns(
        {
            "offer_id": TEXT,
            "title": TEXT,
            "description": TEXT,
            "rome_code": TEXT,
            "rome_label": TEXT,
            "rome_appellation": TEXT,
            "company": TEXT,
            "place": TEXT,
            "postal_code": TEXT,
            "commune_code": TEXT,
            "department": TEXT,
            "region": TEXT,
            "latitude": NUMBER,
            "longitude": NUMBER,
            "contract_type": TEXT,
            "contract_label": TEXT,
            "is_apprenticeship": FLAG,
            "experience_required": TEXT,
            "experience_label": TEXT,
            "qualification_label": TEXT,
            "sector_code": TEXT,
            "sector_label": TEXT,
            "salary_label": TEXT,
            "working_time": TEXT,
            "working_time_kind": TEXT,
            "n_positions": COUNT,
            "required_skills": TEXTS,
            "wished_skills": TEXTS,
            "required_languages": TEXTS,
            "required_licences": TEXTS,
            "source_url": TEXT,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "ingestion_date": DAY,
        }
    ),
    id_column="offer_id",
)
DAILY_STATS = Table(
    "gold",
    "daily_stats",
    _columns(
        {
            "ingestion_date": DAY,
            "rome_code": TEXT,
            "region": TEXT,
            "contract_type": TEXT,
            "n_offers": COUNT,
            "n_positions": COUNT,
        }
    ),
)
SKILLS_RANKING = Table(
    "gold",
    "skills_ranking",
    _columns(
        {
            "rome_code": TEXT,
            "skill": TEXT,
            "n_offers": COUNT,
            "n_required": COUNT,
            "n_wished": COUNT,
            "rank": COUNT,
        }
    ),
)

GOLD_TABLES = (GOLD_OFFERS, DAILY_STATS, SKILLS_RANKING)
"""The gold tables; rebuilt from silver, the ranking of skills from what texts say too."""
