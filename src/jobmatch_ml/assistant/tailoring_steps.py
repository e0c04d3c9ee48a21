"""The steps from a draft to a CV for one offer: order, keywords, wording, choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from jobmatch_ml.assistant.skill_names import folded_words, says
from jobmatch_ml.assistant.tailoring_draft import Draft
from jobmatch_ml.assistant.tailoring_parts import Change, Item, Job
from jobmatch_ml.assistant.tailoring_relevance import Relevance
from jobmatch_ml.assistant.tailoring_skills import Coverage, Held
from jobmatch_ml.assistant.tailoring_words import condense, name_skill
from jobmatch_ml.documents import pack_skills
from jobmatch_ml.reference.titles import fold

MAX_PAGES = 2
_LINES_A_PAGE = 48
_CHARS_A_LINE = 88
_HEAD_LINES = 6
_LONGEST_MISSION = 600  # characters, where a CV has to be cut to its pages
_RECENT = 2  # positions that are told in full at the highest level
_MISSIONS = (5, 3)  # at most, in recent and in earlier positions
_MOST_SKILLS = 14
_MOST_SHORT_SKILLS = 30  # names that stand side by side in a few rows

# More names of a letter each than two pages of nothing else could hold.
_MOST_ROOM = MAX_PAGES * _LINES_A_PAGE * _CHARS_A_LINE // 3
_TOO_LONG = "le CV dépassait deux pages"

Keep = Callable[[Item], bool]


@dataclass
class Log:
    """What was changed on the way."""

    changes: list[Change]

    def removed(self, section: str, item: Item, reason: str) -> None:
        """Notes a line that is left out: nothing goes without a word."""
        before = item.own or item.text
        self.changes.append(Change("removed", section, before, "", item.line_ids, reason))


def without_doubles(draft: Draft, log: Log) -> Draft:
    """Leaves out what a list says twice, in the same words."""

    def once(section: str, items: Sequence[Item]) -> tuple[Item, ...]:
        seen: set[str] = set()
        kept = []
        for item in items:
            if fold(item.text) in seen:
                log.removed(section, item, "dit deux fois dans la même rubrique")
            else:
                kept.append(item)
            seen.add(fold(item.text))
        return tuple(kept)

    jobs = tuple(replace(job, missions=once("experiences", job.missions)) for job in draft.jobs)
    lists = {
        name: once(name, getattr(draft, name))
        for name in ("summary", "skills", "certifications", "languages", "interests", "others")
    }
    changed: Draft = replace(draft, jobs=jobs, **lists)  # type: ignore[arg-type]
    return changed


def order_by_offer(draft: Draft, relevance: Relevance) -> Draft:
    """Puts what answers the offer first: missions inside each position, skills, successes."""

    def ranked(items: Sequence[Item]) -> tuple[Item, ...]:
        scored = [replace(item, relevance=relevance.of(item.text, item.line_ids)) for item in items]
        return tuple(sorted(scored, key=lambda item: -item.relevance))

    return replace(
        draft,
        jobs=tuple(replace(job, missions=ranked(job.missions)) for job in draft.jobs),
        skills=ranked(draft.skills),
        certifications=ranked(draft.certifications),
        achievements=ranked(draft.achievements),
    )


def name_keywords(draft: Draft, coverage: Coverage) -> Draft:
    """Names in the offer's words the skills that the candidate calls otherwise."""
    skills = list(draft.skills)
    for held in coverage.held:
        if held.literal:
            continue
        same = [item for item in skills if _is_named_by(item, held)]
        own = ", ".join(item.own for item in same) if same else held.own_words
        same_as = "un cas de cette compétence" if held.by_tool else "la même compétence"
        reason = f"mot exact de l'offre pour « {held.own_words} », {same_as}"
        named = Item(name_skill(held.own_words, held, first=False) if same else held.keyword.text,
                     held.line_ids, own=own if same else "", relevance=10.0, reason=reason,
                     added=not same)  # fmt: skip
        if same:
            named = replace(named, text=_with_own(held))
            skills[skills.index(same[0])] = named
            skills = [item for item in skills if item not in same]
        else:
            skills.insert(0, replace(named, text=_capital(named.text)))
    return replace(draft, skills=tuple(sorted(skills, key=lambda item: -item.relevance)))


def reword_missions(draft: Draft, coverage: Coverage, *, bold: bool) -> Draft:
    """Tells missions more tightly and names the asked skill in the first one that shows it."""
    open_skills = [held for held in coverage.held if not (held.literal or held.by_tool)]
    jobs: list[Job] = []
    for job in draft.jobs:
        missions: list[Item] = []
        seen: set[str] = set()
        for item in job.missions:
            text, reason = condense(item.text), "formulation resserrée"
            named = _named_in(item, open_skills)
            if named is not None:
                open_skills.remove(named)
                text = name_skill(text, named, first=bold)
                reason = f"mot exact de l'offre pour « {named.own_words} », la même compétence"
            if fold(text) in seen:
                text = item.text
            seen.add(fold(text))
            missions.append(replace(item, text=text, reason=reason if text != item.text else ""))
        jobs.append(replace(job, missions=tuple(missions)))
    return replace(draft, jobs=tuple(jobs))


def select_strongest(draft: Draft, log: Log) -> Draft:
    """Keeps what answers the offer best; what is left out is logged."""
    jobs = []
    for position, job in enumerate(draft.jobs):
        most = _MISSIONS[0 if position < _RECENT else 1]
        for item in job.missions[most:]:
            log.removed("experiences", item, "moins utile pour cette offre")
        jobs.append(replace(job, missions=job.missions[:most]))
    dense = len(pack_skills([item.text for item in draft.skills])) < len(draft.skills)
    most = _MOST_SHORT_SKILLS if dense else _MOST_SKILLS
    for item in draft.skills[most:]:
        log.removed("skills", item, "moins utile pour cette offre")
    return replace(draft, jobs=tuple(jobs), skills=draft.skills[:most])


def fit_pages(draft: Draft, log: Log, *, pages: int = MAX_PAGES) -> Draft:
    """Leaves out what answers the offer least until the CV fits; one line is taken at a time."""
    # Those that cannot fit in any case go at once: counting again for each would take minutes.
    for item in draft.skills[_MOST_ROOM:]:
        log.removed("skills", item, _TOO_LONG)
    draft = replace(draft, skills=draft.skills[:_MOST_ROOM])
    lines = count_lines(draft)
    while lines > pages * _LINES_A_PAGE:
        shorter, gone = _without_weakest(draft)
        if gone is None:
            draft, was_cut = _with_longest_cut(draft)
            if not was_cut:
                break
            lines = count_lines(draft)
            continue
        section, item = gone
        log.removed(section, item, _TOO_LONG)
        draft = shorter
        lines = count_lines(draft)
    return draft


def count_lines(draft: Draft) -> int:
    """Returns about how many lines of a page a draft takes."""
    total = _HEAD_LINES + len(draft.contacts)
    total += sum(_lines(item.text) for item in draft.summary) + 2
    total += sum(3 + sum(_lines(item.text) for item in job.missions) for job in draft.jobs) + 2
    skills = pack_skills([item.text for item in draft.skills])
    total += sum(map(_lines, skills)) + (2 if skills else 0)
    for items in (draft.certifications, draft.languages, draft.achievements, draft.others):
        total += sum(_lines(item.text) for item in items) + (2 if items else 0)
    for entry in draft.education:
        total += _lines(entry.title + entry.entity) + sum(_lines(m.text) for m in entry.missions)
    total += 2
    return total + _lines(", ".join(item.text for item in draft.interests)) + 2


def _with_longest_cut(draft: Draft) -> tuple[Draft, bool]:
    """Keeps the beginning of the longest mission: a page of text is none."""
    longest = max(
        (item for job in draft.jobs for item in job.missions),
        key=lambda item: len(item.text),
        default=None,
    )
    if longest is None or len(longest.text) <= _LONGEST_MISSION:
        return draft, False
    start = longest.text[:_LONGEST_MISSION]
    whole = max(start.rfind(end) for end in (". ", "; ", "! ", "? ")) + 1
    text = start[:whole] if whole > _LONGEST_MISSION // 3 else f"{start.rpartition(' ')[0]}…"
    cut = replace(longest, text=text, reason="mission d'une page ou plus, dont voici le début")
    jobs = tuple(
        replace(job, missions=tuple(cut if item is longest else item for item in job.missions))
        for job in draft.jobs
    )
    return replace(draft, jobs=jobs), True


def _without_weakest(draft: Draft) -> tuple[Draft, tuple[str, Item] | None]:
    """Takes out one line: other facts, missions of early positions, skills, then anything long."""
    for name in ("interests", "others"):
        items: tuple[Item, ...] = getattr(draft, name)
        if items:
            return _with(draft, name, items[:-1]), (name, items[-1])
    spare = [
        (item.relevance, -position, job, item)
        for position, job in enumerate(draft.jobs)
        for item in job.missions[1:]
    ]
    if spare:
        _, position, job, item = min(spare, key=lambda entry: entry[:2])
        missions = tuple(other for other in job.missions if other is not item)
        jobs = list(draft.jobs)
        jobs[-position] = replace(job, missions=missions)
        return replace(draft, jobs=tuple(jobs)), ("experiences", item)
    for name in ("skills", "achievements", "certifications", "summary", "languages"):
        items = getattr(draft, name)
        if len(items) > 1:
            return _with(draft, name, items[:-1]), (name, items[-1])
    return _without_last_entry(draft)


def _without_last_entry(draft: Draft) -> tuple[Draft, tuple[str, Item] | None]:
    """Takes out a line of the last diploma or position, in the end its head."""
    if draft.education[4:]:
        *kept, last = draft.education
        if last.missions:
            kept.append(replace(last, missions=last.missions[:-1]))
            gone = Item(last.missions[-1].text, last.missions[-1].line_ids)
        else:
            gone = Item(", ".join(filter(None, (last.title, last.entity))), (last.line_id,))
        return replace(draft, education=tuple(kept)), ("education", gone)
    if draft.jobs[1:]:
        *jobs, job = draft.jobs
        if job.missions:
            jobs.append(replace(job, missions=job.missions[:-1]))
            gone = job.missions[-1]
        else:
            head = filter(None, (job.title, job.employer, job.period))
            gone = Item(", ".join(head), (job.line_id,))
        return replace(draft, jobs=tuple(jobs)), ("experiences", gone)
    return draft, None


def _with(draft: Draft, name: str, items: tuple[Item, ...]) -> Draft:
    changed: Draft = replace(draft, **{name: items})  # type: ignore[arg-type]
    return changed


def _lines(text: str) -> int:
    return 1 + len(text) // _CHARS_A_LINE if text else 0


def _named_in(item: Item, held: Sequence[Held]) -> Held | None:
    own = fold(item.text)
    return next(
        (skill for skill in held
         if set(skill.line_ids) & set(item.line_ids) and fold(skill.own_words) in own), None,
    )  # fmt: skip


def _is_named_by(item: Item, held: Held) -> bool:
    """Tells whether the offer's word may stand for a whole item: a list says other things too."""
    if not set(item.line_ids) <= set(held.line_ids):
        return False
    return not held.by_tool or fold(item.own) in map(fold, held.own_words.split(", "))


def _with_own(held: Held) -> str:
    """Returns the offer's word with the person's own in brackets, where they add something."""
    asked = folded_words(held.keyword.text)
    own = [word for word in held.own_words.split(", ") if not says(asked, word)]
    name = _capital(held.keyword.text)
    if not held.by_tool:
        own = [_small_start(held.own_words)]
    if not own:
        return name
    told = ", ".join(own)
    # "Langues (anglais, arabe)": readers take a name before a list in brackets for a heading.
    return f"{name} – {told}" if "," in told else f"{name} ({told})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small_start(text: str) -> str:
    first, *others = text.split(" ")
    # "Pack Office" is a name.
    name = not first[1:].islower() or bool(others and others[0][:1].isupper())
    return text if name else text[:1].lower() + text[1:]
