"""What an answer is made from, loaded as a whole: bundle, encoder, index, catalogue.

A :class:`ServingState` never changes. A new champion or catalogue is loaded beside it and swapped
in, so that each answer comes from exactly one bundle.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import JobMatchError, NotReadyError
from jobmatch_ml.serving.withdrawn import note_served
from jobmatch_ml.settings import Settings
from jobmatch_ml.types import Offer, TextEncoder

logger = logging.getLogger(__name__)

Report = Callable[[str, str], None]
"""Called with (component, state) while loading; components: model, catalogue, index."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class ServingState:
    """One bundle over one catalogue, ready to rank.

    Args:
        version: The bundle's version: the registry's number, or the short hash of a folder.
        bundle_sha256: The bundle's identity.
        encoder: Its encoder.
        ranker: Its ranker, with the catalogue indexed.
        offers: The catalogue by offer id.
        rarity: How telling each word is in this catalogue.
        source: Identity of what was loaded; another one means that it is time to load again.
        withdrawn: Ids of offers that were served before and are not in this catalogue.
    """

    version: str
    bundle_sha256: str
    encoder: TextEncoder
    ranker: Any
    offers: dict[str, Offer]
    rarity: dict[str, float]
    source: tuple[str, ...] = ()
    withdrawn: frozenset[str] = frozenset()


def load_state(
    settings: Settings,
    *,
    model: str | None = None,
    report: Report | None = None,
    progress: Progress | None = None,
) -> ServingState:
    """Loads the champion (or a named bundle), the catalogue and their index.

    Args:
        settings: Where things are; ``settings.catalogue`` names a catalogue of one's own.
        model: ``models:/NAME@ALIAS``, ``models:/NAME/VERSION`` or a bundle's folder; ``None`` is
            the champion.
        report: Called as components change state.
        progress: Called with (offers embedded, offers in all) while an index is built.

    Raises:
        NotReadyError: No champion or no offers yet; the message says what to run.
        JobMatchError: A damaged bundle or catalogue, an unknown model.
    """
    # Heavy rooms (torch, MLflow) are imported when something is loaded, not with the module.
    from jobmatch_ml.offers import catalogue_hash, find_catalogue, offer_document, read_catalogue
    from jobmatch_ml.ranking.bundle import load_bundle
    from jobmatch_ml.ranking.vector_index import load_or_build_index
    from jobmatch_ml.serving.highlights import count_documents

    tell = report or (lambda component, state: None)

    def advance(done: int, total: int) -> None:
        tell("index", f"embedding offers: {done} of {total}")
        if progress:
            progress(done, total)

    # Identities are taken when a thing is read: one that changes while the index is being built
    # is then seen as new, and loaded next.
    catalogue_identity = _catalogue_identity(settings)
    with _reported("catalogue", tell):
        path = find_catalogue(settings)
        offers = read_catalogue(path)
        if not offers:
            raise NotReadyError(f"the catalogue {path.name} holds no offer: ingest some")
        digest = catalogue_hash(path)
    with _reported("model", tell):
        folder, version = find_bundle(settings, model)
        champion_identity = _stamp(champion_pointer(settings))
        bundle = load_bundle(folder)
        encoder = bundle.encoder()
    with _reported("index", tell):
        index = load_or_build_index(
            bundle,
            [offer_document(offer) for offer in offers],
            catalogue_hash=digest,
            cache_dir=settings.serving_dir,
            encoder=encoder,
            progress=advance,
        )
        ranker = bundle.ranker(encoder)
        index.load_into(ranker)
    logger.info("serving bundle %s over %d offers", version, len(offers))
    return ServingState(
        version=version or bundle.version,
        bundle_sha256=bundle.sha256,
        encoder=encoder,
        ranker=ranker,
        offers={offer.offer_id: offer for offer in offers},
        rarity=count_documents(offers),
        source=(champion_identity, *catalogue_identity),
        withdrawn=note_served(settings.serving_dir, {offer.offer_id for offer in offers}),
    )


def probe_source(settings: Settings) -> tuple[str, ...]:
    """Returns a cheap identity of champion and catalogue; it changes when either does.

    Promotion writes the champion's pointer file beside the cached bundles; looking at two files
    costs microseconds. What was moved elsewhere is seen by
    :mod:`jobmatch_ml.serving.champion_watch`.
    """
    return (_stamp(champion_pointer(settings)), *_catalogue_identity(settings))


def _catalogue_identity(settings: Settings) -> tuple[str, str]:
    from jobmatch_ml.offers import find_catalogue

    try:
        path = find_catalogue(settings)
    except JobMatchError:
        return ("", "absent")
    return (str(path), _stamp(path))


def champion_pointer(settings: Settings) -> Path:
    """Returns the file that names the champion fetched last."""
    return settings.serving_dir / "champion.json"


def _stamp(path: Path) -> str:
    try:
        facts = path.stat()
    except OSError:
        return "absent"
    return f"{facts.st_mtime_ns}-{facts.st_size}-{facts.st_ino}"


def find_bundle(settings: Settings, model: str | None) -> tuple[Path, str]:
    """Returns the folder and version of the champion, or of a model that is named."""
    from jobmatch_ml.registry import champion_bundle, fetch_bundle

    if model is None:
        return champion_bundle(settings)
    return fetch_bundle(model, settings), model.rpartition("/")[2] if "models:" in model else ""


class _reported:  # noqa: N801 - reads as a verb in a with statement
    """Tells a component's state before, after, and when it failed."""

    def __init__(self, component: str, tell: Report) -> None:
        self.component, self.tell = component, tell

    def __enter__(self) -> None:
        self.tell(self.component, "loading")

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is None:
            self.tell(self.component, "ready")
        else:
            known = isinstance(error, JobMatchError)
            self.tell(self.component, str(error) if known else f"failed: {kind.__name__}")
