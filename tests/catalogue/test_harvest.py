"""Harvesting a server that behaves, and one that does not, in each of the ways that real ones do not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from essor.catalogue.importers import oai
from essor.catalogue.models import Harvest, HarvestedRecord, ImportRun, Record
from essor.catalogue.services import harvesting, harvests
from essor.catalogue.services.imports import RunBusy, ask_to_stop
from essor.catalogue.tasks import withdraw_missing_task
from essor.fetching import Client, Limits
from tests.catalogue import oai_pages
from tests.catalogue.builders import SourceFactory
from tests.catalogue.held_sources import held_elsewhere
from tests.catalogue.oai_server import OaiServer, running_oai_server

pytestmark = pytest.mark.django_db

State = ImportRun.State


@pytest.fixture
def server() -> Iterator[OaiServer]:
    with running_oai_server() as running:
        yield running


@pytest.fixture
def held(server: OaiServer) -> Harvest:
    return harvests.set_up(SourceFactory(), address=server.address, metadata_prefix="marcxml")


@pytest.fixture
def waits() -> list[float]:
    """How long the harvests of the test waited, in seconds."""
    return []


@pytest.fixture
def harvest(server, held, waits):
    """Harvest the server once more, and give the run."""

    def once(**options):
        client = Client(agent="test", trusted=server.web.trusted, limits=Limits(2.0, 1_000_000, 2))
        return harvests.harvest(held, client=client, wait=waits.append, **options)

    return once


def titles():
    return dict(Record.objects.order_by("pk").values_list("control_number", "title"))


def current():
    rows = Record.objects.filter(withdrawn_at=None).order_by("control_number")
    return list(rows.values_list("control_number", flat=True))


def counts(run):
    return run.new, run.changed, run.unchanged, run.withdrawn


# A server that behaves


def test_all_the_pages_of_a_server_come_in(server, harvest):
    for number in "12345":
        server.has(number, f"Titre {number}")

    run = harvest()

    assert (run.state, run.message) == (State.FINISHED, "")
    assert titles() == {number: f"Titre {number}" for number in "12345"}
    assert counts(run) == (5, 0, 0, 0)
    assert server.lists()[0] == {"verb": "ListRecords", "metadataPrefix": "marcxml"}


def test_the_next_harvest_asks_for_what_has_changed_only(server, harvest, held):
    server.has("1", stamp="2026-01-01T00:00:00Z")
    server.has("2", stamp="2026-01-02T00:00:00Z")
    harvest()
    server.has("2", "Nana", stamp="2026-03-02T00:00:00Z")

    run = harvest()

    assert server.lists()[-1]["from"] == "2026-03-01T03:55:00Z"
    assert counts(run) == (0, 1, 0, 0)
    assert titles()["2"] == "Nana"


def test_dates_are_written_in_the_granularity_of_the_server(server, harvest):
    server.identity = {"granularity": "YYYY-MM-DD"}
    server.has("1")
    harvest()

    harvest()

    assert server.lists()[-1]["from"] == "2026-03-01"


def test_harvesting_twice_changes_nothing(server, harvest):
    server.has("1")
    harvest()

    run = harvest(is_full=True)

    assert counts(run) == (0, 0, 1, 0)


def test_a_server_without_any_record_is_no_failure(harvest):
    assert (harvest().state, titles()) == (State.FINISHED, {})


def test_a_set_is_asked_for(server, harvest, held):
    harvests.set_up(
        held.source, address=server.address, metadata_prefix="marcxml", set_spec="jeunesse"
    )
    harvest()

    assert server.lists()[0]["set"] == "jeunesse"


def test_a_deleted_record_is_withdrawn_and_may_come_back(server, harvest):
    server.has("1")
    server.has("2")
    harvest()

    server.deletes("2", stamp="2026-03-02T00:00:00Z")
    assert harvest().withdrawn == 1
    assert (current(), len(titles())) == (["1"], 2)

    server.has("2", stamp="2026-03-03T00:00:00Z")
    harvest()
    assert current() == ["1", "2"]


def test_a_deletion_is_understood_by_the_name_of_the_server_not_the_number(server, harvest):
    named = oai_pages.record("PPN7", identifier="oai:koha:12")
    gone = oai_pages.deleted("x").replace("oai:x:x", "oai:koha:12")
    server.instead = lambda asked: oai_pages.page(named) if asked["verb"] != "Identify" else None
    harvest()
    server.instead = lambda asked: oai_pages.page(gone) if asked["verb"] != "Identify" else None

    assert harvest().withdrawn == 1


def only(server, *records):
    """Let the server list these records, and no other."""
    server.instead = lambda asked: oai_pages.page(*records) if asked["verb"] != "Identify" else None


def test_a_record_that_another_name_still_gives_is_not_withdrawn(server, harvest):
    only(server, oai_pages.record("7", identifier="oai:x:old"))
    harvest()
    only(server, oai_pages.record("7", identifier="oai:x:new"), oai_pages.deleted("old"))

    assert (harvest().withdrawn, current()) == (0, ["7"])

    only(server, oai_pages.deleted("new"))
    assert (harvest().withdrawn, current()) == (1, [])


def test_a_record_whose_number_changed_leaves_no_ghost(server, harvest):
    only(server, oai_pages.record("7", identifier="oai:x:a"))
    harvest()
    only(server, oai_pages.record("8", identifier="oai:x:a"))

    assert (harvest().withdrawn, current()) == (1, ["8"])

    only(server, oai_pages.deleted("a"))
    assert (harvest().withdrawn, current()) == (1, [])


def test_names_that_another_address_gave_keep_no_record(server, harvest, held):
    only(server, oai_pages.record("7", identifier="oai:x:old"))
    harvest()
    address = server.web.url("/other")
    held.refresh_from_db()
    moved = harvests.set_up(held.source, address=address, metadata_prefix="marcxml")
    held.address = moved.address
    only(server, oai_pages.record("7", identifier="oai:x:new"))
    harvest()
    only(server, oai_pages.deleted("new"))

    assert (harvest().withdrawn, current()) == (1, [])


def test_a_record_deleted_before_we_knew_it_is_nothing(server, harvest):
    server.deletes("1")

    assert counts(harvest()) == (0, 0, 0, 0)


def test_withdrawing_moves_the_date_that_our_own_harvesters_go_by(server, harvest):
    server.has("1")
    harvest()
    before = Record.objects.get().changed_at
    server.deletes("1", stamp="2026-03-02T00:00:00Z")
    harvest()

    record = Record.objects.get()
    assert record.changed_at == record.withdrawn_at > before


def test_a_source_without_a_profile_takes_the_one_that_fits_its_first_page(server, harvest, held):
    item = (
        '<datafield tag="995" ind1=" " ind2=" "><subfield code="b">LILLE</subfield>'
        '<subfield code="c">LILLE</subfield><subfield code="f">B1</subfield>'
        '<subfield code="k">R ZOL</subfield><subfield code="r">LIV</subfield></datafield>'
    )
    content = oai_pages.record("1", metadata=oai_pages.marcxml("1", more=item))
    server.instead = lambda asked: oai_pages.page(content) if asked["verb"] != "Identify" else None

    run = harvest()

    held.source.refresh_from_db()
    assert run.profile.code == held.source.profile.code == "koha-france"
    assert run.items_new == 1


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (oai_pages.PMB, ("7", "Titre")),
        (oai_pages.DUBLIN_CORE, ("oai:x:1", "Titre")),
    ],
    ids=["PMB", "Dublin Core"],
)
def test_the_other_formats_come_in_too(server, harvest, metadata, expected):
    content = oai_pages.record("1", metadata=metadata)
    server.instead = lambda asked: oai_pages.page(content) if asked["verb"] != "Identify" else None

    harvest()

    assert titles() == dict([expected])


# A server that does not tell what it deletes


def test_a_whole_harvest_withdraws_what_is_gone_where_deletions_are_not_told(server, harvest, held):
    server.identity = {"deletions": "no"}
    for number in "123":
        server.has(number)
    harvest()
    server.kept.pop(0)

    assert harvest().withdrawn == 0  # by date: nothing is said of the first record
    Harvest.objects.update(read_whole_at=datetime(2020, 1, 1, tzinfo=UTC))
    run = harvest()

    assert (run.is_full, run.withdrawn, current()) == (True, 1, ["2", "3"])


def test_a_list_that_lost_most_of_the_catalogue_withdraws_nothing(server, harvest):
    for number in range(40):
        server.has(str(number))
    server.page_size = 50
    harvest()
    server.kept = server.kept[:5]

    run = harvest(is_full=True)

    assert (run.withdrawn, len(current())) == (0, 40)
    assert "35" in run.message


def test_what_looks_wrong_can_be_confirmed(server, harvest):
    for number in range(40):
        server.has(str(number))
    server.page_size = 50
    harvest()
    server.kept = server.kept[:5]

    assert harvest(is_full=True, confirms_withdrawals=True).withdrawn == 35


# A server that changes or drops a name, and says nothing of it


def test_a_name_that_a_server_changed_in_silence_keeps_no_record(server, harvest):
    other = oai_pages.record("1")
    only(server, other, oai_pages.record("7", identifier="oai:x:old"))
    harvest()
    only(server, other, oai_pages.record("7", identifier="oai:x:new"))
    assert (harvest(is_full=True).withdrawn, current()) == (0, ["1", "7"])

    only(server, oai_pages.deleted("new"))
    assert (harvest().withdrawn, current()) == (1, ["1"])


def test_a_name_that_a_server_dropped_in_silence_has_its_record_withdrawn_and_is_forgotten(
    server, harvest
):
    other = oai_pages.record("1")
    only(server, other, oai_pages.record("7", identifier="oai:x:old"))
    harvest()
    only(server, other)
    assert harvest().withdrawn == 0  # by date: nothing is said of it
    assert (harvest(is_full=True).withdrawn, current()) == (1, ["1"])
    assert Record.objects.filter(control_number="7").exists()

    only(server, oai_pages.record("7", identifier="oai:x:new"))
    harvest()
    only(server, oai_pages.deleted("new"))
    assert (harvest().withdrawn, current()) == (1, ["1"])


def a_server_that_lost_most(server, harvest):
    """A whole harvest of forty records, then one that gives five of them."""
    server.page_size = 50
    for number in range(40):
        server.has(str(number))
    harvest()
    server.kept = server.kept[:5]
    return harvest(is_full=True)


def test_names_dropped_in_a_mass_withdraw_nothing_and_may_still_be_deleted(server, harvest):
    run = a_server_that_lost_most(server, harvest)
    assert (run.withdrawn, len(current())) == (0, 40)

    server.deletes("39", stamp="2026-03-02T00:00:00Z")
    assert (harvest().withdrawn, len(current())) == (1, 39)


def test_names_dropped_in_a_mass_are_forgotten_once_staff_has_confirmed(server, harvest):
    run = a_server_that_lost_most(server, harvest)

    withdraw_missing_task.call(run.pk)

    assert len(current()) == HarvestedRecord.objects.count() == 5


def test_a_whole_harvest_that_left_something_out_forgets_no_name(server, harvest):
    for day in (1, 2, 3):
        server.has(str(day), stamp=f"2026-01-0{day}T00:00:00Z")
    harvest()
    server.identity = {"granularity": "YYYY-MM-DD", "earliest": "2026-01-01"}
    server.answered = "2026-01-04T00:00:00Z"
    server.instead = lambda asked: (
        b"<" if asked["verb"] != "Identify" and b"oai:x:2<" in server.proper(asked) else None
    )

    run = harvest(is_full=True)

    assert (run.withdrawn, run.problems.count()) == (0, 1)
    assert HarvestedRecord.objects.count() == 3


UNTITLED = oai_pages.marcxml("8").replace('tag="200"', 'tag="300"')


@pytest.mark.parametrize("is_known", [False, True], ids=["new number", "number of another"])
def test_a_record_renumbered_but_unusable_is_kept_under_its_former_number_and_told(
    server, harvest, is_known
):
    others = [oai_pages.record("1")]
    if is_known:
        others.append(oai_pages.record("8", identifier="oai:x:b"))
    only(server, *others, oai_pages.record("7", identifier="oai:x:a"))
    harvest()
    only(server, *others, oai_pages.record("8", identifier="oai:x:a", metadata=UNTITLED))

    run = harvest(is_full=True)

    assert (run.withdrawn, run.rejected) == (0, 1)
    assert "7" in current()
    told = run.problems.get(is_rejection=False)
    assert (told.control_number, told.detail) == ("7", "8")

    only(server, *others[:1], oai_pages.record("8", identifier="oai:x:a"))
    harvest(is_full=True)
    assert current() == ["1", "8"]


# Tokens


def test_an_empty_token_with_a_cursor_ends_the_list(server, harvest):
    page = oai_pages.page(oai_pages.record("1"), token="", size=900, cursor=0)
    server.instead = lambda asked: page if asked["verb"] == "ListRecords" else None

    assert harvest().state == State.FINISHED
    assert len(server.lists()) == 1


def test_a_server_that_keeps_the_place_itself_may_give_the_same_token_on_each_page(server, harvest):
    pages = iter(
        oai_pages.page(oai_pages.record(number), token=token)
        for number, token in (("1", "t"), ("2", "t"), ("3", "t"), ("4", ""))
    )
    server.instead = lambda asked: next(pages) if asked["verb"] == "ListRecords" else None

    assert harvest().state == State.FINISHED
    assert current() == ["1", "2", "3", "4"]


def test_a_last_page_that_leads_to_itself_is_the_last(server, harvest):
    def instead(asked):
        if asked["verb"] == "Identify":
            return None
        if "resumptionToken" in asked:
            return oai_pages.page(oai_pages.record("2"), token="t", size=2, cursor=1)
        return oai_pages.page(oai_pages.record("1"), token="t", size=2, cursor=0)

    server.instead = instead

    assert harvest().state == State.FINISHED
    assert len(server.lists()) == 2


def test_a_list_that_goes_round_in_circles_is_gone_round_and_told(server, harvest):
    for day in range(1, 9):
        server.has(str(day), stamp=f"2026-01-0{day}T00:00:00Z")
    server.identity = {"granularity": "YYYY-MM-DD", "earliest": "2026-01-01"}

    def instead(asked):
        if "resumptionToken" not in asked:
            return None
        _place, since, until = asked["resumptionToken"].split("|")
        second = server.page_of(2, since=since, until=until)  # whatever page was asked for
        return oai_pages.page(*second, token=f"2|{since}|{until}")

    server.instead = instead

    run = harvest()

    assert run.state == State.FINISHED
    assert current() == [str(day) for day in range(1, 9)]


def test_a_token_forgotten_on_the_way_begins_the_list_again_from_the_same_date(server, harvest):
    for number in "12345":
        server.has(number)
    forgotten = iter([True])

    def instead(asked):
        is_third = asked.get("resumptionToken", "").startswith("4")
        return oai_pages.error("badResumptionToken") if is_third and next(forgotten, 0) else None

    server.instead = instead

    run = harvest()

    assert run.state == State.FINISHED
    assert current() == list("12345")
    assert [one.get("resumptionToken", "start")[:5] for one in server.lists()] == [
        "start", "2||", "4||", "start", "2||", "4||",
    ]  # fmt: skip


def test_a_server_may_refuse_a_forgotten_token_in_its_own_way(server, harvest):
    for number in "123":
        server.has(number)
    refusals = iter([(422, {})])
    server.instead = lambda asked: next(refusals, None) if "resumptionToken" in asked else None

    assert (harvest().state, current()) == (State.FINISHED, list("123"))


def test_a_list_too_long_for_its_tokens_is_read_by_shorter_periods(server, harvest):
    for day in range(1, 5):
        server.has(str(day), stamp=f"2026-01-0{day}T00:00:00Z")
    server.page_size = 1
    server.identity = {"granularity": "YYYY-MM-DD", "earliest": "2026-01-01"}

    def instead(asked):  # tokens never live beyond the second page
        is_late = asked.get("resumptionToken", "0|").split("|")[0] not in ("0", "1")
        return oai_pages.error("badResumptionToken") if is_late else None

    server.instead = instead

    assert (harvest().state, current()) == (State.FINISHED, list("1234"))


# Trouble


def test_a_server_in_trouble_is_asked_again_when_it_says(server, harvest, waits):
    server.has("1")
    troubles = iter([(503, {"Retry-After": "7"}), (502, {})])
    server.instead = lambda asked: next(troubles, None) if asked["verb"] == "ListRecords" else None

    assert (harvest().state, current()) == (State.FINISHED, ["1"])
    assert waits == [7, harvesting.RETRY_AFTER_S[1]]


def test_a_server_that_asks_for_a_long_pause_is_left_until_the_next_harvest(server, harvest):
    for number in "1234":
        server.has(number)
    server.instead = lambda asked: (
        (503, {"Retry-After": "9000"}) if "resumptionToken" in asked else None
    )
    first = harvest()
    assert (first.state, current()) == (State.INTERRUPTED, ["1", "2"])

    server.instead = lambda asked: None
    second = harvest()

    assert second.pk == first.pk
    assert (second.state, second.message, current()) == (State.FINISHED, "", list("1234"))
    assert counts(second) == (4, 0, 0, 0)


def test_a_server_that_is_down_is_told_and_tried_again_in_the_same_run(server, harvest):
    server.instead = lambda asked: (500, {})
    first, second = harvest(), harvest()

    assert (first.state, first.pk) == (State.INTERRUPTED, second.pk)
    assert "500" in first.message


def test_nobody_there_is_told(server, harvest, held):
    Harvest.objects.update(address="http://127.0.0.1:9/oai")
    held.refresh_from_db()

    assert harvest().state == State.FAILED  # 127.0.0.1:9 is not trusted: refused before it is asked


@pytest.mark.parametrize(
    "broken",
    [
        b"<html>Erreur interne</html>",
        b"<OAI-PMH><ListRecords><record>",
        b"\x00\xff",
        (500, {}),
    ],
    ids=["a page of words", "cut", "bytes", "500"],
)
def test_one_bad_page_costs_its_period_and_no_more(server, harvest, broken):
    for day in range(1, 9):
        server.has(str(day), stamp=f"2026-01-0{day}T00:00:00Z")
    server.identity = {"granularity": "YYYY-MM-DD", "earliest": "2026-01-01"}
    server.answered = "2026-01-10T04:00:00Z"

    def instead(asked):
        if asked["verb"] == "Identify":
            return None
        said = server.proper(asked)
        return broken if b">oai:x:5<" in said else None

    server.instead = instead

    run = harvest()

    assert current() == list("1234678")
    (problem,) = run.problems.all()
    assert (run.state, problem.detail) == (State.FINISHED, "2026-01-05 – 2026-01-05")
    assert run.message
    assert run.withdrawn == 0


def test_a_server_that_leads_to_inner_machines_is_not_followed(server, harvest):
    server.instead = lambda asked: (302, {"Location": "http://169.254.169.254/oai"})

    run = harvest()

    assert run.state == State.FAILED
    assert "169.254.169.254" in run.message


def test_what_is_left_out_keeps_a_whole_list_from_withdrawing(server, harvest):
    for day in (1, 2):
        server.has(str(day), stamp=f"2026-01-0{day}T00:00:00Z")
    harvest()
    server.identity = {"granularity": "YYYY-MM-DD", "earliest": "2026-01-01"}
    server.instead = lambda asked: b"<" if "ListRecords" in asked.values() else None

    run = harvest(is_full=True)

    assert (run.withdrawn, current()) == (0, ["1", "2"])


def test_a_server_that_can_list_nothing_is_given_up(server, harvest, monkeypatch):
    monkeypatch.setattr(harvesting, "MOST_PERIODS_LEFT", 3)
    server.has("1")
    server.identity = {"granularity": "YYYY-MM-DD", "earliest": "2025-01-01"}
    server.instead = lambda asked: b"<" if "ListRecords" in asked.values() else None

    run = harvest()

    assert run.state == State.FAILED
    assert run.problems.count() == 3


def test_an_endless_list_ends(server, harvest, monkeypatch):
    monkeypatch.setattr(harvesting, "MOST_PAGES", 20)
    pages = iter(range(1_000))

    def instead(asked):
        if asked["verb"] == "Identify":
            return None
        number = next(pages)
        return oai_pages.page(oai_pages.record(str(number)), token=f"t{number}")

    server.instead = instead

    run = harvest()

    assert (run.state, len(current())) == (State.FAILED, 20)
    assert run.message


def test_a_long_harvest_waits_for_its_next_turn_and_goes_on(server, harvest):
    for number in "12345":
        server.has(number)

    first = harvest(longest=timedelta(0))
    assert (first.state, current()) == (State.WAITING, [])

    second = harvest()
    assert (second.pk, second.state, current()) == (first.pk, State.FINISHED, list("12345"))


def test_endless_empty_pages_end(server, harvest, monkeypatch):
    monkeypatch.setattr(harvesting, "MOST_EMPTY_PAGES", 5)
    server.identity = {"granularity": "YYYY-MM-DD", "earliest": "2026-03-01"}
    tokens = iter(range(1_000))
    server.instead = lambda asked: (
        oai_pages.page(token=str(next(tokens))) if asked["verb"] != "Identify" else None
    )

    run = harvest()

    assert run.state == State.FINISHED
    assert run.problems.count() == 1


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (b"<html>Bienvenue</html>", "OAI-PMH"),
        ((404, {}), "404"),
        ((403, {}), "403"),
    ],
)
def test_an_address_that_is_no_server_is_told_in_words(server, harvest, said, word):
    server.instead = lambda asked: said

    run = harvest()

    assert run.state == State.FAILED
    assert word in run.message


def test_a_refusal_is_told_with_the_words_of_the_server(server, harvest):
    server.instead = lambda asked: (
        oai_pages.error("cannotDisseminateFormat", "essayez oai_dc")
        if asked["verb"] != "Identify"
        else None
    )

    run = harvest()

    assert run.state == State.FAILED
    assert "essayez oai_dc" in run.message


def test_records_that_cannot_be_used_are_in_the_report(server, harvest):
    good, bad = oai_pages.record("1"), oai_pages.record("2", metadata="<mods/>")
    server.instead = lambda asked: (
        oai_pages.page(good, bad) if asked["verb"] != "Identify" else None
    )

    run = harvest()

    assert (run.new, run.rejected) == (1, 1)
    assert run.problems.get().control_number == "oai:x:2"


def test_a_known_record_that_cannot_be_used_any_more_is_kept_as_it_was(server, harvest):
    other = oai_pages.record("1")
    only(server, other, oai_pages.record("7", identifier="oai:koha:12"))
    harvest()
    only(server, other, oai_pages.record("7", identifier="oai:koha:12", metadata="<mods/>"))

    run = harvest(is_full=True)

    assert (run.withdrawn, run.rejected, current()) == (0, 1, ["1", "7"])
    assert run.problems.get().control_number == "7"


def test_a_record_given_again_in_one_list_is_taken_as_it_is_now(server, harvest):
    pages = iter(
        [
            oai_pages.page(oai_pages.record("1", "Avant"), token="t"),
            oai_pages.page(oai_pages.record("1", "Après"), oai_pages.record("2")),
        ]
    )
    server.instead = lambda asked: next(pages) if asked["verb"] != "Identify" else None

    run = harvest()

    assert (titles()["1"], run.rejected) == ("Après", 0)


# Interrupted, stopped, at the same time


class Killed(BaseException):
    """As a process dies: nothing of ours sees it coming."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_page", range(3))
@pytest.mark.parametrize("moment", ["store_received", "remember_names", "_move"])
def test_killed_at_any_moment_the_next_run_goes_on(server, harvest, monkeypatch, at_page, moment):
    for number in "12345":
        server.has(number)
    owner = harvesting.Harvesting if moment == "_move" else harvesting
    real, calls = getattr(owner, moment), iter(range(100))

    def killed(*args, **options):
        result = real(*args, **options)
        if next(calls) == at_page:
            raise Killed
        return result

    with monkeypatch.context() as patched:
        patched.setattr(owner, moment, killed)
        patched.setattr(harvesting, "close_run", lambda *args: None)
        with pytest.raises(Killed):
            harvest()
    run = harvest()

    assert (run.state, current()) == (State.FINISHED, list("12345"))
    assert ImportRun.objects.count() == 1
    assert run.new == 5


def test_a_harvest_that_is_asked_to_stop_stops_and_goes_on_later(server, harvest, monkeypatch):
    for number in "1234":
        server.has(number)
    real = harvesting.store_received

    def stored_and_stopped(run, received):
        real(run, received)
        ask_to_stop(run)

    with monkeypatch.context() as patched:
        patched.setattr(harvesting, "store_received", stored_and_stopped)
        first = harvest()
    assert (first.state, current()) == (State.STOPPED, ["1", "2"])

    assert (harvest().pk, current()) == (first.pk, list("1234"))


def test_what_staff_changes_during_a_harvest_stops_it(server, harvest, monkeypatch):
    for number in "1234":
        server.has(number)
    real = harvesting.store_received

    def stored_and_changed(run, received):
        real(run, received)
        Harvest.objects.update(set_spec="jeunesse")

    monkeypatch.setattr(harvesting, "store_received", stored_and_changed)

    run = harvest()

    assert (run.state, current()) == (State.STOPPED, ["1", "2"])
    assert run.message
    assert Harvest.objects.get().set_spec == "jeunesse"


def test_a_source_is_harvested_by_one_at_a_time(harvest, held):
    with held_elsewhere(held.source), pytest.raises(RunBusy):
        harvest()


def test_another_address_begins_from_the_first_record(server, harvest, held):
    server.has("1")
    harvest()

    changed = harvests.set_up(
        held.source, address=server.address, metadata_prefix="oai_dc", set_spec=""
    )

    assert (changed.changed_since, changed.read_whole_at) == ("", None)


def test_names_are_known_once(server, harvest):
    server.has("1")
    harvest()
    harvest(is_full=True)

    assert HarvestedRecord.objects.get().identifier == "oai:x:1"


# When


NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)  # three o'clock in Paris


@pytest.mark.parametrize(
    ("state", "ago_h", "hour", "expected"),
    [
        (State.FINISHED, 24, 2, True),
        (State.FINISHED, 1, 2, False),
        (State.FINISHED, 24, 14, False),
        (State.FINISHED, 31, 14, True),
        (State.FAILED, 24, 2, True),
        (State.INTERRUPTED, 2, 14, True),
        (State.INTERRUPTED, 0, 14, False),
        (State.WAITING, 2, 14, True),
    ],
)
def test_a_harvest_is_due_once_a_night_or_soon_after_an_interruption(
    held, state, ago_h, hour, expected
):
    now = NOW.replace(hour=hour)
    run = ImportRun.objects.create(source=held.source, state=state)
    ImportRun.objects.update(updated_at=now - timedelta(hours=ago_h))
    run.refresh_from_db()
    held.last_run = run

    assert harvests.is_due(held, now) is expected


def test_a_new_harvest_is_due_at_once(held):
    assert harvests.is_due(held, NOW)


def test_testing_an_address_tells_what_is_there(server):
    server.instead = lambda asked: (
        oai_pages.answer(
            "<ListMetadataFormats><metadataFormat><metadataPrefix>marcxml</metadataPrefix>"
            "</metadataFormat></ListMetadataFormats>"
        )
        if asked["verb"] == "ListMetadataFormats"
        else None
    )
    client = Client(agent="test", trusted=server.web.trusted)

    tested = harvests.tested_address(server.address, client=client)

    assert (tested.repository.name, tested.prefixes) == ("Médiathèque", ("marcxml",))
    assert tested.repository.deletions is oai.Deletions.PERSISTENT
