"""The truth of a tiny world without its texts: facts, judgements, and what is told, as given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from jobmatch_ml.world import Market, WorldConfig, make_market
from jobmatch_ml.world.arrow import TOLD, candidate_table, offer_table
from jobmatch_ml.world.relevance import relevant_offers

CONFIG = WorldConfig(n_offers=150, n_candidates=25, days=20, seed=4)
MARKET = make_market(CONFIG)


def write_hidden(
    folder: Path,
    *,
    offer_facts: Sequence[str] = TOLD,
    candidate_facts: Sequence[str] = TOLD,
    skills: bool = True,
) -> Market:
    """Writes the truth of one market; every offer and candidate tells the facts named."""
    market = MARKET
    truth = folder / "truth"
    truth.mkdir(parents=True)
    offers = [market.offers.view(row, market.tables) for row in range(len(market.offers))]
    people = [market.candidates.view(row, market.tables) for row in range(len(market.candidates))]
    told_offers = [(*offer_facts, *((*o.required, *o.wished) if skills else ())) for o in offers]
    told_people = [(*candidate_facts, *(sorted(p.skills) if skills else ())) for p in people]
    pq.write_table(offer_table(market, 0, told_offers), truth / "offers.parquet")
    pq.write_table(candidate_table(market, 0, told_people), truth / "candidates.parquet")
    lines = ["query-id\tcorpus-id\tscore"]
    for row, person in enumerate(people):
        rows, grades = relevant_offers(market, row)
        lines += [
            f"{person.candidate_id}\t{offers[offer].offer_id}\t{grade}"
            for offer, grade in zip(rows, grades, strict=True)
        ]
    (truth / "qrels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return market
