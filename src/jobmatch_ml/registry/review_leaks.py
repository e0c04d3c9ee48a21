"""Whether a challenger is tested on what it was trained on, and whether its lineage is known."""

from __future__ import annotations

from pathlib import Path

from jobmatch_ml.errors import FormatError
from jobmatch_ml.interactions import check_split_folder
from jobmatch_ml.ranking.bundle import Bundle
from jobmatch_ml.registry.training_data import TrainingData, read_training_data, training_data_of
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.dataset import hash_dataset, read_dataset_summary


def find_leaks(bundle: Bundle, dataset_dir: Path) -> tuple[str, ...]:
    """Says what speaks for test data in the training, by the files alone.

    Looked at: the data set's own splits; the people that the bundle says it was trained on, against
    the test people; and the end of its training window, against the test window's start.
    """
    summary = read_dataset_summary(dataset_dir)
    report = check_split_folder(dataset_dir, summary.cutoffs)
    problems = [f"the data set's splits: {name}, {count}" for name, count in report.found().items()]
    seen = seen_by(bundle, dataset_dir)
    if seen is None:
        return tuple(problems)
    people = [query.query_id for query in read_judged(dataset_dir, "test")[0]]
    if shared := seen.overlap(people):
        problems.append(f"it was trained on {shared} of the {len(people)} test people")
    if seen.shown_until >= summary.cutoffs[1]:
        problems.append(
            f"it was trained on what was shown until {seen.shown_until:%Y-%m-%d}; the test begins "
            f"on {summary.cutoffs[1]:%Y-%m-%d}"
        )
    return tuple(problems)


def check_lineage(bundle: Bundle, dataset_dir: Path, *, allow_dirty: bool) -> tuple[str, ...]:
    """Says what is unknown of a bundle's origin, and whether the data set is what it was.

    A baseline that was never trained (``zero_shot``) has no training data to name.
    """
    lineage = bundle.manifest.lineage
    problems = []
    recorded = read_dataset_summary(dataset_dir).data_hash
    if hash_dataset(dataset_dir) != recorded:
        problems.append("the data set was changed since it was prepared: its hash is another one")
    if not lineage.get("git_commit") or lineage["git_commit"] == "unknown":
        problems.append("nobody recorded which code made the bundle (`git_commit`)")
    elif str(lineage["git_commit"]).endswith("-dirty") and not allow_dirty:
        problems.append("it was made from code that was not committed")
    if bundle.manifest.ranker.kind == "zero_shot" and bundle.ltr_dir is None:
        return tuple(problems)
    try:
        seen = seen_by(bundle, dataset_dir)
    except FormatError as error:
        return (*problems, str(error))
    if seen is None:
        problems.append(
            "nobody recorded whom it was trained on (`training_data.json`), and its data set "
            f"{str(lineage.get('data_hash') or 'unknown')[:12]} is not the one of this review"
        )
    elif lineage.get("data_hash") and seen.data_hash != lineage["data_hash"]:
        problems.append(
            f"its manifest names the data {str(lineage['data_hash'])[:12]}, its training record "
            f"{seen.data_hash[:12]}"
        )
    return tuple(problems)


def seen_by(bundle: Bundle, dataset_dir: Path) -> TrainingData | None:
    """Returns what a bundle was trained on: as it says, else as the data set of that hash says."""
    if bundle.training_data_path is not None:
        return read_training_data(bundle.training_data_path)
    if bundle.manifest.lineage.get("data_hash") == read_dataset_summary(dataset_dir).data_hash:
        return training_data_of(dataset_dir)
    return None
