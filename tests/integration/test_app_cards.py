"""The cards of the demo application: French figures, and nothing strangers wrote is markup."""

from __future__ import annotations

import pytest

pytest.importorskip("gradio", reason="the extra 'app' is not installed")

from gradio_app.answers import HighlightSpan, MatchAnswer, RankedOffer
from gradio_app.cards import format_score, mark_spans, offer_html, offers_html

OFFER = RankedOffer(
    rank=1,
    offer_id="191XYZ",
    title="Développeur / Développeuse Python",
    score=0.6249,
    company="Atelier Numérique",
    place="69 - LYON 03",
    contract_label="CDI",
    ingestion_date="2026-11-20",
    source_url="https://example.org/offre/1",
    highlights=("python", "sql"),
)


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_every_text_of_an_offer_is_escaped() -> None:
    offer = RankedOffer(
        rank=1,
        offer_id=HOSTILE,
        title=HOSTILE,
        score=0.1,
        company=HOSTILE,
        place=HOSTILE,
        contract_label=HOSTILE,
        ingestion_date=HOSTILE,
        source_url="https://example.org/" + HOSTILE,
        excerpt=HOSTILE + " python",
        highlights=(HOSTILE,),
        highlight_spans=(
            HighlightSpan(term=HOSTILE, field="title", start=0, end=len(HOSTILE)),
            HighlightSpan(term=HOSTILE, field="description", start=0, end=len(HOSTILE)),
        ),
    )
    answer = MatchAnswer(offers=(offer,), bundle_version=HOSTILE, profile_title=HOSTILE)
    html = offers_html(answer)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 9


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "ftp://example.org", "x", ""],
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert "<a " not in offer_html(OFFER.model_copy(update={"source_url": address}))


def test_shared_words_are_marked_where_they_stand() -> None:
    spans = [
        HighlightSpan(term="SQL", field="description", start=11, end=14),
        HighlightSpan(term="Python", field="description", start=0, end=6),
        HighlightSpan(term="Python", field="title", start=0, end=6),
        HighlightSpan(term="thon &", field="description", start=2, end=8),  # overlaps
        HighlightSpan(term="elsewhere", field="description", start=900, end=909),
        HighlightSpan(term="&", field="description", start=-4, end=-3),
    ]
    marked = mark_spans("Python & / SQL", spans, field="description")
    assert marked == "<mark>Python</mark> &amp; / <mark>SQL</mark>"


def test_the_rank_is_spoken_and_the_date_is_that_of_the_collection() -> None:
    html = offer_html(OFFER)
    assert '<span class="jm-rank"><span class="jm-hidden">Rang </span>1</span>' in html
    assert "aria-label" not in html
    assert "<dt>Collectée le</dt><dd>20/11/2026</dd>" in html


def test_facts_that_an_offer_does_not_state_are_said_to_be_missing() -> None:
    bare = RankedOffer(rank=3, offer_id="x", title="", score=-0.2)
    html = offer_html(bare)
    assert "Offre sans intitulé" in html
    assert html.count("Non précisé") == 3
    assert "width:0%" in html
    assert "<mark>" not in html


@pytest.mark.parametrize(
    ("score", "text"), [(0.6249, "0,62"), (-0.05, "−0,05"), (-0.001, "0,00"), (1.0, "1,00")]
)
def test_scores_are_written_the_french_way(score: float, text: str) -> None:
    assert format_score(score) == text
