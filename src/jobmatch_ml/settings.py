"""Where things are: environment, folders, endpoints, secrets. Nothing about experiments.

Experiments are configured in YAML (:mod:`jobmatch_ml.config`). Settings come from ``JOBMATCH_…``
environment variables or a ``.env`` file at the project's root, so that the same code runs locally,
in dev, staging and prod.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from jobmatch_ml.errors import ConfigError, summarise


class Settings(BaseSettings):
    """Everything that differs between machines, as ``JOBMATCH_<FIELD>`` environment variables."""

    model_config = SettingsConfigDict(
        env_prefix="JOBMATCH_", env_file=".env", extra="ignore", frozen=True
    )

    env: Literal["local", "dev", "staging", "prod"] = Field(
        "local", description="Names the warehouse, the catalogue and the BigQuery dataset."
    )
    root: Path = Field(Path(), description="Project root; notebooks run there.")
    data_dir: Path = Field(Path("data"), description="Data folder, relative to `root`.")
    mlruns_dir: Path = Field(Path("mlruns"), description="MLflow's SQLite file and artifacts.")
    mlflow_tracking_uri: str = Field("", description="Remote MLflow; empty: SQLite in mlruns_dir.")
    model_name: str = Field("jobmatch-ranker", description="Registered model that is served.")
    service_url: str = Field("http://127.0.0.1:3000", description="The BentoML service.")
    catalogue: Path | None = Field(None, description="Offers to serve; default: see `find`.")

    def under_root(self, path: Path) -> Path:
        """Returns ``path`` as an absolute path, read from the project root when relative."""
        return path if path.is_absolute() else (self.root / path).resolve()

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.under_root(self.data_dir)

    @property
    def bronze(self) -> Path:
        """Raw offers as received, one folder a source, partitioned by ingestion day."""
        return self.data / "bronze"

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file of this environment. One process may open it at a time."""
        return self.data / "warehouse" / f"{self.env}.duckdb"

    @property
    def catalogue_path(self) -> Path:
        """Gold offers of this environment, exported for rankers and the service."""
        return self.data / "catalogue" / f"{self.env}.parquet"

    @property
    def demo_catalogue_path(self) -> Path:
        """Gold offers of the demo world, used while no offers of one's own were ingested."""
        return self.data / "catalogue" / "demo.parquet"

    @property
    def serving_dir(self) -> Path:
        """Cached bundles and indexes of the service; may be deleted, is built again."""
        return self.data / "serving"

    @property
    def runs(self) -> Path:
        """Outputs of pipeline and notebook runs, one folder a stage and input hash."""
        return self.data / "runs"

    @property
    def tracking_uri(self) -> str:
        """MLflow's address: the remote one if set, else SQLite under ``mlruns/``."""
        if self.mlflow_tracking_uri:
            return self.mlflow_tracking_uri
        return f"sqlite:///{self.under_root(self.mlruns_dir) / 'mlflow.db'}"

    @property
    def artifact_root(self) -> Path:
        """Where a local MLflow keeps its artifacts."""
        return self.under_root(self.mlruns_dir) / "artifacts"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Returns the process's settings, read once. Tests call ``get_settings.cache_clear()``.

    Raises:
        ConfigError: A variable's value cannot be used; all such variables in one message.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = [
            f"{variable_name(str(item['loc'][0]))} is {item['input']!r}; "
            + item["msg"].replace("Input should be", "expected")
            for item in error.errors()
        ]
        field = str(error.errors()[0]["loc"][0])
        raise ConfigError(f"environment or .env: {summarise(problems)}", field=field) from error


def variable_name(field: str) -> str:
    """Returns the environment variable of a setting.

    Example:
        >>> variable_name("data_dir")
        'JOBMATCH_DATA_DIR'
    """
    return f"JOBMATCH_{field.upper()}"
