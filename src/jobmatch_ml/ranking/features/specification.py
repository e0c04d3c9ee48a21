"""Every feature of learning to rank: name, formula, unit, what a missing value means, its source.

The one list: the matrix's columns, LightGBM's monotone constraints, the model's ``features.json``
and the generated table of ``docs/features.md`` all come from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import orjson

Group = Literal[
    "text", "skills", "occupation", "experience", "salary", "contract", "place", "freshness",
    "popularity", "quality",
]  # fmt: skip
Source = Literal["gold offers", "CV", "CV and gold offers", "log", "ranking moment"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the feature matrix.

    Args:
        name: Its name.
        group: What it is about.
        formula: How it is computed.
        unit: Unit and range.
        missing: When it is NaN; empty: never.
        source: Where it comes from.
        monotone: 1: a higher value never lowers the score; -1: never raises it; 0: free.
        categorical: Its values are numbers of categories.
    """

    name: str
    group: Group
    formula: str
    unit: str
    missing: str
    source: Source
    monotone: Literal[-1, 0, 1] = 0
    categorical: bool = False


_BOTH: Source = "CV and gold offers"
_NO_ENCODER = "no such encoder"
_NO_CODE = "a code is unknown"


def _text(name: str, formula: str, unit: str, missing: str = "") -> Feature:
    return Feature(name, "text", formula, unit, missing, _BOTH, 1)


def _pair(  # noqa: PLR0917  # a row of the table below
    group: Group, name: str, formula: str, unit: str, missing: str, sign: Literal[-1, 0, 1] = 0
) -> Feature:
    return Feature(name, group, formula, unit, missing, _BOTH, sign)


def _offer(
    group: Group, name: str, formula: str, unit: str, missing: str, *, categorical: bool = False
) -> Feature:
    return Feature(name, group, formula, unit, missing, "gold offers", 0, categorical)


def _log(name: str, formula: str, unit: str) -> Feature:
    return Feature(name, "popularity", formula, unit, "no log", "log")


FEATURES: tuple[Feature, ...] = (
    _text("dense_title", "cos(title, title), transformer", "-1 to 1", _NO_ENCODER),
    _text("dense_title_to_body", "cos(title, offer's body), transformer", "-1 to 1", _NO_ENCODER),
    _text("dense_body", "cos(body, body), transformer", "-1 to 1", _NO_ENCODER),
    _text("static_title", "cos(title, title), n-gram table", "-1 to 1", _NO_ENCODER),
    _text("static_title_to_all", "cos(title, title + body), n-gram table", "-1 to 1", _NO_ENCODER),
    _text("static_body", "cos(body, body), n-gram table", "-1 to 1", _NO_ENCODER),
    _text("bm25", "BM25 of title + text", "score >= 0"),
    _text("bm25_title", "BM25 of the titles alone", "score >= 0"),
    _text("tfidf_char", "cosine of character n-gram TF-IDF, title + text", "0 to 1"),
    _text("tfidf_char_title", "the same of the titles alone", "0 to 1"),
    _offer("skills", "skills_required", "number of skills asked for", "count", ""),
    _pair("skills", "skills_required_held", "asked for and named in the CV", "count", ""),
    _pair("skills", "skills_required_share", "skills_required_held / skills_required", "0 to 1",
          "none is asked for", 1),
    _pair("skills", "skills_required_missing", "skills_required - skills_required_held", "count",
          ""),
    _pair("skills", "skills_wished_held", "a plus and named in the CV", "count", "", 1),
    _pair("skills", "skills_wished_share", "skills_wished_held / skills that are a plus", "0 to 1",
          "none is a plus"),
    Feature("skills_told", "skills", "skills that the CV names", "count", "", "CV"),
    _pair("skills", "skills_jaccard", "shared skills / skills of either side", "0 to 1",
          "neither side names one"),
    _pair("occupation", "rome_distance", "least distance of the offer's ROME code to those "
          "wished for: 0 same code, 1 same 3 characters, 2 same letter, 3 other", "0 to 3",
          _NO_CODE, -1),
    _pair("occupation", "mobility_steps", "fewest steps on the mobility graph from the codes "
          "wished for, at most 4", "steps", _NO_CODE, -1),
    _pair("occupation", "rome_distance_held", "rome_distance to positions held", "0 to 3",
          _NO_CODE, -1),
    _pair("occupation", "mobility_steps_held", "mobility_steps from positions held", "steps",
          _NO_CODE, -1),
    _pair("occupation", "rome_distance_last", "rome_distance to the last position", "0 to 3",
          _NO_CODE),
    Feature("occupations_wished", "occupation", "ROME codes that the title may mean", "count", "",
            "CV"),
    Feature("years", "experience", "years of dated positions, overlaps once", "years",
            "no dated position", "CV"),
    Feature("years_related", "experience", "the same, in occupations wished for or one mobility "
            "step away", "years", "no position", "CV"),
    _offer("experience", "years_asked", "experience asked for; 0: beginners accepted", "years",
           "not stated"),
    _pair("experience", "years_over", "years_related - years_asked", "years", "a part is missing"),
    _pair("experience", "years_suffice", "years_related >= years_asked", "0 or 1",
          "a part is missing", 1),
    _offer("salary", "salary_min", "lower bound, gross", "euros a year", "not stated"),
    _offer("salary", "salary_max", "upper bound, else the lower", "euros a year", "not stated"),
    Feature("salary_asked", "salary", "least pay that the CV asks for", "euros a year",
            "not stated", "CV"),
    _pair("salary", "salary_margin", "salary_max / salary_asked - 1", "ratio", "a part is missing",
          1),
    _offer("contract", "contract", "number of the contract type (CDI, CDD, MIS, SAI, LIB, other)",
           "category", "not stated", categorical=True),
    _pair("contract", "contract_accepted", "the type is among those that the CV asks for", "0 or 1",
          "a part is missing", 1),
    _offer("contract", "is_apprenticeship", "apprenticeship or professionalisation", "0 or 1", ""),
    _offer("contract", "is_part_time", "part time", "0 or 1", "not stated"),
    _offer("contract", "weekly_hours", "hours a week", "hours", "not stated"),
    _offer("contract", "remote", "work from home: 0 none, 1 some days, 2 always", "0 to 2",
           "not stated"),
    _pair("contract", "remote_met", "remote >= what the CV asks for", "0 or 1", "a part is missing",
          1),
    _offer("contract", "asks_shifts", "shift or night work is named", "0 or 1", ""),
    _pair("contract", "shifts_met", "no shifts, or the CV offers them", "0 or 1", ""),
    _offer("contract", "asks_licence", "a driving licence is asked for", "0 or 1", ""),
    _pair("contract", "licence_met", "no licence asked for, or the CV names one", "0 or 1", "", 1),
    _pair("place", "distance_km", "great-circle distance of the towns", "km", "a town is unknown",
          -1),
    Feature("radius_km", "place", "how far the person goes", "km", "not stated", "CV"),
    _pair("place", "within_radius", "distance_km <= radius_km", "0 or 1", "a part is missing", 1),
    _offer("place", "place_is_exact", "the town is stated, not the department alone", "0 or 1",
           "no place"),
    Feature("age_days", "freshness", "ranking moment - publication", "days",
            "unknown, or not published yet", "ranking moment"),
    Feature("freshness", "freshness", "2 ** (-age_days / 30)", "0 to 1",
            "unknown, or not published yet", "ranking moment"),
    _log("shown_before", "showings to anyone before the moment", "count"),
    _log("views_per_showing", "(views + 20 r) / (showings + 20), r the overall rate, before the "
         "moment", "0 to 1"),
    _log("taken_per_showing", "the same of saves and applications", "0 to 2"),
    _log("taken_14d", "saves and applications of the 14 days before the moment", "count"),
    _offer("quality", "n_words", "words of title and description", "count", ""),
    _offer("quality", "title_words", "words of the title", "count", ""),
    _offer("quality", "n_fields", "fields of gold that are filled", "count", ""),
    _offer("quality", "duplicates", "offers of its near-duplicate group", "count", "not grouped"),
    _offer("quality", "is_french", "the description is in French", "0 or 1", "too short to tell"),
    Feature("cv_lines", "quality", "lines that the CV has to rank by", "count", "", "CV"),
)  # fmt: skip
NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
TEXT_NAMES: tuple[str, ...] = tuple(each.name for each in FEATURES if each.group == "text")


def specification(names: Sequence[str] = NAMES) -> dict[str, Any]:
    """Returns the definition of some features for a model's file, with its hash.

    Two definitions with one hash give the same columns, so a model never reads another's.
    """
    by_name = {feature.name: feature for feature in FEATURES}
    chosen = [asdict(by_name[name]) for name in names]
    digest = hashlib.sha256(orjson.dumps(chosen, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {"features": chosen, "sha256": digest}


def feature_rows() -> list[dict[str, str]]:
    """Returns one row a feature for the generated table of ``docs/features.md``."""
    signs = {1: "up", -1: "down", 0: ""}
    return [
        {
            "feature": f"`{feature.name}`",
            "group": feature.group,
            "formula": feature.formula,
            "unit": feature.unit,
            "missing when": feature.missing or "never",
            "source": feature.source,
            "monotone": signs[feature.monotone],
        }
        for feature in FEATURES
    ]
