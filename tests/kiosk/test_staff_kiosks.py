"""Kiosks in the staff screens: made, previewed, counted, copied, listed, deleted; by whom, and who sees what."""

import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ReferenceIndex

from essor.catalogue.asked import Asked
from essor.catalogue.models import SavedSearch
from essor.kiosk.charts import scale_of
from essor.kiosk.hosts import OTHERS
from essor.kiosk.models import DailyCount, Kiosk
from essor.portal.models import ReusableBox
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section

from ..portal.builders import a_dossier, a_member, a_portal, a_section
from .builders import a_basket, a_kiosk, a_record

pytestmark = pytest.mark.django_db

SCREENS = "/gestion/snippets/kiosk/kiosk/"
SECRET = "Démission de la direction"


@pytest.fixture(autouse=True)
def portal(own_index):
    return a_portal()


@pytest.fixture
def editor(client):
    """An editor, who has signed in."""
    user = a_member(EDITORS)
    client.force_login(user)
    return user


@pytest.fixture
def secret():
    """A private basket of somebody else, with one record."""
    other = a_member(EDITORS, username="autre")
    basket = a_basket([a_record(9, title="Livre caché")], slug="secret", is_public=False)
    basket.name, basket.owner = SECRET, other
    basket.save()
    return basket


def a_search(*, text="absent", is_public=True, **fields):
    criteria = Asked.in_state({"q": [text]}).criteria
    return SavedSearch.objects.create(
        name="Recherche", slug="recherche", criteria=criteria, is_public=is_public, **fields
    )


def filled(**changes):
    """The form of a kiosk as a browser posts it."""
    form = {
        "name": "À lire",
        "slug": "",
        "basket": "",
        "saved_search": "",
        "order": "chosen",
        "limit": "15",
        "draw": "none",
        "pool": "50",
        "branch": "",
        "display": "strip",
        "autoplay_s": "0",
        "theme": "auto",
        "names_portal": "on",
    }
    return {**form, **{name: str(getattr(value, "pk", value)) for name, value in changes.items()}}


def form_of(kiosk, **changes):
    source = {"basket": kiosk.basket_id or "", "saved_search": kiosk.saved_search_id or ""}
    return filled(**{"name": kiosk.name, "slug": kiosk.slug, **source, **changes})


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def words(part):
    return re.sub(r"\s+", " ", part.get_text()).strip()


def count_said(answer):
    return words(soup(answer).select_one("[data-recount]"))


def preview_of(client, address, form):
    """Post the form as the preview panel does, then look at the preview."""
    told = client.post(address, form).json()
    return told, client.get(address)


# Made and changed


def test_a_kiosk_is_made_and_its_short_name_is_that_of_its_title(client, editor):
    a_kiosk([a_record(1)], slug="a-lire")
    basket = a_basket([a_record(2)])

    answer = client.post(f"{SCREENS}add/", filled(basket=basket), follow=True)

    kiosk = Kiosk.objects.get(slug="a-lire-2")
    assert (kiosk.name, kiosk.basket, kiosk.limit) == ("À lire", basket, 15)
    assert f"http://testserver/kiosques/{kiosk.slug}/cadre" in soup(answer).textarea.text


def test_a_title_without_a_letter_for_an_address_has_a_short_name_all_the_same(client, editor):
    for number in range(2):
        client.post(f"{SCREENS}add/", filled(basket=a_basket([], slug=f"b{number}"), name="日本"))
    assert {kiosk.slug for kiosk in Kiosk.objects.all()} == {"kiosque", "kiosque-2"}


@pytest.mark.parametrize("both", [True, False])
def test_a_kiosk_has_one_source(client, editor, both):
    basket, search = a_basket([]), a_search()
    sources = {"basket": basket, "saved_search": search} if both else {}

    answer = client.post(f"{SCREENS}add/", filled(**sources))

    assert not Kiosk.objects.exists()
    field, said = (
        ("saved_search", "retirez l’un des deux")
        if both
        else ("basket", "Choisissez ici un panier")
    )
    errors = soup(answer).select_one(
        f"#panel-child-content-child-{field}-errors, [id*={field}-err]"
    )
    assert said in words(errors)


def test_the_title_of_a_kiosk_in_use_does_not_change_its_address(client, editor):
    kiosk = a_kiosk([a_record(1)])
    name = soup(client.get(f"{SCREENS}edit/{kiosk.pk}/")).select_one("[name=name]")
    assert "w-sync#apply" not in name.get("data-action", "")
    new = soup(client.get(f"{SCREENS}add/")).select_one("[name=name]")
    assert "w-sync#apply" in new["data-action"]

    client.post(f"{SCREENS}edit/{kiosk.pk}/", form_of(kiosk, name="Autre titre"))
    kiosk.refresh_from_db()
    assert (kiosk.name, kiosk.slug) == ("Autre titre", "ess")


def test_a_copy_has_the_same_choices_and_a_free_short_name(client, editor):
    kiosk = a_kiosk([a_record(1)], limit=7, display="grid")
    page = soup(client.get(f"{SCREENS}copy/{kiosk.pk}/"))
    proposed = {one["name"]: one.get("value") for one in page.select("form input[name]")}
    assert proposed["name"] == "Copie de À lire"
    assert proposed["slug"] == "copie-de-a-lire"

    copied = filled(name=proposed["name"], slug=proposed["slug"], basket=proposed["basket"])
    client.post(f"{SCREENS}add/", {**copied, "limit": proposed["limit"], "display": "grid"})

    assert Kiosk.objects.count() == 2
    copy = Kiosk.objects.exclude(pk=kiosk.pk).get()
    assert (copy.basket, copy.limit, copy.display) == (kiosk.basket, 7, "grid")


# Counted


def test_the_form_says_what_the_basket_holds_and_what_is_shown(client, editor):
    kiosk = a_kiosk([a_record(number) for number in range(3)], limit=2)
    said = "Le panier contient 3 notices, 0 avec une image ; le kiosque en montre 2."
    assert count_said(client.get(f"{SCREENS}edit/{kiosk.pk}/")) == said


def test_the_count_follows_the_form_before_it_is_saved(client, editor):
    kiosk = a_kiosk([a_record(number) for number in range(3)], limit=2)
    other = a_basket([a_record(7)], slug="autre")
    address = f"{SCREENS}contents/{kiosk.pk}/"

    answer = client.post(address, form_of(kiosk, basket=other, name=""))
    assert "contient 1 notice" in count_said(answer)
    answer = client.post(address, form_of(kiosk, only_with_cover="on"))
    assert "Aucune notice ne remplit" in count_said(answer)
    answer = client.post(address, form_of(kiosk, draw="day", pool="1"))
    assert "Tirez au sort parmi" in count_said(answer)
    kiosk.refresh_from_db()
    assert kiosk.limit == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Choisissez ici un panier, ou plus bas un catalogue dynamique."),
        ({"limit": "", "draw": ""}, "Nombre de couvertures : Champ requis."),
        ({"limit": "0"}, "Assurez-vous que cette valeur est supérieure ou égale à 1."),
        ({"limit": "mille"}, "Saisissez un nombre entier."),
        ({"basket": "424242"}, "n’existe pas"),
        ({"basket": "x"}, "n’existe pas"),
        ({"order": "by chance"}, "by chance"),
    ],
)
def test_a_form_that_is_not_complete_is_told_so_in_words(client, editor, changes, said):
    answer = client.post(f"{SCREENS}contents/", filled(**changes))
    assert answer.status_code == 200
    assert said in count_said(answer)


def test_a_kiosk_without_title_yet_is_counted_and_previewed(client, editor):
    form = filled(name="", basket=a_basket([a_record(1)]))
    assert "le kiosque en montre 1" in count_said(client.post(f"{SCREENS}contents/", form))
    told, page = preview_of(client, f"{SCREENS}preview/", form)
    assert told["is_valid"]
    assert "le kiosque en montre 1" in words(soup(page).aside)


def test_without_script_a_button_counts_and_saves_nothing(client, editor):
    kiosk = a_kiosk([a_record(number) for number in range(3)])
    form = form_of(kiosk, limit="2", count="on")
    answer = client.post(f"{SCREENS}edit/{kiosk.pk}/", form)
    assert "le kiosque en montre 2" in count_said(answer)
    assert soup(answer).select_one("[name=limit]")["value"] == "2"
    answer = client.post(f"{SCREENS}add/", filled(basket=kiosk.basket, count="on"))
    assert "contient 3 notices" in count_said(answer)
    assert Kiosk.objects.get().limit == 15


def test_a_search_that_finds_nothing_says_so(client, editor):
    answer = client.post(f"{SCREENS}contents/", filled(saved_search=a_search(is_public=False)))
    said = count_said(answer)
    assert "catalogue dynamique" in said
    assert "Le public ne voit rien : le catalogue dynamique est privé." in said


# Previewed


def test_the_preview_shows_unsaved_values_as_a_frame_would_below_the_count(client, editor):
    kiosk = a_kiosk([a_record(number, title=f"Titre {number}") for number in range(3)])
    told, page = preview_of(client, f"{SCREENS}preview/{kiosk.pk}/", form_of(kiosk, limit="2"))

    assert told == {"is_valid": True, "is_available": True}
    assert "Titre 1" in words(soup(page).main)
    assert "Titre 2" not in words(soup(page).main)
    assert "le kiosque en montre 2" in words(soup(page).aside)
    assert "data-kiosk-count" not in page.content.decode()
    assert not DailyCount.objects.exists()


def test_the_preview_of_a_private_source_warns_that_readers_see_nothing(client, editor):
    kiosk = a_kiosk([a_record(1, title="À venir")], is_public=False)
    _told, page = preview_of(client, f"{SCREENS}preview/{kiosk.pk}/", form_of(kiosk))
    assert "À venir" in words(soup(page).main)
    assert "Le public ne voit rien : le panier est privé." in words(soup(page).aside)


def test_only_the_staff_screens_may_frame_the_preview_and_its_links_stay_in_it(client, editor):
    kiosk = a_kiosk([a_record(1)])
    _told, page = preview_of(client, f"{SCREENS}preview/{kiosk.pk}/", form_of(kiosk))
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert "sandbox allow-scripts allow-same-origin" in page["Content-Security-Policy"]


def test_a_kiosk_without_source_waits_for_one_politely(client, editor):
    told, page = preview_of(client, f"{SCREENS}preview/", filled())
    assert told == {"is_valid": True, "is_available": True}
    assert "choisissez un panier" in words(soup(page).aside)


def test_a_form_with_two_sources_has_no_preview(client, editor):
    form = filled(basket=a_basket([]), saved_search=a_search())
    told, page = preview_of(client, f"{SCREENS}preview/", form)
    assert told == {"is_valid": False, "is_available": False}
    assert "validation" in words(soup(page).body)


# Private baskets of others


def test_the_private_basket_of_another_is_refused(client, editor, secret):
    answer = client.post(f"{SCREENS}add/", filled(basket=secret))
    assert not Kiosk.objects.exists()
    assert SECRET not in answer.content.decode()

    kiosk = a_kiosk([a_record(1)])
    client.post(f"{SCREENS}edit/{kiosk.pk}/", form_of(kiosk, basket=secret))
    kiosk.refresh_from_db()
    assert kiosk.basket != secret

    for address in (f"{SCREENS}contents/", f"{SCREENS}contents/{kiosk.pk}/"):
        answer = client.post(address, filled(basket=secret))
        assert "n’existe pas" in count_said(answer)
    told, page = preview_of(client, f"{SCREENS}preview/", filled(basket=secret))
    assert not told["is_available"]
    assert "Livre caché" not in page.content.decode()


def test_no_screen_names_or_shows_the_private_basket_of_another(client, editor, secret):
    kiosk = Kiosk.objects.create(name="À lire", slug="ess", basket=secret)
    preview = f"{SCREENS}preview/{kiosk.pk}/"
    client.post(preview, form_of(kiosk))
    pages = [
        SCREENS,
        f"{SCREENS}edit/{kiosk.pk}/",
        f"{SCREENS}copy/{kiosk.pk}/",
        f"{SCREENS}usage/{kiosk.pk}/",
        f"{SCREENS}history/{kiosk.pk}/",
        f"{SCREENS}delete/{kiosk.pk}/",
        preview,
        "/gestion/basket_chooser/",
        "/gestion/snippets/choose/kiosk/kiosk/",
    ]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert SECRET not in answer.content.decode(), address
        assert "Livre caché" not in answer.content.decode(), address
    assert "un panier privé" in words(soup(client.get(SCREENS)).main)


def test_who_may_not_see_its_basket_may_still_change_the_rest_of_a_kiosk(client, editor, secret):
    kiosk = Kiosk.objects.create(name="À lire", slug="ess", basket=secret)
    told = count_said(client.post(f"{SCREENS}contents/{kiosk.pk}/", form_of(kiosk)))
    assert "sélection privée de quelqu’un d’autre" in told

    client.post(f"{SCREENS}edit/{kiosk.pk}/", form_of(kiosk, display="grid"))
    kiosk.refresh_from_db()
    assert (kiosk.display, kiosk.basket) == ("grid", secret)


def test_its_owner_and_who_looks_after_accounts_see_the_private_basket(client, secret):
    kiosk = Kiosk.objects.create(name="À lire", slug="ess", basket=secret)
    for user in (secret.owner, a_member(ADMINISTRATORS)):
        client.force_login(user)
        assert SECRET in client.get(SCREENS).content.decode()
        assert SECRET in client.get(f"{SCREENS}edit/{kiosk.pk}/").content.decode()


# Listed


def test_the_list_takes_as_many_queries_for_many_kiosks(client, editor):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(SCREENS).status_code == 200
        return len(captured)

    a_kiosk([a_record(0)], slug="k0")
    Kiosk.objects.create(name="R", slug="r0", saved_search=a_search())
    queries()
    few = queries()
    for number in range(1, 19):
        a_kiosk([a_record(number)], slug=f"k{number}", is_public=number % 2 == 0)
    assert queries() == few


def test_the_list_tells_where_each_draws_from_and_is_filtered(client, editor):
    a_kiosk([a_record(1)], slug="un", name="Bandeau public")
    a_kiosk([a_record(2)], slug="deux", name="Grille cachée", display="grid", is_public=False)
    Kiosk.objects.create(name="Cherché", slug="trois", saved_search=a_search())

    def names(query=""):
        return set(
            re.findall(
                r"Bandeau public|Grille cachée|Cherché",
                words(soup(client.get(f"{SCREENS}?{query}")).main),
            )
        )

    assert names() == {"Bandeau public", "Grille cachée", "Cherché"}
    assert names("display=grid") == {"Grille cachée"}
    assert names("source=search") == {"Cherché"}
    assert names("source=basket") == {"Bandeau public", "Grille cachée"}
    assert names("readers=nothing") == {"Grille cachée"}
    assert names("readers=see") == {"Bandeau public", "Cherché"}
    assert "le public ne voit rien" in words(soup(client.get(SCREENS)).main)


# Used and deleted


def test_usage_tells_the_pages_and_the_boxes_that_show_a_kiosk(client, editor):
    kiosk = a_kiosk([a_record(1)])
    DailyCount.objects.create(kiosk=kiosk, day="2026-11-26", displays=1)
    dossier = a_dossier(title="Un dossier")
    dossier.main = [("kiosk", {"title": "", "kiosk": kiosk})]
    dossier.save_revision().publish()
    ReusableBox.objects.create(name="Une boîte", content=[("kiosk", {"title": "", "kiosk": kiosk})])
    usage = f"{SCREENS}usage/{kiosk.pk}/"

    assert usage in client.get(SCREENS).content.decode()
    said = words(soup(client.get(usage)).main)
    assert "Un dossier" in said
    assert "Une boîte" in said
    assert ReferenceIndex.get_grouped_references_to(kiosk).count() == 2


@pytest.mark.parametrize("screen", ["delete/{}/", "/gestion/bulk/kiosk/kiosk/delete/?id={}"])
def test_a_kiosk_that_a_page_shows_is_not_deleted(client, editor, screen):
    kiosk = a_kiosk([a_record(1)])
    dossier = a_dossier(title="Un dossier")
    dossier.main = [("kiosk", {"title": "", "kiosk": kiosk})]
    dossier.save_revision().publish()
    address = screen.format(kiosk.pk)
    address = address if address.startswith("/") else SCREENS + address

    for answer in (client.get(address, follow=True), client.post(address, follow=True)):
        page = words(soup(answer))
        assert "« À lire » est montré par ce qui est listé ici" in page
        assert "Un dossier" in page
    assert Kiosk.objects.filter(pk=kiosk.pk).exists()

    dossier.main = []
    dossier.save_revision().publish()
    client.post(address)
    assert not Kiosk.objects.exists()


def test_a_basket_that_a_kiosk_shows_is_not_deleted_and_the_screen_says_why(client, editor):
    kiosk = a_kiosk([a_record(1)])
    address = f"/gestion/catalogue/paniers/delete/{kiosk.basket_id}/"

    said = words(soup(client.get(address)).main)
    assert "empêche" in said
    assert soup(client.get(address)).select_one("form[method=POST] button.serious") is None
    client.post(address)
    assert Kiosk.objects.filter(pk=kiosk.pk).exists()
    usage = words(soup(client.get(f"/gestion/catalogue/paniers/usage/{kiosk.basket_id}/")).main)
    assert "À lire" in usage


# By whom


def refused(answer):
    return answer.status_code in (403, 404) or (
        answer.status_code == 302 and answer["Location"].startswith("/gestion/")
    )


@pytest.mark.parametrize("who", ["nobody", "moderator", "library editor", "looker"])
def test_who_may_not_change_kiosks_neither_previews_nor_counts(client, who):
    kiosk = a_kiosk([a_record(1, title="Livre")], is_public=False)
    if who == "moderator":
        client.force_login(a_member(MODERATORS))
    elif who == "library editor":
        client.force_login(a_member(open_section(a_section()).name))
    elif who == "looker":
        group = Group.objects.create(name="Regard")
        group.permissions.add(
            *Permission.objects.filter(codename__in=("access_admin", "view_kiosk"))
        )
        client.force_login(a_member("Regard"))
    for address in (
        f"{SCREENS}contents/",
        f"{SCREENS}contents/{kiosk.pk}/",
        f"{SCREENS}preview/",
        f"{SCREENS}preview/{kiosk.pk}/",
        f"{SCREENS}add/",
        f"{SCREENS}edit/{kiosk.pk}/",
    ):
        assert refused(client.post(address, form_of(kiosk))), address


# Statistics

TODAY = date(2026, 11, 26)


@pytest.fixture
def counted(monkeypatch):
    """A kiosk with its counts, on a day that does not move."""
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    kiosk = a_kiosk([a_record(1)])
    for days, host, displays, clicks in (
        (0, "", 1200, 30),
        (0, "mairie.example", 40, 2),
        (29, "mairie.example", 5, 0),
        (29, OTHERS, 3, 0),
        (30, "ecole.example", 7, 1),
        (400, "oubli.example", 9, 9),
    ):
        DailyCount.objects.create(
            kiosk=kiosk,
            day=TODAY - timedelta(days=days),
            host=host,
            displays=displays,
            clicks=clicks,
        )
    return kiosk


def table_of(page, place):
    rows = page.select("table.kiosk-figures__table")[place].select("tbody tr")
    return [[words(cell) for cell in row.select("th, td")] for row in rows]


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_statistics_of_thirty_days_in_charts_and_in_tables(client, editor, counted):
    page = soup(client.get(f"{SCREENS}statistics/{counted.pk}/"))

    assert plain(words(page.select_one(".kiosk-totals"))) == "Affichages 1 248 Notices ouvertes 32"
    days = table_of(page, 0)
    assert len(days) == 30
    assert plain(days[0][0]) == "26 novembre 2026"
    assert plain(days[0][1]) == "1 240"
    assert days[-1][1:] == ["8", "0"]
    assert [plain(" | ".join(row)) for row in table_of(page, 1)] == [
        "Le portail lui-même | 1 200 | 30 | 2,5 %",
        "mairie.example | 45 | 2 | 4,4 %",
        "Sites qui ne disent pas leur nom | 3 | 0 | 0 %",
    ]
    charts = page.select("svg[role=img]")
    assert [len(chart.select("rect")) for chart in charts] == [30, 30]
    assert plain(charts[0].select("rect title")[-1].text) == "26 novembre 2026 : 1 240 affichages"
    assert all(page.select_one(f"#{chart['aria-labelledby']}") for chart in charts)


def test_statistics_of_twelve_months(client, editor, counted):
    page = soup(client.get(f"{SCREENS}statistics/{counted.pk}/?periode=12-mois"))
    months = table_of(page, 0)
    assert len(months) == 12
    assert [months[0][0], months[-1][0]] == ["novembre 2026", "décembre 2025"]
    assert plain(months[0][1]) == "1 240"
    assert months[1][1:] == ["15", "1"]
    assert "oubli.example" not in words(page)


def test_statistics_of_a_kiosk_that_nobody_saw_say_so(client, editor):
    kiosk = a_kiosk([])
    page = soup(client.get(f"{SCREENS}statistics/{kiosk.pk}/?periode=toujours"))
    assert "Rien n’a été compté" in words(page.main)
    assert not page.select("svg[role=img]")


def test_the_counts_are_taken_away_as_a_table(client, editor, counted):
    answer = client.get(f"{SCREENS}statistics/{counted.pk}/table/?periode=30-jours")
    assert answer["Content-Disposition"] == 'attachment; filename="kiosque-ess-30-jours.csv"'
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines == [
        "Jour;Site;Affichages;Notices ouvertes",
        "2026-10-28;Sites qui ne disent pas leur nom;3;0",
        "2026-10-28;mairie.example;5;0",
        "2026-11-26;Le portail lui-même;1200;30",
        "2026-11-26;mairie.example;40;2",
    ]


def test_many_sites_are_cut_on_the_screen_and_whole_in_the_table(client, editor, counted):
    DailyCount.objects.bulk_create(
        DailyCount(kiosk=counted, day=TODAY, host=f"s{number}.example", displays=2)
        for number in range(60)
    )
    address = f"{SCREENS}statistics/{counted.pk}/"
    with CaptureQueriesContext(connection) as queries:
        page = soup(client.get(address))
    assert len([query for query in queries if "kiosk_dailycount" in query["sql"]]) <= 3
    assert len(table_of(page, 1)) == 50
    assert "13 autres sites" in plain(words(page.main))
    assert len(client.get(f"{address}table/").getvalue().splitlines()) == 65


def test_the_list_and_the_form_lead_to_the_statistics(client, editor, counted):
    address = f"{SCREENS}statistics/{counted.pk}/"
    for page in (client.get(SCREENS), client.get(f"{SCREENS}edit/{counted.pk}/")):
        assert soup(page).select_one(f"a[href='{address}']")
    assert "1 248" in plain(words(soup(client.get(SCREENS)).main))


def test_who_may_see_kiosks_sees_their_statistics(client, counted):
    group = Group.objects.create(name="Regard")
    group.permissions.add(*Permission.objects.filter(codename__in=("access_admin", "view_kiosk")))
    client.force_login(a_member("Regard"))
    page = client.get(f"{SCREENS}statistics/{counted.pk}/")
    assert page.status_code == 200
    assert f"{SCREENS}edit/" not in page.content.decode()


@pytest.mark.parametrize("who", ["nobody", "moderator", "library editor"])
def test_who_may_not_see_kiosks_sees_no_statistics(client, counted, who):
    if who == "moderator":
        client.force_login(a_member(MODERATORS))
    elif who == "library editor":
        client.force_login(a_member(open_section(a_section()).name))
    for address in (
        f"{SCREENS}statistics/{counted.pk}/",
        f"{SCREENS}statistics/{counted.pk}/table/",
        SCREENS,
    ):
        assert refused(client.get(address)), address


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 1), (1, 1), (2, 2), (3, 4), (5, 6), (7, 8), (9, 10), (1240, 2000)]
)
def test_the_scale_of_a_chart_is_round(largest, top):
    assert scale_of(largest) == top
