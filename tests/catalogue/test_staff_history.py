"""The history of the site: who reads of acts on baskets and saved searches."""

from importlib import import_module

import pytest
from django.apps import apps
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from essor.catalogue.models import SavedSearch, SelectionLogEntry, Source
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from tests.catalogue.builders import BasketFactory, SourceFactory
from tests.portal.builders import a_member, a_portal, a_section

pytestmark = pytest.mark.django_db

HISTORY = "/gestion/reports/site-history/"


@pytest.fixture(autouse=True)
def portal():
    return a_portal()


@pytest.fixture
def owner():
    return a_member(EDITORS)


def a_basket(**fields):
    return BasketFactory(**{"name": "Le jardin secret", "is_public": False, **fields})


def a_search(**fields):
    return SavedSearch.objects.create(
        **{"name": "Le jardin secret", "slug": "s", "criteria": {"q": "jardin"}, **fields}
    )


def read_by(client, person):
    """All that the report tells somebody, on screen, in its results and as a file."""
    client.force_login(person)
    pages = [client.get(HISTORY), client.get(f"{HISTORY}results/")]
    table = client.get(f"{HISTORY}?export=csv")
    texts = [page.content.decode() for page in pages]
    return [*texts, b"".join(table.streaming_content).decode()]


def told(client, person):
    """In how many of the three forms of the report the name can be read."""
    return sum("jardin secret" in text for text in read_by(client, person))


@pytest.fixture(params=[EDITORS, "library", MODERATORS])
def somebody_else(request):
    if request.param == "library":
        return a_member(open_section(a_section()).name)
    return a_member(request.param)


@pytest.mark.parametrize("a_thing", [a_basket, a_search])
def test_nobody_reads_of_the_private_things_of_another(client, owner, somebody_else, a_thing):
    log(a_thing(owner=owner), "wagtail.edit", user=owner)

    assert told(client, somebody_else) == 0
    assert str(owner) not in read_by(client, somebody_else)[0]


@pytest.mark.parametrize("a_thing", [a_basket, a_search])
def test_the_owner_and_who_looks_after_accounts_read_of_it(client, owner, a_thing):
    log(a_thing(owner=owner), "wagtail.edit", user=a_member(ADMINISTRATORS))

    assert told(client, owner) == 3
    assert told(client, a_member(ADMINISTRATORS)) == 3


@pytest.mark.parametrize("fields", [{"is_public": True}, {"owner": None}])
@pytest.mark.parametrize("group", [EDITORS, "library"])
def test_staff_read_of_what_is_public_or_of_the_network(client, owner, fields, group):
    log(a_basket(**{"owner": owner, **fields}), "wagtail.edit", user=owner)
    name = open_section(a_section()).name if group == "library" else group

    assert told(client, a_member(name)) == 3


def test_what_was_public_is_read_of_no_more_once_it_is_private(client, owner):
    basket = a_basket(owner=owner, is_public=True)
    log(basket, "wagtail.edit", user=owner)
    basket.is_public = False
    basket.save()

    assert told(client, a_member(EDITORS)) == 0


def test_a_deletion_is_told_to_who_did_it_and_to_who_looks_after_accounts(client, owner):
    basket = a_basket(owner=owner)
    client.force_login(owner)
    client.post(f"/gestion/catalogue/paniers/delete/{basket.pk}/", follow=True)

    assert told(client, a_member(EDITORS)) == 0
    assert told(client, owner) == 3
    assert told(client, a_member(ADMINISTRATORS)) == 3


def test_the_history_of_a_basket_tells_what_was_done_to_it(client, owner):
    client.force_login(owner)
    form = {"name": "À lire", "slug": "a-lire", "owner": owner.pk}
    client.post("/gestion/catalogue/paniers/new/", form)
    key = SelectionLogEntry.objects.get().object_id
    page = client.get(f"/gestion/catalogue/paniers/history/{key}/")

    assert "Créer" in page.content.decode()
    assert not ModelLogEntry.objects.exists()


def test_acts_logged_before_move_to_their_own_log_and_back(owner):
    basket, source = a_basket(owner=owner), SourceFactory()
    for thing in (basket, source):
        ModelLogEntry.objects.log_action(thing, "wagtail.edit", user=owner, data={"a": 1})
    migration = import_module("essor.catalogue.migrations.0008_acts_to_their_own_log")

    migration.to_their_own_log(apps, None)
    (moved,) = SelectionLogEntry.objects.for_instance(basket)
    assert (moved.label, moved.user, moved.data) == ("Le jardin secret", owner, {"a": 1})
    assert [entry.content_type.model_class() for entry in ModelLogEntry.objects.all()] == [Source]

    migration.back_to_the_log_of_all(apps, None)
    assert ModelLogEntry.objects.for_instance(basket).count() == 1
    assert not SelectionLogEntry.objects.exists()
