"""Recorded results and the tables made from them: no figure in the docs is typed by hand.

A result is a small JSON file under `docs/results/`. A generated block in a Markdown file reads

    <!-- generated: NAME -->
    …table…
    <!-- end -->

where NAME is an entry of :data:`TABLES`. `jobmatch docs build` fills the blocks, `jobmatch docs
check` fails when one is stale or has no recorded result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from tabulate import tabulate

from jobmatch_ml.errors import FormatError, MissingFileError, UnknownNameError, suggest
from jobmatch_ml.ranking.features.specification import feature_rows
from jobmatch_ml.training.comparison import difference_text, interval_text

_BLOCK = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def record_result(result: Mapping[str, Any], *, root: Path) -> Path:
    """Writes a benchmark's result to `docs/results/<bench>.json`."""
    path = root / "docs" / "results" / f"{result['bench']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY))
    return path


def build_docs(root: Path) -> list[Path]:
    """Fills every generated block; returns the files that changed."""
    changed = []
    for path, text, filled in _render(root):
        if filled != text:
            path.write_text(filled, encoding="utf-8")
            changed.append(path)
    return changed


def stale_docs(root: Path) -> list[Path]:
    """Returns the files with a block that is not what its recorded result gives."""
    return [path for path, text, filled in _render(root) if filled != text]


def _render(root: Path) -> list[tuple[Path, str, str]]:
    pages = []
    for path in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        fill = partial(_fill, path=path, root=root)
        pages.append((path, text, _BLOCK.sub(fill, text)))
    return pages


def _fill(block: re.Match[str], *, path: Path, root: Path) -> str:
    name = block["name"]
    if name not in TABLES:
        raise UnknownNameError(f"{path}: {suggest(name, TABLES, kind='generated table')}")
    bench, make = TABLES[name]
    # A table that is made from the code alone has no recorded result.
    return f"{block[1]}{make(_read(root, bench) if bench else {})}\n{block[3]}"


def _read(root: Path, bench: str) -> dict[str, Any]:
    path = root / "docs" / "results" / f"{bench}.json"
    if not path.is_file():
        raise MissingFileError(
            f"{path} does not exist; `jobmatch bench {bench} --record` takes and records it"
        )
    try:
        result: dict[str, Any] = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise FormatError(f"{path}: not JSON; record it again") from error
    return result


def _table(rows: Sequence[Mapping[str, Any]], result: Mapping[str, Any], *, note: str) -> str:
    place = result["environment"]
    source = (
        f"{note} Recorded {place['date']} at commit {place['commit']} on {place['cores']} cores "
        f"({place['cpu']}) by `jobmatch bench {result['bench']} --record`."
    )
    return f"{tabulate(rows, headers='keys', tablefmt='github')}\n\n{source}"


def _rankers(result: Mapping[str, Any]) -> str:
    rows = [
        {
            "ranker": row["ranker"],
            "nDCG@10 by truth": interval_text(row, "true_ndcg@10"),
            "to the best baseline": difference_text(row, "true_"),
            "nDCG@10 by log": interval_text(row, "ndcg@10"),
            "to the best baseline ": difference_text(row),
            "recall@100 by log": interval_text(row, "recall@100"),
            "MRR by log": interval_text(row, "mrr"),
            "ms a query": f"{row['ms_per_query']:.1f}",
        }
        for row in sorted(result["rows"], key=lambda row: -row["true_ndcg@10"])
    ]
    note = f"95 % bootstrap intervals over people. {result['rows'][0]['note']}"
    return _table(rows, result, note=note)


def _external(result: Mapping[str, Any]) -> str:
    rows = [
        {
            "set": row["set"],
            "ranker": row["ranker"],
            "queries": row["n_queries"],
            "nDCG@10 [95 %]": interval_text(row, "ndcg@10"),
            "against zero_shot": difference_text(row),
            "against its base": difference_text(row, "base_") if "base_difference" in row else "",
        }
        for row in result["rows"]
    ]
    return _table(rows, result, note="Real data that nothing here was trained on.")


def _part(result: Mapping[str, Any], *, part: str, note: str) -> str:
    """Makes a table of the rows of one part; columns are those of its first row."""
    rows = [row for row in result["rows"] if row["part"] == part and "note" not in row]
    columns = [key for key in rows[0] if key != "part"]
    return _table([{key: row.get(key) for key in columns} for row in rows], result, note=note)


def _difficulty(result: Mapping[str, Any]) -> str:
    note = "All offers ranked for each person, scored by true relevance."
    return _table(result["rows"], result, note=note)


def _realism(result: Mapping[str, Any]) -> str:
    size = next(row for row in result["rows"] if row["part"] == "size")
    rows = [
        {"field": row["field"], "AUC [95 %]": interval_text(row, "auc")}
        for row in result["rows"]
        if row["part"] == "test"
    ]
    note = f"{size['world']:,} offers of the world against {size['other']:,} real ones; 0.5: alike."
    return _table(rows, result, note=note)


def _plain(result: Mapping[str, Any]) -> str:
    rows = [
        {key: f"{value:,.3g}" if isinstance(value, float) else value for key, value in row.items()}
        for row in result["rows"]
    ]
    reference = ", ".join(f"{key} {value}" for key, value in result["reference"].items())
    return _table(rows, result, note=f"Reference kernels in the same run: {reference}.")


def _robustness(result: Mapping[str, Any]) -> str:
    rows = [
        {
            "set": row["set"],
            "ranker": row["ranker"],
            "change": row["change"],
            "altered": f"{row['n_altered']} of {row['n_queries']}",
            "nDCG@10": f"{row['ndcg@10']:.3f}",
            "to the plain text": difference_text(row),
        }
        for row in result["rows"]
    ]
    return _table(rows, result, note="Documents unchanged.")


def _encode(result: Mapping[str, Any]) -> str:
    """Speed of each backend, and what its rankings lose on each named set."""
    columns = ("variant", "texts_per_s", "ratio", "latency_ms", "mean_cosine")
    rows = [
        {
            **{column: row[column] for column in columns},
            "French sets: nDCG@10 lost": row["ndcg_loss"],
            **{
                f"{other['variant'].split(': ')[0]}: nDCG@10": (
                    f"{other['ndcg@10']:.3f}, {difference_text(other)}"
                )
                for other in result["rows"]
                if other["variant"].endswith(f": {row['variant']}")
            },
        }
        for row in result["rows"]
        if ": " not in row["variant"]
    ]
    return _table(rows, result, note="Backends take turns; all sorted by tokens but the last.")


def _reranked(result: Mapping[str, Any]) -> str:
    rows = [
        {
            "ranker": row["ranker"],
            "nDCG@10 by truth": interval_text(row, "true_ndcg@10"),
            "to the retriever": difference_text(row, "true_"),
            "pairs read in training": row["n_pairs"],
            "seconds": row["train_seconds"],
            "weight": row["weight"],
        }
        for row in result["rows"]
    ]
    note = f"Test part of the demo world, {result['rows'][0]['n_people']} people."
    return _table(rows, result, note=note)


def _rerank(result: Mapping[str, Any]) -> str:
    rows = [
        {
            "model": row["model"],
            "ms for 30 pairs": row["ms_30_pairs"],
            "of the first": row["share_of_the_first"],
            f"nDCG@10 by {row['judged_by']}": interval_text(row, "ndcg@10"),
            "to the first": difference_text(row),
        }
        for row in result["rows"]
    ]
    return _table(rows, result, note="Validation part of the demo world, reranked and blended.")


def _calibration(result: Mapping[str, Any], *, given: str) -> str:
    rows = [
        {
            "fitted on": row["fitted_on"],
            "stage": row["stage"],
            "curve": f"{row['curve']}, {row['fit_events']:,} events",
            "test rows": f"{row['rows']:,}",
            "events": f"{row['events']:,}",
            "base rate": f"{row['base_rate']:.4f}",
            "ECE [95 %]": f"{row['ece']:.4f} [{row['ece_low']:.4f}, {row['ece_high']:.4f}]",
            "of the base rate": f"{row['ece_to_base_rate']:.0%}",
            "ECE of perfection": f"{row['ece_floor']:.4f}",
            "Brier skill [95 %]": (
                f"{row['brier_skill']:.4f} [{row['brier_skill_low']:.4f}, "
                f"{row['brier_skill_high']:.4f}]"
            ),
            "coverage": f"{row['coverage']:.3f}",
        }
        for row in result["rows"]
        if row["given"] == given
    ]
    note = f"Given {given}; score of {result['rows'][0]['score']}; intervals over people."
    return _table(rows, result, note=note)


_CV_LARGE = ("text files", "texts of the scans", "scans", "PDF", "Word", "fr", "en")


def _cv_heldout(result: Mapping[str, Any], *, layouts: bool) -> str:
    """Held-out CVs: the large groups by both readers, or each layout by the rules alone."""
    rows = [
        {key: value for key, value in row.items() if key not in ("part", "refused")}
        for row in result["rows"]
        if row["part"] == "heldout"
        and (row["group"] in _CV_LARGE) != layouts
        and (row["reader"] == "rules" or not layouts)
    ]
    note = "F1, micro average; seconds are the median a CV, the child's start included."
    return _table(sorted(rows, key=lambda row: row["reader"]), result, note=note)


# block name -> (recorded result, how its table is made)
def _feature_list(result: Mapping[str, Any]) -> str:
    """Returns every feature by its definition; nothing recorded has a part in it."""
    del result
    return str(tabulate(feature_rows(), headers="keys", tablefmt="github"))


def _cascade(result: Mapping[str, Any]) -> str:
    rows = [
        {
            "world": row["world"],
            "people": row["people"],
            "ranker": row["ranker"],
            "nDCG@10 by truth": interval_text(row, "ndcg@10"),
            "of the oracle": row["of_oracle"] or "",
            "against": row["against"] or "",
            "difference": difference_text(row),
            "ms a query": row["ms_per_query"],
        }
        for row in result["rows"]
    ]
    note = "Test people, all offers of their world ranked; 95 % bootstrap intervals."
    return _table(rows, result, note=note)


def _ltr(result: Mapping[str, Any]) -> str:
    rows = [
        {
            "log": row["log"],
            "correction": row["correction"],
            "nDCG@10 by truth": f"{row['true_ndcg@10']:.3f}",
            "worst seed": f"{row['worst_seed']:.3f}",
            "over learning naively [95 %]": ""
            if row["difference"] is None
            else f"{row['difference']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]",
            "p": "" if row["p_value"] is None else f"{row['p_value']:.4f}",
            "within ± 0.01 (TOST)": {None: "", True: "yes", False: "no"}[row["equivalent"]],
            "s a fit": row["seconds"],
        }
        for row in result["rows"]
    ]
    first = result["rows"][0]
    note = (
        f"{first['rows']:,} impressions a log, {first['seeds']} seeds, {first['people']} other "
        "people judged by the truth."
    )
    return _table(rows, result, note=note)


TABLES: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "rankers": ("pipeline", _rankers),
    "full": ("full", _rankers),
    "external": ("external", _external),
    "adaptation": ("adaptation", _plain),
    "robustness": ("robustness", _robustness),
    "ingest": ("ingest", _plain),
    "encode": ("encode", _encode),
    "train": ("train", _plain),
    "reranked": ("cross_encoder", _reranked),
    "rerank-speed": ("rerank", _rerank),
    "gold-speed": (
        "gold",
        partial(_part, part="speed", note="Synthetic offers; a core's worth is by CPU seconds."),
    ),
    "gold-accuracy": (
        "gold",
        partial(_part, part="accuracy", note="100 real offers labelled by hand before any rule."),
    ),
    "cv-heldout": ("cv", partial(_cv_heldout, layouts=False)),
    "cv-layouts": ("cv", partial(_cv_heldout, layouts=True)),
    "cv-development": (
        "cv",
        partial(_part, part="development", note="Invented people in the world's own layouts."),
    ),
    "features": ("", _feature_list),
    "features-speed": ("features", _plain),
    "cascade": ("cascade", _cascade),
    "cascade-full": ("cascade_full", _cascade),
    "cascade-real": ("cascade_real", _cascade),
    "ltr": ("ltr", _ltr),
    "calibration": ("calibration", partial(_calibration, given="shown at its position")),
    "calibration-looked-at": ("calibration", partial(_calibration, given="shown and looked at")),
    "hostile": (
        "hostile",
        partial(_part, part="files", note="Seeded; character recognition has limits of its own."),
    ),
    "hostile-process": (
        "hostile",
        partial(_part, part="process", note="The reading process after all of them."),
    ),
    "cv-real": ("cv_real", _plain),
    "cv-speed": ("cv_speed", _plain),
    "hidden": ("hidden", _plain),
    "redaction": ("redaction", _plain),
    "warehouse": ("warehouse", _plain),
    "startup": ("startup", _plain),
    "assistant": ("assistant", _plain),
    "interactions": ("interactions", _plain),
    "world": ("world", _plain),
    "difficulty": ("difficulty", _difficulty),
    "realism": ("realism", _realism),
    "realism-summary": (
        "realism",
        partial(_part, part="summary", note="The same offers; `other` are the real ones."),
    ),
    "propensities": (
        "propensity",
        partial(_part, part="propensities", note="Relative errors against the truth."),
    ),
    "off-policy": (
        "propensity",
        partial(_part, part="value", note="Simulated logs of the demo world, one seed each."),
    ),
}
