"""Reading the catalogue: what comes back, which file is used, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError, MissingFileError, NotReadyError
from jobmatch_ml.offers import catalogue_hash, find_catalogue, read_catalogue
from jobmatch_ml.settings import Settings
from jobmatch_ml.types import Offer
from tests.offer_records import CANARY, full, ingest, offer, write_lines

DAY = date(2025, 3, 1)


def test_offers_come_back_as_they_were_in_order_of_their_ids(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", offer("2"), full("1"))
    ingest(tmp_path, source, ingestion_date=DAY)
    first, second = read_catalogue(tmp_path / "c.parquet")
    assert first == Offer(
        offer_id="1",
        title="Développeur / Développeuse web (H/F)",
        description="Vous développez en Python.\nTélétravail possible.",
        rome_code="M1805",
        rome_label="Études et développement informatique",
        company="Exemple SA",
        place="69 - LYON 03",
        postal_code="69003",
        latitude=45.75,
        longitude=4.85,
        contract_type="CDI",
        contract_label="Contrat à durée indéterminée",
        experience_required="E",
        experience_label="2 ans",
        salary_label="Annuel de 38000 Euros",
        working_time="35H Travail en journée",
        required_skills=("Concevoir une base de données", "Python"),
        wished_skills=("Anglais technique",),
        source_url="https://example.org/offre?a=1&b=2",
        created_at=datetime(2025, 2, 28, 11, 0, 58, 629000, tzinfo=UTC),
        ingestion_date=DAY,
    )
    assert second == Offer("2", "Vendeur 2", "", rome_code="D1106", ingestion_date=DAY)


def test_the_order_of_the_catalogue_is_not_the_order_of_loading(tmp_path: Path) -> None:
    ids = [f"{(n * 37) % 101:03d}" for n in range(101)]
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", *map(offer, ids)), chunk_size=10)
    assert [each.offer_id for each in read_catalogue(tmp_path / "c.parquet")] == sorted(ids)


def test_contact_data_is_in_no_byte_of_the_catalogue(tmp_path: Path) -> None:
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", full()))
    table = pq.read_table(tmp_path / "c.parquet")
    assert CANARY not in str(table.to_pylist())
    assert CANARY.encode() not in (tmp_path / "c.parquet").read_bytes()


@pytest.mark.parametrize(
    ("content", "error", "text"),
    [
        (None, MissingFileError, "there is no catalogue at"),
        (b"", FormatError, "cannot be read as Parquet"),
        (b"PAR1 nothing PAR1", FormatError, "cannot be read as Parquet"),
    ],
)
def test_missing_and_broken_files_are_refused(
    tmp_path: Path, content: bytes | None, error: type[Exception], text: str
) -> None:
    path = tmp_path / "c.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=text):
        read_catalogue(path)


def test_a_catalogue_cut_short_or_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", full()))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(FormatError, match="damaged"):
        read_catalogue(path)
    pq.write_table(pa.table({"offer_id": ["1"], "title": ["x"]}), path)
    with pytest.raises(FormatError, match="lacks the column"):
        read_catalogue(path)


def test_the_hash_changes_with_the_offers_only(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="there is no catalogue"):
        catalogue_hash(tmp_path / "c.parquet")
    source = write_lines(tmp_path / "a.jsonl", offer("1"))
    hashes = []
    for record in (offer("1"), offer("1"), offer("1", intitule="Autre")):
        write_lines(source, record)
        ingest(tmp_path, source, ingestion_date=DAY)
        hashes.append(catalogue_hash(tmp_path / "c.parquet"))
    assert hashes[0] == hashes[1] != hashes[2]


def test_the_catalogue_named_comes_first_then_ones_own_then_the_demo(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path, data_dir=Path("data"), env="dev")
    with pytest.raises(NotReadyError, match="make demo"):
        find_catalogue(settings)
    for path in (settings.demo_catalogue_path, settings.catalogue_path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        assert find_catalogue(settings) == path
    named = settings.model_copy(update={"catalogue": Path("mine.parquet")})
    with pytest.raises(MissingFileError, match=r"mine\.parquet"):
        find_catalogue(named)
    (tmp_path / "mine.parquet").touch()
    assert find_catalogue(named) == tmp_path / "mine.parquet"


def test_reading_brings_in_neither_duckdb_nor_ibis() -> None:
    code = (
        "import sys; from jobmatch_ml.offers import read_catalogue, offer_document; "
        "sys.exit(bool({'duckdb', 'ibis', 'pandas', 'jobmatch_ml.warehouse'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
