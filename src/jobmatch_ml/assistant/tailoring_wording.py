"""A CV's opening and a letter's paragraphs in a model's words; the rules' words where it fails."""

from __future__ import annotations

import logging

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.coaching.text import count_words
from jobmatch_ml.assistant.coaching.wording import clean_worded, messages_for, new_share, rewriter
from jobmatch_ml.assistant.errors import ProviderError
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.providers import Provider
from jobmatch_ml.assistant.truth_lock import lock_text

logger = logging.getLogger(__name__)

_MOST_NEW = 0.35  # of the telling words: more is another text
_LONGER, _SHORTER = 1.4, 0.5


def word_paragraph(
    text: str,
    prompt: str,
    provider: Provider,
    data: CandidateData,
    offer: OfferContext | None = None,
) -> str:
    """Returns a paragraph in a model's words, or as it was where that does not say the same.

    The model sees the paragraph alone: neither the offer's text, which may hold orders, nor the
    person's contacts. Its figures must be those of the paragraph, its claims pass the truth lock.

    Args:
        text: True sentences, as the rules wrote them.
        prompt: Name of the prompt.
        provider: Who words it.
        data: What the truth lock checks against.
        offer: What may be said of the offer.
    """
    try:
        asked = messages_for(prompt, f"<faits>{text}</faits>")
        answer = clean_worded(provider.complete(asked, max_tokens=600), text)
    except ProviderError as error:
        logger.info("a paragraph keeps the rules' words: %s", error.code)
        return text
    if not answer:
        return text
    worded = lock_text(answer, data, offer=offer, rewrite=rewriter(provider)).text.strip()
    length, before = count_words(worded), count_words(text)
    fits = _SHORTER * before <= length <= _LONGER * before + 3
    return worded if fits and _says_the_same(worded, text) else text


def _says_the_same(worded: str, text: str) -> bool:
    figures = [sorted(word for word in part.split() if any(c.isdigit() for c in word))
               for part in (_bare(worded), _bare(text))]  # fmt: skip
    return figures[0] == figures[1] and new_share(worded, text) <= _MOST_NEW


def _bare(text: str) -> str:
    return "".join(char if char.isalnum() else " " for char in text)
