"""The official files on the disk, by the command, from a publisher on this machine."""

import hashlib
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from bench._stock import ESTABLISHMENTS, LEGAL_UNITS, Place, write_stock
from essor.fetching import receipt_of
from tests.fetching.file_server import Publisher
from tests.fetching.web_server import WebServer, running_web_server

UNITS_NAME = "StockUniteLegale_utf8.parquet"
ESTABLISHMENTS_NAME = "StockEtablissement_utf8.parquet"
LILLE = (Place("59350", "LILLE", "59000", 1, 704_061.0, 7_059_136.0),)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock")
    write_stock(folder, units=200, establishments=300, places=LILLE)
    return folder


@pytest.fixture
def web(settings: Any) -> Iterator[WebServer]:
    with running_web_server() as server:
        settings.TRUSTED_SERVERS = list(server.trusted)
        yield server


@pytest.fixture
def units(web: WebServer, stock: Path) -> Publisher:
    return _published(web, UNITS_NAME, (stock / LEGAL_UNITS).read_bytes())


@pytest.fixture
def establishments(web: WebServer, stock: Path) -> Publisher:
    return _published(web, ESTABLISHMENTS_NAME, (stock / ESTABLISHMENTS).read_bytes())


def _published(web: WebServer, name: str, body: bytes) -> Publisher:
    publisher = Publisher(web, body, path=f"/stock/{name}")
    assert publisher.address.endswith(name)
    return publisher


def fetch(web: WebServer, to: Path, **options: Any) -> str:
    told = StringIO()
    call_command("fetch_sirene", to=to, base=web.url("/stock/"), stdout=told, **options)
    return told.getvalue()


def fetch_units(web: WebServer, to: Path, **options: Any) -> str:
    return fetch(web, to, only="legal-units", **options)


def test_both_files_come_with_their_receipts(
    web: WebServer, units: Publisher, establishments: Publisher, tmp_path: Path
) -> None:
    told = fetch(web, tmp_path)

    for publisher, name in ((units, UNITS_NAME), (establishments, ESTABLISHMENTS_NAME)):
        path = tmp_path / name
        assert path.read_bytes() == publisher.body
        assert receipt_of(path).sha256 == hashlib.sha256(publisher.body).hexdigest()
        assert receipt_of(path).address == publisher.address
        assert name in told


def test_a_second_run_brings_nothing(
    web: WebServer, units: Publisher, establishments: Publisher, tmp_path: Path
) -> None:
    fetch(web, tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.parquet")}

    fetch(web, tmp_path)

    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.parquet")} == before
    assert not list(tmp_path.glob("*.lock"))
    assert len(web.requests) == 4


def test_one_file_may_be_asked_for_alone(
    web: WebServer, establishments: Publisher, tmp_path: Path
) -> None:
    fetch(web, tmp_path, only="establishments")

    assert [path.name for path in tmp_path.glob("*.parquet")] == [ESTABLISHMENTS_NAME]


def test_a_download_that_stopped_goes_on(web: WebServer, units: Publisher, tmp_path: Path) -> None:
    units.cuts_after = 0
    with pytest.raises(CommandError):
        fetch_units(web, tmp_path)
    units.cuts_after = 9_000

    fetch_units(web, tmp_path)

    assert any(asked.get("Range") == "bytes=9000-" for asked in units.asked)
    assert (tmp_path / UNITS_NAME).read_bytes() == units.body


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (404, {}, "404"),
        (429, {"Retry-After": "90"}, "2 minutes"),
        (503, {}, "503"),
    ],
)
def test_a_refusal_is_told_and_the_file_of_before_stays(
    web: WebServer,
    units: Publisher,
    tmp_path: Path,
    status: int,
    headers: dict[str, str],
    words: str,
) -> None:
    fetch_units(web, tmp_path)
    units.status, units.headers = status, headers

    with pytest.raises(CommandError, match=words):
        fetch_units(web, tmp_path)

    assert (tmp_path / UNITS_NAME).read_bytes() == units.body


@pytest.mark.parametrize("fault", ["page", "cut", "other columns", "damaged"])
def test_what_is_no_official_file_does_not_take_its_place(
    web: WebServer, units: Publisher, tmp_path: Path, fault: str
) -> None:
    fetch_units(web, tmp_path)
    sound = units.body
    units.body, units.etag, units.last_modified = _faulty(sound, fault, tmp_path), '"v2"', ""

    with pytest.raises(CommandError):
        fetch_units(web, tmp_path)

    assert (tmp_path / UNITS_NAME).read_bytes() == sound
    assert json.loads((tmp_path / f"{UNITS_NAME}.json").read_text())["etag"] == '"v1"'
    assert not list(tmp_path.glob("*.part"))


def _faulty(sound: bytes, fault: str, folder: Path) -> bytes:
    if fault == "page":
        return b"<!doctype html><title>Maintenance</title>"
    if fault == "cut":
        return sound[:-2_000]
    if fault == "damaged":
        return sound[:-3_000] + bytes(2_992) + sound[-8:]
    other = folder / "other-columns"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS siren) TO '{other}' (FORMAT parquet)")
    return other.read_bytes()


def test_a_missing_column_is_named(web: WebServer, units: Publisher, tmp_path: Path) -> None:
    units.body = _faulty(units.body, "other columns", tmp_path)

    with pytest.raises(CommandError, match="categorieJuridiqueUniteLegale"):
        fetch_units(web, tmp_path)


def test_a_checksum_that_is_given_is_verified(
    web: WebServer, units: Publisher, tmp_path: Path
) -> None:
    right = hashlib.sha256(units.body).hexdigest()

    with pytest.raises(CommandError, match=right):
        fetch_units(web, tmp_path, sha256="0" * 64)
    fetch_units(web, tmp_path, sha256=right)

    assert (tmp_path / UNITS_NAME).exists()


def test_a_checksum_needs_to_know_of_which_file(web: WebServer, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--only"):
        fetch(web, tmp_path, sha256="0" * 64)


def test_a_private_address_is_refused(settings: Any, web: WebServer, tmp_path: Path) -> None:
    settings.TRUSTED_SERVERS = []

    with pytest.raises(CommandError):
        fetch(web, tmp_path)
    assert web.requests == []


def test_a_folder_that_cannot_be_written_is_told(
    web: WebServer, units: Publisher, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="--to"):
        fetch_units(web, tmp_path / "file")
