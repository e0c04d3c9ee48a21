"""What can go wrong in the assistant: each failure has a French sentence that says what to do.

Neither the message (for programs and logs) nor the sentence (for the person) ever holds a key, an
endpoint's answer, or anything that the person wrote.
"""

from __future__ import annotations

from jobmatch_ml.errors import InputError, JobMatchError


class AssistantInputError(InputError):
    """A request that the assistant cannot use, told to the person as well.

    Args:
        message: For programs and logs.
        user_message: One or two French sentences: what is wrong and what to do.
        field: The field at fault.
    """

    def __init__(self, message: str, *, user_message: str, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.user_message = user_message


class HistoryError(AssistantInputError):
    """A conversation that no coach of ours can have led: wrong roles, wrong order, other steps."""

    code = "invalid_history"


class EndpointRefusedError(AssistantInputError):
    """An LLM endpoint that a request may not name."""

    code = "llm_not_allowed"


class UnknownTaskError(AssistantInputError):
    """A task that never was, or whose result was dropped after its time."""

    code = "not_found"
    http_status = 404


class TooManyTasksError(JobMatchError):
    """As many tasks as the service takes at once are being worked on or waiting."""

    code = "too_many_requests"
    http_status = 429
    user_message = "Le service est très demandé. Réessayez dans quelques secondes."


class ProviderError(JobMatchError):
    """The LLM provider gave nothing that can be used; the rules can always answer instead."""

    code = "llm_failed"
    http_status = 502
    user_message = (
        "Le modèle de langue n'a pas pu répondre. Vos messages sont conservés : réessayez, ou "
        "continuez sans modèle de langue."
    )


class ProviderDownError(ProviderError):
    """No connection, no such host, or an internal error of the provider."""

    code = "llm_unreachable"
    user_message = (
        "Le modèle de langue est injoignable. Vos messages sont conservés : réessayez plus tard, "
        "ou continuez sans modèle de langue."
    )


class ProviderSlowError(ProviderError):
    """No first token, a silence, or no end within the limits."""

    code = "llm_timeout"
    http_status = 504
    user_message = (
        "Le modèle de langue a mis trop de temps à répondre. Vos messages sont conservés : "
        "réessayez, ou continuez sans modèle de langue."
    )


class ProviderKeyError(ProviderError):
    """The provider refuses the key, or the right to use the model."""

    code = "llm_key_refused"
    user_message = (
        "Le fournisseur du modèle de langue refuse la clé ou le modèle demandé. Vérifiez vos "
        "réglages, ou continuez sans modèle de langue."
    )


class ProviderBusyError(ProviderError):
    """The provider has too many requests."""

    code = "llm_busy"
    http_status = 503
    user_message = (
        "Le modèle de langue est saturé pour le moment. Réessayez dans une minute, ou continuez "
        "sans modèle de langue."
    )


class ProviderGarbageError(ProviderError):
    """An answer that is not what was asked for: no JSON, another schema, cut off, empty, HTML."""

    code = "llm_garbage"
    user_message = (
        "La réponse du modèle de langue est inutilisable. Vos messages sont conservés : réessayez, "
        "ou continuez sans modèle de langue."
    )
