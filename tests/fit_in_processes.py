"""A fit for `torchrun`: each process writes its losses, the writer its weights.

Run as `python -m torch.distributed.run --nproc-per-node 2 -m tests.fit_in_processes MODEL OUT`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from jobmatch_ml.training.batches import TextBatch
from jobmatch_ml.training.fitting import FitOptions, fit_contrastive

OPTIONS = FitOptions(windows={"title": 12, "body": 24}, learning_rate=3e-3, scale=8.0)


def toy_batches(*, n_batches: int, negatives: bool = False) -> list[TextBatch]:
    """Batches of four rows whose letters belong together: a with n, b with o, and so on."""
    letters = ["ab", "cd", "ef", "gh"]
    partners = ["no", "pq", "rs", "tu"]
    rng = np.random.default_rng(0)
    batches = []
    for number in range(n_batches):
        anchors, positives = (
            tuple(" ".join(rng.choice(list(pair), 4).tolist()) for pair in column)
            for column in (letters, partners)
        )
        wrong = tuple(reversed(positives)) if negatives else ()
        refused = np.eye(4, dtype=bool)[::-1].copy() if negatives else None
        view = "title" if number % 2 == 0 or not negatives else "body"
        ids = tuple(f"c{row}/o{row}" for row in range(4))
        batches.append(TextBatch(view, ids, anchors, positives, wrong, refused))
    return batches


def main(model_dir: str, out_dir: str) -> None:
    """Fits a model with all processes and writes what each of them saw."""
    import torch.distributed
    from accelerate import PartialState
    from safetensors.torch import save_file

    from jobmatch_ml.ranking.model_files import load_model

    model = load_model(Path(model_dir))
    result = fit_contrastive(model, toy_batches(n_batches=4, negatives=True), OPTIONS)
    rank = PartialState().process_index
    (Path(out_dir) / f"{rank}.txt").write_text("\n".join(map(str, result.losses)))
    if result.is_writer:
        state = {name: value.contiguous() for name, value in model.state_dict().items()}
        save_file(state, Path(out_dir) / "0.safetensors")
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(*sys.argv[1:])
