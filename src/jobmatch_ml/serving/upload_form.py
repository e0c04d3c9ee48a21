"""The form of an upload: the file, and what it says about the language model that reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from jobmatch_ml.cv.errors import CvReadError
from jobmatch_ml.errors import InputError
from jobmatch_ml.serving.errors import MediaTypeError

_MAX_FIELDS = 10
_TOKENS = (64, 32_768)
_LONGEST = {"llm_endpoint": 300, "llm_model": 200, "llm_api_key": 400}
_CHOICES = {
    "llm_api_mode": ("openai_compatible", "ollama_native"),
    "llm_type": ("rules",),
    "llm_vision": ("true", "false"),
}


class LlmFieldsError(InputError):
    """Form fields about a model that cannot be used, told to the person as well."""

    user_message = (
        "Les réglages du modèle de langue sont incomplets ou mal formés. Vérifiez-les, ou "
        "laissez-les vides."
    )


@dataclass(frozen=True, slots=True)
class LlmFields:
    """What a request says about its model; all empty leaves it to the operator.

    Args:
        endpoint: Base URL.
        model: Name of the model there.
        api_key: The person's own key.
        max_tokens: Most tokens of an answer.
        vision: The model reads pictures.
        api_mode: Protocol that the endpoint speaks; empty: OpenAI's.
        use_rules: Asks for the rules, whatever is set.
    """

    endpoint: str = ""
    model: str = ""
    api_key: str = field(default="", repr=False)
    max_tokens: int | None = None
    vision: bool = False
    api_mode: str = ""
    use_rules: bool = False


async def read_form(request: Any) -> tuple[bytes, LlmFields]:
    """Returns the file of a multipart request, and its fields.

    Raises:
        MediaTypeError: It is no multipart form.
        InputError: It is malformed, or has no file.
        LlmFieldsError: A field about the model cannot be used.
        CvReadError: The file is empty.
    """
    from starlette.datastructures import UploadFile
    from starlette.exceptions import HTTPException

    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise MediaTypeError("expected multipart/form-data with the field `file`", field="file")
    try:
        # The body was limited by the outer layer; these limit the number of parts.
        async with request.form(max_files=1, max_fields=_MAX_FIELDS) as form:
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise InputError("the form has no file; expected the field `file`", field="file")
            fields = {
                name: form.get(name) or "" for name in (*_LONGEST, *_CHOICES, "llm_max_tokens")
            }
            data = await upload.read()
    except (HTTPException, UnicodeError, LookupError) as error:
        # Beside a malformed form: a charset that Python does not know, or cannot decode with.
        raise InputError("the multipart body is malformed", field="body") from error
    if not data:
        raise CvReadError("cv_empty")
    return data, _llm_fields(fields)


def _llm_fields(fields: dict[str, Any]) -> LlmFields:
    for name, value in fields.items():
        if not isinstance(value, str):
            raise LlmFieldsError(f"{name} is a file; expected text", field=name)
    said = cast("dict[str, str]", fields)
    for name, most in _LONGEST.items():
        if len(said[name]) > most:
            raise LlmFieldsError(f"{name} is longer than {most} characters", field=name)
    for name, allowed in _CHOICES.items():
        if said[name] and said[name] not in allowed:
            raise LlmFieldsError(f"{name} must be {' or '.join(allowed)}", field=name)
    return LlmFields(
        said["llm_endpoint"],
        said["llm_model"],
        said["llm_api_key"],
        _max_tokens(said["llm_max_tokens"]),
        said["llm_vision"] == "true",
        said["llm_api_mode"],
        said["llm_type"] == "rules",
    )


def _max_tokens(said: str) -> int | None:
    if not said:
        return None
    least, most = _TOKENS
    plain = said.isascii() and said.isdigit() and len(said) <= len(str(most))
    if not plain or not least <= int(said) <= most:
        raise LlmFieldsError(
            f"llm_max_tokens must be a number from {least} to {most}", field="llm_max_tokens"
        )
    return int(said)
