"""What a CV does not say and a recruiter looks for: hints in French, the most useful first."""

from __future__ import annotations

from collections import Counter

from jobmatch_ml.cv.reading import ContentType, CvReading

_FEW_SKILLS = 3
_SHORT = 400  # characters of a whole CV


def completeness_hints(reading: CvReading) -> tuple[str, ...]:
    """Returns what the person could add, as sentences; empty when nothing is missing.

    They follow what was read: where reading failed, the hint tells that too.
    """
    kinds = Counter(line.content_type for line in reading.lines)
    jobs = [line for line in reading.lines if line.content_type is ContentType.EXPERIENCE]
    degrees = [line for line in reading.lines if line.content_type is ContentType.EDUCATION]
    headline = any(
        line.content_type is ContentType.SUMMARY and line.position for line in reading.lines
    )
    reached = any(line.email or line.phone for line in reading.lines)
    undated = sum(not job.dates for job in jobs)
    nameless = sum(not job.entity for job in jobs)
    checks = (
        (not jobs, "Ajoutez vos expériences : un poste par entrée, avec l'employeur et les dates."),
        (undated > 0, f"{undated} expérience(s) sans dates : indiquez le début et la fin."),
        (nameless > 0, f"{nameless} expérience(s) sans employeur reconnu : indiquez-le."),
        (bool(jobs) and not any(job.description for job in jobs),
         "Décrivez ce que vous avez fait dans vos postes : c'est ce que le classement compare."),
        (kinds[ContentType.SKILL_HARD] < _FEW_SKILLS,
         "Ajoutez une rubrique Compétences : outils, techniques, logiciels."),
        (not headline and not jobs, "Indiquez en tête le métier que vous cherchez."),
        (not degrees and not kinds[ContentType.CERTIFICATION],
         "Ajoutez vos diplômes ou certifications."),
        (not kinds[ContentType.LANGUAGE], "Indiquez vos langues et leur niveau (A1 à C2)."),
        (not reached, "Ajoutez une adresse e-mail ou un téléphone."),
        (len(reading.raw_text) < _SHORT, "Ce CV est très court : quelques lignes de plus aident."),
    )  # fmt: skip
    return tuple(hint for missing, hint in checks if missing)
