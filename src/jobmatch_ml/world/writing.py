"""From facts to texts and records, a shard of items at a time: what worker processes do.

Each item has random streams of its own, so shards can be written in any order and by anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from tqdm import tqdm

from jobmatch_ml.documents import TEMPLATES, render, render_text
from jobmatch_ml.types import Document, Query
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.cv_layouts import allot_layouts
from jobmatch_ml.world.cv_writing import WrittenCv, write_cv
from jobmatch_ml.world.facts import CandidateFacts
from jobmatch_ml.world.offer_json import WrittenOffer, write_offer
from jobmatch_ml.world.offer_text import OfferWriter
from jobmatch_ml.world.preferences import preferences_row
from jobmatch_ml.world.randomness import Stage, fast_stream
from jobmatch_ml.world.real_offers import RealOffers
from jobmatch_ml.world.relevance import Market

SHARD = 500
"""Items that are written together."""

Span = tuple[int, int]
"""First row, and the row after the last."""


@dataclass(frozen=True)
class Shard:
    """Some items, written.

    Args:
        body: JSON of the items, one a line, without a final newline.
        told: What each item lets a reader know.
        views: What a text ranker is given of each; empty where none is asked for.
    """

    body: bytes
    told: list[tuple[str, ...]]
    views: list[Any] = field(default_factory=list)


class OfferScribe:
    """Writes offers as records of the API."""

    def __init__(
        self,
        config: WorldConfig,
        market: Market,
        *,
        real: RealOffers | None = None,
        keep_views: bool = False,
    ) -> None:
        self.config = config
        self.market = market
        self.real = real
        self.keep_views = keep_views
        table = market.tables.table
        self.writer = OfferWriter(
            market.seed,
            config.offers,
            occupations=table.by_code,
            skills=table.skills,
            places=market.tables.places,
        )

    def __call__(self, span: Span) -> Shard:
        """Writes the offers of some rows."""
        names = self.market.offers.identifiers(np.arange(*span)).tolist()
        rows = zip(range(*span), names, strict=True)
        written = [self._write(row, name.decode()) for row, name in rows]
        return Shard(
            body=b",\n".join(orjson.dumps(record) for record, _ in written),
            told=[tuple(sorted(told)) for _, told in written],
            views=[_document(record) for record, _ in written] if self.keep_views else [],
        )

    def _write(self, row: int, name: str) -> WrittenOffer:
        if self.real is not None:
            return WrittenOffer(self.real.records[row], self.real.told[row])
        offer = self.market.offers.view(row, self.market.tables, name=name)
        return write_offer(self.writer, row, offer)


def _document(record: Mapping[str, Any]) -> Document:
    return Document(record["id"], record["intitule"], record.get("description", ""))


class PeopleScribe:
    """Writes candidates: what they say of themselves, and the first ones' CV files."""

    def __init__(self, config: WorldConfig, market: Market, *, keep_views: bool = False) -> None:
        self.config = config
        self.market = market
        self.keep_views = keep_views
        shares = config.candidates.layouts
        self.layouts = (
            *allot_layouts(shares, config.n_pdf, suffix=".pdf"),
            *allot_layouts(shares, config.n_docx, suffix=".docx"),
        )

    def __call__(self, span: Span) -> Shard:
        """Writes the candidates of some rows."""
        rows, told, views = [], [], []
        for row in range(*span):
            person = self.market.candidates.view(row, self.market.tables)
            written = self._write(row, person)
            rows.append(self._row(row, person, written))
            told.append(tuple(sorted(written.told)))
            if self.keep_views:
                # What the simulated platform knew of a person: the CV without name and contacts.
                text = render_text(written.document, contacts=False)
                views.append(Query(person.candidate_id, written.document.headline, text))
        body = b"\n".join(orjson.dumps(item) for item in rows)
        return Shard(body=body, told=told, views=views)

    def _write(self, row: int, person: CandidateFacts) -> WrittenCv:
        return write_cv(
            fast_stream(self.market.seed, Stage.CV_TEXT, row),
            person,
            self.config.candidates,
            skills=self.market.tables.table.skills,
            places=self.market.tables.places,
            today=self.config.start_date,
        )

    def _row(self, row: int, person: CandidateFacts, written: WrittenCv) -> dict[str, Any]:
        return {
            "candidate_id": person.candidate_id,
            "title": written.document.headline,
            "cv_text": render_text(written.document),
            "cv_file": self._file(row, person.candidate_id),
            "language": person.language,
            "preferences": preferences_row(person, self.config.start_date),
            "profiles": written.profiles,
        }

    def _file(self, row: int, candidate_id: str) -> str | None:
        """Returns the name of the CV file of one of the first candidates."""
        if row >= len(self.layouts):
            return None
        return f"{candidate_id}{TEMPLATES[self.layouts[row]].suffix}"

    def render_files(self, folder: Path) -> None:
        """Writes the CV files.

        Not for forked workers: renderers keep threads of their own, which a fork leaves behind.
        """
        for row, layout in enumerate(tqdm(self.layouts, desc="CV files", delay=2, leave=False)):
            person = self.market.candidates.view(row, self.market.tables)
            data, suffix = render(self._write(row, person).document, layout)
            (folder / f"{person.candidate_id}{suffix}").write_bytes(data)
