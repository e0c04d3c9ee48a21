"""Loading: what is missing is told by component, and a change of champion or catalogue is seen."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import JobMatchError, NotReadyError
from jobmatch_ml.serving.state import load_state, probe_source
from jobmatch_ml.settings import get_settings
from tests.catalogue_file import write_catalogue
from tests.toy_bundle import OFFERS


def test_without_offers_the_catalogue_is_what_is_missing() -> None:
    told: dict[str, str] = {}
    with pytest.raises(NotReadyError, match="jobmatch offers ingest"):
        load_state(get_settings(), report=told.__setitem__)
    assert "jobmatch offers ingest" in told["catalogue"]


def test_an_empty_catalogue_is_not_ready() -> None:
    settings = get_settings()
    table_of_one = write_catalogue(OFFERS[:1], settings.catalogue_path)
    import pyarrow.parquet as pq

    pq.write_table(pq.read_table(table_of_one).slice(0, 0), table_of_one)
    with pytest.raises(NotReadyError, match="no offer"):
        load_state(settings)


def test_a_missing_bundle_folder_is_told_after_the_catalogue_was_read() -> None:
    settings = get_settings()
    write_catalogue(OFFERS, settings.catalogue_path)
    told: dict[str, str] = {}
    with pytest.raises(JobMatchError, match="nowhere"):
        load_state(settings, model="nowhere", report=told.__setitem__)
    assert told["catalogue"] == "ready"
    assert "nowhere" in told["model"]
    assert "index" not in told


def test_a_new_champion_or_catalogue_changes_the_source() -> None:
    settings = get_settings()
    nothing = probe_source(settings)
    assert probe_source(settings) == nothing
    write_catalogue(OFFERS, settings.catalogue_path)
    offers = probe_source(settings)
    assert offers != nothing
    settings.serving_dir.mkdir(parents=True)
    (settings.serving_dir / "champion.json").write_text("{}")
    assert probe_source(settings) != offers
