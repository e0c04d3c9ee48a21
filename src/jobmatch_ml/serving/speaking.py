"""What a person reads when the service refuses: one French sentence for every error there is.

An error that knows better brings its own ``user_message``; the assistant's routes speak for
themselves. None of these sentences holds anything that was sent.
"""

from __future__ import annotations

from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.serving.schemas import MAX_TEXT_CHARACTERS, MAX_TITLE_CHARACTERS, MAX_TOP_K


def _spell(number: int) -> str:
    return f"{number:,}".replace(",", " ")


_VECTORS = (
    "Les vecteurs envoyés ne sont pas ceux que le modèle attend. Relancez la recherche à partir "
    "du texte du CV."
)
_BY_CODE = {
    "model_mismatch": "Le modèle vient de changer. Relancez la recherche.",
    "not_found": "Cette adresse n'existe pas. Vérifiez-la, puis réessayez.",
    "missing_extra": "Une partie du service n'est pas installée. Prévenez la personne qui le gère.",
}
_BY_STATUS = {
    404: _BY_CODE["not_found"],
    405: "Cette demande n'est pas possible à cette adresse. Rechargez la page, puis réessayez.",
    408: "L'envoi a pris trop de temps. Vérifiez votre connexion, puis réessayez.",
    415: "Ce type de contenu n'est pas accepté. Rechargez la page, puis réessayez.",
    429: "Le service est très demandé. Réessayez dans quelques secondes.",
    503: "Le service se prépare. Réessayez dans une minute.",
    504: "La réponse a pris trop de temps. Réessayez dans un instant.",
}
_BY_FIELD = {
    "title": f"Le poste recherché est trop long ou mal formé ({_spell(MAX_TITLE_CHARACTERS)} "
    "caractères au plus). Raccourcissez-le, puis réessayez.",
    "text": f"Le texte du CV est trop long ou mal formé ({_spell(MAX_TEXT_CHARACTERS)} caractères "
    "au plus). Raccourcissez-le, puis réessayez.",
    "top_k": f"Le nombre d'offres demandé n'est pas accepté. Choisissez entre 1 et {MAX_TOP_K} "
    "offres.",
    "title_embedding": _VECTORS,
    "cv_embedding": _VECTORS,
    "embedding_model": _VECTORS,
    "file": "Aucun fichier n'a été reçu. Choisissez votre CV, puis réessayez.",
}
_TOO_LARGE = "L'envoi est trop volumineux. Raccourcissez-le ou allégez-le, puis réessayez."
_OTHERWISE = "La demande est incomplète ou mal formée. Rechargez la page, puis réessayez."
_OURS = "Quelque chose n'a pas fonctionné de notre côté. Réessayez dans un instant."


def speak(error: JobMatchError) -> str:
    """Returns the French sentence of an error: its own, where it has one."""
    own = getattr(error, "user_message", "")
    return own or speak_of(error.http_status, code=error.code, field=error.field)


def speak_of(status: int, *, code: str = "", field: str | None = None) -> str:
    """Returns the French sentence for a status, an error's code and the input at fault.

    Example:
        >>> speak_of(504)
        'La réponse a pris trop de temps. Réessayez dans un instant.'
    """
    if said := _BY_CODE.get(code) or _BY_STATUS.get(status):
        return said
    if status >= 500:
        return _OURS
    return _BY_FIELD.get(field or "", _TOO_LARGE if status == 413 else _OTHERWISE)
