"""Bodies of the assistant's routes, their limits, and what a refusal says to the person."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from jobmatch_ml.assistant.providers import LlmChoice
from jobmatch_ml.errors import JobMatchError

MAX_CV_CHARS = 200_000
MAX_OFFER_CHARS = 100_000
MAX_FIELD_CHARS = 20_000
MAX_MESSAGES = 60
_MAX_ITEMS = 10_000

CoachingName = Literal["star", "pitch"]
Text = Annotated[str, Field(max_length=MAX_FIELD_CHARS)]
Identifier = Annotated[str, Field(min_length=1, max_length=100)]
Content = Annotated[str, Field(max_length=MAX_CV_CHARS)]


def _measure(value: dict[str, Any]) -> dict[str, Any]:
    """Checks how much text an object of free form holds.

    Raises:
        ValueError: Too much text, or too many items.
    """
    characters, items = 0, 0
    level: list[Any] = [value]
    while level:
        items += len(level)
        following: list[Any] = []
        for each in level:
            if isinstance(each, str):
                characters += len(each)
            elif isinstance(each, dict):
                following += [*each.values(), *each.keys()]
            elif isinstance(each, list):
                following += each
        level = following
        if items > _MAX_ITEMS:
            raise ValueError(f"too many items; expected at most {_MAX_ITEMS}")
    if characters > MAX_CV_CHARS:
        raise ValueError(f"too much text; expected at most {MAX_CV_CHARS} characters")
    return value


FreeForm = Annotated[dict[str, Any], AfterValidator(_measure)]
"""A profile or a candidate: what clients call the fields is read in ``candidate``."""


class Body(BaseModel):
    """A request's body: no other fields, no conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class LlmConfig(Body):
    """A request's own language model; its host must be one that the operator listed."""

    endpoint: Annotated[str, Field(max_length=300)] = ""
    model: Annotated[str, Field(max_length=200)] = ""
    api_key: SecretStr = SecretStr("")
    api_mode: Literal["openai_compatible", "ollama_native"] = "openai_compatible"
    max_tokens: Annotated[int, Field(ge=64, le=32_768)] | None = None
    type: Literal["rules", ""] = Field("", description="`rules`: no model, whatever is set.")

    def choice(self) -> LlmChoice:
        """Returns it as the providers take it."""
        return LlmChoice(
            self.endpoint,
            self.model,
            self.api_key.get_secret_value(),
            self.max_tokens,
            self.type == "rules",
            api_mode=self.api_mode,
        )


class HistoryMessage(BaseModel):
    """One message of a conversation. The role is checked with the order, to be told in French."""

    model_config = ConfigDict(extra="ignore", strict=True)

    role: Annotated[str, Field(max_length=40)]
    content: Annotated[str, Field(max_length=40_000)]


class ChatStart(Body):
    """Body of ``/chat/start`` and ``/chat/start/stream``."""

    conversation_id: Identifier
    user_context: FreeForm = Field(default_factory=dict)
    coaching_type: CoachingName
    llm_config: LlmConfig | None = None


class ChatMessageBody(ChatStart):
    """Body of ``/chat/message/async`` and ``/chat/message/stream``."""

    message: Text
    history: Annotated[list[HistoryMessage], Field(max_length=MAX_MESSAGES)] = Field(
        default_factory=list
    )


class ExtractBody(Body):
    """Body of ``/chat/extract-success`` and ``/chat/extract-pitch``."""

    conversation_id: Identifier
    messages: Annotated[list[HistoryMessage], Field(max_length=MAX_MESSAGES)]
    user_context: FreeForm = Field(default_factory=dict)


class JobOffer(BaseModel):
    """The offer that a CV or a letter is written for."""

    model_config = ConfigDict(extra="ignore", strict=True)

    title: Text = ""
    company: Text = ""
    location: Text = ""
    contract_type: Text = ""
    remote_type: Text = ""
    description: Annotated[str, Field(max_length=MAX_OFFER_CHARS)] = ""
    skills: Annotated[list[Text], Field(max_length=300)] = Field(default_factory=list)


class GenerateBody(Body):
    """What both generators take."""

    application_id: Identifier | int
    candidate: FreeForm
    job_offer: JobOffer
    llm_config: LlmConfig | None = None


class GenerateCv(GenerateBody):
    """Body of ``/generate/cv``."""

    adaptation_level: Annotated[int, Field(ge=1, le=4)] = 2


class GenerateLetter(GenerateBody):
    """Body of ``/generate/cover-letter``."""

    custom_cv: Content = Field("", description="The CV it goes with: it says nothing else.")
    adaptation_level: Annotated[int, Field(ge=1, le=4)] = 2


class TruthCheck(Body):
    """Body of ``/truth/check``."""

    text: Content
    candidate: FreeForm
    job_offer: JobOffer | None = None


class TailorExport(Body):
    """Body of ``/tailor/export``: a finished ``/generate/cv`` task, as a file."""

    task_id: Annotated[str, Field(min_length=1, max_length=60)]
    format: Literal["docx", "pdf", "json"]
    template: Annotated[str, Field(max_length=60)] = ""


BODIES: dict[str, type[Body]] = {
    "/chat/start": ChatStart,
    "/chat/start/stream": ChatStart,
    "/chat/message/async": ChatMessageBody,
    "/chat/message/stream": ChatMessageBody,
    "/chat/extract-success": ExtractBody,
    "/chat/extract-pitch": ExtractBody,
    "/generate/cv": GenerateCv,
    "/generate/cover-letter": GenerateLetter,
    "/truth/check": TruthCheck,
    "/tailor/export": TailorExport,
}
"""The routes that take JSON, and what their bodies must be."""

STREAMS = ("/chat/start/stream", "/chat/message/stream")
READS = ("/health", "/chat/message/status/{task_id}", "/generate/status/{task_id}")
"""The routes that are read; an id stands in the place of ``{task_id}``."""

_SPOKEN = {
    "coaching_type": "Ce type de coaching n'existe pas. Choisissez « star » ou « pitch ».",
    "message": "Votre message est vide ou trop long (20 000 caractères au plus). Raccourcissez-le.",
    "history": "Cette discussion ne peut pas être relue. Rechargez la page ou commencez une "
    "nouvelle discussion.",
    "user_context": "Votre profil est trop long ou mal formé (200 000 caractères au plus). "
    "Raccourcissez-le puis réessayez.",
    "candidate": "Votre CV est trop long ou mal formé (200 000 caractères au plus). "
    "Raccourcissez-le puis réessayez.",
    "job_offer": "Cette offre est trop longue ou mal formée (100 000 caractères au plus). Collez "
    "seulement le texte de l'annonce.",
    "adaptation_level": "Le niveau d'adaptation va de 1 à 4. Choisissez l'un de ces niveaux.",
    "llm_config": "Les réglages du modèle de langue sont incomplets. Vérifiez-les, ou laissez-les "
    "vides.",
    "format": "Ce format n'existe pas. Choisissez DOCX, PDF ou JSON.",
    "text": "Le texte est trop long (200 000 caractères au plus). Raccourcissez-le.",
}
_BY_STATUS = {
    408: "L'envoi a pris trop de temps. Vérifiez votre connexion puis réessayez.",
    413: "Le texte envoyé est trop long. Raccourcissez-le puis réessayez.",
    429: "Le service est très demandé. Réessayez dans quelques secondes.",
    503: "Le service n'est pas encore prêt. Réessayez dans un instant.",
    504: "La réponse a pris trop de temps. Réessayez.",
}
_OTHERWISE = "La demande est incomplète ou mal formée. Rechargez la page puis réessayez."
_OURS = "Quelque chose n'a pas fonctionné de notre côté. Réessayez dans un instant."


def speak(error: JobMatchError) -> str:
    """Returns the French sentence of a refusal that was written for programs."""
    if error.http_status in _BY_STATUS:
        return _BY_STATUS[error.http_status]
    if error.http_status >= 500:
        return _OURS
    return _SPOKEN.get(error.field or "", _OTHERWISE)


def openapi() -> dict[str, Any]:
    """Returns ``paths`` and ``schemas`` of these routes, for the service's description."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for path, model in BODIES.items():
        form = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(form.pop("$defs", {}))
        media = "text/event-stream" if path in STREAMS else "application/json"
        paths[path] = {"post": _operation(path, media) | {
            "requestBody": {"required": True, "content": {"application/json": {"schema": form}}},
        }}  # fmt: skip
    for path in READS:
        operation = _operation(path, "application/json")
        if "{" in path:
            operation["parameters"] = [
                {"name": "task_id", "in": "path", "required": True, "schema": {"type": "string"}}
            ]
        paths[path] = {"get": operation}
    return {"paths": paths, "schemas": schemas}


def _operation(path: str, media: str) -> dict[str, Any]:
    content = {media: {"schema": {"type": "string" if "event" in media else "object"}}}
    name = path.strip("/").replace("/", "_").replace("{", "").replace("}", "").replace("-", "_")
    return {
        "tags": ["Assistant"],
        "operationId": f"assistant__{name}",
        "description": "See docs/api.md, section Assistant.",
        "responses": {"200": {"description": "Successful Response", "content": content}},
    }
