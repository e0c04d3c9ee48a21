"""What people read when something is missing or goes wrong: plain French, and what to do next."""

from __future__ import annotations

import math

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
READING_LOST = (
    "La lecture de ce CV a pris trop de temps et a été abandonnée. Envoyez-le de nouveau, ou "
    "collez son texte."
)
READING_FAILED = "Ce CV n'a pas pu être lu. Envoyez-le de nouveau, ou collez son texte."
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

STREAM_CUT = (
    "La réponse a été interrompue. Rien n'est perdu : votre message est revenu dans le champ, "
    "envoyez-le de nouveau."
)
TASK_FAILED = "Le texte n'a pas pu être préparé. Rien n'est perdu : relancez la demande."
ASSISTANT_REFUSED = "Le service n'a pas accepté cette demande. Vérifiez les champs, puis réessayez."
FIELDS_TOO_LONG = (
    "Le texte envoyé est trop long (au plus 20 000 caractères par message, 100 000 pour une "
    "offre). Raccourcissez-le, puis réessayez."
)

EMPTY_MESSAGE = "Écrivez votre réponse, puis envoyez-la."
START_CUT = "Le coach n'a pas pu commencer. Relancez la discussion."
EXPORT_LOST = "Le fichier {name} n'a pas pu être préparé : {why}"
NO_PITCH = "Il n'y a pas encore de pitch à garder. Préparez-en un d'abord."
PITCH_KEPT = "Pitch gardé dans la liste ci-dessous, jusqu'à la fermeture de cet onglet."
NOTHING_CHOSEN = "Choisissez d'abord un élément de la liste."
CHANGES_KEPT = "Modifications enregistrées."
RECORD_DROPPED = "C'est supprimé."
NOT_STARTED = "Commencez d'abord la discussion avec le coach."
CONVERSATION_ENDED = "Cette discussion est terminée. Commencez-en une autre pour continuer."
NO_CV = (
    "Aucun CV pour l'instant : déposez-le ou collez son texte ci-dessous. Celui de la page "
    "« Offres pour mon CV » est repris ici automatiquement."
)
CV_NEEDED = "Il manque votre CV. Déposez-le ou collez son texte dans « Votre CV », puis réessayez."
PROFILE_NEEDED = (
    "Votre profil est vide. Déposez votre CV, ou racontez d'abord un succès, puis réessayez."
)
OFFER_NEEDED = "Il manque l'offre. Choisissez-en une ou collez son texte, puis réessayez."

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


_ASSISTANT = ("/chat/", "/generate/", "/tailor/", "/truth/")
# Routes whose refusals bring a French sentence that is the best one for the page.
_SPEAKING = (*_ASSISTANT, "/api/catalogue/", "/extract/status/")


class ServiceFailure(Exception):  # noqa: N818 - it is what the page shows, not a bug of the page
    """The service could not answer; the message is a French sentence to show as it is.

    Args:
        message: The sentence.
        task_id: The task that goes on behind a service that could not wait for it.
        may_pass: The same request may be answered a little later.
        retry_after_s: How much later the service wants to be asked again, in seconds.
    """

    def __init__(
        self, message: str, *, task_id: str = "", may_pass: bool = False, retry_after_s: float = 0.0
    ) -> None:
        super().__init__(message)
        self.task_id = task_id
        self.may_pass = may_pass
        self.retry_after_s = retry_after_s


def explain_refusal(
    path: str,
    status: int,
    *,
    code: str = "",
    field: str = "",
    retry_after_s: float = 0.0,
    told: str = "",
) -> str:
    """Returns the sentence for a refused request; the service's `message` is for programs.

    Args:
        path: The route that refused: reading a file and ranking fail differently.
        status: The HTTP status.
        code: The error's code, where the answer named one.
        field: The input at fault, where the answer named one.
        retry_after_s: Seconds after which the service wants to be asked again, 0 if it did not say.
        told: The French sentence that the service gives with its refusal, or empty.
    """
    if path.startswith(_SPEAKING) and told:
        return told
    by_status = {
        409: MODEL_CHANGED,
        429: SERVICE_BUSY.format(
            wait=f"dans {math.ceil(retry_after_s)} s" if retry_after_s else "dans un instant"
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
    if path.startswith("/extract/"):
        return READING_LOST
    if path.startswith(_ASSISTANT):
        return FIELDS_TOO_LONG if status == 413 or code == "limit_exceeded" else ASSISTANT_REFUSED
    if status == 413 or code == "limit_exceeded":
        return TEXT_TOO_LONG
    return TOP_K_REFUSED if field.endswith("top_k") else TEXT_REFUSED
