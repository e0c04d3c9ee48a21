"""The recipe of the encoder in the box: one command from open tables to the finished folder.

Each stage's result is kept in the work folder under a hash of what it was made of, so that a run
that was stopped, or that changes one stage, repeats only what it must.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import InputError
from jobmatch_ml.files import staged_folder, write_bytes
from jobmatch_ml.ranking.box import Box, write_box
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.ranking.model_files import model_label
from jobmatch_ml.ranking.static_encoder import StaticEncoder
from jobmatch_ml.training.adaptation.card import model_card
from jobmatch_ml.training.adaptation.config import AdaptationConfig
from jobmatch_ml.training.adaptation.fusion import FusionReport, learn_fusion
from jobmatch_ml.training.adaptation.pairs import OpenData
from jobmatch_ml.training.adaptation.sources import (
    read_local_offers,
    read_open_data,
    write_market,
)
from jobmatch_ml.training.adaptation.static import fit_static
from jobmatch_ml.training.adaptation.transformer import fit_transformer
from jobmatch_ml.training.adaptation.validation import validation_tasks

logger = logging.getLogger(__name__)

_VALIDATION_OFFERS = 4_000
_VALIDATION_WINDOW = 128  # tokens; half the time of 256, and the order of components is the same


@dataclass(frozen=True, slots=True)
class LocalOffers:
    """One's own offers: weights made with them are for own use.

    Args:
        path: File or folder of France Travail JSON.
        excluded: File of offer ids that no pair may hold.
    """

    path: Path
    excluded: Path | None = None


@dataclass(frozen=True)
class AdaptationReport:
    """What a run made.

    Args:
        box: The folder.
        seconds: Wall time by stage; 0 where the work folder had its result.
        fusion: The weights and what they are worth on validation.
        losses: Loss of the transformer by window of steps, as (last step, mean); empty where the
            stage was done by a version that did not note it.
    """

    box: Box
    seconds: dict[str, float]
    fusion: FusionReport
    losses: tuple[tuple[int, float], ...]


def adapt_encoder(
    out_dir: Path,
    config: AdaptationConfig,
    *,
    rome_dir: Path | None = None,
    esco_dir: Path | None = None,
    local: LocalOffers | None = None,
    work_dir: Path | None = None,
) -> AdaptationReport:
    """Adapts both encoders, learns their fusion, and writes the folder, whole or not at all.

    Args:
        out_dir: The encoder's folder; an earlier one gives way.
        config: The recipe.
        rome_dir: Official ROME CSV folder, or one that was imported.
        esco_dir: Official ESCO CSV folder, or one that was imported.
        local: One's own offers to adapt on too; they need ROME.
        work_dir: Where stages are kept; default: a hidden folder beside ``out_dir``.

    Raises:
        InputError: Nothing to adapt on, or a result of more than 50 MB.
        JobMatchError: A loss became NaN.
    """
    work = work_dir or out_dir.parent / f".{out_dir.name}.work"
    seconds: dict[str, float] = {}
    data = _timed("read", seconds, lambda: read_open_data(rome_dir, esco_dir, config.market))
    if local:
        if data.rome is None:
            raise InputError("own offers are tied to fiches by their codes; give --rome DIR too")
        texts = read_local_offers(local.path, data.rome, excluded=local.excluded)
        logger.info("%d local offers", len(texts))
        data = replace(data, local=texts)
    hashes = data_hashes(data)
    key = {"data": hashes, "static": config.static.model_dump()}
    static_dir = work / f"static-{_short_hash(key)}"
    if not static_dir.is_dir():
        fitted = _timed("static", seconds, lambda: fit_static(data, config.static))
        with staged_folder(static_dir) as staging:
            fitted.save(staging)
        _note(static_dir, seconds=seconds["static"])
    static = StaticEncoder.load(static_dir)
    key = {"data": hashes, "transformer": config.transformer.model_dump()}
    dense_dir = work / f"transformer-{_short_hash(key)}"
    if not dense_dir.is_dir():
        with staged_folder(dense_dir) as staging:
            losses = _timed(
                "transformer", seconds, lambda: fit_transformer(data, config.transformer, staging)
            )
        _note(dense_dir, seconds=seconds["transformer"], losses=losses)
    dense = SentenceTransformerEncoder(dense_dir, max_length_tokens=_VALIDATION_WINDOW)
    fusion = _timed("fusion", seconds, lambda: _fuse(data, config, static, dense))
    taken = {"static": _noted(static_dir), "transformer": _noted(dense_dir), **seconds}
    about = _about(config, hashes, taken)
    box = write_box(
        out_dir,
        transformer_dir=dense_dir,
        static=static,
        fusion=fusion.weights,
        about=about,
        card=model_card(about, fusion),
    )
    losses = tuple((step, loss) for step, loss in _note_of(dense_dir).get("losses", ()))
    return AdaptationReport(box, seconds, fusion, losses)


def data_hashes(data: OpenData) -> dict[str, str]:
    """Returns a hash of each source's texts: equal hashes, equal training material."""
    parts: dict[str, Any] = {
        "market offers": [(item.title, item.body, item.rome_code) for item in data.offers],
        "market people": [(item.title, item.body, item.rome_code) for item in data.people],
    }
    if data.local:
        parts["local offers"] = [(item.title, item.body, item.rome_code) for item in data.local]
    if data.rome:
        parts["ROME"] = sorted(
            (fiche.code, fiche.label, fiche.definition, [a.label for a in fiche.appellations])
            for fiche in data.rome.fiches.values()
        )
    if data.esco:
        concepts = {**data.esco.occupations, **data.esco.skills}.values()
        parts["ESCO"] = sorted((item.uri, item.label, list(item.alternatives)) for item in concepts)
    return {
        name: hashlib.sha256(orjson.dumps(values)).hexdigest() for name, values in parts.items()
    }


def _fuse(
    data: OpenData,
    config: AdaptationConfig,
    static: StaticEncoder,
    dense: SentenceTransformerEncoder,
) -> FusionReport:
    market = replace(data, offers=(), people=(), local=())
    if data.rome:
        other = config.market.model_copy(
            update={"seed": config.market.seed + 1, "n_offers": _VALIDATION_OFFERS}
        )
        offers, people = write_market(data.rome, other)
        market = replace(data, offers=offers, people=people)
    return learn_fusion(validation_tasks(data, market), static, dense)


def _about(
    config: AdaptationConfig, hashes: dict[str, str], seconds: dict[str, float]
) -> dict[str, Any]:
    return {
        "name": config.name,
        "base": model_label(config.transformer.base),
        "config": config.model_dump(),
        "data_sha256": hashes,
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        "versions": {
            name: version(name) for name in ("torch", "transformers", "sentence-transformers")
        },
    }


def _timed(name: str, seconds: dict[str, float], work: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    result = work()
    seconds[name] = time.perf_counter() - started
    logger.info("%s: %.0f s", name, seconds[name])
    return result


def _note(stage_dir: Path, **values: Any) -> None:
    """Writes beside a stage's folder how it went, for the runs that find it done."""
    write_bytes(stage_dir.parent / f"{stage_dir.name}.json", [orjson.dumps(values)])


def _noted(stage_dir: Path) -> float:
    return float(_note_of(stage_dir).get("seconds", 0.0))


def _note_of(stage_dir: Path) -> dict[str, Any]:
    path = stage_dir.parent / f"{stage_dir.name}.json"
    return orjson.loads(path.read_bytes()) if path.is_file() else {}


def _short_hash(values: Any) -> str:
    options = orjson.OPT_SORT_KEYS
    return hashlib.sha256(orjson.dumps(values, option=options)).hexdigest()[:12]
