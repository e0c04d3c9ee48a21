"""The model card of a reviewed version: Markdown for MLflow's page, HTML with plots to keep."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from jobmatch_ml.files import write_bytes
from jobmatch_ml.ranking.bundle import Bundle
from jobmatch_ml.registry.card_plots import difference_plot, slice_plot
from jobmatch_ml.registry.review_types import Review

MARKDOWN, HTML = "model_card.md", "model_card.html"
_USE = (
    "Ranks French job offers for a CV (title and text), and candidates for an offer. Designed to "
    "help a person look through offers or candidates; not for rejecting anybody without a person's "
    "decision. Employment is a high-risk use under the EU AI Act (Annex III, 4(a))."
)
_LIMITS = (
    "The figures come from what people did with offers that an earlier ranker chose and put in "
    "order: nobody gets credit for a good offer that nobody was shown. One data set, one split, "
    "one seed. Fairness between groups of people was not audited here."
)
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #ccc;padding:.2rem .6rem;"
    "text-align:left}.fail{color:#a00}.pass{color:#060}svg{max-width:100%;height:auto}"
)

Table = tuple[str, Sequence[str], list[list[str]]]
"""Heading, columns, rows."""


def write_card(folder: Path, bundle: Bundle, review: Review) -> str:
    """Writes ``model_card.md`` and ``model_card.html``; returns the Markdown.

    Args:
        folder: Where to; must exist.
        bundle: The reviewed bundle.
        review: Its review.
    """
    markdown = card_markdown(bundle, review)
    write_bytes(folder / MARKDOWN, [markdown.encode()])
    write_bytes(folder / HTML, [card_html(bundle, review).encode()])
    return markdown


def card_markdown(bundle: Bundle, review: Review) -> str:
    """Returns the card as Markdown."""
    parts = [f"# {_title(review)}", f"**{_verdict(review)}**", *(f"- {x}" for x in review.reasons)]
    parts += ["", "## Use", _USE, ""]
    for heading, columns, rows in card_tables(bundle, review):
        parts += [f"## {heading}", "", tabulate(rows, headers=columns, tablefmt="github"), ""]
    if review.evidence.notes:
        parts += ["## Notes", *(f"- {note}" for note in review.evidence.notes), ""]
    parts += ["## Limits", _LIMITS]
    return "\n".join(parts) + "\n"


def card_html(bundle: Bundle, review: Review) -> str:
    """Returns the card as one HTML page with its plots inside; it loads nothing."""
    plots = [difference_plot(review.evidence.comparisons), slice_plot(review.evidence.slices)]
    tables = [
        f"<h2>{_text(heading)}</h2>{tabulate(rows, headers=columns, tablefmt='html')}"
        for heading, columns, rows in card_tables(bundle, review)
    ]
    notes = "".join(f"<li>{_text(note)}</li>" for note in review.evidence.notes)
    reasons = "".join(f"<li>{_text(reason)}</li>" for reason in review.reasons)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{_text(_title(review))}</title><style>{_STYLE}</style></head><body>"
        f'<h1>{_text(_title(review))}</h1><p class="{review.verdict}"><strong>'
        f"{_text(_verdict(review))}</strong></p><ul>{reasons}</ul>"
        f"<h2>Use</h2><p>{_text(_USE)}</p>{''.join(plots)}{''.join(tables)}"
        f"{f'<h2>Notes</h2><ul>{notes}</ul>' if notes else ''}"
        f"<h2>Limits</h2><p>{_text(_LIMITS)}</p></body></html>\n"
    )


def card_tables(bundle: Bundle, review: Review) -> list[Table]:
    """Returns the tables of a card, for both forms and for the command line."""
    evidence, manifest = review.evidence, bundle.manifest
    comparisons = [
        [
            row.metric,
            f"{row.challenger:.3f}",
            f"{row.champion:.3f}",
            f"{row.difference:+.3f} [{row.low:+.3f}, {row.high:+.3f}]",
            f"{row.p_value:.3f}",
            str(row.n_queries),
        ]
        for row in evidence.comparisons
    ]
    parts = ["encoder", *(name for name in ("cross_encoder", "ltr") if getattr(manifest, name))]
    parts += ["calibrators"] if bundle.calibrators_path else []
    about = {
        "bundle": bundle.sha256,
        "parts": ", ".join(parts),
        "ranker": manifest.ranker.kind,
        "encoder": manifest.ranker.encoder_name,
        "size": f"{bundle.n_bytes / 1e6:.1f} MB in {len(manifest.files)} files",
        "versions": ", ".join(f"{k} {v}" for k, v in (manifest.versions or {}).items()),
        **{f"lineage: {key}": str(value) for key, value in review.lineage.items()},
    }
    return [
        (
            f"Against {review.opponent}",
            ["metric", "this version", "opponent", "difference [95 %]", "p", "people"],
            comparisons,
        ),
        (
            "Gates",
            ["gate", "", "figures"],
            [[gate.name, "pass" if gate.passed else "FAIL", gate.reason] for gate in review.gates],
        ),
        ("Slices, the greatest loss first", _SLICE_COLUMNS, _slice_rows(review)),
        ("Cost", ["", "this version", "opponent"], _cost_rows(review)),
        ("What it is, where it comes from", ["", ""], [[k, v] for k, v in about.items()]),
    ]


_SLICE_COLUMNS = ["slice", "people", "this version", "opponent", "difference [95 %]", "p (Holm)"]


def _slice_rows(review: Review) -> list[list[str]]:
    return [
        [
            row.name,
            str(row.n_queries),
            f"{row.challenger:.3f}",
            f"{row.champion:.3f}",
            f"{row.difference:+.3f} [{row.low:+.3f}, {row.high:+.3f}]",
            f"{row.p_value:.3f}",
        ]
        for row in review.evidence.slices
    ]


def _cost_rows(review: Review) -> list[list[str]]:
    ours, theirs = review.evidence.challenger_cost, review.evidence.champion_cost
    return [
        ["one query, median ms", f"{ours.median_ms:.1f}", f"{theirs.median_ms:.1f}"],
        ["one query, p95 ms", f"{ours.p95_ms:.1f}", f"{theirs.p95_ms:.1f}"],
        ["indexing, s", f"{ours.index_seconds:.1f}", f"{theirs.index_seconds:.1f}"],
        ["bundle, MB", f"{ours.n_bytes / 1e6:.1f}", f"{theirs.n_bytes / 1e6:.1f}"],
    ]


def _title(review: Review) -> str:
    return f"{review.model_name}, version {review.version}"


def _verdict(review: Review) -> str:
    return (
        f"Review of {review.reviewed_at:%Y-%m-%d %H:%M} UTC by {review.reviewed_by}, against "
        f"{review.opponent}, test data {review.data_hash[:12]}: {review.verdict.upper()}"
    )


def _text(value: str) -> str:
    return html.escape(value)
