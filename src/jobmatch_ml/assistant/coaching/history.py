"""A conversation as the client holds it: checked, because every call brings it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobmatch_ml.assistant.errors import HistoryError

MAX_MESSAGES = 60
ROLES = ("user", "assistant")

_AGAIN = (
    "Rechargez la page pour reprendre la dernière version, ou commencez une nouvelle discussion."
)


@dataclass(frozen=True, slots=True)
class Turns:
    """What was said, in order.

    Args:
        person: The person's messages, the newest last.
        coach: The coach's messages; ``coach[i]`` came before ``person[i]``, where it was kept.
        opened: Whether the history begins with the coach's greeting.
    """

    person: tuple[str, ...]
    coach: tuple[str, ...]
    opened: bool

    def before(self, turn: int) -> str | None:
        """Returns the coach's message that the person's message ``turn`` answers, if kept."""
        at = turn if self.opened else turn - 1
        return self.coach[at] if 0 <= at < len(self.coach) else None


def read_turns(history: Sequence[Mapping[str, Any]], message: str | None = None) -> Turns:
    """Returns a history, with the new message at its end.

    A history that already ends with the new message is taken as it is.

    Raises:
        HistoryError: An unknown role, two messages of one side in a row, or too many of them.
    """
    if len(history) > MAX_MESSAGES:
        raise refuse_history(
            f"the history has {len(history)} messages; expected at most {MAX_MESSAGES}",
            "Cette discussion est trop longue. Commencez une nouvelle discussion.",
        )
    items = [(item.get("role"), str(item.get("content", ""))) for item in history]
    for number, (role, _) in enumerate(items):
        if role not in ROLES:
            raise refuse_history(
                f"history[{number}].role is unknown; expected user or assistant",
                f"Cette discussion contient un message d'un auteur inconnu. {_AGAIN}",
            )
        if number and items[number - 1][0] == role:
            raise refuse_history(
                f"history[{number}] has the role of the message before it",
                f"Les messages de cette discussion ne sont plus dans l'ordre. {_AGAIN}",
            )
    if message is not None:
        if items and items[-1][0] == "user":
            if items[-1][1].strip() != message.strip():
                raise refuse_history(
                    "the history ends with a message of the user that has no answer",
                    f"Le message précédent n'a pas encore reçu de réponse. {_AGAIN}",
                )
        else:
            items.append(("user", message))
    person = tuple(content for role, content in items if role == "user")
    coach = tuple(content for role, content in items if role == "assistant")
    return Turns(person, coach, bool(items) and items[0][0] == "assistant")


def refuse_history(message: str, user_message: str | None = None) -> HistoryError:
    """Returns the refusal of a history."""
    told = user_message or f"Les étapes de cette discussion ne sont plus dans l'ordre. {_AGAIN}"
    return HistoryError(message, user_message=told, field="history")
