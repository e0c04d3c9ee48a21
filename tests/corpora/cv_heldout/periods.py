"""The ways to write a period, and what such a writing still says (its label)."""

from __future__ import annotations

from calendar import monthrange
from typing import Any

from tests.corpora.cv_heldout.people import Job

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
SHORT = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "en": "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.",
}
STYLES = {
    "fr": [
        "short_two_digits",
        "numeric",
        "years",
        "capital_dash",
        "arrow",
        "full_days",
        "dotted",
        "long_duration",
        "two_digits_slash",
        "long",
        "years_duration",
    ],
    "en": ["short_dash_en", "numeric_en", "years", "long_en", "since_en", "dotted"],
}
LAST_MONTH = (2026, 11)  # "now", for the durations that some styles print beside the dates


def _split(when: str) -> tuple[int, int | None]:
    year, _, month = when.partition("-")
    return int(year), int(month) if month else None


def _name(when: str, lang: str, *, short: bool) -> str:
    year, month = _split(when)
    if month is None:
        return str(year)
    return f"{(SHORT if short else MONTHS)[lang].split()[month - 1]} {year}"


def months_between(start: str, end: str) -> int:
    """Number of months of a post, both ends included; years alone count as whole years."""
    (year_1, month_1), (year_2, month_2) = _split(start), _split(end)
    if month_1 is None or month_2 is None:
        return 12 * max(1, year_2 - year_1)
    return 12 * (year_2 - year_1) + month_2 - month_1 + 1


def _duration(start: str, end: str) -> str:
    last = "-".join(f"{part:02d}" for part in LAST_MONTH)
    if "-" not in start:
        last = last[:4]
    years, months = divmod(months_between(start, last if end == "now" else end), 12)
    parts = [f"{years} an{'s' * (years > 1)}"] * (years > 0) + [f"{months} mois"] * (months > 0)
    return " ".join(parts)


def _two(when: str) -> str:
    year, month = _split(when)
    return f"{month:02d}/{year}" if month else str(year)


def _day(when: str, day: str) -> str:
    year, month = _split(when)
    return f"{day}/{month:02d}/{year}" if month else str(year)


def _last_day(when: str) -> str:
    year, month = _split(when)
    return _day(when, str(monthrange(year, month)[1])) if month else str(year)


def _tiny(when: str) -> str:
    year, month = _split(when)
    return f"{SHORT['fr'].split()[month - 1]} {year % 100:02d}" if month else str(year)


def _span(style: str, start: str, end: str) -> str:
    """A period that has ended."""
    if style == "years":
        return start[:4] if start[:4] == end[:4] else f"{start[:4]}-{end[:4]}"
    if style == "years_duration":
        years = start[:4] if start[:4] == end[:4] else f"{start[:4]} à {end[:4]}"
        return f"{years} ({_duration(start, end)})"
    long_1, long_2 = (_name(when, "fr", short=False) for when in (start, end))
    short_1, short_2 = (_name(when, "fr", short=True) for when in (start, end))
    english = [_name(when, "en", short=True) for when in (start, end)]
    spelt = [_name(when, "en", short=False) for when in (start, end)]
    return {
        "short_two_digits": f"de {short_1} à {_tiny(end)}",
        "numeric": f"{_two(start)} - {_two(end)}",
        "capital_dash": f"{short_1.capitalize()} — {short_2.capitalize()}",
        "arrow": f"{long_1.capitalize()} → {long_2.capitalize()}",
        "full_days": f"du {_day(start, '01')} au {_last_day(end)}",
        "dotted": f"{'.'.join(start.split('-'))} – {'.'.join(end.split('-'))}",
        "long_duration": f"{long_1} - {long_2} ({_duration(start, end)})",
        "two_digits_slash": f"{_tiny(start)} / {_tiny(end)}",
        "long": f"De {long_1} à {long_2}",
        "short_dash_en": f"{english[0]} – {english[1]}".replace(".", ""),
        "numeric_en": f"{_two(start)} to {_two(end)}",
        "long_en": f"{spelt[0]} - {spelt[1]}",
        "since_en": f"{english[0]} to {english[1]}",
    }[style]


def _running(style: str, start: str, lang: str) -> str:
    """A period that goes on."""
    long, short = _name(start, lang, short=False), _name(start, lang, short=True)
    return {
        "short_two_digits": f"depuis {short}",
        "numeric": f"depuis {_two(start)}",
        "years": f"{start[:4]}-{'présent' if lang == 'fr' else 'present'}",
        "capital_dash": f"{short.capitalize()} — aujourd'hui",
        "arrow": f"{long.capitalize()} → ce jour",
        "full_days": f"du {_day(start, '01')} à ce jour",
        "dotted": f"{'.'.join(start.split('-'))} – {'présent' if lang == 'fr' else 'ongoing'}",
        "long_duration": f"{long} - aujourd'hui ({_duration(start, 'now')})",
        "two_digits_slash": f"depuis {_tiny(start)}",
        "long": f"Depuis {long}",
        "years_duration": f"{start[:4]} à maintenant",
        "short_dash_en": f"{short} – present".replace(".", ""),
        "numeric_en": f"{_two(start)} to date",
        "long_en": f"{long} - present",
        "since_en": f"since {short}",
    }[style]


def period(job: Job, style: str, lang: str) -> tuple[str, dict[str, Any]]:
    """Returns the printed period and its label (start, end, current, perhaps duration_months).

    The label never says more than the print: a style of years alone has years in its label.
    """
    label: dict[str, Any] = {"start": job.start, "end": job.end, "current": False}
    if job.verbatim:
        return job.verbatim, label
    current = job.end == "now"
    if style == "duration":
        if current:
            text, label = period(job, "years", lang)
            return text, label
        months = months_between(job.start, job.end)
        years = max(1, round(months / 12))
        text = f"{months} mois" if months < 12 else f"{years} an{'s' * (years > 1)}"
        printed = months if months < 12 else 12 * years
        return text, {"start": None, "end": None, "current": False, "duration_months": printed}
    if style in {"years", "years_duration"}:
        label["start"], label["end"] = job.start[:4], job.end[:4]
    if current:
        return _running(style, job.start, lang), {**label, "end": None, "current": True}
    if job.start == job.end and style not in {"years", "years_duration"}:
        return _name(job.start, lang, short=False), label
    return _span(style, job.start, job.end), label
