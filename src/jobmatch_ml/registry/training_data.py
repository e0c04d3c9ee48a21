"""What a bundle was trained on, recorded so that a review can tell a test from a repetition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import orjson
import pyarrow.parquet as pq
from pydantic import Field, ValidationError

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.files import write_bytes
from jobmatch_ml.training.dataset import read_dataset_summary

_DIGITS = 16  # of a SHA-256: two people in a million share one with probability 3e-8


class TrainingData(StrictModel):
    """What ``training_data.json`` says.

    People are kept as hashes of their pseudonymous ids: they answer "was this person among them?",
    for reviews and for erasure, and list nobody.
    """

    data_hash: str = Field(description="Hash of the data set.")
    people: tuple[str, ...] = Field(description="Whose rows were fitted or chosen on, sorted.")
    shown_until: datetime = Field(description="Last showing among the training rows (UTC).")

    def overlap(self, people: Iterable[str]) -> int:
        """Returns how many of these people it was trained on."""
        return len(set(self.people) & {person_hash(person) for person in people})


def person_hash(person: str) -> str:
    """Returns what stands for a person's id."""
    return hashlib.sha256(person.encode()).hexdigest()[:_DIGITS]


def training_data_of(dataset_dir: Path) -> TrainingData:
    """Reads off a prepared data set who and what training may see: its train and validation parts.

    Raises:
        MissingFileError: A part is not there.
    """
    summary = read_dataset_summary(dataset_dir)
    people: set[str] = set()
    last = None
    for split in ("train", "validation"):
        path = dataset_dir / split / "interactions.parquet"
        if not path.is_file():
            raise MissingFileError(f"{path} does not exist; prepare the data again")
        table = pq.read_table(path, columns=["user", "shown_at"])
        people |= set(table["user"].unique().to_pylist())
        moments = table["shown_at"].to_pylist()
        last = max([*moments, *([last] if last else [])], default=last)
    return TrainingData(
        data_hash=summary.data_hash,
        people=tuple(sorted(map(person_hash, people))),
        shown_until=last or summary.cutoffs[0],
    )


def write_training_data(dataset_dir: Path, path: Path) -> Path:
    """Writes ``training_data.json`` for a bundle; returns its path."""
    content = training_data_of(dataset_dir).model_dump(mode="json")
    write_bytes(path, [orjson.dumps(content, option=orjson.OPT_SORT_KEYS)])
    return path


def read_training_data(path: Path) -> TrainingData:
    """Reads ``training_data.json`` of a bundle whose files were checked.

    Raises:
        FormatError: It is not what :func:`write_training_data` writes.
    """
    try:
        return TrainingData.model_validate(orjson.loads(path.read_bytes()))
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise FormatError(f"{path}: no record of training data; bundle the model anew") from error
