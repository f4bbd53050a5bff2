"""Our own server harvested by our own client, over HTTP: the same records on both sides."""

from urllib.parse import urlsplit

import pytest

from essor.catalogue.models import ImportRun, Record
from essor.catalogue.oai import listing
from essor.catalogue.services import create_basket, import_file
from essor.catalogue.services.baskets import add_to_basket
from essor.catalogue.services.harvests import harvest, set_up
from essor.fetching import Client
from tests.catalogue.builders import MARC, SourceFactory

pytestmark = pytest.mark.django_db(transaction=True)

TOLD = (
    "title",
    "subtitle",
    "statement",
    "filing_title",
    "creators",
    "publisher",
    "place",
    "year",
    "languages",
    "original_languages",
    "document_type",
    "classification",
    "summary",
    "edition",
    "extent",
    "series",
    "subjects",
    "notes",
    "links",
)


@pytest.fixture
def ours(monkeypatch):
    """The records of a real file, in a public basket, five to a page."""
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", 5)
    with (MARC / "koha_12.mrc").open("rb") as stream:
        import_file(stream, source_code="nous", file_name="koha_12.mrc")
    records = list(Record.objects.order_by("pk"))
    add_to_basket(create_basket("Tous", slug="tous", is_public=True), records)
    return records


def harvested(live_server, prefix):
    client = Client(agent="test", trusted=frozenset({urlsplit(live_server.url).netloc}))
    held = set_up(
        SourceFactory(code="eux"),
        address=f"{live_server.url}/oai",
        metadata_prefix=prefix,
        set_spec="panier:tous",
    )
    return harvest(held, client=client, wait=lambda seconds: None)


def numbers_of(record):
    return [(one.kind, one.value) for one in record.identifiers.all() if one.is_valid]


def test_marcxml_brings_the_same_records(live_server, ours):
    run = harvested(live_server, "marcxml")

    assert run.state == ImportRun.State.FINISHED
    assert (run.new, run.rejected) == (len(ours), 0)
    theirs = {one.control_number: one for one in Record.objects.filter(source__code="eux")}
    for record in ours:
        copy = theirs[record.control_number]
        assert {name: getattr(copy, name) for name in TOLD} == {
            name: getattr(record, name) for name in TOLD
        }
        assert numbers_of(copy) == numbers_of(record)


def test_harvested_again_nothing_has_changed(live_server, ours):
    harvested(live_server, "marcxml")

    run = harvested(live_server, "marcxml")

    assert (run.new, run.changed, run.rejected) == (0, 0, 0)


def test_dublin_core_brings_what_it_can_say(live_server, ours):
    run = harvested(live_server, "oai_dc")

    theirs = {one.control_number: one for one in Record.objects.filter(source__code="eux")}
    assert (run.new, run.rejected) == (len(ours), 0)
    for record in ours:
        copy = theirs[f"oai:127.0.0.1:n{record.pk}"]
        assert (copy.full_title, copy.year) == (record.full_title, record.year)


def test_a_record_withdrawn_here_is_withdrawn_there(live_server, ours):
    from essor.catalogue.services.withdrawals import withdraw_records

    harvested(live_server, "marcxml")
    run = ImportRun.objects.filter(source__code="nous").get()
    withdraw_records(run, [ours[0].control_number])

    harvested(live_server, "marcxml")

    gone = Record.objects.filter(source__code="eux").exclude(withdrawn_at=None)
    assert [one.control_number for one in gone] == [ours[0].control_number]
