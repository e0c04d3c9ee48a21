"""Data-quality checks of gold and its enrichment: how many offers fail each, with examples.

A check is a name, a sentence and a vectorised condition over Arrow columns, so a million offers are
checked shard by shard in seconds. Checks of severity ``error`` say that the pipeline or its rules
are wrong; ``warning`` says that recruiters' data are, which nobody can mend here. pandera would
want pandas frames and a schema of its own beside the one that all tables already have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pyarrow as pa

Severity = Literal["error", "warning"]
MAX_EXAMPLES = 5
KNOWN_CONTRACTS = (
    "CDI", "CDD", "MIS", "SAI", "LIB", "REP", "FRA", "CCE", "CPE", "DDI", "DIN", "TTI", "DDT",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One rule that every offer should keep.

    Args:
        name: Short name, unique.
        says: What is wrong with an offer that fails.
        severity: ``error`` or ``warning``.
        fails: Gives a boolean column, true where it fails, from gold joined with its enrichment.
    """

    name: str
    says: str
    severity: Severity
    fails: Callable[[pa.Table], Any]


@dataclass(slots=True)
class CheckResult:
    """How a check went: offers that fail it and the first ids."""

    name: str
    says: str
    severity: Severity
    failed: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class QualityReport:
    """What the checks found.

    Args:
        offers: Offers checked.
        results: One a check, in the order of :data:`CHECKS`.
        filled: Share of offers that state each column, 0 to 1.
    """

    offers: int = 0
    results: dict[str, CheckResult] = field(default_factory=dict)
    filled: dict[str, float] = field(default_factory=dict)

    @property
    def errors(self) -> list[CheckResult]:
        """Failed checks that say that the pipeline is wrong."""
        return [each for each in self.results.values() if each.severity == "error" and each.failed]

    def to_dict(self) -> dict[str, Any]:
        """Returns the report for programs."""
        return {
            "offers": self.offers,
            "checks": [asdict(result) for result in self.results.values()],
            "filled": {name: round(share, 4) for name, share in self.filled.items()},
        }


FILLED = (
    "rome_code", "company", "place", "place_latitude", "contract", "salary_min",
    "experience_months", "remote", "language", "skills_required", "skills_wished",
    "rome_code_fine", "age_days", "weekly_hours",
)  # fmt: skip


def check_offers(parts: Iterable[tuple[pa.Table, pa.Table]]) -> QualityReport:
    """Checks offers shard by shard.

    Args:
        parts: Pairs of ``gold.offers`` and ``offer_enrichment`` rows of the same offers, in the
            same order.
    """
    report = QualityReport(
        results={each.name: CheckResult(each.name, each.says, each.severity) for each in CHECKS}
    )
    stated: dict[str, int] = dict.fromkeys(FILLED, 0)
    seen: set[str] = set()
    for gold, enrichment in parts:
        rows = gold
        for name in enrichment.schema.names:
            if name not in rows.schema.names:
                rows = rows.append_column(name, enrichment.column(name))
        report.offers += rows.num_rows
        for check in CHECKS:
            _note(report.results[check.name], rows, check.fails(rows))
        _note(report.results[REPEATED.name], rows, _repeated(rows, seen))
        for name in FILLED:
            stated[name] += _stated(rows, name)
    report.filled = {name: count / max(report.offers, 1) for name, count in stated.items()}
    return report


def _note(result: CheckResult, rows: pa.Table, failing: Any) -> None:
    import pyarrow.compute as pc

    bad = pc.fill_null(failing, False)
    count = int(pc.sum(bad).as_py() or 0)
    if count:
        result.failed += count
        missing = MAX_EXAMPLES - len(result.examples)
        result.examples += rows.column("offer_id").filter(bad).slice(0, missing).to_pylist()


def _repeated(rows: pa.Table, seen: set[str]) -> Any:
    import pyarrow as pa

    again = []
    for offer_id in rows.column("offer_id").to_pylist():
        again.append(offer_id in seen)
        seen.add(offer_id)
    return pa.array(again, pa.bool_())


def _stated(rows: pa.Table, name: str) -> int:
    import pyarrow as pa
    import pyarrow.compute as pc

    column = rows.column(name)
    if pa.types.is_list(column.type):
        column = pc.list_value_length(column)
        return int(pc.sum(pc.greater(column, 0)).as_py() or 0)
    if pa.types.is_string(column.type):
        return int(pc.sum(pc.greater(pc.utf8_length(column), 0)).as_py() or 0)
    return int(rows.num_rows - column.null_count)


def _length(name: str) -> Callable[[pa.Table], Any]:
    import pyarrow.compute as pc

    return lambda rows: pc.utf8_length(pc.utf8_trim_whitespace(rows.column(name)))


def _shorter(name: str, limit: int) -> Callable[[pa.Table], Any]:
    import pyarrow.compute as pc

    return lambda rows: pc.less(_length(name)(rows), limit)


def _longer(name: str, limit: int) -> Callable[[pa.Table], Any]:
    import pyarrow.compute as pc

    return lambda rows: pc.greater(_length(name)(rows), limit)


def _unlike(name: str, pattern: str) -> Callable[[pa.Table], Any]:
    """Fails where a text is there and does not match."""
    import pyarrow.compute as pc

    return lambda rows: pc.invert(pc.match_substring_regex(rows.column(name), f"^({pattern})?$"))


def _outside(name: str, low: float, high: float) -> Callable[[pa.Table], Any]:
    import pyarrow.compute as pc

    return lambda rows: pc.or_(pc.less(rows.column(name), low), pc.greater(rows.column(name), high))


def _after(name: str, other: str) -> Callable[[pa.Table], Any]:
    """Fails where one column is greater (later) than another; compared as days where dates."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def plain(column: Any) -> Any:
        return column.cast(pa.date32()) if pa.types.is_temporal(column.type) else column

    return lambda rows: pc.greater(plain(rows.column(name)), plain(rows.column(other)))


def _has(name: str, pattern: str) -> Callable[[pa.Table], Any]:
    import pyarrow.compute as pc

    return lambda rows: pc.match_substring_regex(rows.column(name), pattern)


def _not_in(name: str, allowed: tuple[str, ...]) -> Callable[[pa.Table], Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pa.array([*allowed, "", None], pa.string())
    return lambda rows: pc.invert(pc.is_in(rows.column(name), value_set=known))


def _never(rows: pa.Table) -> Any:
    import pyarrow as pa

    return pa.repeat(pa.scalar(False), rows.num_rows)


REPEATED = Check("repeated_id", "the id was met before", "error", _never)

CHECKS: tuple[Check, ...] = (
    REPEATED,
    Check("no_title", "the title is blank", "error", _shorter("title", 1)),
    Check(
        "bounds", "the lower pay is above the upper", "error", _after("salary_min", "salary_max")
    ),
    Check("pay", "pay outside 1,000 to 500,000 a year", "error", _outside("salary_max", 1e3, 5e5)),
    Check("experience", "over 40 years asked for", "error", _outside("experience_months", 0, 480)),
    Check("freshness", "freshness outside 0 to 1", "error", _outside("freshness", 0, 1)),
    Check("low_pay", "pay under 10,000 a year", "warning", _outside("salary_max", 1e4, 5e5)),
    Check("no_text", "the description is blank", "warning", _shorter("description", 1)),
    Check("short_text", "under 100 characters", "warning", _shorter("description", 100)),
    Check("long_text", "over 20,000 characters", "warning", _longer("description", 20_000)),
    Check("html", "tags in the description", "warning", _has("description", r"</?[a-z]+[ />]")),
    Check("rome", "not a ROME code", "warning", _unlike("rome_code", r"[A-N]\d{4}")),
    Check(
        "contract", "a contract of no known kind", "warning", _not_in("contract", KNOWN_CONTRACTS)
    ),
    Check("postal_code", "not a postal code", "warning", _unlike("postal_code", r"\d{5}")),
    Check("latitude", "not on French soil", "warning", _outside("place_latitude", -25, 52)),
    Check(
        "future", "created after it was loaded", "warning", _after("created_at", "ingestion_date")
    ),
    Check("times", "created after it was updated", "warning", _after("created_at", "updated_at")),
    Check("language", "not in French", "warning", _not_in("language", ("fr",))),
)
"""The rules, errors first; :func:`check_offers` runs all of them."""
