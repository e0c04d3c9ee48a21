"""Gold: one row an offer, daily statistics and the demand for skills, as ibis expressions.

The expressions are written on table specifications, not on a connection: the same ones compile for
DuckDB and for BigQuery. Contact data is not read here at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq

from jobmatch_ml.offers.places import DEPARTMENTS
from jobmatch_ml.types import tables
from jobmatch_ml.types.derived_tables import OFFER_SKILLS
from jobmatch_ml.types.tables import Table
from jobmatch_ml.warehouse import Warehouse, arrow_schema
from jobmatch_ml.warehouse.schema import unbound_table

Source = Callable[[Table], Any]
"""Gives the ibis expression behind a table: stored (a warehouse's) or unbound (for compiling)."""

REQUIRED, WISHED = "E", "S"
_KEYS = ("offer_id", "ingestion_date")


def gold_expressions(source: Source) -> Mapping[Table, Any]:
    """Returns each gold table's rows as an expression over silver."""
    return {
        tables.GOLD_OFFERS: gold_offers(source),
        tables.DAILY_STATS: daily_stats(source),
        tables.SKILLS_RANKING: skills_ranking(source),
    }


def build_gold(warehouse: Warehouse) -> None:
    """Rebuilds the gold tables from silver. Call it inside a transaction."""
    for table, query in gold_queries().items():
        warehouse.rebuild(table, query)


def rebuild_skills_ranking(warehouse: Warehouse) -> None:
    """Ranks skills again, once texts were read. Call it inside a transaction."""
    warehouse.rebuild(tables.SKILLS_RANKING, gold_queries()[tables.SKILLS_RANKING])


@cache
def gold_queries(dialect: str = "duckdb") -> Mapping[Table, str]:
    """Returns each gold table's rows as SQL of a dialect; compiled once a process (0.5 s)."""
    expressions = gold_expressions(unbound_table)
    return {table: str(ibis.to_sql(rows, dialect=dialect)) for table, rows in expressions.items()}


def gold_offers(source: Source) -> Any:
    """Returns one row an offer: what its newest ingestion day says of it."""
    silver = _current(source(tables.OFFERS).rename(offer_id="id"))
    place = _placed(source)
    company = source(tables.ENTREPRISE)[[*_KEYS, "nom"]]
    salary = source(tables.SALAIRE)[[*_KEYS, "libelle", "commentaire"]].rename(
        salary_text="libelle", salary_comment="commentaire"
    )
    origin = source(tables.ORIGINE)[[*_KEYS, "urlOrigine"]]
    details = [place, company, salary, origin, *_label_lists(source).values()]
    # One chain of joins, with nothing selected in between: the SQL stays flat, a third as long.
    rows = silver
    for number, detail in enumerate(details):
        renamed = detail.rename({f"{key}_{number}": key for key in _KEYS})
        rows = rows.left_join(renamed, [(key, f"{key}_{number}") for key in _KEYS])
    return rows.select(**_gold_columns(rows))


def _gold_columns(rows: Any) -> dict[str, Any]:
    """Maps gold names to silver columns; texts that an offer lacks are empty, facts are null."""
    texts = {
        "title": rows.intitule.strip(),
        "description": rows.description,
        "rome_code": rows.romeCode,
        "rome_label": rows.romeLibelle,
        "rome_appellation": rows.appellationlibelle,
        "company": rows.nom,
        "place": rows.place,
        "postal_code": rows.codePostal,
        "commune_code": rows.commune,
        "department": rows.department,
        "region": rows.region,
        "contract_type": rows.typeContrat,
        "contract_label": rows.typeContratLibelle,
        "experience_required": rows.experienceExige,
        "experience_label": rows.experienceLibelle,
        "qualification_label": rows.qualificationLibelle,
        "sector_code": rows.codeNAF,
        "sector_label": rows.secteurActiviteLibelle,
        "salary_label": ibis.coalesce(rows.salary_text, rows.salary_comment),
        "working_time": rows.dureeTravailLibelle,
        "working_time_kind": rows.dureeTravailLibelleConverti,
        "source_url": rows.urlOrigine,
    }
    located = rows.latitude.between(-90, 90) & rows.longitude.between(-180, 180)
    unknown = ibis.null("float64")
    nothing = ibis.literal([], type=tables.TEXTS)
    columns = {
        "offer_id": rows.offer_id,
        **{name: text.fill_null("") for name, text in texts.items()},
        "latitude": ibis.ifelse(located, rows.latitude, unknown),
        "longitude": ibis.ifelse(located, rows.longitude, unknown),
        "is_apprenticeship": rows.alternance,
        "n_positions": rows.nombrePostes,
        **{name: rows[name].fill_null(nothing) for name in _LABELS},
        "created_at": rows.dateCreation,
        "updated_at": rows.dateActualisation,
        "ingestion_date": rows.ingestion_date,
    }
    return {name: columns[name] for name in tables.GOLD_OFFERS.names}


def _current(rows: Any) -> Any:
    """Keeps each offer's rows of its newest ingestion day."""
    newest = rows.group_by("offer_id").agg(ingestion_date=rows.ingestion_date.max())
    return rows.semi_join(newest, _KEYS)


# Gold list column -> (silver table, exigence).
_LABELS = {
    "required_skills": (tables.COMPETENCES, REQUIRED),
    "wished_skills": (tables.COMPETENCES, WISHED),
    "required_languages": (tables.LANGUES, REQUIRED),
    "required_licences": (tables.PERMIS, REQUIRED),
}


def _label_lists(source: Source) -> dict[str, Any]:
    """Returns, for each list column, the distinct labels an offer and day, in alphabetical order.

    Silver keeps no order of skills, so the alphabet makes the lists reproducible. A skill without
    an ``exigence`` counts as wished: less is claimed.
    """
    lists = {}
    for name, (table, demand) in _LABELS.items():
        rows = source(table)
        rows = rows.filter(rows.libelle.notnull(), rows.exigence.fill_null(WISHED) == demand)
        rows = rows.select(*_KEYS, "libelle").distinct()
        lists[name] = rows.group_by(_KEYS).agg(
            **{name: rows.libelle.collect(order_by=rows.libelle.asc(nulls_first=True))}
        )
    return lists


def _placed(source: Source) -> Any:
    """Returns the places of offers with their department and region.

    The department comes from the commune's or the postal code, else from the label
    ("69 - LYON 03"); most offers have at least one of the three.
    """
    rows = source(tables.LIEU_TRAVAIL)
    code = ibis.coalesce(
        _department(rows.commune), _department(rows.codePostal), _department(rows.libelle)
    )
    rows = rows.rename(place="libelle").mutate(department=code)
    regions = [(rows.department.isin(codes), name) for name, codes in DEPARTMENTS.items()]
    return rows.mutate(region=ibis.cases(*regions, else_=""))


def _department(code: Any) -> Any:
    """Returns the department that a code or label begins with; null when it begins otherwise."""
    found = code.re_extract(r"^(97\d|\d\d|2A|2B)", 1)
    return found.nullif("")


def daily_stats(source: Source) -> Any:
    """Returns offers and positions per ingestion day, ROME code, region and contract type."""
    offers = source(tables.OFFERS).rename(offer_id="id")
    placed = _placed(source)[[*_KEYS, "region"]]
    rows = offers.left_join(placed, _KEYS).drop("offer_id_right", "ingestion_date_right")
    rows = rows.select(
        "ingestion_date",
        rome_code=rows.romeCode.fill_null(""),
        region=rows.region.fill_null(""),
        contract_type=rows.typeContrat.fill_null(""),
        positions=rows.nombrePostes.fill_null(1),
    )
    return rows.group_by("ingestion_date", "rome_code", "region", "contract_type").agg(
        n_offers=rows.count(), n_positions=rows.positions.sum()
    )


def skills_ranking(source: Source) -> Any:
    """Returns, per ROME code, how many current offers ask for each skill; rank 1 is the most.

    An offer without a structured skill counts with those that were read in its text, languages
    left out, since the structured lists have none. Names that differ by their capitals are one.
    """
    offers = _current(source(tables.OFFERS).rename(offer_id="id"))[[*_KEYS, "romeCode"]]
    rows = _structured_skills(source, offers)
    rows = rows.union(_skills_of_texts(source, offers, told=rows))
    # An offer that names a skill twice asks for it once, at its stronger demand.
    rows = rows.mutate(key=rows.skill.strip().lower())
    rows = rows.group_by("rome_code", "key", "offer_id").agg(
        skill=rows.skill.min(), is_required=rows.is_required.cast("int64").max()
    )
    demand = rows.group_by("rome_code", "key").agg(
        skill=rows.skill.min(),
        n_offers=rows.count(),
        n_required=rows.is_required.sum(),
        n_wished=(1 - rows.is_required).sum(),
    )
    order = ibis.window(group_by="rome_code", order_by=[ibis.desc("n_offers"), "skill"])
    return demand.drop("key").mutate(rank=ibis.row_number().over(order) + 1)


def _structured_skills(source: Source, offers: Any) -> Any:
    skills = source(tables.COMPETENCES)
    rows = skills.filter(skills.libelle.notnull()).inner_join(offers, _KEYS)
    return rows.select(
        "offer_id",
        rome_code=rows.romeCode.fill_null(""),
        skill=rows.libelle,
        is_required=rows.exigence.fill_null(WISHED) == REQUIRED,
    )


def _skills_of_texts(source: Source, offers: Any, *, told: Any) -> Any:
    found = source(OFFER_SKILLS)
    found = found.filter(found.source == "text", found.kind != "language", found.skill.notnull())
    rows = found.anti_join(told, "offer_id").inner_join(offers, "offer_id")
    return rows.select(
        "offer_id",
        rome_code=rows.romeCode.fill_null(""),
        skill=rows.skill,
        is_required=rows.is_required.fill_null(False),
    )


def stage_catalogue(warehouse: Warehouse, path: Path) -> Path:
    """Writes gold offers beside ``path`` under a temporary name and returns that name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.{os.getpid()}.part")
    rows = warehouse.table(tables.GOLD_OFFERS).order_by("offer_id")
    schema = arrow_schema(tables.GOLD_OFFERS)
    try:
        with pq.ParquetWriter(staged, schema, compression="zstd") as writer:
            for batch in rows.to_pyarrow_batches(chunk_size=20_000):
                writer.write_batch(batch.cast(schema))
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    return staged


def export_catalogue(warehouse: Warehouse, path: Path) -> None:
    """Replaces the catalogue file by the gold offers, whole or not at all, in order of their ids.

    The same offers give the same bytes, so the file's hash says whether anything changed.
    """
    stage_catalogue(warehouse, path).replace(path)
