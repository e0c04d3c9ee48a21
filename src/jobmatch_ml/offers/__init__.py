"""Offers: bronze → silver → gold → catalogue, and the two texts that rankers see.

Reading the catalogue needs no DuckDB; loading offers does. What loads is therefore imported on
first use, so that the service, which only reads, never brings the warehouse in.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from jobmatch_ml.offers.catalogue import catalogue_hash, find_catalogue, read_catalogue
from jobmatch_ml.offers.texts import offer_document

__all__ = [
    "EnrichOptions",
    "Enricher",
    "FetchReport",
    "IngestReport",
    "catalogue_hash",
    "check_offers",
    "export_catalogue",
    "fetch_offers",
    "find_catalogue",
    "ingest_offers",
    "offer_document",
    "read_catalogue",
]

_ON_FIRST_USE = {
    "Enricher": "jobmatch_ml.offers.enrichment",
    "EnrichOptions": "jobmatch_ml.offers.enriching",
    "check_offers": "jobmatch_ml.offers.quality",
    "IngestReport": "jobmatch_ml.offers.ingest",
    "FetchReport": "jobmatch_ml.offers.france_travail",
    "fetch_offers": "jobmatch_ml.offers.france_travail",
    "ingest_offers": "jobmatch_ml.offers.ingest",
    "export_catalogue": "jobmatch_ml.offers.gold",
}


def __getattr__(name: str) -> Any:
    if name in _ON_FIRST_USE:
        return getattr(import_module(_ON_FIRST_USE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
