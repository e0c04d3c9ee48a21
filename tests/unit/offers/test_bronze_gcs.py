"""Bronze in a bucket, by the official client against a local server of its JSON API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import ConfigError, UpstreamError
from jobmatch_ml.offers.bronze_gcs import GcsBronze
from jobmatch_ml.offers.bronze_store import BronzeStore, MergeReport, merge_into_bronze, open_bronze
from tests.gcs_server import BUCKET, Server, running_gcs
from tests.offer_records import offer, write_lines

DAY = date(2026, 11, 22)
NAME = "raw/france_travail/offers/ingestion_date=2026-11-22/offer_2026-11-22.json"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with running_gcs() as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{server.server_port}")
        yield server


@pytest.fixture
def store(bucket: Server) -> BronzeStore:
    return open_bronze(f"gs://{BUCKET}/raw/")


def merge(store: BronzeStore, folder: Path, *records: Any) -> MergeReport:
    part = write_lines(folder / "part.jsonl", *records)
    return merge_into_bronze([part], store, DAY, scratch_dir=folder)


def held(bucket: Server) -> Any:
    return json.loads(bucket.objects[NAME][1])["resultats"]


def test_a_day_is_one_object_under_the_folder_s_names(
    store: BronzeStore, bucket: Server, tmp_path: Path
) -> None:
    assert merge(store, tmp_path, offer("2"), offer("1")).added == 2
    assert held(bucket) == [offer("1"), offer("2")]
    assert store.address(DAY) == f"gs://{BUCKET}/{NAME}"


def test_offers_join_the_object_and_the_same_again_is_not_uploaded(
    store: BronzeStore, bucket: Server, tmp_path: Path
) -> None:
    merge(store, tmp_path, offer("1"), offer("2"))
    assert merge(store, tmp_path, offer("2")) == MergeReport(1, 0, 0, 2)
    assert bucket.objects[NAME][0] == 1
    assert merge(store, tmp_path, offer("3")).held == 3
    assert bucket.objects[NAME][0] == 2


def test_a_large_day_is_uploaded_in_a_session(
    store: BronzeStore, bucket: Server, tmp_path: Path
) -> None:
    large = [offer(str(number), description="x" * 1_000_000) for number in range(9)]
    merge(store, tmp_path, *large)
    assert len(bucket.uploads) == 1
    assert held(bucket) == large


def test_a_writer_who_was_overtaken_reads_again_and_nobody_s_offers_are_lost(
    store: BronzeStore, bucket: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge(store, tmp_path, offer("1"))
    replace = GcsBronze.replace

    def overtaken(self: GcsBronze, *args: Any, **kwargs: Any) -> bool:
        if "faster" not in str(bucket.objects[NAME]):
            text = json.dumps({"resultats": [offer("1"), offer("faster")]}).encode()
            bucket.objects[NAME] = (bucket.objects[NAME][0] + 1, text)
        return replace(self, *args, **kwargs)

    monkeypatch.setattr(GcsBronze, "replace", overtaken)
    assert merge(store, tmp_path, offer("2")).held == 3
    assert [each["id"] for each in held(bucket)] == ["1", "2", "faster"]


def test_a_refusal_is_one_sentence_without_the_answer(
    store: BronzeStore, bucket: Server, tmp_path: Path
) -> None:
    bucket.status = 403
    with pytest.raises(UpstreamError, match=r"gs://offres/raw/.*\(status 403\).*storage.objectU"):
        merge(store, tmp_path, offer("1"))
    bucket.status = 0
    with pytest.raises(UpstreamError, match=r"gs://other/.*\(status 404\)") as caught:
        merge(open_bronze("gs://other"), tmp_path, offer("1"))
    assert "No such" not in str(caught.value)


def test_a_bucket_needs_a_name_and_an_identity(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="names no bucket"):
        open_bronze("gs:///prefix")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    with pytest.raises(ConfigError, match="gcloud auth application-default login"):
        open_bronze("gs://bucket")
