"""A large file on the disk: nothing is brought twice, nothing is lost, nothing half-done takes its place."""

import hashlib
import json
import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from essor.fetching import (
    AddressGone,
    AlreadyFetched,
    AnotherKind,
    BadAnswer,
    Client,
    CutShort,
    Downloaded,
    DownloadLimits,
    FetchError,
    NoRoom,
    RefusedAddress,
    ServerRefusal,
    Stalled,
    TooLarge,
    Wanted,
    WrongChecksum,
    download,
    receipt_of,
)
from tests.fetching.file_server import Publisher
from tests.fetching.web_server import Handler, WebServer

NOW = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)
SIGNATURE = b"PAR1"
BODY = SIGNATURE + bytes(range(256)) * 2_000 + SIGNATURE
QUICK = DownloadLimits(size_bytes=10_000_000, patience_s=0.5, bytes_least=1_000, room_bytes=0)


@pytest.fixture
def publisher(web: WebServer) -> Publisher:
    return Publisher(web, BODY)


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "sirene" / "stock.parquet"


def bring(
    publisher: Publisher,
    to: Path,
    *,
    limits: DownloadLimits = QUICK,
    sha256: str = "",
    check: Callable[[Path], object] = lambda path: None,
    on_progress: Callable[[int, int | None], object] = lambda done, total: None,
) -> Downloaded:
    return download(
        Wanted(publisher.address, to, SIGNATURE, sha256),
        client=Client(agent="Essor/test", trusted=publisher.web.trusted),
        now=NOW,
        check=check,
        on_progress=on_progress,
        limits=limits,
    )


def interrupted(publisher: Publisher, to: Path, after: int = 200_000) -> None:
    """Leave the start of the file, as a run whose connection was cut and cut again would."""
    publisher.cuts_after = after
    with pytest.raises(CutShort):
        bring(publisher, to, limits=DownloadLimits(room_bytes=0, tries=1))
    publisher.cuts_after = None


def part_of(to: Path) -> Path:
    return to.with_name("stock.parquet.part")


def test_the_file_comes_with_a_receipt_of_what_it_is(publisher: Publisher, to: Path) -> None:
    done = bring(publisher, to)

    assert to.read_bytes() == BODY
    assert (done.is_new, done.received) == (True, len(BODY))
    assert receipt_of(to) == done.receipt
    assert json.loads(to.with_name("stock.parquet.json").read_text()) == {
        "address": publisher.address,
        "etag": '"v1"',
        "last_modified": publisher.last_modified,
        "fetched_at": "2026-11-05T08:00:00+00:00",
        "size": len(BODY),
        "sha256": hashlib.sha256(BODY).hexdigest(),
    }
    assert not part_of(to).exists()


@pytest.mark.parametrize("missing", ["etag", "last_modified"])
def test_a_second_run_brings_nothing(publisher: Publisher, to: Path, missing: str) -> None:
    setattr(publisher, missing, "")
    first = bring(publisher, to)

    again = bring(publisher, to)

    assert again == Downloaded(first.receipt, is_new=False, received=0)
    assert to.read_bytes() == BODY


def test_a_new_edition_takes_the_place_of_the_one_before(publisher: Publisher, to: Path) -> None:
    bring(publisher, to)
    publisher.body, publisher.etag, publisher.last_modified = SIGNATURE + b"2", '"v2"', ""

    assert bring(publisher, to).is_new
    assert to.read_bytes() == publisher.body


def test_a_file_that_is_not_the_one_of_its_receipt_is_brought_again(
    publisher: Publisher, to: Path
) -> None:
    bring(publisher, to)
    to.write_bytes(b"damaged")

    assert receipt_of(to) is None
    bring(publisher, to)
    assert to.read_bytes() == BODY


def test_a_damaged_receipt_only_means_another_download(publisher: Publisher, to: Path) -> None:
    bring(publisher, to)
    to.with_name("stock.parquet.json").write_text("{")

    assert bring(publisher, to).received == len(BODY)


def test_a_run_goes_on_where_the_one_before_was_cut(publisher: Publisher, to: Path) -> None:
    interrupted(publisher, to)
    assert not to.exists()

    done = bring(publisher, to)

    assert publisher.asked[-1]["Range"] == "bytes=200000-"
    assert done.received == len(BODY) - 200_000
    assert done.receipt.sha256 == hashlib.sha256(BODY).hexdigest()
    assert to.read_bytes() == BODY


def test_a_connection_that_is_cut_is_opened_again(publisher: Publisher, to: Path) -> None:
    publisher.cuts_after = 100_000

    assert not bring(publisher, to).restarted
    assert to.read_bytes() == BODY
    assert len(publisher.asked) == 6


def test_a_server_may_give_less_than_was_asked(publisher: Publisher, to: Path) -> None:
    interrupted(publisher, to)
    publisher.most_per_answer = 150_000

    bring(publisher, to)

    assert to.read_bytes() == BODY


def test_a_server_that_never_sends_anything_more_is_left(publisher: Publisher, to: Path) -> None:
    interrupted(publisher, to)
    publisher.cuts_after = 0

    with pytest.raises(CutShort):
        bring(publisher, to)
    assert part_of(to).read_bytes() == BODY[:200_000]


@pytest.mark.parametrize("honours_if_range", [True, False])
def test_a_file_that_has_changed_meanwhile_is_brought_from_its_start(
    publisher: Publisher, to: Path, honours_if_range: bool
) -> None:
    interrupted(publisher, to)
    publisher.body, publisher.etag = SIGNATURE + bytes(300_000), '"v2"'
    publisher.honours_if_range = honours_if_range

    done = bring(publisher, to)

    assert to.read_bytes() == publisher.body
    assert done.restarted
    assert done.receipt.etag == '"v2"'


def test_a_file_that_has_become_shorter_is_brought_from_its_start(
    publisher: Publisher, to: Path
) -> None:
    interrupted(publisher, to)
    publisher.body, publisher.etag = SIGNATURE + b"short", '"v2"'
    publisher.honours_if_range = False

    assert bring(publisher, to).restarted
    assert to.read_bytes() == publisher.body


def test_a_server_without_ranges_sends_all_again(publisher: Publisher, to: Path) -> None:
    interrupted(publisher, to)
    publisher.gives_ranges = False

    done = bring(publisher, to)

    assert (done.restarted, done.received) == (True, len(BODY))
    assert to.read_bytes() == BODY


def test_a_start_that_cannot_be_told_from_another_file_is_not_completed(
    publisher: Publisher, to: Path
) -> None:
    publisher.etag, publisher.last_modified = 'W/"v1"', ""
    interrupted(publisher, to)

    bring(publisher, to)

    assert "Range" not in publisher.asked[-1]
    assert to.read_bytes() == BODY


def test_a_start_from_another_address_is_not_completed(
    publisher: Publisher, to: Path, web: WebServer
) -> None:
    interrupted(publisher, to)
    other = Publisher(web, SIGNATURE + b"other", path="/other.parquet")

    bring(other, to)

    assert to.read_bytes() == other.body


def test_a_whole_start_that_was_never_checked_is_not_brought_again(
    publisher: Publisher, to: Path
) -> None:
    interrupted(publisher, to)
    part_of(to).write_bytes(BODY)

    assert bring(publisher, to).received == 0
    assert to.read_bytes() == BODY


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
def test_a_refusal_leaves_what_is_there(publisher: Publisher, to: Path, status: int) -> None:
    bring(publisher, to)
    publisher.status, publisher.headers = status, {"Retry-After": "90"}

    with pytest.raises(ServerRefusal) as refusal:
        bring(publisher, to)

    assert refusal.value.retry_after_s == 90 or isinstance(refusal.value, AddressGone)
    assert to.read_bytes() == BODY


def test_a_refusal_leaves_the_start_of_a_file(publisher: Publisher, to: Path) -> None:
    interrupted(publisher, to)
    publisher.status = 503

    with pytest.raises(ServerRefusal):
        bring(publisher, to)
    publisher.status = 0

    assert bring(publisher, to).received == len(BODY) - 200_000


@pytest.mark.parametrize("body", [b"<!doctype html><title>Maintenance</title>", b"", b"PA"])
def test_a_page_in_place_of_the_file_is_refused_and_nothing_is_lost(
    publisher: Publisher, to: Path, body: bytes
) -> None:
    bring(publisher, to)
    publisher.etag, publisher.last_modified = '"v2"', ""
    interrupted(publisher, to)
    sound, publisher.body, publisher.gives_ranges = publisher.body, body, False

    with pytest.raises(AnotherKind):
        bring(publisher, to)

    assert to.read_bytes() == sound
    assert part_of(to).read_bytes() == sound[:200_000]


def test_a_page_that_redirects_to_an_inner_machine_is_refused(web: WebServer, to: Path) -> None:
    address = web.answer("/stock.parquet", status=302, location="http://10.0.0.1/stock.parquet")

    with pytest.raises(RefusedAddress):
        download(
            Wanted(address, to),
            client=Client(agent="Essor/test", trusted=web.trusted),
            now=NOW,
            check=lambda path: None,
            on_progress=lambda done, total: None,
        )


def test_the_given_checksum_is_verified(publisher: Publisher, to: Path) -> None:
    right = hashlib.sha256(BODY).hexdigest()

    assert bring(publisher, to, sha256=right).receipt.sha256 == right


def test_a_wrong_checksum_throws_the_new_file_away_and_keeps_the_old_one(
    publisher: Publisher, to: Path
) -> None:
    bring(publisher, to)
    publisher.body, publisher.etag, publisher.last_modified = SIGNATURE + b"bad", '"v2"', ""

    with pytest.raises(WrongChecksum):
        bring(publisher, to, sha256="0" * 64)

    assert to.read_bytes() == BODY
    assert not part_of(to).exists()


def test_a_file_that_is_found_bad_keeps_the_old_one(publisher: Publisher, to: Path) -> None:
    bring(publisher, to)
    publisher.body, publisher.etag, publisher.last_modified = SIGNATURE + b"bad", '"v2"', ""

    def refuse(path: Path) -> None:
        assert path.read_bytes() == publisher.body
        raise ValueError("no good")

    with pytest.raises(ValueError, match="no good"):
        bring(publisher, to, check=refuse)

    assert to.read_bytes() == BODY
    assert not part_of(to).exists()


def test_a_full_disk_is_told_before_anything_comes(
    publisher: Publisher, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(publisher, to)
    publisher.etag, publisher.last_modified = '"v2"', ""
    usage = shutil.disk_usage(to.parent)._replace(free=len(BODY) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    with pytest.raises(NoRoom):
        bring(publisher, to)
    assert not part_of(to).exists()


def test_only_the_rest_of_a_file_needs_room(
    publisher: Publisher, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(publisher, to)
    usage = shutil.disk_usage(to.parent)._replace(free=len(BODY) - 200_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    assert bring(publisher, to).is_new


def test_a_file_larger_than_the_limit_is_not_brought(publisher: Publisher, to: Path) -> None:
    with pytest.raises(TooLarge):
        bring(publisher, to, limits=DownloadLimits(size_bytes=100_000, room_bytes=0))
    assert not part_of(to).exists()


def test_a_file_of_unknown_size_is_stopped_at_the_limit(web: WebServer, to: Path) -> None:
    def flood(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\nPAR1")
        while True:
            handler.wfile.write(b"x" * 10_000)

    publisher = Publisher(web, b"")
    publisher.answer = flood

    with pytest.raises(TooLarge):
        bring(publisher, to, limits=DownloadLimits(size_bytes=100_000, room_bytes=0))


def test_a_server_that_drips_is_left_and_what_came_is_kept(web: WebServer, to: Path) -> None:
    def drip(handler: Handler) -> None:
        handler.wfile.write(b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: 9000\r\n\r\nPAR1')
        while not web.released.wait(0.05):
            handler.wfile.write(b"x")

    publisher = Publisher(web, b"")
    publisher.answer = drip
    start = time.monotonic()

    with pytest.raises(Stalled):
        bring(publisher, to, limits=DownloadLimits(patience_s=0.5, room_bytes=0, tries=1))

    assert time.monotonic() - start < 5
    assert part_of(to).read_bytes().startswith(b"PAR1x")


def test_a_slow_file_may_take_longer_than_the_patience(web: WebServer, to: Path) -> None:
    def slowly(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n")
        for piece in (b"PAR1".ljust(4_000, b"x"), *[b"x" * 4_000] * 4):
            handler.wfile.write(piece)
            time.sleep(0.2)

    publisher = Publisher(web, b"")
    publisher.answer = slowly

    assert bring(publisher, to).received == 20_000


def test_a_compressed_answer_that_was_not_asked_for_is_refused(
    publisher: Publisher, to: Path
) -> None:
    publisher.headers = {"Content-Encoding": "gzip"}

    with pytest.raises(BadAnswer):
        bring(publisher, to)


def test_two_commands_do_not_write_the_same_file(web: WebServer, to: Path) -> None:
    publisher = Publisher(web, BODY)
    is_asked, may_answer = threading.Event(), threading.Event()
    plain = publisher.answer

    def wait(handler: Handler) -> None:
        is_asked.set()
        may_answer.wait(5)
        plain(handler)

    publisher.answer = wait
    unhurried = DownloadLimits(patience_s=10, room_bytes=0)
    first = threading.Thread(target=bring, args=(publisher, to), kwargs={"limits": unhurried})
    first.start()
    is_asked.wait(5)

    with pytest.raises(AlreadyFetched):
        bring(publisher, to)

    may_answer.set()
    first.join()
    assert to.read_bytes() == BODY


def test_progress_is_told_in_bytes_of_the_whole_file(publisher: Publisher, to: Path) -> None:
    interrupted(publisher, to)
    told: list[tuple[int, int | None]] = []

    bring(publisher, to, on_progress=lambda done, total: told.append((done, total)))

    assert told[0][0] > 200_000
    assert told[-1] == (len(BODY), len(BODY))


def test_every_failure_of_a_download_has_words(publisher: Publisher, to: Path) -> None:
    publisher.cuts_after = 1_000

    with pytest.raises(FetchError) as failure:
        bring(publisher, to, limits=DownloadLimits(room_bytes=0, tries=1))

    assert failure.value.what
    assert failure.value.advice
