"""The OAI-PMH server, as a harvester sees it: every answer is held against the protocol."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from lxml import etree

from essor.catalogue.models import BasketItem, Record, SavedSearch
from essor.catalogue.oai import listing
from essor.catalogue.services import add_to_basket
from essor.portal.services.roles import EDITORS
from tests.catalogue.builders import BasketFactory, RecordFactory, a_basket_of, a_book
from tests.portal.builders import a_member, a_portal

pytestmark = pytest.mark.django_db

OAI = "http://www.openarchives.org/OAI/2.0/"
NAMES = {
    "o": OAI,
    "dc": "http://purl.org/dc/elements/1.1/",
    "m": "http://www.loc.gov/MARC21/slim",
}
PROTOCOL = etree.RelaxNG(etree.parse(Path(__file__).parents[1] / "data" / "oai" / "answer.rng"))
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = "]]> <script>alert(1)</script> & \"'\x0b\x1b\x00\ufffe\ud800"


def ask(client, verb=None, *, post=False, **arguments):
    """The answer, once it is known to be one of the protocol; `since` stands for `from`."""
    asked = {"verb": verb} if verb else {}
    asked |= {"from" if name == "since" else name: value for name, value in arguments.items()}
    response = client.post("/oai", asked) if post else client.get("/oai", asked)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(response.getvalue())
    PROTOCOL.assertValid(root)
    return root


def texts(root, path):
    return [
        found if isinstance(found, str) else found.text
        for found in root.xpath(path, namespaces=NAMES)
    ]


def code(root):
    (only,) = texts(root, "//o:error/@code")
    return only


def numbers(root):
    """The numbers (pk) of the records of an answer."""
    return [int(one.rpartition(":n")[2]) for one in texts(root, "//o:header/o:identifier")]


def records_changed_each_second(count):
    return [RecordFactory(added_at=NEW_YEAR + timedelta(seconds=n)) for n in range(count)]


def all_pages(client, verb="ListIdentifiers", **arguments):
    """The answers of a whole list."""
    root = ask(client, verb, **{"metadataPrefix": "oai_dc", **arguments})
    while True:
        yield root
        token = "".join(filter(None, texts(root, "//o:resumptionToken")))
        if not token:
            return
        root = ask(client, verb, resumptionToken=token)


# Who is there


def test_the_server_says_who_it_is(client):
    RecordFactory(added_at=NEW_YEAR)

    said = ask(client, "Identify")

    assert texts(said, "//o:earliestDatestamp") == ["2026-01-01T00:00:00Z"]
    assert texts(said, "//o:deletedRecord") == ["persistent"]
    assert texts(said, "//o:baseURL") == ["http://testserver/oai"]


def test_an_empty_catalogue_says_who_it_is_too(client):
    ask(client, "Identify")


def test_both_forms_are_announced(client):
    record = RecordFactory()

    said = ask(client, "ListMetadataFormats", identifier=f"oai:127.0.0.1:n{record.pk}")

    assert texts(said, "//o:metadataPrefix") == ["oai_dc", "marcxml"]


def test_a_post_is_answered_as_a_get_without_a_token_of_ours(client):
    strict = Client(enforce_csrf_checks=True)

    assert texts(ask(strict, "Identify", post=True), "//o:protocolVersion") == ["2.0"]


def test_the_address_is_the_same_in_every_language_and_leaves_no_cookie(client):
    response = client.get("/oai", {"verb": "Identify"})

    assert not response.cookies
    assert "max-age=60" in response["Cache-Control"]
    assert client.get("/en/oai/", {"verb": "Identify"}).status_code == 404


def test_lists_are_not_kept_by_caches(client):
    RecordFactory()
    response = client.get("/oai", {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"})

    assert "no-cache" in response["Cache-Control"]


# Records


def test_a_record_comes_in_dublin_core(client):
    record = RecordFactory(title="Germinal", publisher="Gallimard", year=1978)

    said = ask(client, "GetRecord", metadataPrefix="oai_dc", identifier=listing_name(record))

    assert texts(said, "//dc:title") == ["Germinal"]
    assert texts(said, "//dc:date") == ["1978"]
    assert f"http://127.0.0.1:8000/catalogue/{record.pk}/" in texts(said, "//dc:identifier")


def test_a_record_comes_in_marcxml(client):
    record = RecordFactory(control_number="12", title="Germinal")

    said = ask(client, "GetRecord", metadataPrefix="marcxml", identifier=listing_name(record))

    assert texts(said, "//m:controlfield[@tag='001']") == ["12"]
    assert texts(said, "//m:datafield[@tag='200']/m:subfield[@code='a']") == ["Germinal"]


def listing_name(record):
    return f"oai:127.0.0.1:n{record.pk}"


@pytest.mark.parametrize("prefix", ["oai_dc", "marcxml"])
def test_hostile_words_stay_words(client, prefix):
    shown = HOSTILE.replace("\ud800", "").replace("\x00", "")
    received = a_book("1", HOSTILE.replace("\ud800", "").replace("\x1b", ""))
    RecordFactory(title=shown, subtitle=shown, summary=shown, received=received)

    said = ask(client, "ListRecords", metadataPrefix=prefix)

    (title, *_others) = texts(said, "//dc:title | //m:subfield[@code='a']")
    assert "<script>alert(1)</script>" in title


@pytest.mark.parametrize("prefix", ["oai_dc", "marcxml"])
def test_a_withdrawn_record_is_announced_as_deleted(client, prefix):
    gone = RecordFactory(withdrawn_at=NEW_YEAR)

    for said in (
        ask(client, "ListRecords", metadataPrefix=prefix),
        ask(client, "GetRecord", metadataPrefix=prefix, identifier=listing_name(gone)),
    ):
        assert texts(said, "//o:header/@status") == ["deleted"]
        assert not texts(said, "//o:metadata")


# Lists


def test_a_list_is_cut_in_pages_that_say_where_they_stand(client, monkeypatch):
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", 3)
    records = records_changed_each_second(8)

    pages = list(all_pages(client))

    assert [numbers(one) for one in pages] == [
        [record.pk for record in records[start : start + 3]] for start in (0, 3, 6)
    ]
    assert [texts(one, "//o:resumptionToken/@cursor") for one in pages] == [["0"], ["3"], ["6"]]
    assert {*texts(pages[2], "//o:resumptionToken/@completeListSize")} == {"8"}
    assert texts(pages[2], "//o:resumptionToken") == [None]


def test_records_changed_at_the_same_moment_are_given_once_each(client, monkeypatch):
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", 2)
    records = [RecordFactory(added_at=NEW_YEAR) for _ in range(5)]

    found = [number for one in all_pages(client, "ListRecords") for number in numbers(one)]

    assert found == [record.pk for record in records]


def test_a_list_of_one_page_has_no_token(client):
    records_changed_each_second(2)

    (only,) = all_pages(client)

    assert not texts(only, "//o:resumptionToken")


def test_what_changes_during_a_list_moves_to_its_end(client, monkeypatch):
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", 2)
    records = records_changed_each_second(4)
    pages = all_pages(client)

    found = numbers(next(pages))
    Record.objects.filter(pk=records[0].pk).update(changed_at=NEW_YEAR + timedelta(1))
    Record.objects.filter(pk=records[3].pk).update(changed_at=NEW_YEAR + timedelta(2))
    found += [number for one in pages for number in numbers(one)]

    first, second, third, fourth = (record.pk for record in records)
    assert found == [first, second, third, first, fourth]


def test_a_page_of_large_records_is_shorter(client, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_BYTES", 500)
    for number in range(4):
        RecordFactory(received=a_book(str(number), "x" * 300))

    assert [len(numbers(one)) for one in all_pages(client)] == [1, 1, 1, 1]


@pytest.mark.parametrize("verb", ["ListIdentifiers", "ListRecords"])
@pytest.mark.parametrize("prefix", ["oai_dc", "marcxml"])
def test_a_page_asks_as_many_queries_whatever_it_holds(
    client, django_assert_max_num_queries, verb, prefix
):
    asked = {"verb": verb, "metadataPrefix": prefix}
    counts = []
    for size in (2, 20):
        a_basket_of(size)
        with django_assert_max_num_queries(20) as queries:
            assert client.get("/oai", asked).getvalue()
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-01-02", None, [1, 2, 3]),
        (None, "2026-01-02", [0, 1]),
        ("2026-01-02", "2026-01-02", [1]),
        ("2026-01-02T00:00:01Z", None, [2, 3]),
        (None, "2026-01-02T00:00:00Z", [0, 1]),
        ("2026-01-03T00:00:00Z", "2026-01-03T00:00:00Z", [2]),
    ],
)
def test_a_period_includes_both_ends_in_either_granularity(client, since, until, expected):
    records = [RecordFactory(added_at=NEW_YEAR + timedelta(days, 0, 1)) for days in range(4)]
    dates = {name: date for name, date in (("since", since), ("until", until)) if date}

    said = ask(client, "ListIdentifiers", metadataPrefix="oai_dc", **dates)

    assert numbers(said) == [records[place].pk for place in expected]


def test_a_period_stays_that_of_the_list_from_page_to_page(client, monkeypatch):
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", 1)
    records = records_changed_each_second(5)

    asked = {"since": "2026-01-01T00:00:01Z", "until": "2026-01-01T00:00:03Z"}
    found = [number for one in all_pages(client, **asked) for number in numbers(one)]

    assert found == [record.pk for record in records[1:4]]


# Sets


def test_public_baskets_and_searches_are_sets(client):
    BasketFactory(slug="prix", name="Prix & <lauréats>")
    BasketFactory(slug="secret", is_public=False)
    SavedSearch.objects.create(name="Nouveautés", slug="nouveautes", is_public=True)
    SavedSearch.objects.create(name="Brouillon", slug="brouillon")

    said = ask(client, "ListSets")

    assert texts(said, "//o:setSpec") == ["panier:prix", "recherche:nouveautes"]
    assert texts(said, "//o:setName") == ["Prix & <lauréats>", "Nouveautés"]


def test_sets_are_cut_in_pages(client, monkeypatch):
    monkeypatch.setattr(listing, "SETS_A_PAGE", 2)
    for number in range(5):
        BasketFactory(slug=f"p{number}")

    said, found = ask(client, "ListSets"), []
    while True:
        found += texts(said, "//o:setSpec")
        token = texts(said, "//o:resumptionToken")[0]
        if not token:
            break
        said = ask(client, "ListSets", resumptionToken=token)

    assert found == [f"panier:p{number}" for number in range(5)]


def test_a_set_gives_its_records_and_names_itself(client):
    basket = a_basket_of(2, slug="prix")
    RecordFactory()

    said = ask(client, "ListRecords", metadataPrefix="oai_dc", set="panier:prix")

    assert numbers(said) == [item.record_id for item in basket.items.all()]
    assert texts(said, "//o:setSpec") == ["panier:prix"] * 2


def test_a_record_names_all_its_public_sets(client):
    record = RecordFactory()
    for slug, is_public in (("b", True), ("a", True), ("c", False)):
        BasketItem.objects.create(
            basket=BasketFactory(slug=slug, is_public=is_public), record=record
        )

    said = ask(client, "ListIdentifiers", metadataPrefix="oai_dc")

    assert texts(said, "//o:setSpec") == ["panier:a", "panier:b"]


def test_a_basket_made_private_leaves_the_sets_in_the_middle_of_a_list(client, monkeypatch):
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", 1)
    basket = a_basket_of(2, slug="prix")
    first = ask(client, "ListIdentifiers", metadataPrefix="oai_dc", set="panier:prix")
    basket.is_public = False
    basket.save()

    (token,) = texts(first, "//o:resumptionToken")

    assert code(ask(client, "ListIdentifiers", resumptionToken=token)) == "noRecordsMatch"
    assert code(ask(client, "ListSets")) == "noSetHierarchy"


def test_a_set_says_how_far_it_can_be_trusted(client):
    BasketFactory(slug="prix")
    SavedSearch.objects.create(name="Nouveautés", slug="nouveautes", is_public=True)

    basket, saved = texts(ask(client, "ListSets"), "//o:setDescription//dc:description")

    assert "une à une" in basket
    assert "10 000" in saved.replace("\u202f", " ")


def test_a_withdrawn_record_is_announced_in_the_basket_that_holds_it_still(client):
    basket = a_basket_of(2, slug="prix")
    gone = basket.items.first().record
    Record.objects.filter(pk=gone.pk).update(withdrawn_at=NEW_YEAR)

    said = ask(client, "ListRecords", metadataPrefix="oai_dc", set="panier:prix")

    assert len(numbers(said)) == 2
    deleted = said.xpath("//o:header[@status='deleted']", namespaces=NAMES)
    assert [texts(one, "o:setSpec") for one in deleted] == [["panier:prix"]]


# What enters and leaves a set


@pytest.fixture
def editor(client):
    """An editor, who has signed in."""
    a_portal()
    person = a_member(EDITORS)
    client.force_login(person)
    return person


def dated_anew():
    """The titles of the records that have taken a new date, in order."""
    changed = Record.objects.filter(changed_at__gt=NEW_YEAR).order_by("title")
    return list(changed.values_list("title", flat=True))


def change(client, basket, **changes):
    """Change the basket by its form."""
    form = {"name": basket.name, "slug": basket.slug, "owner": ""}
    form |= {"is_public": "on"} if basket.is_public else {}
    form = {name: value for name, value in (form | changes).items() if value is not None}
    answer = client.post(f"/gestion/catalogue/paniers/edit/{basket.pk}/", form)
    assert answer.status_code == 302


def test_a_record_that_enters_a_public_basket_is_found_by_date_in_its_set(client):
    basket = a_basket_of(2, slug="prix")
    new = RecordFactory(title="Nouvelle")
    add_to_basket(basket, [new, basket.items.first().record])

    said = ask(
        client, "ListRecords", metadataPrefix="oai_dc", set="panier:prix", since="2026-01-02"
    )

    assert numbers(said) == [new.pk]
    assert dated_anew() == ["Nouvelle"]


def test_a_record_that_leaves_a_public_basket_says_so_to_who_harvests_everything(client, editor):
    basket = a_basket_of(3, slug="prix")
    gone = basket.items.first().record
    form = {"remove": gone.pk}
    client.post(f"/gestion/catalogue/paniers/contents/{basket.pk}/order/", form)

    said = ask(client, "ListRecords", metadataPrefix="oai_dc", since="2026-01-02")

    assert numbers(said) == [gone.pk]
    assert not texts(said, "//o:setSpec")


def test_private_baskets_and_another_order_move_no_date(client, editor):
    hidden, shown = a_basket_of(2, is_public=False), a_basket_of(2)
    add_to_basket(hidden, [RecordFactory()])
    remove = {"remove": hidden.items.first().record_id}
    client.post(f"/gestion/catalogue/paniers/contents/{hidden.pk}/order/", remove)
    last = shown.items.last().record_id
    client.post(f"/gestion/catalogue/paniers/contents/{shown.pk}/move/0/{last}/?position=0")
    change(client, shown, name="Autre nom")
    change(client, hidden, slug="autre-nom")
    client.post(f"/gestion/catalogue/paniers/delete/{hidden.pk}/")

    assert dated_anew() == []


@pytest.mark.parametrize(
    ("was_public", "changes"),
    [(False, {"is_public": "on"}), (True, {"is_public": None}), (True, {"slug": "autre"})],
)
def test_the_records_of_a_set_that_begins_ends_or_is_renamed_take_a_new_date(
    client, editor, was_public, changes
):
    basket = a_basket_of(2, slug="prix", is_public=was_public)
    RecordFactory(title="Ailleurs")
    change(client, basket, **changes)

    assert dated_anew() == ["Titre 000", "Titre 001"]


def test_the_records_of_a_deleted_set_take_a_new_date(client, editor):
    basket = a_basket_of(2, slug="prix")
    client.post(f"/gestion/catalogue/paniers/delete/{basket.pk}/")

    assert dated_anew() == ["Titre 000", "Titre 001"]


def test_a_withdrawn_record_keeps_the_date_of_its_deletion(client, editor):
    basket = a_basket_of(1, slug="prix")
    Record.objects.update(withdrawn_at=NEW_YEAR)
    change(client, basket, is_public=None)

    assert dated_anew() == []


def test_a_set_is_dated_anew_in_as_many_queries_whatever_it_holds(
    client, editor, django_assert_max_num_queries
):
    counts = []
    for size in (2, 20):
        basket = a_basket_of(size, is_public=False)
        with django_assert_max_num_queries(40) as queries:
            change(client, basket, is_public="on")
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Refusals


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "badVerb"),
        ({"verb": ""}, "badVerb"),
        ({"verb": "identify"}, "badVerb"),
        ({"verb": ["Identify", "Identify"]}, "badVerb"),
        ({"verb": "Identify", "set": "a"}, "badArgument"),
        ({"verb": "Identify", '"><x ': "a"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": ""}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": ["oai_dc", "oai_dc"]}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "mods"}, "cannotDisseminateFormat"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "resumptionToken": "x"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": ""}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "hier"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": ""}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-1-2"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-02-30"}, "badArgument"),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "until": "9999-12-31",
                "from": "9999",
            },
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2026-01-02",
                "until": "2026-01-01",
            },
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2026-01-02",
                "until": "2026-01-03T00:00:00Z",
            },
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": ""}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "a:b"}, "noRecordsMatch"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2030-01-01"},
            "noRecordsMatch",
        ),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "x"}, "idDoesNotExist"),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:127.0.0.1:n0"},
            "idDoesNotExist",
        ),
        (
            {
                "verb": "GetRecord",
                "metadataPrefix": "oai_dc",
                "identifier": f"oai:127.0.0.1:n{'9' * 40}",
            },
            "idDoesNotExist",
        ),
        (
            {"verb": "GetRecord", "metadataPrefix": "mods", "identifier": "x"},
            "cannotDisseminateFormat",
        ),
        ({"verb": "ListMetadataFormats", "identifier": "oai:x:n1"}, "idDoesNotExist"),
        ({"verb": "ListSets"}, "noSetHierarchy"),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "a" * 3_000},
            "badArgument",
        ),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_mistake_has_its_code(client, method, asked, expected):
    RecordFactory()

    response = getattr(client, method)("/oai", asked)

    root = etree.fromstring(response.getvalue())
    PROTOCOL.assertValid(root)
    assert code(root) == expected
    assert texts(root, "//o:error")[0]
    assert bool(root.xpath("o:request/@verb", namespaces=NAMES)) is (
        expected not in ("badVerb", "badArgument")
    )


def test_a_date_at_the_end_of_time_is_no_fault(client):
    record = RecordFactory()

    said = ask(client, "ListIdentifiers", metadataPrefix="oai_dc", until="9999-12-31")

    assert numbers(said) == [record.pk]


def test_a_token_that_somebody_made_is_refused(client, monkeypatch):
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", 1)
    records_changed_each_second(2)
    (token,) = texts(ask(client, "ListIdentifiers", metadataPrefix="oai_dc"), "//o:resumptionToken")

    forged = token[:-1] + ("A" if token[-1] != "A" else "B")

    assert code(ask(client, "ListIdentifiers", resumptionToken=forged)) == "badResumptionToken"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_can_be_written(client, method):
    assert getattr(client, method)("/oai").status_code == 405
