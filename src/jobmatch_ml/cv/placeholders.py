"""What a template or an anonymised CV has in place of a name: "Company Name", "City , State".

They say what stands beside them: "Data Clerk Company Name – City , State" has no sign between the
position and the employer, and needs none.
"""

from __future__ import annotations

import re

_EMPLOYER = re.compile(
    r"\b(?:(?:Company|Employer|Organization|Business|School|University|College) Name|Name of "
    r"(?:the )?(?:Company|Employer|School)|Nom d(?:e l['’]|u |e la )"
    r"(?:[EÉ]cole|Employeur|Entreprise|[ÉE]tablissement|Soci[ée]t[ée]))\b",
    re.IGNORECASE,
)
# Capitals are asked for: "in any city, state or country" is a sentence.
_PLACE = re.compile(
    r"(?:(?:\s[-–—－|]|,)?\s*\b(?:City\s?,\s?(?:State|Country)|Ville\s?,\s?(?:Pays|R[ée]gion))\b"
    r"(?:\s?,\s?(?:Country|Pays|India|USA?|United States|France))?"
    r"|\s[-–—－|,]\s*(?:City|Ville)(?=\s*$))"
)


def is_employer(text: str) -> bool:
    """Tells whether a text is the placeholder of an employer or a school, and nothing else."""
    return _EMPLOYER.fullmatch(text.strip()) is not None


def set_apart(head: str) -> str:
    """Returns a head with placeholders of employers as parts of their own, without the places.

    Example:
        >>> set_apart("Data Clerk Company Name – City , State")
        'Data Clerk | Company Name'
    """
    parted = _EMPLOYER.sub(lambda found: f" | {found.group(0)} | ", _PLACE.sub(" | ", head))
    if parted == head:
        return head
    return " | ".join(part.strip() for part in parted.split(" | ") if part.strip())


def end_of_head(line: str, *, most: int) -> int:
    """Returns where the head ends in a line that goes on with the description, or 0.

    Args:
        line: A line, with what a template put into it.
        most: Characters that a head may have; shorter lines are heads as a whole.
    """
    if len(line) <= most:
        return 0
    ends = [found.end() for found in _PLACE.finditer(line[:most])]
    ends += [found.end() for found in _EMPLOYER.finditer(line[:most])]
    return max(ends, default=0)
