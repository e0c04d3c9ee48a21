"""Who words the assistant's texts: the built-in rules, or a language model behind one seam.

A provider only words what the coaches' own code has decided; it never ranks, has no tools, and
everything it writes passes the truth lock before it leaves.
"""

from __future__ import annotations

from jobmatch_ml.assistant.providers.base import ChatMessage, Limits, Provider
from jobmatch_ml.assistant.providers.choosing import LlmChoice, choose_provider
from jobmatch_ml.assistant.providers.rules import RulesProvider

__all__ = ["ChatMessage", "Limits", "LlmChoice", "Provider", "RulesProvider", "choose_provider"]
