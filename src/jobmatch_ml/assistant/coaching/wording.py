"""What a language model may word: never the steps, never the questions, never a new fact.

Whatever a model writes is stripped of markup, links, questions and parts of its prompt, passes the
truth lock, and is thrown away for the rules' own words where too little of it is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, Field

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.claims import Claim
from jobmatch_ml.assistant.claims_text import tokenize
from jobmatch_ml.assistant.coaching.answers import is_injected, key
from jobmatch_ml.assistant.coaching.banks import pitch_sayings
from jobmatch_ml.assistant.coaching.pitch import Pitch, PitchReply, in_window
from jobmatch_ml.assistant.coaching.pitch_build import LONG, SHORT
from jobmatch_ml.assistant.coaching.star import StarReply
from jobmatch_ml.assistant.coaching.success import Success
from jobmatch_ml.assistant.coaching.text import count_words, plain, sentences, typeset
from jobmatch_ml.assistant.errors import ProviderError
from jobmatch_ml.assistant.prompts import VERSIONS, load_prompt
from jobmatch_ml.assistant.providers import ChatMessage, Provider
from jobmatch_ml.assistant.truth_lock import Rewriter, lock_text

_SHINGLE = 6  # words in a row that are a copy of a prompt, not a coincidence
_LEAST_COPY = 4  # a shorter sentence that a prompt holds too is everybody's
_MOST_ACK_WORDS = 50
_STEPS = re.compile(r"\b(?:etape|situation|tache|actions?|resultats?|star|prompt|consignes?)\b")
# Codes, addresses and the like: nothing that a coach would say of their own accord.
_STRANGE = re.compile(
    r"\S*(?:@|://|www\.|\d{4,}|[A-Z]{2,}[-_]?\d|[<>{}\[\]|_]|\.(?:com|net|org|example|fr)\b)\S*"
)
_MOST_NEW = 0.35


class SuccessForm(BaseModel):
    """What a model returns of a success."""

    title: str = Field(max_length=300)
    situation: str = Field(max_length=4_000)
    task: str = Field(max_length=4_000)
    action: str = Field(max_length=4_000)
    result: str = Field(max_length=4_000)


class PitchForm(BaseModel):
    """What a model returns of a pitch."""

    pitch_30s: str = Field(max_length=2_000)
    pitch_3min: str = Field(max_length=8_000)


def rewriter(provider: Provider) -> Rewriter:
    """Returns what rewrites one sentence without its unsupported claims, for the truth lock.

    A provider that fails gives an empty sentence: the lock then removes it.
    """

    def rewrite(sentence: str, claims: list[Claim]) -> str:
        without = ", ".join(claim.text for claim in claims)
        asked = f"<phrase>{sentence}</phrase>\nÀ retirer : {without}"
        try:
            return clean_worded(provider.complete(messages_for("rewrite", asked), max_tokens=300))
        except ProviderError:
            return ""

    return rewrite


def clean_worded(text: str, allowed: str = "") -> str:
    """Returns what a model wrote, without orders, copies of prompts, markup, links and codes.

    Args:
        text: The model's words.
        allowed: Text of the person, whose own numbers and codes may stand.
    """
    kept = []
    for sentence in sentences(plain(text)):
        strange = [found[0].strip(".,;:!?()") for found in _STRANGE.finditer(sentence)]
        own = all(word in allowed for word in strange)
        if own and not is_injected(sentence) and not _copies_prompt(sentence):
            kept.append(sentence)
    return " ".join(kept)


def word_star(reply: StarReply, provider: Provider, data: CandidateData) -> StarReply:
    """Returns the reply in a model's words: the acknowledgement, or the success at the end.

    Raises:
        ProviderError: No usable answer; the rules' reply is as good as before.
    """
    if reply.success is not None:
        return replace(reply, success=_word_success(reply.success, provider, data))
    if not reply.said or reply.flaw in ("hostile", "injected", "off_topic", "english", "empty"):
        return reply
    asked = f"<reponse>{reply.said[-1]}</reponse>"
    worded = clean_worded(provider.complete(messages_for("star_ack", asked), max_tokens=200),
                          reply.said[-1])  # fmt: skip
    evidence = data.with_said(reply.said)
    kept = [
        sentence
        for sentence in sentences(lock_text(worded, evidence, rewrite=rewriter(provider)).text)
        if not sentence.rstrip().endswith("?") and not _STEPS.search(key(sentence))
    ][:2]
    says = " ".join(kept)
    if not 3 <= count_words(says) <= _MOST_ACK_WORDS or new_share(says, reply.said[-1]) > 0.7:
        return reply
    return replace(reply, says=typeset(says))


def word_pitch(reply: PitchReply, provider: Provider, data: CandidateData) -> PitchReply:
    """Returns the reply with the pitch in a model's words, each length where it came out right.

    Raises:
        ProviderError: No usable answer.
    """
    evidence = data.with_said(reply.said)
    facts = "\n".join(
        [reply.pitch.long, *(line.text for line in data.lines if line.kind != "contact")]
    )
    audience = pitch_sayings()["audiences"][reply.pitch.audience]
    messages = messages_for("pitch", f"<faits>{facts[:20_000]}</faits>", audience=audience)
    form = provider.structured(messages, PitchForm)
    short = _locked(form.pitch_30s, evidence, facts, provider)
    long = _locked(form.pitch_3min, evidence, facts, provider)
    pitch: Pitch = replace(
        reply.pitch,
        short=short if in_window(short, SHORT) else reply.pitch.short,
        long=long if in_window(long, LONG) else reply.pitch.long,
    )
    return replace(reply, pitch=pitch)


def _word_success(success: Success, provider: Provider, data: CandidateData) -> Success:
    names = ("title", "situation", "task", "action", "result")
    own = {name: str(getattr(success, name)) for name in names}
    story = "\n".join(f"{name} : {text}" for name, text in own.items())
    form = provider.structured(messages_for("star_success", f"<recit>{story}</recit>"), SuccessForm)
    worded: dict[str, str] = {}
    whole = " ".join(own.values())
    for name, before in own.items():
        after = _locked(getattr(form, name), data, whole, provider)
        longer = count_words(after) > 1.3 * count_words(before) + 3
        shorter = count_words(after) < 0.5 * count_words(before)
        unlike = longer or shorter or new_share(after, whole) > _MOST_NEW
        worded[name] = before if unlike or not _same_figures(before, after) else after
    return Success(**worded, skills_demonstrated=success.skills_demonstrated)


def _locked(text: str, data: CandidateData, allowed: str, provider: Provider) -> str:
    cleaned = clean_worded(text, allowed)
    return lock_text(cleaned, data, rewrite=rewriter(provider)).text if cleaned else ""


def new_share(text: str, source: str) -> float:
    """Returns the share of a text's telling words that the source does not have."""
    told = {token.stem for token in tokenize(text) if len(token.fold) > 3}
    known = {token.stem for token in tokenize(source)}
    return len(told - known) / len(told) if told else 1.0


def _same_figures(before: str, after: str) -> bool:
    return sorted(re.findall(r"\d+", before)) == sorted(re.findall(r"\d+", after))


def _copies_prompt(sentence: str) -> bool:
    words = key(sentence).split()
    if len(words) < _LEAST_COPY:
        return False
    prompts = " ".join(f" {key(load_prompt(name))} " for name in VERSIONS)
    length = min(_SHINGLE, len(words))
    return any(
        f" {' '.join(words[at : at + length])} " in prompts for at in range(len(words) - length + 1)
    )


def messages_for(prompt: str, asked: str, **values: str) -> Sequence[ChatMessage]:
    """Returns a prompt with its values, and what is asked, as a provider takes them."""
    system = load_prompt(prompt)
    for name, value in values.items():
        system = system.replace(f"{{{name}}}", value)
    return [{"role": "system", "content": system}, {"role": "user", "content": asked}]
