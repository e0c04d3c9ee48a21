"""Where the texts to adapt on come from: official tables, and the project's own market."""

from __future__ import annotations

import hashlib
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path

import orjson

from jobmatch_ml.errors import InputError
from jobmatch_ml.offers.bronze import Broken, find_offer_files, read_offers
from jobmatch_ml.offers.duplicates import duplicate_groups
from jobmatch_ml.reference import (
    EscoTables,
    RomeTables,
    load_esco,
    normalise,
    read_esco,
)
from jobmatch_ml.reference.rome import resolve_rome_code
from jobmatch_ml.reference.rome_files import open_rome
from jobmatch_ml.reference.rome_occupations import rome_occupations
from jobmatch_ml.training.adaptation.config import MarketConfig
from jobmatch_ml.training.adaptation.pairs import DomainText, OpenData, appellation_forms
from jobmatch_ml.types import Offer
from jobmatch_ml.world import WorldConfig, build_world
from jobmatch_ml.world.real_offers import read_excluded_ids

_MOST_PER_CODE = 60  # a third of some collections is one occupation


def read_open_data(rome_dir: Path | None, esco_dir: Path | None, market: MarketConfig) -> OpenData:
    """Reads the tables and writes a market on them.

    Args:
        rome_dir: Official ROME CSV folder, or one that was imported.
        esco_dir: Official ESCO CSV folder, or one that was imported.
        market: How many offers and people to write; they need ROME.

    Raises:
        InputError: Neither was given.
        MissingFileError, FormatError, IntegrityError: As the readers of the tables.
    """
    if rome_dir is None and esco_dir is None:
        raise InputError("nothing to adapt on; give --rome DIR, --esco DIR, or both")
    rome = open_rome(rome_dir) if rome_dir else None
    esco = _open_esco(esco_dir) if esco_dir else None
    offers, people = write_market(rome, market) if rome and market.n_offers else ((), ())
    return OpenData(rome, esco, offers, people)


def write_market(
    rome: RomeTables, config: MarketConfig
) -> tuple[tuple[DomainText, ...], tuple[DomainText, ...]]:
    """Writes offers and CVs on the fiches of ROME; returns both as texts with their codes.

    A person's code is that of the appellation that they call themselves; who calls themselves
    something else is left out.
    """
    world = WorldConfig(
        name="adaptation",
        seed=config.seed,
        n_offers=config.n_offers,
        n_candidates=max(1, config.n_offers // 2),
        requests_per_candidate=1,
        n_pdf=0,
        n_docx=0,
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "world"
        build_world(world, folder, table=rome_occupations(rome))
        return _read_offers(folder, rome), _read_people(folder, rome)


def read_local_offers(
    path: Path, rome: RomeTables, *, excluded: Path | None = None
) -> tuple[DomainText, ...]:
    """Reads one's own offers as training texts, at most 60 a fiche.

    Args:
        path: File or folder of France Travail JSON.
        rome: The fiches; codes of earlier versions are resolved where they have one successor.
        excluded: File of offer ids that no pair may hold. The same jobs posted under other ids
            are left out with them: a test offer's copy is the test offer.

    Raises:
        MissingFileError: No such file, or no offers in it.
    """
    banned = read_excluded_ids(excluded) if excluded else frozenset()
    offers = _read_texts(path, rome)
    groups = duplicate_groups(offers.values())
    banned_groups = {groups[name] for name in banned if name in groups}
    kept: dict[str, list[DomainText]] = defaultdict(list)
    first_of_group: set[str] = set()
    for name in sorted(offers, key=lambda item: hashlib.sha256(item.encode()).digest()):
        offer, group = offers[name], groups[name]
        if (
            not offer.rome_code
            or name in banned
            or group in banned_groups
            or group in first_of_group
        ):
            continue
        if len(kept[offer.rome_code]) < _MOST_PER_CODE:
            first_of_group.add(group)
            kept[offer.rome_code].append(
                DomainText(offer.title, offer.description, offer.rome_code)
            )
    return tuple(text for texts in kept.values() for text in texts)


def _read_texts(path: Path, rome: RomeTables) -> dict[str, Offer]:
    """Returns the offers that have a title and a description, by id.

    Those without a code too: what is excluded takes its copies with it, coded or not.
    """
    offers: dict[str, Offer] = {}
    for file in find_offer_files([path], default_day=date(2000, 1, 1)):
        for item in read_offers(file.path):
            if isinstance(item, Broken) or not isinstance(item.value, dict):
                continue
            record = item.value
            name, title, body = (record.get(key) for key in ("id", "intitule", "description"))
            code = resolve_rome_code(str(record.get("romeCode") or ""), rome) or ""
            if name and isinstance(title, str) and isinstance(body, str):
                firm = record.get("entreprise")
                company = str(firm.get("nom") or "") if isinstance(firm, dict) else ""
                offers[str(name)] = Offer(str(name), title, body, company=company, rome_code=code)
    return offers


def _open_esco(folder: Path) -> EscoTables:
    return load_esco(folder) if (folder / "manifest.json").is_file() else read_esco(folder)


def _read_offers(folder: Path, rome: RomeTables) -> tuple[DomainText, ...]:
    offers = []
    for path in sorted((folder / "bronze").rglob("*.json")):
        for offer in orjson.loads(path.read_bytes())["resultats"]:
            if offer["romeCode"] in rome.fiches:
                offers.append(
                    DomainText(offer["intitule"], offer["description"], offer["romeCode"])
                )
    return tuple(offers)


def _read_people(folder: Path, rome: RomeTables) -> tuple[DomainText, ...]:
    codes: dict[str, str] = {}
    for code, fiche in rome.fiches.items():
        for appellation in fiche.appellations:
            for form in appellation_forms(appellation):
                codes.setdefault(normalise(form), code)
    people = []
    with (folder / "candidates.jsonl").open("rb") as lines:
        for line in lines:
            person = orjson.loads(line)
            found = codes.get(normalise(person["title"]))
            if found:
                people.append(DomainText(person["title"], person["cv_text"], found))
    return tuple(people)
