"""Baskets in the staff screens: made, filled, put in order, exported; and by whom."""

import pytest
from django.contrib.auth.models import Permission

from essor.catalogue.models import Basket
from essor.catalogue.queries import records_in_basket
from essor.catalogue.services import add_to_basket
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from tests.catalogue.builders import BasketFactory, RecordFactory, a_basket_of
from tests.portal.builders import a_member, a_portal, a_section

pytestmark = pytest.mark.django_db

PLACES = "/gestion/catalogue/paniers/"


@pytest.fixture(autouse=True)
def portal(own_index):
    return a_portal()


@pytest.fixture
def library_editor():
    return a_member(open_section(a_section()).name)


@pytest.fixture
def editor(client):
    """An editor, who has signed in."""
    user = a_member(EDITORS)
    client.force_login(user)
    return user


def titles(basket):
    return [record.title for record in records_in_basket(basket)]


def is_hidden(answer):
    """Whether an answer tells neither that the thing exists nor what it holds."""
    return answer.status_code == 404 or (
        answer.status_code == 302 and answer["Location"] == "/gestion/"
    )


def test_a_new_basket_belongs_to_who_makes_it_and_asks_to_be_filled(client, editor):
    answer = client.post(
        f"{PLACES}new/", {"name": "À lire", "slug": "a-lire", "owner": editor.pk}, follow=True
    )

    basket = Basket.objects.get()
    assert basket.owner == editor
    assert "Ce panier est vide" in answer.content.decode()


def test_an_editor_gives_a_basket_to_the_network_and_makes_it_public(client, editor):
    basket = BasketFactory(is_public=False, owner=editor)
    form = {"name": basket.name, "slug": basket.slug, "is_public": "on", "owner": ""}
    client.post(f"{PLACES}edit/{basket.pk}/", form)

    basket.refresh_from_db()
    assert basket.is_public
    assert basket.owner is None


def test_a_library_editor_makes_private_baskets_of_their_own_only(client, library_editor):
    client.force_login(library_editor)
    form = {"name": "À lire", "slug": "a-lire", "is_public": "on", "owner": ""}
    client.post(f"{PLACES}new/", form)

    basket = Basket.objects.get()
    assert basket.owner == library_editor
    assert not basket.is_public


def test_a_public_basket_leads_to_what_everyone_sees_of_it(client, editor):
    shown, hidden = BasketFactory(slug="vitrine"), BasketFactory(slug="tiroir", is_public=False)
    pages = [client.get(f"{PLACES}contents/{one.pk}/").content.decode() for one in (shown, hidden)]

    assert 'href="/catalogue/listes/vitrine/"' in pages[0]
    assert "/catalogue/listes/" not in pages[1]


SCREENS = [
    "contents/{}/",
    "edit/{}/",
    "delete/{}/",
    "usage/{}/",
    "history/{}/",
    "export/{}/",
    "export/{}/ris/",
    "list/{}/",
]


@pytest.mark.parametrize("screen", SCREENS)
def test_the_private_basket_of_another_is_not_there(client, editor, library_editor, screen):
    basket = a_basket_of(1, owner=a_member(EDITORS), is_public=False, name="Le jardin secret")

    for person in (editor, library_editor):
        client.force_login(person)
        assert is_hidden(client.get(PLACES + screen.format(basket.pk)))


@pytest.mark.parametrize("screen", [s for s in SCREENS if s != "list/{}/"])
def test_who_looks_after_accounts_reaches_every_basket(client, screen):
    basket = a_basket_of(1, owner=a_member(EDITORS), is_public=False)
    client.force_login(a_member(ADMINISTRATORS))

    assert client.get(PLACES + screen.format(basket.pk)).status_code == 200


@pytest.mark.parametrize("chooser", ["basket_chooser", "saved_search_chooser"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_made_from_a_chooser(client, chooser, method):
    client.force_login(a_member(ADMINISTRATORS))

    answer = getattr(client, method)(f"/gestion/{chooser}/create/", {"name": "À lire"})

    assert answer.status_code == 404
    assert not Basket.objects.exists()


def test_lists_and_choosers_leave_out_private_baskets_of_others(client, editor):
    BasketFactory(owner=a_member(EDITORS), is_public=False, name="Le jardin secret")
    BasketFactory(owner=a_member(EDITORS), is_public=True, name="La vitrine")
    hidden = Basket.objects.get(name="Le jardin secret")

    for address in (PLACES, "/gestion/basket_chooser/", "/gestion/catalogue/notices/"):
        RecordFactory()
        page = client.get(address).content.decode()
        assert "La vitrine" in page
        assert "jardin secret" not in page
    assert client.get(f"/gestion/basket_chooser/chosen/{hidden.pk}/").status_code == 404
    assert client.get("/gestion/basket_chooser/chosen/x/").status_code == 404


@pytest.mark.parametrize("is_public", [True, False])
def test_a_library_editor_looks_at_the_baskets_of_the_network_and_changes_none(
    client, library_editor, is_public
):
    basket = a_basket_of(2, is_public=is_public)
    client.force_login(library_editor)

    assert client.get(f"{PLACES}contents/{basket.pk}/").status_code == 200
    for act in ("edit/{}/", "delete/{}/", "list/{}/"):
        assert is_hidden(client.get(PLACES + act.format(basket.pk)))
    record = records_in_basket(basket)[1].pk
    for act in (
        f"contents/{basket.pk}/order/",
        f"contents/{basket.pk}/move/0/{record}/?position=0",
    ):
        assert is_hidden(client.post(PLACES + act, {"remove": record}))
    assert titles(basket) == ["Titre 000", "Titre 001"]


@pytest.fixture
def published_basket(client, library_editor):
    """A basket of a library editor, who has signed in, that an editor has made public."""
    client.force_login(library_editor)
    return a_basket_of(2, owner=library_editor, is_public=True, name="Vitrine", slug="vitrine")


def test_who_may_not_publish_still_looks_at_their_basket_once_it_is_public(
    client, published_basket
):
    page = client.get(f"{PLACES}contents/{published_basket.pk}/").content.decode()

    assert "Titre 000" in page
    assert "basket-order" not in page
    assert f"/edit/{published_basket.pk}/" not in page
    assert f"/edit/{published_basket.pk}/" not in client.get(PLACES).content.decode()


@pytest.mark.parametrize("screen", ["edit/{}/", "delete/{}/", "list/{}/", "history/{}/"])
def test_who_may_not_publish_reaches_no_form_of_what_is_public(client, published_basket, screen):
    assert is_hidden(client.get(PLACES + screen.format(published_basket.pk)))


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("edit/{}/", {"name": "Autre", "slug": "autre", "owner": ""}),
        ("delete/{}/", {}),
        ("list/{}/", {"numbers": "777"}),
        ("contents/{}/order/", {"remove": "first"}),
        ("contents/{}/order/", {"place-first": "2", "was-first": "1"}),
        ("contents/{}/move/0/first/?position=1", {}),
    ],
)
def test_who_may_not_publish_changes_nothing_of_what_is_public(client, published_basket, act, form):
    RecordFactory(control_number="777")
    first = str(records_in_basket(published_basket)[0].pk)
    address = PLACES + act.format(published_basket.pk).replace("first", first)
    form = {k.replace("first", first): v.replace("first", first) for k, v in form.items()}

    assert is_hidden(client.post(address, form))
    published_basket.refresh_from_db()
    assert (published_basket.name, published_basket.slug) == ("Vitrine", "vitrine")
    assert titles(published_basket) == ["Titre 000", "Titre 001"]


@pytest.mark.parametrize("chosen", ["record", "all_found"])
def test_who_may_not_publish_adds_no_record_found_to_what_is_public(
    client, published_basket, chosen
):
    record = RecordFactory()
    page = client.get("/gestion/catalogue/notices/").content.decode()
    form = {chosen: record.pk, "basket": published_basket.pk}
    client.post("/gestion/catalogue/notices/", form)

    assert "Vitrine" not in page
    assert titles(published_basket) == ["Titre 000", "Titre 001"]


def test_who_looks_after_accounts_without_publishing_leaves_what_is_public_as_it_is(client):
    person = a_member(open_section(a_section()).name)
    person.user_permissions.add(Permission.objects.get(codename="change_user"))
    client.force_login(person)
    shown, hidden = BasketFactory(), BasketFactory(is_public=False, owner=a_member(EDITORS))

    assert is_hidden(client.get(f"{PLACES}edit/{shown.pk}/"))
    assert client.get(f"{PLACES}edit/{hidden.pk}/").status_code == 200


@pytest.mark.parametrize(
    "act", ["contents/{}/order/", "copy/{}/", "contents/{}/move/0/1/?position=0"]
)
@pytest.mark.parametrize("group", [MODERATORS, None])
def test_who_has_no_right_changes_nothing(client, group, act):
    basket = a_basket_of(2)
    if group:
        client.force_login(a_member(group))

    assert client.post(PLACES + act.format(basket.pk), {"remove": 1}).status_code == 302
    assert Basket.objects.count() == 1
    assert len(titles(basket)) == 2


def test_records_move_by_number_and_leave_by_tick(client, editor):
    basket = a_basket_of(5)
    keys = [record.pk for record in records_in_basket(basket)]
    form = {f"was-{key}": place for place, key in enumerate(keys, start=1)}
    form |= {f"place-{key}": place for place, key in enumerate(keys, start=1)}
    form |= {f"place-{keys[4]}": 1, f"place-{keys[0]}": 99, "remove": keys[2]}
    client.post(f"{PLACES}contents/{basket.pk}/order/", form)

    assert titles(basket) == ["Titre 004", "Titre 001", "Titre 003", "Titre 000"]


def test_a_record_dragged_on_the_screen_moves_in_the_basket(client, editor):
    basket = a_basket_of(4)
    last = records_in_basket(basket).last()
    answer = client.post(f"{PLACES}contents/{basket.pk}/move/0/{last.pk}/?position=1")

    assert answer.json() == {"success": True}
    assert titles(basket) == ["Titre 000", "Titre 003", "Titre 001", "Titre 002"]


@pytest.mark.parametrize("position", ["", "?position=", "?position=x", "?position=-1"])
def test_a_move_to_nowhere_is_refused(client, editor, position):
    basket = a_basket_of(2)
    record = records_in_basket(basket)[0]
    answer = client.post(f"{PLACES}contents/{basket.pk}/move/0/{record.pk}/{position}")

    assert answer.status_code == 400
    assert titles(basket) == ["Titre 000", "Titre 001"]


def test_ticked_records_go_into_a_new_basket(client, editor):
    records = RecordFactory.create_batch(3)
    form = {"record": [records[0].pk, records[2].pk], "name": "Nouveautés"}
    answer = client.post("/gestion/catalogue/notices/", form, follow=True)

    basket = Basket.objects.get()
    assert (basket.owner, basket.is_public) == (editor, False)
    assert set(records_in_basket(basket)) == {records[0], records[2]}
    assert "2 notices ajoutées" in answer.content.decode()


def test_all_records_found_go_into_a_basket_that_is_there(client, editor):
    basket = a_basket_of(1)
    RecordFactory(title="Le jardin")
    RecordFactory(title="Un jardin")
    RecordFactory(title="La mer")
    client.post(
        "/gestion/catalogue/notices/?q=jardin", {"all_found": "on", "basket": basket.pk, "name": ""}
    )

    assert sorted(titles(basket)) == ["Le jardin", "Titre 000", "Un jardin"]


@pytest.mark.parametrize(
    ("form", "said"),
    [({"name": "X"}, "Cochez d’abord"), ({"all_found": "on"}, "Choisissez un panier")],
)
def test_an_incomplete_choice_says_what_is_missing(client, editor, form, said):
    RecordFactory()
    page = client.post("/gestion/catalogue/notices/", form).content.decode()

    assert said in page
    assert not Basket.objects.exists()


def test_nobody_fills_a_basket_that_is_not_theirs_to_change(client, editor):
    basket = BasketFactory(owner=a_member(EDITORS), is_public=False)
    record = RecordFactory()
    client.post("/gestion/catalogue/notices/", {"record": record.pk, "basket": basket.pk})

    assert titles(basket) == []


def test_a_moderator_looks_at_records_without_filling_baskets(client):
    client.force_login(a_member(MODERATORS))
    record = RecordFactory()
    page = client.get("/gestion/catalogue/notices/").content.decode()
    client.post("/gestion/catalogue/notices/", {"record": record.pk, "name": "X"})

    assert "Mettre dans un panier" not in page
    assert not Basket.objects.exists()


def test_a_pasted_list_fills_the_basket_and_says_what_was_not_found(client, editor):
    basket = a_basket_of(0)
    RecordFactory(control_number="886", title="L’horreur économique")
    page = client.post(f"{PLACES}list/{basket.pk}/", {"numbers": "Notice\n886\n9999\n"})

    assert titles(basket) == ["L’horreur économique"]
    assert "1 notice ajoutée" in page.content.decode()
    assert "Ligne 3" in page.content.decode()


@pytest.mark.parametrize("numbers", ["", "  \n "])
def test_an_empty_list_is_refused_in_words(client, editor, numbers):
    basket = a_basket_of(0)
    page = client.post(f"{PLACES}list/{basket.pk}/", {"numbers": numbers}).content.decode()

    assert "Collez des numéros" in page


def test_a_copy_is_private_and_keeps_the_order(client, editor):
    basket = a_basket_of(3, owner=a_member(EDITORS), is_public=True)
    client.post(f"{PLACES}copy/{basket.pk}/")

    copy = Basket.objects.exclude(pk=basket.pk).get()
    assert (copy.owner, copy.is_public) == (editor, False)
    assert titles(copy) == titles(basket)


def test_two_copies_of_one_basket_stand_side_by_side(client, editor):
    basket = a_basket_of(1)
    for _ in range(2):
        client.post(f"{PLACES}copy/{basket.pk}/")

    assert Basket.objects.count() == 3


def test_an_export_runs_no_formula(client, editor):
    basket = BasketFactory(slug="pieges")
    title = '=HYPERLINK("http://exemple.fr";"Cliquez")'
    add_to_basket(basket, [RecordFactory(title=title, control_number="12")])
    answer = client.get(f"{PLACES}export/{basket.pk}/")
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert answer["Content-Disposition"] == 'attachment; filename="pieges.csv"'
    assert lines[0].startswith("\ufeffSource;")
    assert "\"'=HYPERLINK(" in lines[1]


@pytest.mark.parametrize(("extension", "mark"), [("ris", "TY  - "), ("bib", "@book{")])
def test_a_basket_goes_to_reference_managers_in_its_order(client, editor, extension, mark):
    basket = a_basket_of(2, is_public=False, owner=editor, slug="mien")
    answer = client.get(f"{PLACES}export/{basket.pk}/{extension}/")
    text = b"".join(answer.streaming_content).decode()

    assert answer["Content-Disposition"] == f'attachment; filename="mien.{extension}"'
    assert text.count(mark) == 2
    assert text.index("Titre 000") < text.index("Titre 001")


def test_a_format_that_is_none_is_not_found(client, editor):
    assert client.get(f"{PLACES}export/{a_basket_of(1).pk}/exe/").status_code == 404


def test_the_queries_of_a_basket_do_not_grow_with_it(client, editor, django_assert_max_num_queries):
    small, large = a_basket_of(2), a_basket_of(20)
    client.get(f"{PLACES}contents/{small.pk}/")
    with django_assert_max_num_queries(60) as few:
        client.get(f"{PLACES}contents/{small.pk}/")
    with django_assert_max_num_queries(len(few)):
        client.get(f"{PLACES}contents/{large.pk}/")
