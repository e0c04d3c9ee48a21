"""Embedding a corpus part by part: here, or on a Ray cluster, with the same code.

The corpus is cut into parts of consecutive documents. A part is embedded by one call and written as
one Parquet file, whole or not at all; a part that is there is not embedded again. So a run that was
cut off goes on where it stopped, and more machines change nothing but the time: the parts, and with
them the batches, are the same.

With an address the parts go through Ray Data to a pool of workers, each of which loads the encoder
once; vectors come back and are written here, so the workers need no common disk.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import (
    FormatError,
    InputError,
    MissingFileError,
    UpstreamError,
    missing_extra,
)
from jobmatch_ml.files import write_bytes
from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.ranking.views import embed_views
from jobmatch_ml.types import Document

DESCRIPTION = "embedding.json"
LOCAL = "local"
"""The address that starts Ray on this machine, for this run alone."""

Part = Mapping[str, Any]
"""A part's number, and the ids, titles and texts of its documents."""


@dataclass(frozen=True)
class EmbedOptions:
    """How a corpus is embedded. All of it decides the vectors, and is recorded beside them.

    Args:
        model: ``packaged``, a model folder or a hub name.
        revision: Commit or tag of a hub model.
        max_length_tokens: Window of the encoder.
        precision: ``auto``, ``fp32`` or ``bf16``. On machines of several kinds name one: ``auto``
            is each worker's own choice.
        part_size: Documents a part, >= 1.
    """

    model: str = "packaged"
    revision: str | None = None
    max_length_tokens: int = 256
    precision: str = "auto"
    part_size: int = 1024


@dataclass(frozen=True)
class EmbedReport:
    """What a run did.

    Args:
        out_dir: The folder.
        n_documents: Documents of the corpus.
        n_parts: Parts of the corpus.
        n_embedded: Parts embedded by this run; the others were there.
        seconds: Wall time.
    """

    out_dir: Path
    n_documents: int
    n_parts: int
    n_embedded: int
    seconds: float


class PartEmbedder:
    """Embeds parts with one encoder, which is loaded when the first part comes.

    Args:
        options: Which encoder, and how.
    """

    def __init__(self, options: EmbedOptions) -> None:
        self._options = options
        self._encoder: Any = None

    def __call__(self, part: Part) -> dict[str, Any]:
        """Returns the part's number and its Parquet file, as bytes."""
        if self._encoder is None:
            from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder

            options = self._options
            self._encoder = SentenceTransformerEncoder(
                options.model,
                revision=options.revision,
                max_length_tokens=options.max_length_tokens,
                precision=options.precision,  # type: ignore[arg-type]
            )
        texts = zip(part["doc_ids"], part["titles"], part["texts"], strict=True)
        # Ray hands texts over as its own kinds of strings.
        documents = [Document(*map(str, row)) for row in texts]
        titles, bodies = embed_views(self._encoder, documents)
        ids = [document.doc_id for document in documents]
        return {"number": part["number"], "file": _parquet(ids, titles, bodies)}


def embed_corpus(
    corpus: Path,
    out_dir: Path,
    options: EmbedOptions | None = None,
    *,
    address: str | None = None,
    workers: int = 1,
) -> EmbedReport:
    """Embeds the title and the body of each document of a BEIR corpus into Parquet parts.

    Args:
        corpus: ``corpus.jsonl``.
        out_dir: Folder for ``part-00000.parquet`` … and ``embedding.json``; with parts of the same
            corpus and options in it, the run goes on from there.
        options: How.
        address: ``None`` embeds in this process; ``local`` starts Ray on this machine; anything
            else is a running Ray cluster's address.
        workers: Workers of Ray, >= 1; each takes one core and loads the encoder.

    Raises:
        InputError: An empty corpus, or a folder with parts of another corpus or other options.
        MissingFileError, FormatError: The corpus cannot be read.
        UpstreamError: No Ray cluster answers at the address.
        MissingExtraError: Ray is wanted and not installed.
    """
    options = options or EmbedOptions()
    if options.part_size < 1 or workers < 1:
        raise InputError(
            f"part_size is {options.part_size}, workers {workers}; expected at least 1 each"
        )
    started = time.perf_counter()
    documents = read_corpus(corpus)
    if not documents:
        raise InputError(f"{corpus}: the corpus is empty; there is nothing to embed")
    _describe(out_dir, corpus, options, len(documents))
    n_parts = -(-len(documents) // options.part_size)
    missing = [number for number in range(n_parts) if not part_path(out_dir, number).is_file()]
    parts = (_part(documents, number, options.part_size) for number in missing)
    embedded = (
        map(PartEmbedder(options), parts)
        if address is None
        else _through_ray(parts, options, address, workers)
    )
    for done in tqdm(embedded, total=len(missing), desc="embed", unit="part", delay=2):
        write_bytes(part_path(out_dir, int(done["number"])), [bytes(done["file"])])
    seconds = time.perf_counter() - started
    return EmbedReport(out_dir, len(documents), n_parts, len(missing), seconds)


def read_embeddings(
    out_dir: Path,
) -> tuple[list[str], NDArray[np.float32], NDArray[np.float32]]:
    """Reads all parts back: ids in the corpus's order, titles and bodies ``(n_docs, dim)``.

    Raises:
        MissingFileError: The folder was never begun, or parts are missing.
        FormatError: The description is damaged.
    """
    description = _read_description(out_dir)
    if description is None:
        raise MissingFileError(f"{out_dir / DESCRIPTION} does not exist; run the embedding first")
    n_parts = -(-int(description["n_documents"]) // int(description["part_size"]))
    missing = [number for number in range(n_parts) if not part_path(out_dir, number).is_file()]
    if missing:
        raise MissingFileError(
            f"{out_dir}: {len(missing)} of {n_parts} parts are not embedded yet (the first is "
            f"{missing[0]}); run the same command again, it goes on where it stopped"
        )
    ids: list[str] = []
    columns: dict[str, list[NDArray[np.float32]]] = {"title": [], "body": []}
    for number in range(n_parts):
        table = pq.read_table(part_path(out_dir, number)).combine_chunks()
        ids += table["doc_id"].to_pylist()
        for name, rows in columns.items():
            chunk = table[name].chunk(0)
            rows.append(chunk.flatten().to_numpy().reshape(len(chunk), -1))
    return ids, np.vstack(columns["title"]), np.vstack(columns["body"])


def part_path(out_dir: Path, number: int) -> Path:
    """Returns where a part is written."""
    return out_dir / f"part-{number:05d}.parquet"


def _through_ray(
    parts: Iterator[Part], options: EmbedOptions, address: str, workers: int
) -> Iterator[dict[str, Any]]:
    # Nothing about a run is anybody's business: set before Ray is imported.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise missing_extra("ray", "scale") from error
    rows = list(parts)
    if not rows:
        return
    settings: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.WARNING}
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    if address == LOCAL:
        # One core beyond the workers', for Ray's own tasks.
        settings |= {"num_cpus": workers + 1, "include_dashboard": False}
    try:
        ray.init(address=address, **settings)
    except ConnectionError as error:
        raise UpstreamError(
            f"no Ray cluster answers at '{address}'. Start one (`ray start --head`), or use "
            "`--address local`, which starts Ray for this run alone"
        ) from error
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False  # one bar: ours
        data = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
            PartEmbedder,
            fn_constructor_args=(options,),
            compute=ray.data.ActorPoolStrategy(size=min(workers, len(rows))),
            num_cpus=1,
        )
        # One row at a time: what is done is written while the rest is being embedded.
        yield from data.iter_rows()
    finally:
        ray.shutdown()


def _part(documents: Sequence[Document], number: int, part_size: int) -> Part:
    own = documents[number * part_size : (number + 1) * part_size]
    return {
        "number": number,
        "doc_ids": [document.doc_id for document in own],
        "titles": [document.title for document in own],
        "texts": [document.text for document in own],
    }


def _parquet(ids: Sequence[str], titles: NDArray[np.float32], bodies: NDArray[np.float32]) -> bytes:
    def column(vectors: NDArray[np.float32]) -> pa.Array:
        return pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])

    sink = pa.BufferOutputStream()
    table = pa.table({"doc_id": list(ids), "title": column(titles), "body": column(bodies)})
    # Vectors hardly compress, and plain pages are read the fastest.
    pq.write_table(table, sink, compression="none", use_dictionary=False)
    return bytes(sink.getvalue())


def _describe(out_dir: Path, corpus: Path, options: EmbedOptions, n_documents: int) -> None:
    """Records what the parts are of; refuses a folder whose parts are of something else."""
    with corpus.open("rb") as stream:
        corpus_hash = hashlib.file_digest(stream, "sha256").hexdigest()
    wanted = {
        "corpus_sha256": corpus_hash,
        "n_documents": n_documents,
        "model": options.model,
        "revision": options.revision,
        "max_length_tokens": options.max_length_tokens,
        "precision": options.precision,
        "part_size": options.part_size,
    }
    found = _read_description(out_dir)
    if found is None:
        content = orjson.dumps(wanted, option=orjson.OPT_INDENT_2)
        write_bytes(out_dir / DESCRIPTION, [content])
    elif found != wanted:
        other = sorted(name for name in wanted if found.get(name) != wanted[name])
        raise InputError(
            f"{out_dir} holds parts of something else ({', '.join(other)} differ). Give another "
            "folder, or delete this one"
        )


def _read_description(out_dir: Path) -> dict[str, Any] | None:
    path = out_dir / DESCRIPTION
    if not path.is_file():
        return None
    try:
        description: dict[str, Any] = orjson.loads(path.read_bytes())
        int(description["n_documents"]), int(description["part_size"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{path}: damaged; delete {out_dir} and embed again") from error
    return description
