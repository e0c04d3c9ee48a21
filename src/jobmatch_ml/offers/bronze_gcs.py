"""Bronze in a bucket of Google Cloud Storage, under the same names as in a folder.

Two writers of a day do not overwrite each other: an upload names the generation that it was made
from, and the bucket refuses it when there is a newer one. An object appears whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import ConfigError, UpstreamError, missing_extra
from jobmatch_ml.offers.bronze import bronze_file

SCHEME = "gs://"


class GcsBronze:
    """One file a day, as objects of a bucket.

    Args:
        bucket: A bucket of the official client library.
        prefix: What the objects' names begin with; may be empty.
    """

    def __init__(self, bucket: Any, prefix: str) -> None:
        self._bucket = bucket
        self._prefix = prefix

    @classmethod
    def open(cls, uri: str) -> GcsBronze:
        """Opens ``gs://bucket/prefix`` as the identity that this machine has.

        Raises:
            ConfigError: No bucket is named, or the machine has no identity.
            MissingExtraError: The client library is not installed.
        """
        name, _, prefix = uri.removeprefix(SCHEME).partition("/")
        if not name:
            raise ConfigError(
                f"{uri!r} names no bucket: expected gs://bucket/prefix", field="bronze_uri"
            )
        try:
            from google.auth.exceptions import DefaultCredentialsError
            from google.cloud import storage
        except ImportError as error:
            raise missing_extra("google-cloud-storage", "gcp") from error
        client: Any = storage.Client
        try:
            return cls(client().bucket(name), prefix.strip("/"))
        except (DefaultCredentialsError, OSError) as error:
            # OSError: an identity without a project.
            raise ConfigError(
                f"{uri}: this machine has no identity for Google Cloud "
                f"({type(error).__name__}); `gcloud auth application-default login` gives it one, "
                "GOOGLE_CLOUD_PROJECT names the project.",
                field="bronze_uri",
            ) from None

    def address(self, day: date) -> str:
        """Returns the ``gs://`` address of a day's object."""
        return f"{SCHEME}{self._bucket.name}/{self._name(day)}"

    def exclusive(self, day: date) -> AbstractContextManager[None]:
        """Keeps nobody away: generations tell who was faster."""
        return nullcontext()

    def read(self, day: date, copy: Path) -> object | None:
        """Copies a day's object; returns its generation, ``None`` when there is none."""
        from google.api_core.exceptions import NotFound, PreconditionFailed

        with self._told(day):
            while (blob := self._bucket.get_blob(self._name(day))) is not None:
                try:
                    blob.download_to_filename(str(copy), if_generation_match=blob.generation)
                except (NotFound, PreconditionFailed):
                    continue  # replaced between the two calls: the newer one is wanted
                return int(blob.generation)
        return None

    def replace(self, day: date, contents: Path, *, version: object | None) -> bool:
        """Uploads a day's object unless somebody was faster; see ``BronzeStore``."""
        from google.api_core.exceptions import PreconditionFailed

        with self._told(day):
            try:
                self._bucket.blob(self._name(day)).upload_from_filename(
                    str(contents),
                    content_type="application/json",
                    if_generation_match=version or 0,  # 0: there is none yet
                )
            except PreconditionFailed:
                return False
        return True

    def _name(self, day: date) -> str:
        return bronze_file(Path(self._prefix), day).as_posix()

    @contextmanager
    def _told(self, day: date) -> Iterator[None]:
        """Makes one sentence of what the library raises; its own texts quote whole answers."""
        from google.api_core.exceptions import GoogleAPIError
        from google.auth.exceptions import GoogleAuthError
        from requests import RequestException

        try:
            yield
        except (GoogleAPIError, GoogleAuthError, RequestException) as error:
            status = getattr(error, "code", None)
            said = f"status {int(status)}" if status else type(error).__name__
            raise UpstreamError(
                f"{self.address(day)} cannot be read or written ({said}): expected an existing "
                "bucket, and the role roles/storage.objectUser for this machine's identity. What "
                "was fetched is kept; the same command goes on."
            ) from None
