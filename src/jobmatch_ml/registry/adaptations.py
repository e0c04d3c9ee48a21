"""An adaptation of the encoders as a run in MLflow: its recipe, how it learned, its worth."""

from __future__ import annotations

from pathlib import Path

from jobmatch_ml.registry.lineage import git_state
from jobmatch_ml.registry.tracking import start_run, start_tracking
from jobmatch_ml.settings import Settings
from jobmatch_ml.training.adaptation.recipe import AdaptationReport


def track_adaptation(settings: Settings, report: AdaptationReport) -> str:
    """Writes one finished adaptation to MLflow.

    Parameters are the recipe; tags the hashes of the data and of the result, and the commit;
    metrics nDCG@10 on each validation task and the seconds of each stage, with the transformer's
    loss as a curve; artifacts the model card and the manifest. No text of the data is written.

    Returns:
        The run's id.

    Raises:
        RegistryError: MLflow cannot be reached.
        MissingExtraError: MLflow is not installed.
    """
    about = report.box.about
    state = git_state(settings.under_root(Path()))
    with start_run(start_tracking(settings), f"adapt {about['name']}") as run:
        run.log_parameters(about["config"])
        run.set_tags(
            {
                "stage": "adapt_encoder",
                "encoder_sha256": report.box.sha256,
                "git_commit": state.label,
                **{f"data_sha256/{name}": value for name, value in about["data_sha256"].items()},
                **{f"version/{name}": value for name, value in about["versions"].items()},
            }
        )
        run.log_metrics({"validation_ndcg@10": report.fusion.ndcg, "seconds": about["seconds"]})
        run.log_curve("transformer/loss", report.losses)
        for name in ("README.md", "manifest.json"):
            run.log_file(report.box.path / name, "encoder")
        return run.run_id
