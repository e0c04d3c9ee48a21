"""Skills, certificates and languages as a CV tells them: not all that one has, at times more."""

from __future__ import annotations

from jobmatch_ml.documents import CvLanguage
from jobmatch_ml.reference import Skill
from jobmatch_ml.world.cv_draft import CvDraft
from jobmatch_ml.world.phrases_grammar import pick_by_weight, pick_many, pick_one

ENGLISH = "business_english"
"""The skill that a CV tells as a language."""

# Skills in such words are certificates: they stand under that heading.
_CERTIFICATES = ("CACES", "Habilitation", "habilitation", "Permis ", "TOEIC", "SSIAP", "Licences ")


def write_skills(draft: CvDraft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns skills and certificates, told with the person's words.

    Some that the person has go untold, and a few that the person lacks are told all the same:
    usual ones of the occupation wished for. What is told enters the draft's ``told``.
    """
    config, person = draft.config, draft.person
    skills: list[str] = []
    certificates: list[str] = []
    usual = (*person.occupation.required, *person.occupation.wished)
    lacking = [skill_id for skill_id in dict.fromkeys(usual) if skill_id not in person.skills]
    shares = [(skill_id, config.skill_told_share) for skill_id in sorted(person.skills)]
    shares += [(skill_id, config.inflated_share) for skill_id in lacking]
    for skill_id, share in shares:
        if skill_id == ENGLISH or not draft.happens(share):
            continue
        words = _words(draft, draft.skills[skill_id])
        draft.told.add(skill_id)
        if any(mark in words for mark in _CERTIFICATES):
            certificates.append(words)
            if words.startswith("Permis B"):
                draft.told.add("licence")  # the skill of some occupations
        else:
            skills.append(_with_level(draft, skill_id, words))
    skills = pick_many(draft.draw, skills, len(skills))
    soft = pick_many(draft.draw, draft.phrases.words["soft"], int(draft.draw() * 3))
    certificates += _common_certificates(draft)
    return (*skills, *soft), tuple(certificates)


def _words(draft: CvDraft, skill: Skill) -> str:
    own, mark = draft.happens(draft.config.own_wording_share), draft.draw()
    if draft.english and skill.en:
        return skill.en
    return skill.cv[int(mark * len(skill.cv))] if own else skill.offer


def _with_level(draft: CvDraft, skill_id: str, words: str) -> str:
    if not draft.happens(draft.config.level_told_share):
        return words
    # Who tells a skill that he or she lacks claims to have it in full.
    level = draft.person.levels.get(skill_id, 2) if skill_id in draft.person.skills else 2
    draft.levels[skill_id] = level
    values = draft.values()
    values["skill"] = words
    if level > 1 and draft.happens(0.3):
        values["n"] = str((2, 5)[level - 2] + int(draft.draw() * 3))
        return draft.say("years_forms", values)
    values["level"] = pick_one(draft.draw, draft.phrases.levels[level])
    return draft.say("level_forms", values)


def _common_certificates(draft: CvDraft) -> list[str]:
    """Returns the driving licence, where told, and certificates that any job may bring."""
    found = []
    told_licence, licence = draft.happens(draft.config.licence_told_share), draft.say("licence")
    if told_licence and draft.person.licence and "licence" not in draft.told:
        found.append(licence)
        draft.told.add("licence")
    if draft.happens(0.25):
        found.append(draft.say("certifications"))
    return found


def write_languages(draft: CvDraft) -> tuple[CvLanguage, ...]:
    """Returns the languages that a CV names; English of a working level tells the skill."""
    name, levels = draft.phrases.english
    languages = []
    has, mark = ENGLISH in draft.person.skills, draft.draw()
    shown = mark < draft.config.skill_told_share if has else mark < 0.45
    # An English CV shows English by itself.
    if shown or draft.english:
        good = has or draft.english
        level = draft.values().write(pick_one(draft.draw, levels["good" if good else "little"]))
        languages.append(CvLanguage(name, level))
        if good:
            draft.told.add(ENGLISH)
    if draft.english or draft.happens(0.1):
        own, own_levels = draft.phrases.own
        languages.append(CvLanguage(own, pick_one(draft.draw, own_levels)))
    if draft.happens(0.25):
        other = pick_by_weight(draft.draw, draft.phrases.languages)
        languages.append(CvLanguage(other, draft.word("other_levels")))
    return tuple(languages)
