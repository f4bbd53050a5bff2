"""Baskets and saved searches handed over to the network: by whom, and what each may do then."""

import pytest

from essor.catalogue.models import Basket, SavedSearch, SelectionLogEntry
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from tests.catalogue.builders import a_basket_of
from tests.portal.builders import a_member, a_portal, a_section

pytestmark = pytest.mark.django_db

BASKETS = "/gestion/catalogue/paniers/"
SEARCHES = "/gestion/catalogue/recherches/"


@pytest.fixture(autouse=True)
def portal(own_index):
    return a_portal()


@pytest.fixture
def library_editor(client):
    """A library editor, who has signed in."""
    person = a_member(open_section(a_section()).name)
    client.force_login(person)
    return person


def a_basket(owner, **fields):
    return a_basket_of(2, **{"name": "À lire", "is_public": False, "owner": owner, **fields})


def a_search(owner, **fields):
    criteria = {"q": "jardin"}
    return SavedSearch.objects.create(
        **{"name": "À lire", "slug": "a-lire", "criteria": criteria, "owner": owner, **fields}
    )


both = pytest.mark.parametrize("a_thing", [a_basket, a_search])


def screens_of(thing):
    return BASKETS if isinstance(thing, Basket) else SEARCHES


def give_address(thing):
    return f"{screens_of(thing)}give/{thing.pk}/"


def page_of(thing):
    """The screen that shows a thing to who may change it."""
    act = "contents" if isinstance(thing, Basket) else "edit"
    return f"{screens_of(thing)}{act}/{thing.pk}/"


def form_of(thing, **changes):
    return {"name": thing.name, "slug": thing.slug, "text": "jardin", "owner": "", **changes}


def is_refused(answer):
    return answer.status_code == 404 or (
        answer.status_code == 302 and answer["Location"] == "/gestion/"
    )


@both
def test_looking_at_the_confirmation_gives_nothing(client, library_editor, a_thing):
    thing = a_thing(library_editor)
    page = client.get(give_address(thing))

    assert page.status_code == 200
    assert "À lire" in page.content.decode()
    thing.refresh_from_db()
    assert thing.owner == library_editor
    assert not SelectionLogEntry.objects.exists()


@both
def test_what_is_confirmed_belongs_to_the_network_and_is_logged(client, library_editor, a_thing):
    thing = a_thing(library_editor)
    answer = client.post(give_address(thing), follow=True)

    thing.refresh_from_db()
    assert thing.owner is None
    assert not thing.is_public
    assert "appartient maintenant au réseau" in answer.content.decode()
    (act,) = SelectionLogEntry.objects.for_instance(thing)
    assert (act.action, act.user) == ("catalogue.give", library_editor)


@both
def test_an_editor_then_makes_it_public(client, library_editor, a_thing):
    thing = a_thing(library_editor)
    editor = a_member(EDITORS)
    client.force_login(editor)
    address = f"{screens_of(thing)}edit/{thing.pk}/"
    assert is_refused(client.get(address))

    client.force_login(library_editor)
    client.post(give_address(thing))
    client.force_login(editor)
    client.post(address, form_of(thing, is_public="on"))

    thing.refresh_from_db()
    assert thing.is_public
    assert client.get(f"/catalogue/listes/{thing.slug}/").status_code == 200


@both
def test_who_gave_without_publishing_sees_and_copies_but_changes_no_more(
    client, library_editor, a_thing
):
    thing = a_thing(library_editor)
    client.post(give_address(thing))

    assert "À lire" in client.get(screens_of(thing)).content.decode()
    for act in ("edit", "delete", "give"):
        address = f"{screens_of(thing)}{act}/{thing.pk}/"
        assert is_refused(client.get(address))
        assert is_refused(client.post(address, form_of(thing, owner=library_editor.pk)))
    client.post(f"{screens_of(thing)}copy/{thing.pk}/")
    thing.refresh_from_db()
    assert thing.owner is None
    assert type(thing).objects.filter(owner=library_editor).count() == 1


@both
def test_an_editor_who_gives_goes_on_changing_it(client, a_thing):
    editor = a_member(EDITORS)
    client.force_login(editor)
    thing = a_thing(editor)
    client.post(give_address(thing))

    thing.refresh_from_db()
    assert thing.owner is None
    assert client.get(f"{screens_of(thing)}edit/{thing.pk}/").status_code == 200


@both
@pytest.mark.parametrize("group", [EDITORS, ADMINISTRATORS])
def test_who_publishes_gives_it_back(client, library_editor, a_thing, group):
    thing = a_thing(library_editor)
    client.post(give_address(thing))
    client.force_login(a_member(group))
    address = f"{screens_of(thing)}edit/{thing.pk}/"
    client.post(address, form_of(thing, owner=library_editor.pk))

    thing.refresh_from_db()
    assert thing.owner == library_editor


@both
@pytest.mark.parametrize("group", [EDITORS, ADMINISTRATORS, "another library", MODERATORS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gives_what_another_owns(client, library_editor, a_thing, group, method):
    thing = a_thing(library_editor)
    if group == "another library":
        group = open_section(a_section(title="Autre", slug="autre")).name
    client.force_login(a_member(group))

    assert is_refused(getattr(client, method)(give_address(thing)))
    thing.refresh_from_db()
    assert thing.owner == library_editor


@both
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_signed_in_is_asked_to(client, a_thing, method):
    thing = a_thing(a_member(EDITORS))

    answer = getattr(client, method)(give_address(thing))
    assert answer["Location"].startswith("/gestion/login/")
    thing.refresh_from_db()
    assert thing.owner is not None


@both
def test_what_is_public_is_given_by_who_may_publish_only(client, library_editor, a_thing):
    thing = a_thing(library_editor, is_public=True)

    assert is_refused(client.post(give_address(thing)))
    thing.refresh_from_db()
    assert thing.owner == library_editor


@both
def test_only_its_owner_is_offered_to_give_it(client, library_editor, a_thing):
    thing = a_thing(library_editor)

    assert give_address(thing) in client.get(page_of(thing)).content.decode()
    client.force_login(a_member(ADMINISTRATORS))
    assert give_address(thing) not in client.get(page_of(thing)).content.decode()


@both
def test_giving_twice_is_giving_once(client, library_editor, a_thing):
    thing = a_thing(library_editor)
    client.post(give_address(thing))

    assert client.post(give_address(thing)).status_code == 404
    assert SelectionLogEntry.objects.for_instance(thing).count() == 1
