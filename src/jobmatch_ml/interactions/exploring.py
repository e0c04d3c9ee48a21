"""What is in a log, as small tables: who was shown what, what came of it, and how long it took.

Each table is a query over the Parquet file, so a log of any size is explored in bounded memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from jobmatch_ml.interactions.engine import DEFAULT_MEMORY_LIMIT, open_engine
from jobmatch_ml.interactions.log import open_log


def explore_log(path: Path, *, memory_limit: str = DEFAULT_MEMORY_LIMIT) -> dict[str, pa.Table]:
    """Summarises a log.

    Args:
        path: A Parquet file in the log's schema, or a folder of them.
        memory_limit: What the engine may hold before it spills to disk.

    Returns:
        Tables by name:

        - `overview`: one row: impressions, requests, users, offers, first and last moment;
        - `by_policy`: impressions, requests and rates by surface and policy;
        - `by_position`: impressions and rates by surface and position;
        - `funnel`: by stage: rows that reached it, rows of which that is not known yet;
        - `delays`: by stage: days from the impression, as 10 %, 50 % and 90 % quantiles. Only of
          what came before the log's end: :func:`.censoring.fit_delays` corrects for that;
        - `by_day`: impressions, users, users seen for the first time, and positives;
        - `users`: by number of active days: users;
        - `popularity`: by tenth of the offers, most viewed first: share of all views.

    Raises:
        MissingFileError, FormatError: There is no such log, or it is none.
    """
    with open_engine(memory_limit=memory_limit) as connection:
        open_log(connection, path).create_view("log")
        return {name: _table(connection, query) for name, query in _QUERIES.items()}


def _table(connection: Any, query: str) -> pa.Table:
    return connection.sql(query).to_arrow_table()


_QUERIES = {
    "overview": """
        SELECT count(*) AS impressions, count(DISTINCT request_id) AS requests,
            count(DISTINCT "user") AS users, count(DISTINCT offer_external_id) AS offers,
            min(shown_at) AS first_shown, max(shown_at) AS last_shown
        FROM log
    """,
    "by_policy": """
        SELECT surface, policy, count(*) AS impressions, count(DISTINCT request_id) AS requests,
            avg(viewed::INTEGER) AS view_rate, avg(saved::INTEGER) AS save_rate,
            avg(applied::INTEGER) AS apply_rate
        FROM log GROUP BY ALL ORDER BY ALL
    """,
    "by_position": """
        SELECT surface, position, count(*) AS impressions, avg(viewed::INTEGER) AS view_rate,
            avg(applied::INTEGER) AS apply_rate
        FROM log WHERE position IS NOT NULL GROUP BY ALL ORDER BY ALL
    """,
    "funnel": """
        WITH counted AS (
            SELECT count(*) AS shown, count(*) FILTER (viewed) AS viewed,
                count(*) FILTER (saved) AS saved, count(*) FILTER (applied) AS applied,
                count(*) FILTER (got_interview) AS interview, count(*) FILTER (got_hired) AS hired,
                count(*) FILTER (applied AND got_interview IS NULL) AS interview_open,
                count(*) FILTER (applied AND got_hired IS NULL) AS hire_open
            FROM log
        )
        SELECT unnest(['shown', 'viewed', 'saved', 'applied', 'interview', 'hired']) AS stage,
            unnest([shown, viewed, saved, applied, interview, hired]) AS reached,
            unnest([0, 0, 0, 0, interview_open, hire_open]) AS not_known_yet
        FROM counted
    """,
    "delays": """
        WITH events AS (
            SELECT 'viewed' AS stage, viewed_at AS happened_at, shown_at FROM log
            UNION ALL SELECT 'saved', saved_at, shown_at FROM log
            UNION ALL SELECT 'applied', applied_at, shown_at FROM log
            UNION ALL SELECT 'interview', interview_at, shown_at FROM log
            UNION ALL SELECT 'hired', hired_at, shown_at FROM log
            UNION ALL SELECT 'closed', closed_at, shown_at FROM log
        ), waits AS (
            SELECT stage, (epoch_ms(happened_at) - epoch_ms(shown_at)) / 86400000.0 AS days
            FROM events WHERE happened_at IS NOT NULL
        )
        SELECT stage, count(*) AS events, quantile_cont(days, 0.1) AS days_10,
            quantile_cont(days, 0.5) AS days_50, quantile_cont(days, 0.9) AS days_90
        FROM waits GROUP BY stage ORDER BY days_50, stage
    """,
    "by_day": """
        WITH first_days AS (
            SELECT "user", min(shown_at)::DATE AS first_day FROM log GROUP BY "user"
        )
        SELECT shown_at::DATE AS day, count(*) AS impressions, count(DISTINCT "user") AS users,
            count(DISTINCT "user") FILTER (shown_at::DATE = first_day) AS new_users,
            count(*) FILTER (saved OR applied) AS positives
        FROM log JOIN first_days USING ("user") GROUP BY ALL ORDER BY day
    """,
    "users": """
        WITH days AS (
            SELECT "user", count(DISTINCT shown_at::DATE) AS active_days FROM log GROUP BY "user"
        )
        SELECT active_days, count(*) AS users FROM days GROUP BY active_days ORDER BY active_days
    """,
    "popularity": """
        WITH views AS (
            SELECT offer_external_id, count(*) FILTER (viewed) AS views
            FROM log GROUP BY offer_external_id
        ), ranked AS (
            SELECT views, ntile(10) OVER (ORDER BY views DESC, offer_external_id) AS tenth
            FROM views
        )
        SELECT tenth, count(*) AS offers, sum(views)::BIGINT AS views,
            sum(views) / greatest(1, sum(sum(views)) OVER ()) AS share
        FROM ranked GROUP BY tenth ORDER BY tenth
    """,
}
