"""Where things are: environment, folders, endpoints, secrets. Nothing about experiments.

Experiments are configured in YAML (:mod:`jobmatch_ml.config`). Settings come from ``JOBMATCH_…``
environment variables or a ``.env`` file at the project's root, so that the same code runs locally,
in dev, staging and prod.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from jobmatch_ml.errors import ConfigError, summarise

LlmVision = Literal["off", "masked", "unmasked"]
"""Whether pictures of pages may be sent to a model, and what of them."""


def _either(name: str) -> AliasChoices:
    return AliasChoices(f"JOBMATCH_{name}", name)


class Settings(BaseSettings):
    """Everything that differs between machines, as ``JOBMATCH_<FIELD>`` environment variables."""

    model_config = SettingsConfigDict(
        env_prefix="JOBMATCH_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
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
    encoder_backend: str = Field(
        "auto",
        description="What computes embeddings: `auto` takes the backend that was measured as the "
        "fastest faithful one, else torch; `fastest` measures first where none was; or a name.",
    )

    bronze_uri: str = Field(
        "", description="Where fetched offers go: `gs://bucket/prefix`; empty: `data/bronze`."
    )

    # What reaches the offers of France Travail (docs/france_travail.md). The secret is either here
    # or in Google Secret Manager, whose entry holds {"client_id": …, "client_secret": …}.
    france_travail_client_id: SecretStr = Field(SecretStr(""))
    france_travail_client_secret: SecretStr = Field(SecretStr(""))
    france_travail_secret_name: str = Field(
        "",
        description="`projects/P/secrets/S/versions/latest`, where the two are empty.",
    )
    france_travail_token_url: str = Field(
        "https://entreprise.francetravail.fr/connexion/oauth2/access_token?realm=%2Fpartenaire"
    )
    france_travail_api_url: str = Field(
        "https://api.francetravail.io/partenaire/offresdemploi/v2",
        description="Base URL; the search is its `/offres/search`.",
    )
    france_travail_interval_s: float = Field(
        0.11,
        ge=0,
        le=60,
        description="Least seconds between two calls; the API takes ten a second.",
    )
    france_travail_timeout_s: float = Field(
        30.0, gt=0, le=600, description="Seconds to connect, and of silence within an answer."
    )
    france_travail_retries: int = Field(
        5, ge=0, le=20, description="Tries after the first that failed, of each call."
    )
    france_travail_backoff_s: float = Field(
        1.0, ge=0, le=60, description="First wait before a retry; it doubles, with jitter, to 60 s."
    )

    # The warehouse at scale (docs/bigquery.md). Empty dataset names are made from `env`.
    warehouse: Literal["duckdb", "bigquery"] = Field(
        "duckdb", description="Where `jobmatch warehouse` works; ingestion always fills DuckDB."
    )
    bigquery_project: str = Field("", description="Google Cloud project that is billed.")
    bigquery_location: str = Field("EU", description="Where datasets are created (`europe-west9`).")
    bigquery_silver_dataset: str = Field("", description="Default: `jobmatch_<env>_silver`.")
    bigquery_gold_dataset: str = Field("", description="Default: `jobmatch_<env>_gold`.")
    bigquery_endpoint: str = Field("", description="Another server, an emulator: `http://…`.")
    bigquery_max_gb_billed: float = Field(
        200.0, gt=0, description="A query that would read more is refused, and costs nothing."
    )
    bigquery_timeout_s: float = Field(
        900.0, gt=0, le=21_600, description="Longest wait for one job, retries included."
    )

    # The first five also answer to the names that other parts of the product use.
    llm_type: Literal["rules", "openai_compatible", "ollama_native"] = Field(
        "rules",
        validation_alias=_either("LLM_TYPE"),
        description="What words the assistant's texts and reads CVs; `rules` needs nothing.",
    )
    llm_endpoint: str = Field(
        "",
        validation_alias=_either("LLM_ENDPOINT"),
        description="Base URL of an OpenAI-compatible server (Ollama: ending in `/v1`).",
    )
    llm_api_key: SecretStr = Field(SecretStr(""), validation_alias=_either("LLM_API_KEY"))
    llm_model: str = Field("", validation_alias=_either("LLM_MODEL"))
    llm_max_tokens: int = Field(4096, ge=64, le=32_768, validation_alias=_either("LLM_MAX_TOKENS"))
    llm_vision: LlmVision = Field(
        "off",
        validation_alias=_either("LLM_VISION"),
        description="Whether the model reads pictures, of scanned CVs: `masked` shows it the lines "
        "that Tesseract recognised and that identify nobody; `unmasked` shows whole pages.",
    )
    llm_user_hosts: str = Field(
        "", description="Hosts, by commas, that a request may name as its own LLM; public ones."
    )
    llm_private_hosts: str = Field(
        "", description="The same for hosts that may have private addresses."
    )
    llm_connect_s: float = Field(5.0, gt=0, le=60, description="Seconds to connect.")
    llm_first_token_s: float = Field(120.0, gt=0, le=900, description="Seconds to a first token.")
    llm_idle_s: float = Field(60.0, gt=0, le=900, description="Longest silence after it, seconds.")
    llm_total_s: float = Field(240.0, gt=0, le=3600, description="Seconds for a whole answer.")
    llm_retries: int = Field(2, ge=0, le=2, description="Retries before the first token.")
    assistant_tasks: int = Field(128, ge=1, description="Assistant tasks at work or waiting.")
    assistant_threads: int = Field(32, ge=1, le=256, description="LLM calls at once.")
    assistant_results: int = Field(2_000, ge=1, description="Task results that are remembered.")
    assistant_result_ttl_s: float = Field(3_600.0, gt=0, description="Seconds they are kept.")

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
    def encoder_exports(self) -> Path:
        """Encoders in other libraries' formats, with what was measured; are made again."""
        return self.serving_dir / "encoders"

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
        field = str(error.errors()[0]["loc"][0]).removeprefix("JOBMATCH_").lower()
        raise ConfigError(f"environment or .env: {summarise(problems)}", field=field) from error


def variable_name(field: str) -> str:
    """Returns the environment variable of a setting.

    Example:
        >>> variable_name("data_dir")
        'JOBMATCH_DATA_DIR'
    """
    return f"JOBMATCH_{field.upper().removeprefix('JOBMATCH_')}"
