"""What people read when something is missing or goes wrong: plain French, and what to do next."""

from __future__ import annotations

from jobmatch_ml.cv.messages import REFUSALS

# What only the person who runs the installation can do comes last, and says whom it is for.
_FOR_OPERATORS = "Si vous gérez cette installation : "
SERVICE_DOWN = (
    "Le service de recherche d'offres ne répond pas. Réessayez dans quelques minutes. "
    f"{_FOR_OPERATORS}lancez-le avec `make serve`."
)
SERVICE_LOADING = (
    "Le service de recherche d'offres se prépare. Patientez une minute, puis réessayez. "
    f"{_FOR_OPERATORS}si cela dure, il lui manque un modèle ou des offres ; `make demo` "
    "entraîne l'un et prépare les autres."
)
SERVICE_SLOW = "Le service met trop de temps à répondre. Réessayez dans un instant."
SERVICE_BUSY = "Le service reçoit trop de demandes. Réessayez {wait}."
BAD_ANSWER = (
    "Le service a donné une réponse que cette page ne comprend pas. Réessayez plus tard. "
    f"{_FOR_OPERATORS}vérifiez que la page et le service sont de la même version."
)
WRONG_ADDRESS = (
    "Le service de recherche d'offres est introuvable. Réessayez plus tard. "
    f"{_FOR_OPERATORS}vérifiez la variable `JOBMATCH_SERVICE_URL`."
)
MODEL_CHANGED = "Le modèle vient de changer. Relancez la recherche."
SERVICE_ERROR = (
    "Le service a rencontré une erreur interne. Réessayez plus tard. "
    f"{_FOR_OPERATORS}son journal en dit plus."
)

EMPTY_INPUT = (
    "Indiquez au moins le poste recherché ou le texte de votre CV, puis relancez la recherche."
)
NO_OFFER = "Aucune offre à vous montrer pour le moment : le catalogue d'offres est vide."
EMPTY_FILE = "Ce fichier est vide. Choisissez un autre fichier, ou collez le texte de votre CV."
WRONG_FILE_TYPE = (
    "Ce fichier n'est ni un PDF ni un DOCX. Enregistrez votre CV dans l'un de ces deux formats, "
    "ou collez son texte."
)
UNREADABLE_FILE = (
    "Ce fichier n'a pas pu être lu : il est abîmé, protégé, ou ce n'est pas vraiment un PDF "
    "ou un DOCX. Essayez un autre fichier, ou collez le texte de votre CV."
)
FILE_TOO_LARGE = (
    "Ce fichier dépasse les limites (10 Mo, 30 pages). Allégez-le, ou collez le texte de votre CV."
)
NO_TEXT_IN_FILE = (
    "Aucun texte n'a été trouvé dans ce fichier : c'est peut-être une image. "
    "Collez le texte de votre CV à la place."
)
TEXT_TOO_LONG = (
    "Le texte est trop long (au plus 200 000 caractères pour le CV, 20 000 pour le poste). "
    "Raccourcissez-le, puis relancez la recherche."
)
TEXT_REFUSED = (
    "Le service n'a pas accepté ce texte. Vérifiez le poste recherché et le texte du CV, "
    "puis relancez la recherche."
)
TOP_K_REFUSED = "Le nombre d'offres demandé n'est pas accepté. Choisissez entre 1 et 50 offres."


class ServiceFailure(Exception):  # noqa: N818 - it is what the page shows, not a bug of the page
    """The service could not answer; the message is a French sentence to show as it is."""


def explain_refusal(
    path: str, status: int, *, code: str = "", field: str = "", retry_after: str = ""
) -> str:
    """Returns the sentence for a refused request; the service's own words are for programs.

    Args:
        path: The route that refused: reading a file and ranking fail differently.
        status: The HTTP status.
        code: The error's code, where the answer named one.
        field: The input at fault, where the answer named one.
        retry_after: The ``Retry-After`` header, in seconds, or empty.
    """
    by_status = {
        409: MODEL_CHANGED,
        429: SERVICE_BUSY.format(
            wait=f"dans {retry_after} s" if retry_after.isdigit() else "dans un instant"
        ),
        503: SERVICE_LOADING,
        504: SERVICE_SLOW,
    }
    if path == "/extract" and code in REFUSALS:
        # The room that reads CVs knows best what is wrong with one, and says it in French.
        return REFUSALS[code].user_message
    if status in by_status:
        return by_status[status]
    if status >= 500:
        return SERVICE_ERROR
    if status < 400 or (status in (404, 405) and not code):
        return WRONG_ADDRESS
    return _explain_input(path, status, code=code, field=field)


def _explain_input(path: str, status: int, *, code: str, field: str) -> str:
    if path == "/extract":
        return FILE_TOO_LARGE if status == 413 else UNREADABLE_FILE
    if status == 413 or code == "limit_exceeded":
        return TEXT_TOO_LONG
    return TOP_K_REFUSED if field.endswith("top_k") else TEXT_REFUSED
