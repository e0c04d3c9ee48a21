"""One registry with its data set: what a reviewer works with, read back through MLflow's client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.registry import get_version, promote, register_bundle, start_tracking
from jobmatch_ml.registry.review import review_version
from jobmatch_ml.registry.review_types import Review
from jobmatch_ml.settings import Settings
from tests.review_world import CONFIG, write_toy_bundle

NAME = "jobmatch-ranker"


class Desk:
    """One registry with its data set: what a reviewer works with."""

    def __init__(self, settings: Settings, dataset: Path, folder: Path) -> None:
        self.settings, self.dataset, self.folder = settings, dataset, folder

    def register(self, name: str, **options: Any) -> str:
        count = len(list(self.folder.glob("b*[0-9]")))
        bundle = write_toy_bundle(self.folder / f"b{count}", self.dataset, name, **options)
        return register_bundle(bundle, settings=self.settings)

    def review(self, version: str, **changes: Any) -> Review:
        options: dict[str, Any] = {"config": CONFIG, "dataset_dir": self.dataset} | changes
        return review_version(version, settings=self.settings, by="eve", **options)

    def promote(self, version: str, **options: Any) -> Any:
        return promote(version, settings=self.settings, by="eve", **options)

    def go_live(self, name: str, **options: Any) -> str:
        version = self.register(name, **options)
        assert self.review(version).reasons == ()
        self.promote(version)
        return version

    @property
    def champion(self) -> str:
        client = start_tracking(self.settings).client
        return str(client.get_registered_model(NAME).aliases["champion"])

    def tags(self, version: str) -> dict[str, str]:
        client = start_tracking(self.settings).client
        return dict(client.get_model_version(NAME, version).tags)

    def audit(self) -> list[dict[str, str]]:
        tags = start_tracking(self.settings).client.get_registered_model(NAME).tags
        keys = sorted(key for key in tags if key.startswith("audit/"))
        return [orjson.loads(tags[key]) for key in keys]

    def stored(self, version: str, name: str) -> Path:
        run_id = get_version(self.settings, version).run_id
        (path,) = self.settings.artifact_root.glob(f"{run_id}/artifacts/bundle/{name}")
        return path
