"""Kiosks are counted by day and by embedding site, and nothing of any visitor is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from essor import schedule
from essor.catalogue.models import BasketItem
from essor.kiosk import counting
from essor.kiosk.hosts import OTHERS, host_to_count
from essor.kiosk.models import DailyCount, RecordClicks
from essor.kiosk.showing import shown
from essor.kiosk.tasks import forget_old_counts
from essor.kiosk.types import Order

from ..portal.builders import a_dossier, the_portal
from .builders import a_kiosk, a_record

pytestmark = pytest.mark.django_db

ADDRESS = "/kiosques/ess/vu"


@pytest.fixture
def record():
    return a_record(1)


@pytest.fixture
def kiosk(record):
    the_portal()
    return a_kiosk([record])


def told(client, body, address=ADDRESS, **headers):
    """What a page of a kiosk sends, as its browser sends it."""
    return client.post(address, body, content_type="text/plain;charset=UTF-8", headers=headers)


def counted():
    rows = DailyCount.objects.order_by("host").values_list("host", "displays", "clicks")
    return list(rows)


def test_displays_and_clicks_of_a_day_add_up_by_site(client, kiosk, record):
    told(client, "quoi=vu")
    told(client, "quoi=vu&site=mairie.example")
    told(client, "quoi=vu&site=mairie.example")
    told(client, f"quoi=clic&notice={record.pk}&site=mairie.example")

    assert counted() == [("", 1, 0), ("mairie.example", 2, 1)]
    assert set(DailyCount.objects.values_list("kiosk", "day")) == {(kiosk.pk, timezone.localdate())}
    assert RecordClicks.objects.get().clicks == 1


def test_the_answer_is_empty_and_sets_no_cookie(kiosk):
    strict = Client(enforce_csrf_checks=True)
    answer = told(strict, "quoi=vu", Origin="https://mairie.example")

    assert (answer.status_code, answer.content) == (204, b"")
    assert not answer.cookies
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_nothing_of_the_visitor_is_kept(client, kiosk):
    told(client, "quoi=vu", User_Agent="Firefox", Referer="https://a.example/qui?je=suis")

    assert {field.name for field in DailyCount._meta.fields} == {
        "id",
        "kiosk",
        "day",
        "host",
        "displays",
        "clicks",
    }
    assert counted() == [("", 1, 0)]


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_who_asks_not_to_be_followed_is_not_counted(client, kiosk, header):
    assert told(client, "quoi=vu", **{header: "1"}).status_code == 204
    assert counted() == []


def test_an_unknown_kiosk_is_not_found(client, kiosk):
    assert told(client, "quoi=vu", "/kiosques/inconnu/vu").status_code == 404


def test_a_page_that_only_reads_counts_nothing(client, kiosk):
    assert client.get(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        "",
        "quoi=autre",
        "quoi=clic",
        "quoi=clic&notice=un",
        "quoi=clic&notice=99999999999999999999",
        "quoi=clic&notice=-1",
        "quoi=clic&notice=²",
        "quoi=vu&site=" + "a" * 600,
        "\xff\xfe",
        "&".join(f"a{n}=" for n in range(90)),
    ],
)
def test_what_no_page_of_ours_would_send_is_refused(client, kiosk, body):
    assert told(client, body).status_code == 400
    assert counted() == []
    assert not RecordClicks.objects.exists()


def test_a_record_that_is_not_there_is_left_aside(client, kiosk):
    assert told(client, "quoi=clic&notice=424242").status_code == 204
    assert counted() == []


def test_another_site_is_named_by_its_browser_whatever_its_page_says(client, kiosk):
    told(client, "quoi=vu&site=autre.example", Origin="https://mairie.example:8443")
    told(client, "quoi=vu&site=", Origin="null")
    told(client, "quoi=vu&site=ecole.example", Origin="http://testserver")

    assert counted() == [(OTHERS, 1, 0), ("ecole.example", 1, 0), ("mairie.example", 1, 0)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", ""),
        ("Mairie.Example.", "mairie.example"),
        ("portail.example", ""),
        ("médiathèque.fr", "xn--mdiathque-53af.fr"),
        ("intranet", "intranet"),
        ("192.168.1.12", OTHERS),
        ("[2001:db8::1]", OTHERS),
        ("2001:db8::1", OTHERS),
        ("a" * 64 + ".fr", OTHERS),
        (".".join(["a" * 60] * 5), OTHERS),
        ("<script>", OTHERS),
        ("a..b", OTHERS),
        ("é" * 300, OTHERS),
        ("?", OTHERS),
        ("*", OTHERS),
        ("  ", OTHERS),
    ],
)
def test_only_a_host_name_is_kept(said, kept):
    assert host_to_count(said, portal="portail.example") == kept


def test_a_flood_of_site_names_is_grouped(client, kiosk, monkeypatch):
    monkeypatch.setattr(counting, "MOST_HOSTS", 3)
    for number in range(6):
        told(client, f"quoi=vu&site=s{number}.example")
    told(client, "quoi=vu&site=s0.example")
    told(client, "quoi=vu")

    assert counted() == [
        ("", 1, 0),
        (OTHERS, 3, 0),
        ("s0.example", 2, 0),
        ("s1.example", 1, 0),
        ("s2.example", 1, 0),
    ]


def test_a_count_takes_few_queries(client, kiosk, record, django_assert_max_num_queries):
    click = f"quoi=clic&notice={record.pk}"
    told(client, click)
    with django_assert_max_num_queries(3):
        told(client, click)
    with django_assert_max_num_queries(2):
        told(client, "quoi=vu")


@pytest.mark.django_db(transaction=True)
def test_none_is_lost_when_many_come_at_once(record):
    kiosk = a_kiosk([record])  # the tests that commit leave no portal to each other
    day, many = timezone.localdate(), 60

    def come(number):
        try:
            counting.count_display(kiosk.pk, day=day, host=f"s{number % 3}.example")
            counting.count_click(kiosk.pk, record=record.pk, day=day, host="s0.example")
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(come, range(many)))

    assert counted() == [
        ("s0.example", 20, many),
        ("s1.example", 20, 0),
        ("s2.example", 20, 0),
    ]
    assert RecordClicks.objects.get().clicks == many


def test_the_records_opened_most_come_first(client, kiosk):
    often = a_record(2)
    BasketItem.objects.create(basket=kiosk.basket, record=often, sort_order=2)
    kiosk.order = Order.VIEWED
    kiosk.save()
    told(client, f"quoi=clic&notice={often.pk}")

    assert [one.title for one in shown(kiosk).records] == ["Titre 2", "Titre 1"]


def test_old_counts_are_deleted_and_the_others_kept(kiosk, record):
    today = date(2026, 11, 26)
    oldest = today - timedelta(days=counting.KEPT_DAYS)
    for day in (today, oldest, oldest - timedelta(days=1)):
        DailyCount.objects.create(kiosk=kiosk, day=day, displays=1)
    for days in (0, 89, 90):
        RecordClicks.objects.create(record=record, day=today - timedelta(days=days), clicks=1)

    assert counting.forget_old(today) == 2
    assert set(DailyCount.objects.values_list("day", flat=True)) == {today, oldest}
    assert RecordClicks.objects.count() == 2


def test_old_counts_are_forgotten_each_day():
    every = {each.task.module_path: each.minutes for each in schedule.periodic_tasks()}
    assert every[forget_old_counts.module_path] == 24 * 60


def test_every_page_that_shows_a_kiosk_says_where_to_count(client, kiosk):
    dossier = a_dossier()
    dossier.main = [("kiosk", {"title": "À lire", "kiosk": kiosk})]
    dossier.save_revision().publish()

    for address in ("/kiosques/ess/", "/kiosques/ess/cadre", dossier.url):
        assert f'data-kiosk-count="{ADDRESS}"' in client.get(address).content.decode(), address
    assert f'data-kiosk-count="{ADDRESS}"' in client.get("/en/kiosques/ess/").content.decode()


def test_the_privacy_page_says_what_is_counted_and_for_how_long(client, kiosk):
    page = client.get("/confidentialite/").content.decode()
    assert "25 mois" in page.replace("\u00a0", " ")
    assert "90 jours" in page.replace("\u00a0", " ")
