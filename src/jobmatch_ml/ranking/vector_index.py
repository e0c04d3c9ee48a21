"""The embeddings of a catalogue under one bundle: built once, kept on disk, checked when read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, IntegrityError, JobMatchError, missing_extra
from jobmatch_ml.files import staged_folder
from jobmatch_ml.ranking.bundle import Bundle
from jobmatch_ml.ranking.dense_scan import unit_rows
from jobmatch_ml.ranking.dual_view import DualViewRanker
from jobmatch_ml.ranking.full_scan import sort_documents
from jobmatch_ml.ranking.manifest import read_manifest, write_manifest
from jobmatch_ml.ranking.views import embed_views
from jobmatch_ml.types import Document, TextEncoder

logger = logging.getLogger(__name__)

FORMAT = 1
_VECTORS = "vectors.safetensors"
_IDS = "doc_ids.json"
_CHUNK = 512  # documents embedded between two reports of progress

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class VectorIndex:
    """Title and body embeddings of a catalogue.

    Args:
        doc_ids: Ids in ascending order.
        title_embeddings: Float32 ``(n_docs, dim)``, unit rows.
        body_embeddings: Float32 ``(n_docs, dim)``, unit rows.
        bundle_sha256: Identity of the bundle that embedded.
        catalogue_hash: Identity of the documents.
    """

    doc_ids: tuple[str, ...]
    title_embeddings: NDArray[np.float32]
    body_embeddings: NDArray[np.float32]
    bundle_sha256: str
    catalogue_hash: str

    def load_into(self, ranker: DualViewRanker) -> None:
        """Makes this index the corpus of a ranker."""
        ranker.index_embeddings(self.doc_ids, self.title_embeddings, self.body_embeddings)

    def save(self, folder: Path) -> None:
        """Writes the index as safetensors and JSON under a manifest; replaces a former one.

        The folder appears under its name only when it is complete.
        """
        try:
            from safetensors.numpy import save_file
        except ImportError as error:
            raise missing_extra("safetensors", "models") from error
        with staged_folder(folder) as staging:
            tensors = {"title": self.title_embeddings, "body": self.body_embeddings}
            save_file(tensors, staging / _VECTORS)
            (staging / _IDS).write_bytes(orjson.dumps(list(self.doc_ids)))
            identity = {"bundle": self.bundle_sha256, "catalogue": self.catalogue_hash}
            write_manifest(staging, {"kind": "index", "format": FORMAT, **identity})

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Reads an index after checking its manifest, ids and vectors.

        Raises:
            MissingFileError: There is none.
            IntegrityError: A file is missing or changed, or ids and vectors do not fit.
        """
        values, _ = read_manifest(folder, kind="index", format_version=FORMAT)
        try:
            from safetensors import SafetensorError
            from safetensors.numpy import load_file
        except ImportError as error:
            raise missing_extra("safetensors", "models") from error
        try:
            doc_ids = orjson.loads((folder / _IDS).read_bytes())
            tensors = load_file(folder / _VECTORS)
            titles, bodies = (
                unit_rows(tensors[name], name=name, n_rows=len(doc_ids))
                for name in ("title", "body")
            )
            bundle, catalogue = str(values["bundle"]), str(values["catalogue"])
        except (KeyError, ValueError, OSError, InputError, SafetensorError) as error:
            raise IntegrityError(f"{folder}: ids and vectors do not make an index") from error
        return cls(tuple(doc_ids), titles, bodies, bundle, catalogue)


def build_index(
    encoder: TextEncoder,
    documents: Sequence[Document],
    *,
    bundle_sha256: str,
    catalogue_hash: str,
    progress: Progress | None = None,
) -> VectorIndex:
    """Embeds a catalogue.

    Args:
        encoder: The bundle's encoder.
        documents: The catalogue's documents, ids unique.
        bundle_sha256: Identity of the bundle.
        catalogue_hash: Identity of the documents.
        progress: Called with (documents done, documents in all).

    Raises:
        InputError: No documents, or duplicate ids.
    """
    ordered = sort_documents(documents)
    # Neighbours of equal length share a batch: the whole list is sorted by size before chunking.
    by_size = sorted(range(len(ordered)), key=lambda i: len(ordered[i].text))
    shape = (len(ordered), encoder.dimension)
    titles, bodies = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for start in range(0, len(by_size), _CHUNK):
        part = by_size[start : start + _CHUNK]
        titles[part], bodies[part] = embed_views(encoder, [ordered[i] for i in part])
        if progress:
            progress(start + len(part), len(ordered))
    doc_ids = tuple(document.doc_id for document in ordered)
    return VectorIndex(doc_ids, titles, bodies, bundle_sha256, catalogue_hash)


def load_or_build_index(
    bundle: Bundle,
    documents: Sequence[Document],
    *,
    catalogue_hash: str,
    cache_dir: Path,
    encoder: TextEncoder | None = None,
    progress: Progress | None = None,
) -> VectorIndex:
    """Returns the cached index of a catalogue under a bundle, or builds and caches it.

    A cache that cannot be trusted (changed, cut short, of other documents) is built again, with a
    warning. A cache that cannot be written (full disk) costs the next start, not this one.

    Args:
        bundle: The bundle.
        documents: The catalogue's documents.
        catalogue_hash: Identity of the documents.
        cache_dir: Folder of caches; each lies in a folder named after both hashes.
        encoder: The bundle's encoder when it is loaded already.
        progress: Called with (documents done, documents in all) while building.
    """
    folder = cache_dir / f"index-{bundle.version}-{catalogue_hash[:12]}"
    cached = _cached(folder, bundle.sha256, catalogue_hash, n_docs=len(documents))
    if cached is not None:
        return cached
    index = build_index(
        encoder or bundle.encoder(),
        documents,
        bundle_sha256=bundle.sha256,
        catalogue_hash=catalogue_hash,
        progress=progress,
    )
    try:
        index.save(folder)
    except OSError as error:
        logger.warning("index cache not written (%s); it is built again next time", error.strerror)
    return index


def _cached(folder: Path, bundle: str, catalogue: str, *, n_docs: int) -> VectorIndex | None:
    if not folder.exists():
        return None
    try:
        index = VectorIndex.load(folder)
    except JobMatchError as error:
        logger.warning("index cache %s is built again: %s", folder.name, error)
        return None
    found: tuple[Any, ...] = (index.bundle_sha256, index.catalogue_hash, len(index.doc_ids))
    if found != (bundle, catalogue, n_docs):
        logger.warning("index cache %s is of other documents; built again", folder.name)
        return None
    return index
