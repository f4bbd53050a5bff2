"""The innovation catalogue: what readers find of it, what editors may write, and who may write."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.text import slugify
from lxml import etree, html

from essor.portal.services.roles import EDITORS, MODERATORS
from essor.register.models import (
    Initiative,
    InitiativeStructure,
    InitiativeTheme,
    StructureProfile,
)
from tests.portal.builders import a_member, a_portal
from tests.register.factories import LegalUnitFactory
from tests.territory.factories import TerritoryFactory

pytestmark = pytest.mark.django_db

LIST = "/innovations/"
SCREENS = "/gestion/snippets/register/initiative/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SIREN = "732829320"


def theme(slug: str = "alimentation") -> InitiativeTheme:
    return InitiativeTheme.objects.get(slug=slug)


def an_initiative(title: str = "Le Nid", **fields: object) -> Initiative:
    given = {
        "slug": slugify(title),
        "summary": "Une épicerie tenue par ses clients.",
        "kind": Initiative.Kind.PLACE,
        "stage": Initiative.Stage.RUNNING,
        "is_published": True,
        **fields,
    }
    return Initiative.objects.create(title=title, **{"theme": theme(), **given})


def titles(client: Client, state: str = "") -> list[str]:
    page = html.fromstring(client.get(LIST + state).content)
    return [one.text_content() for one in page.xpath("//h3[@class='initiative-card__title']")]


def counts(client: Client, facet: str, state: str = "") -> dict[str, str]:
    page = html.fromstring(client.get(LIST + state).content)
    values = page.xpath(f"//section[@aria-labelledby='narrow-{facet}']//a")
    return {
        one.xpath("span[@class='facet__label']/text()")[-1]: one.xpath(
            "span[@class='facet__number']/text()"
        )[0]
        for one in values
    }


def test_a_portal_starts_with_themes_in_both_languages(client: Client) -> None:
    an_initiative()
    assert InitiativeTheme.objects.count() == 12
    assert "Alimentation et agriculture" in client.get(LIST).text
    assert "Food and farming" in client.get(f"/en{LIST}").text


def test_only_what_is_published_is_found(client: Client) -> None:
    an_initiative("Ouverte")
    an_initiative("Brouillon", is_published=False)
    assert titles(client) == ["Ouverte"]
    assert client.get(f"{LIST}ouverte/").status_code == 200
    assert client.get(f"{LIST}brouillon/").status_code == 404


def test_the_list_is_narrowed_by_each_limit(client: Client) -> None:
    lille, roubaix = (
        TerritoryFactory(code="59350", name="Lille"),
        TerritoryFactory(code="59512", name="Roubaix"),
    )
    an_initiative("A", territory=lille)
    an_initiative("B", territory=roubaix, theme=theme("energie"), kind=Initiative.Kind.SERVICE)
    an_initiative("C", theme=theme("energie"), stage=Initiative.Stage.TRIED)
    assert titles(client, "?theme=energie") == ["B", "C"]
    assert titles(client, "?theme=energie&type=service") == ["B"]
    assert titles(client, "?etape=essai") == ["C"]
    assert titles(client, "?territoire=commune:59350") == ["A"]
    assert titles(client, "?theme=nonsense") == []


def test_counts_are_those_that_the_other_limits_leave(client: Client) -> None:
    an_initiative("A")
    an_initiative("B", theme=theme("energie"), kind=Initiative.Kind.SERVICE)
    an_initiative("C", theme=theme("energie"))
    assert counts(client, "theme") == {"Alimentation et agriculture": "1", "Énergie et climat": "2"}
    assert counts(client, "theme", "?type=lieu") == {
        "Alimentation et agriculture": "1",
        "Énergie et climat": "1",
    }
    assert counts(client, "kind", "?type=lieu") == {"Lieu": "2", "Service": "1"}


def test_a_chosen_value_is_taken_away_by_its_own_link(client: Client) -> None:
    an_initiative()
    page = html.fromstring(client.get(f"{LIST}?theme=alimentation&type=lieu").content)
    chosen = page.xpath("//a[contains(@class, '--chosen')]/@href")
    assert chosen == ["?type=lieu", "?theme=alimentation"]


@pytest.mark.parametrize("words", ["epicerie", "ÉPICERIE", "nid clients", "vélo"])
def test_words_are_found_without_case_or_accent(client: Client, words: str) -> None:
    an_initiative(description="<p>On y vient à <b>vélo</b>.</p>")
    an_initiative("Autre", summary="Rien de tel")
    assert titles(client, f"?q={words}") == ["Le Nid"]


def test_the_list_asks_as_much_for_two_as_for_twenty(client: Client) -> None:
    lille = TerritoryFactory(code="59350", name="Lille")
    for number in range(2):
        an_initiative(f"I{number}", territory=lille)
    client.get(LIST)

    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"{LIST}?type=lieu")
        return len(queries)

    with_two = asked()
    for number in range(2, 20):
        an_initiative(f"I{number}", territory=lille)
    assert asked() == with_two <= 15


def test_pages_of_the_list(client: Client) -> None:
    for number in range(26):
        an_initiative(f"I{number:02}")
    assert len(titles(client)) == 24
    assert titles(client, "?page=2") == ["I24", "I25"]
    assert client.get(f"{LIST}?page=99")["Location"] == "?page=2"


def test_a_page_says_who_takes_part_and_in_schema_org(client: Client) -> None:
    LegalUnitFactory(siren=SIREN, name="Coopérative du Nid")
    nid = an_initiative("Le </script> Nid", slug="le-nid", since=2019)
    InitiativeStructure.objects.create(initiative=nid, siren=SIREN)
    page = html.fromstring(client.get(f"{LIST}le-nid/").content)
    told = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])
    assert told["@type"] == "Place"
    assert told["name"] == "Le </script> Nid"
    assert page.xpath(f"//a[@href='/annuaire/{SIREN}/']/text()") == ["Coopérative du Nid"]
    assert page.xpath("//a[@rel='bookmark']/@href")[0].endswith(f"/p/i{nid.pk}")


def test_a_structure_whose_identity_is_withheld_is_not_named(client: Client) -> None:
    LegalUnitFactory(siren=SIREN, name="Maison des secrets")
    StructureProfile.objects.create(siren=SIREN, is_withheld=True)
    InitiativeStructure.objects.create(initiative=an_initiative(), siren=SIREN)
    page = client.get(f"{LIST}le-nid/").text
    assert "secrets" not in page
    assert SIREN not in page


def test_the_permanent_link_leads_to_the_page_once_published(client: Client) -> None:
    nid = an_initiative()
    assert client.get(f"/p/i{nid.pk}")["Location"] == f"{LIST}le-nid/"
    draft = an_initiative("Brouillon", is_published=False)
    assert client.get(f"/p/i{draft.pk}").status_code == 404


def test_the_description_cannot_carry_a_script(client: Client) -> None:
    an_initiative(description='<p>Bien</p><script>alert(1)</script><img src=x onerror="alert(1)">')
    page = client.get(f"{LIST}le-nid/").text
    assert "alert(1)" not in page


def test_the_feed_gives_the_last_described_first(client: Client) -> None:
    an_initiative("Première")
    an_initiative("Deuxième", theme=theme("energie"))
    atom = etree.fromstring(client.get(f"{LIST}flux").content)
    assert atom.xpath("//a:entry/a:title/text()", namespaces=ATOM) == ["Deuxième", "Première"]
    narrowed = etree.fromstring(client.get(f"{LIST}flux?theme=energie").content)
    assert narrowed.xpath("//a:entry/a:title/text()", namespaces=ATOM) == ["Deuxième"]
    empty = etree.fromstring(client.get(f"{LIST}flux?theme=x").content)
    assert empty.xpath("a:updated/text()", namespaces=ATOM) == ["2026-01-01T00:00:00+00:00"]


@pytest.mark.parametrize("written", ["732 829 320", "732829320"])
def test_a_siren_is_taken_as_people_write_it(written: str) -> None:
    link = InitiativeStructure(initiative=an_initiative(), siren=written)
    link.full_clean()
    assert link.siren == SIREN


@pytest.mark.parametrize("written", ["732829321", "12", "abc", ""])
def test_what_is_no_siren_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        InitiativeStructure(initiative=an_initiative(), siren=written).full_clean()


# The screens


def filled(**fields: object) -> dict[str, object]:
    return {
        "title": "Le Nid",
        "slug": "le-nid",
        "summary": "Une épicerie.",
        "description": "null",
        "kind": "lieu",
        "stage": "essai",
        "theme": theme().pk,
        "is_published": "on",
        "structures-TOTAL_FORMS": "1",
        "structures-INITIAL_FORMS": "0",
        "structures-MIN_NUM_FORMS": "0",
        "structures-MAX_NUM_FORMS": "1000",
        "structures-0-siren": "732 829 320",
        "structures-0-ORDER": "1",
        **fields,
    }


def test_an_editor_describes_and_publishes_an_initiative(client: Client) -> None:
    a_portal()
    client.force_login(a_member(EDITORS))
    response = client.post(f"{SCREENS}add/", filled())
    assert response.status_code == 302
    nid = Initiative.objects.get()
    assert [one.siren for one in nid.structures.all()] == [SIREN]
    client.logout()
    assert titles(client) == ["Le Nid"]


def test_the_screens_open_for_editors(client: Client) -> None:
    a_portal()
    client.force_login(a_member(EDITORS))
    nid = an_initiative()
    for address in (
        SCREENS,
        f"{SCREENS}add/",
        f"{SCREENS}edit/{nid.pk}/",
        "/gestion/annuaire/themes/",
    ):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("group", [MODERATORS, None])
def test_nobody_else_writes(client: Client, group: str | None) -> None:
    a_portal()
    user = a_member(group) if group else User.objects.create_user("lecteur", password="x")
    client.force_login(user)
    assert client.post(f"{SCREENS}add/", filled()).status_code in (302, 403)
    assert not Initiative.objects.exists()


def test_a_draft_is_previewed(client: Client) -> None:
    a_portal()
    client.force_login(a_member(EDITORS))
    draft = an_initiative("Brouillon", is_published=False)
    address = f"{SCREENS}preview/{draft.pk}/"
    assert client.post(address, filled(title="Essai")).json()["is_valid"]
    assert "Essai" in client.get(address).text
