"""Sharing a page or a box: the menu on each, the picture, the step by Mastodon."""

from io import BytesIO
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from wagtail.models import PageViewRestriction

from essor.portal.forms import host_name_in
from essor.presentation import typesetting

from .builders import a_dossier, an_article

pytestmark = pytest.mark.django_db

MASTODON = "/partager/mastodon/"


def page_of(response):
    return BeautifulSoup(response.content, "html.parser")


def a_box():
    return {"type": "text", "id": str(uuid4()), "value": {"title": "Le mot", "text": "<p>x</p>"}}


def test_a_dossier_and_each_of_its_boxes_have_a_menu_and_a_permanent_link(client):
    boxes = [a_box(), a_box()]
    dossier = a_dossier(main=boxes[:1], side=boxes[1:])
    links = [a["href"] for a in page_of(client.get("/dossiers/ess/")).select("a[rel=bookmark]")]
    ends = ["", *(f"-{box['id'][:8]}" for box in boxes)]
    assert links == [f"http://testserver/p/{dossier.pk}{end}" for end in ends]


def test_a_picture_without_its_checksum_leads_to_the_one_that_has_it(client):
    dossier = a_dossier()
    response = client.get(f"/partage/{dossier.pk}.png")
    assert response.status_code == 302
    picture = client.get(response["Location"])
    assert picture["Content-Type"] == "image/png"
    assert "immutable" in picture["Cache-Control"]
    assert Image.open(BytesIO(picture.content)).size == (1200, 630)


def test_a_checksum_of_ones_own_draws_nothing(client):
    address = f"/partage/{a_dossier().pk}.png"
    assert (
        client.get(f"{address}?v=0123456789abcdef")["Location"] == client.get(address)["Location"]
    )


def test_a_new_title_is_a_new_picture(client):
    dossier = a_dossier()
    before = client.get(f"/partage/{dossier.pk}.png")["Location"]
    dossier.title = "Un autre titre"
    dossier.save_revision().publish()
    assert client.get(f"/partage/{dossier.pk}.png")["Location"] != before


def test_a_box_has_a_picture_of_its_own(client):
    box = a_box()
    dossier = a_dossier(main=[box])
    of_page, of_box = (
        client.get(f"/partage/{identifier}.png")["Location"].partition("?")[2]
        for identifier in (dossier.pk, f"{dossier.pk}-{box['id'][:8]}")
    )
    assert of_page != of_box


def test_what_the_public_may_not_read_has_no_picture(client):
    draft = a_dossier(slug="brouillon", live=False)
    private = an_article()
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    deleted = an_article(private.get_parent(), slug="supprime")
    deleted.delete()
    for pk in (draft.pk, private.pk, deleted.pk, 424242):
        assert client.get(f"/partage/{pk}.png").status_code == 404, pk


def test_a_picture_that_cannot_be_drawn_is_asked_for_again_later(client, monkeypatch):
    address = client.get(f"/partage/{a_dossier().pk}.png")["Location"]
    monkeypatch.setattr(typesetting, "TIME_LIMIT_S", 0)
    response = client.get(address)
    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"
    monkeypatch.undo()
    assert client.get(address).status_code == 200


def test_mastodon_asks_for_the_name_of_the_server(client):
    dossier = a_dossier()
    page = page_of(client.get(MASTODON, {"adresse": str(dossier.pk)}))
    assert page.select_one("form[method=get] input[name=serveur]")
    assert page.select_one("input[name=adresse]")["value"] == str(dossier.pk)
    assert page.select_one("meta[name=robots][content=noindex]")
    assert not page.select('[aria-invalid="true"]')


def test_mastodon_gives_a_plain_link_to_the_server(client):
    dossier = a_dossier(title="Livres & « lecteurs »")
    response = client.get(
        MASTODON, {"adresse": str(dossier.pk), "serveur": "@moi@Mastodon.Example"}
    )
    assert response.status_code == 200
    link = page_of(response).select_one("a[href^='https://mastodon.example/']")
    assert link["href"].startswith("https://mastodon.example/share?text=Livres%20%26%20")
    assert f"%2Fp%2F{dossier.pk}" in link["href"]
    assert link["rel"] == ["noopener", "nofollow"]


@pytest.mark.parametrize(
    "server",
    [
        "",
        "mastodon",
        "127.0.0.1",
        "[::1]",
        "a.example:8080",
        "java script.example",
        "-a.example",
        "a..example",
        "x" * 64 + ".example",
        "javascript:alert(1)",
        "a.example\\@b",
        "a_b.example",
        "a." * 150 + "fr",
    ],
)
def test_mastodon_refuses_what_is_not_a_server(client, server):
    dossier = a_dossier()
    page = page_of(client.get(MASTODON, {"adresse": str(dossier.pk), "serveur": server}))
    assert not page.select("main a[rel=noopener]")
    field = page.select_one("input[name=serveur]")
    assert field["aria-invalid"] == "true"
    assert page.select_one(f"#{field['aria-describedby'].split()[-1]}")


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("mastodon.social", "mastodon.social"),
        (" https://Mastodon.Social/@moi ", "mastodon.social"),
        ("@moi@piaille.fr", "piaille.fr"),
        ("écologie.example", "xn--cologie-9xa.example"),
        ("social.example.", "social.example"),
    ],
)
def test_the_name_of_a_server_is_found_in_what_readers_type(typed, host):
    assert host_name_in(typed) == host


@pytest.mark.parametrize(
    "address", ["", "https://mauvais.example", "//mauvais.example", "n1", "424242"]
)
def test_mastodon_shares_only_what_is_on_this_portal(client, address):
    a_dossier()
    assert (
        client.get(MASTODON, {"adresse": address, "serveur": "mastodon.social"}).status_code == 404
    )


def test_mastodon_does_not_share_what_the_public_may_not_read(client):
    private = an_article(title="Secret")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    response = client.get(MASTODON, {"adresse": str(private.pk)})
    assert response.status_code == 404
    assert "Secret" not in response.content.decode()
