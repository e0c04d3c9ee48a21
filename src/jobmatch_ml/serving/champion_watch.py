"""Sees a champion that was moved elsewhere: on MLflow's own pages, or on another machine."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import orjson

from jobmatch_ml.errors import JobMatchError, NotReadyError, RegistryError
from jobmatch_ml.serving.state import champion_pointer, probe_source
from jobmatch_ml.settings import Settings

logger = logging.getLogger(__name__)


class SourceProbe:
    """Tells what is to be served: looks at files each time, asks the registry now and then.

    Meant for the loader's thread; a request never waits for the registry.

    Args:
        settings: Where things are.
        tell: Called with why the registry's last answer was of no use; empty when it was.
        ask: Asks the registry; see :func:`refresh_champion`.
        every_s: Seconds between two questions.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        tell: Callable[[str], None],
        ask: Callable[[Settings], None] | None = None,
        every_s: float = 30.0,
    ) -> None:
        self._settings = settings
        self._tell = tell
        self._ask = ask or refresh_champion
        self._every_s = every_s
        # Loading asks the registry itself, so the first question can wait.
        self._next = time.monotonic() + every_s
        self._told = ""

    def __call__(self) -> tuple[str, ...]:
        """Returns the identity of champion and catalogue; it changes when either does."""
        if time.monotonic() >= self._next:
            self._consult()
            self._next = time.monotonic() + self._every_s
        return probe_source(self._settings)

    def _consult(self) -> None:
        problem = ""
        try:
            self._ask(self._settings)
        except JobMatchError as error:
            problem = str(error)
        except Exception as error:
            # Whatever MLflow throws is no reason to stop looking at the files.
            problem = f"the registry cannot be asked: {type(error).__name__}"
        if problem and problem != self._told:
            logger.warning("the champion may be out of date: %s", problem)
        self._told = problem
        self._tell(problem)


def refresh_champion(settings: Settings) -> None:
    """Fetches the registry's champion where the local pointer names another version.

    The pointer changes with it, which :func:`probe_source` sees.

    Raises:
        NotReadyError: There is no registry, or no champion in it any more.
        RegistryError: The registry cannot be reached, or its champion cannot be fetched.
    """
    from jobmatch_ml.registry import champion_bundle, list_versions

    named = [item for item in list_versions(settings) if "champion" in item.aliases]
    if not named:
        raise NotReadyError(f"{settings.model_name} has no champion; what was loaded is kept")
    version = named[0].version
    if version != _pointed_version(settings) and champion_bundle(settings)[1] != version:
        raise RegistryError(
            f"version {version} is the champion and could not be fetched; the one before is kept"
        )


def _pointed_version(settings: Settings) -> str:
    try:
        content = orjson.loads(champion_pointer(settings).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return ""
    return str(content.get("version", "")) if isinstance(content, dict) else ""
