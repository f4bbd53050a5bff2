"""Guides: what they hold, their booklet and its imposition, when files are made, who composes them."""

import re
from collections import Counter
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from essor.portal.services.roles import EDITORS, MODERATORS
from essor.presentation.typesetting import TypesettingFailed
from essor.register.admin import guides as screens
from essor.register.guides import views
from essor.register.guides.contents import contents_of
from essor.register.guides.imposing import BLANK, sides_of
from essor.register.guides.setting import printed
from essor.register.models import (
    Approval,
    Guide,
    GuideEdition,
    StructureProfile,
    StructureTag,
    Vintage,
)
from essor.register.services import guides as making
from essor.register.types import Family, Sector
from tests.portal.builders import a_member, a_portal
from tests.register.factories import ApprovalFactory, EstablishmentFactory, LegalUnitFactory
from tests.territory.factories import TerritoryFactory

ADDRESS = "/annuaire/guides/"
SCREENS = "/gestion/snippets/register/guide/"
HOSTILE = [
    '#panic("x")',
    '#read("/etc/passwd")',
    '"; #sys.exit() //',
    "$ x^2 $ *gras* `code` @ref <label> \\",
    '{"title": "autre"}',
    "a\x00b\x1b[31m\u202e\ud800",
    "= Titre\n- liste",
    "É" * 400,
    "",
]


def a_guide(**fields: object) -> Guide:
    given_fields = {"title": "Guide de Lille", "slug": "lille", "is_published": True, **fields}
    return Guide.objects.create(**given_fields)


def page_of(client: Client) -> html.HtmlElement:
    response = client.get(f"{ADDRESS}lille/")
    assert response.status_code == 200
    return html.fromstring(response.content)


def headings(page: html.HtmlElement) -> dict[str, list[str]]:
    return {
        section.xpath("h2/text()")[0]: [link.text_content() for link in section.xpath(".//h3/a")]
        for section in page.xpath("//section[h2[@class='guides__section']]")
    }


def names(page: html.HtmlElement) -> list[str]:
    return [name for held in headings(page).values() for name in held]


def taken(client: Client, name: str = "livret") -> bytes:
    response = client.get(f"{ADDRESS}lille/{name}.pdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return response.getvalue()


# The order of printed pages


@given(st.integers(1, 400))
def test_every_page_is_printed_once_on_a_whole_number_of_sheets(pages: int) -> None:
    printed_pages = Counter(page for side in sides_of(pages) for page in side)
    blanks = printed_pages.pop(BLANK, 0)
    assert printed_pages == Counter(range(1, pages + 1))
    assert blanks < 4
    assert (pages + blanks) % 4 == 0
    assert len(sides_of(pages)) * 2 == pages + blanks


def test_a_booklet_of_eight_pages_is_folded_in_order() -> None:
    assert sides_of(8) == ((8, 1), (2, 7), (6, 3), (4, 5))


def test_blanks_come_before_the_back_cover() -> None:
    assert sides_of(6) == ((6, 1), (2, BLANK), (BLANK, 3), (4, 5))
    assert sides_of(1) == ((1, BLANK), (BLANK, BLANK))


# What a guide holds


def test_structures_stand_by_sector_and_by_name(client: Client, db: None) -> None:
    LegalUnitFactory(name="Théâtre", sector=Sector.CULTURE)
    LegalUnitFactory(name="Cinéma", sector=Sector.CULTURE)
    LegalUnitFactory(name="Ferme", sector=Sector.AGRICULTURE)
    a_guide()
    assert headings(page_of(client)) == {
        "Agriculture et pêche": ["Ferme"],
        "Culture": ["Cinéma", "Théâtre"],
    }


def test_structures_stand_by_commune(client: Client, db: None) -> None:
    LegalUnitFactory(name="Ici")
    LegalUnitFactory(name="Là", commune=TerritoryFactory(code="59512", name="Roubaix"))
    LegalUnitFactory(name="Nulle part", commune=None)
    a_guide(grouping=Guide.Grouping.COMMUNE)
    assert headings(page_of(client)) == {
        "Lille": ["Ici"],
        "Roubaix": ["Là"],
        "Autres": ["Nulle part"],
    }


def test_structures_stand_by_family(client: Client, db: None) -> None:
    LegalUnitFactory(name="Asso")
    LegalUnitFactory(name="Coop", family=Family.COOPERATIVE)
    a_guide(grouping=Guide.Grouping.FAMILY)
    assert headings(page_of(client)) == {"Associations": ["Asso"], "Coopératives": ["Coop"]}


def test_a_structure_stands_under_each_of_its_tags_and_counts_once(
    client: Client, db: None
) -> None:
    unit = LegalUnitFactory(name="Deux étiquettes")
    LegalUnitFactory(name="Sans étiquette")
    profile = StructureProfile.objects.create(siren=unit.siren)
    for slug in ("un", "deux"):
        profile.tags.add(StructureTag.objects.create(slug=slug, name=slug.capitalize()))
    a_guide(grouping=Guide.Grouping.TAG)
    page = page_of(client)
    assert headings(page) == {
        "Deux": ["Deux étiquettes"],
        "Un": ["Deux étiquettes"],
        "Autres": ["Sans étiquette"],
    }
    assert "2 structures" in page.text_content()


def test_a_guide_keeps_to_its_selection_and_territory(client: Client, db: None) -> None:
    roubaix = TerritoryFactory(code="59512", name="Roubaix")
    LegalUnitFactory(name="Coop ici", family=Family.COOPERATIVE)
    LegalUnitFactory(name="Coop là", family=Family.COOPERATIVE, commune=roubaix)
    LegalUnitFactory(name="Asso là", commune=roubaix)
    a_guide(criteria="famille=cooperative", territory=roubaix)
    assert names(page_of(client)) == ["Coop là"]


def test_who_is_masked_is_left_out_and_the_guide_says_so(client: Client, db: None) -> None:
    LegalUnitFactory(name="Ouverte")
    LegalUnitFactory(name="", is_partial=True)
    hidden = LegalUnitFactory(name="Maison des secrets")
    StructureProfile.objects.create(siren=hidden.siren, is_withheld=True)
    a_guide()
    page = page_of(client)
    assert names(page) == ["Ouverte"]
    assert "2 structures ne sont pas dans ce guide" in page.text_content()
    assert "secrets" not in page.text_content()


def test_the_colophon_has_source_vintage_and_licence(client: Client, db: None) -> None:
    LegalUnitFactory()
    a_guide()
    foot = page_of(client).xpath("//footer[@class='guides__colophon']")[0].text_content()
    assert "INSEE" in foot
    assert "novembre 2026" in foot.lower()
    assert "Licence Ouverte 2.0" in foot


def test_a_draft_is_not_found(client: Client, db: None) -> None:
    a_guide(is_published=False)
    assert client.get(f"{ADDRESS}lille/").status_code == 404
    assert client.get(f"{ADDRESS}lille/livret.pdf").status_code == 404
    assert "Guide de Lille" not in client.get(ADDRESS).text


def test_a_guide_asks_as_much_for_two_as_for_twenty(
    db: None, django_assert_max_num_queries
) -> None:
    for unit in LegalUnitFactory.create_batch(20):
        EstablishmentFactory(unit=unit)
    guide = a_guide()
    with django_assert_max_num_queries(8):
        contents_of(guide, portal="")


# The files


def test_the_booklet_is_tagged_and_says_its_title_and_language(client: Client, db: None) -> None:
    EstablishmentFactory(unit=LegalUnitFactory(name="Les Jardins"))
    a_guide(introduction="Bienvenue.\n\nÀ table.")
    pdf = taken(client)
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    assert b"pdfuaid:part>1<" in pdf
    assert b"Guide de Lille" in pdf
    assert re.search(rb"/Lang\s*\(fr", pdf)


def test_the_imposed_booklet_has_two_pages_on_each_side(client: Client, db: None) -> None:
    LegalUnitFactory()
    guide = a_guide()
    assert taken(client, "impression").startswith(b"%PDF-")
    edition = guide.edition
    made = printed(contents_of(guide, portal=""), portal="Portail")
    assert edition.pages == made.pages == 5
    assert len(sides_of(made.pages)) == 4


def test_hostile_words_are_only_words(client: Client, db: None) -> None:
    for words in HOSTILE:
        said = words.replace("\ud800", "").replace("\x00", "")  # no store takes these two
        unit = LegalUnitFactory(name=said[:250], filing_name="x")
        StructureProfile.objects.create(siren=unit.siren, description=said)
    a_guide(title='#panic("x") *', introduction='#read("/etc/passwd")\n\n= Titre')
    assert taken(client).startswith(b"%PDF-")


def test_two_structures_of_one_name_are_both_in_the_index(client: Client, db: None) -> None:
    LegalUnitFactory.create_batch(2, name="Amicale laïque")
    a_guide()
    assert taken(client).startswith(b"%PDF-")


def test_files_are_made_once_for_a_content(client: Client, db: None) -> None:
    LegalUnitFactory()
    a_guide()
    taken(client)
    made = GuideEdition.objects.get().made_at
    taken(client)
    taken(client, "impression")
    assert GuideEdition.objects.get().made_at == made


def test_files_are_made_anew_when_the_guide_or_a_profile_changes(client: Client, db: None) -> None:
    unit = LegalUnitFactory()
    LegalUnitFactory()
    guide = a_guide()
    taken(client)
    first = GuideEdition.objects.get()
    guide.title = "Autre titre"
    guide.save()
    taken(client)
    second = GuideEdition.objects.get()
    assert second.key != first.key
    assert not default_storage.exists(first.booklet.name)
    StructureProfile.objects.create(siren=unit.siren, is_withheld=True)
    taken(client)
    third = GuideEdition.objects.get()
    assert (second.structures, third.structures) == (2, 1)


def test_files_are_made_anew_when_approvals_come_and_when_the_index_has_followed(db: None) -> None:
    unit = LegalUnitFactory(vintage__is_indexed=False)
    guide = a_guide(criteria="agrement=esus")
    keys = [making.key_of(guide)]
    ApprovalFactory(siren=unit.siren)
    keys.append(making.key_of(guide))
    Approval.objects.update(ends_on=date(2020, 1, 1))
    assert making.key_of(guide) == keys[0]
    Vintage.objects.update(is_indexed=True)
    keys.append(making.key_of(guide))

    assert len(set(keys)) == 3


def test_a_long_guide_is_made_apart_while_the_page_says_so(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "AT_ONCE", 0)
    LegalUnitFactory()
    a_guide()
    waiting = client.get(f"{ADDRESS}lille/livret.pdf")
    assert waiting.status_code == 202
    assert waiting["Refresh"] == "5"
    assert "en préparation" in waiting.text
    assert taken(client).startswith(b"%PDF-")  # tasks of tests are done at once


def test_a_guide_that_is_being_made_is_not_asked_for_twice(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "AT_ONCE", 0)
    LegalUnitFactory()
    guide = a_guide()
    key, now = making.key_of(guide), timezone.now()
    edition = GuideEdition.objects.create(guide=guide, asked_key=key, asked_at=now)
    assert client.get(f"{ADDRESS}lille/livret.pdf").status_code == 202
    edition.refresh_from_db()
    assert not edition.booklet
    edition.asked_at = now - making.GIVEN_UP_AFTER * 2
    edition.save()
    client.get(f"{ADDRESS}lille/livret.pdf")
    edition.refresh_from_db()
    assert edition.booklet


def test_a_guide_that_cannot_be_set_says_so(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*args: object, **kwargs: object) -> None:
        raise TypesettingFailed("no")

    monkeypatch.setattr(views, "edition_of", failing)
    a_guide()
    response = client.get(f"{ADDRESS}lille/livret.pdf")
    assert response.status_code == 503
    assert "n’a pas pu être fait" in response.text


def test_an_unknown_file_is_not_found(client: Client, db: None) -> None:
    a_guide()
    assert client.get(f"{ADDRESS}lille/autre.pdf").status_code == 404


# The screens


def filled(**fields: object) -> dict[str, object]:
    return {"title": "Guide", "slug": "guide", "grouping": "secteur", **fields}


@pytest.fixture
def editor(client: Client, db: None) -> None:
    a_portal()
    client.force_login(a_member(EDITORS))


def test_an_editor_composes_a_guide_from_a_pasted_address(client: Client, editor: None) -> None:
    address = "https://ess.example.org/annuaire/?famille=mutual&page=3&intrus=1"
    response = client.post(f"{SCREENS}add/", filled(criteria=address, is_published="on"))
    assert response.status_code == 302
    assert Guide.objects.get().criteria == "famille=mutual"


def test_the_form_counts_what_the_guide_would_hold(client: Client, editor: None) -> None:
    LegalUnitFactory.create_batch(3)
    LegalUnitFactory(family=Family.MUTUAL)
    counted = client.post(f"{SCREENS}count/", filled(criteria="?famille=mutual", title=""))
    assert "contiendrait 1 structure." in counted.text
    page = client.post(f"{SCREENS}add/", filled(count="on"))
    assert "contiendrait 4 structures." in page.text
    assert not Guide.objects.exists()


def test_a_guide_that_is_no_book_is_refused(
    client: Client, editor: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "MOST_STRUCTURES", 2)
    LegalUnitFactory.create_batch(3)
    assert "2 au plus" in client.post(f"{SCREENS}add/", filled()).text
    assert not Guide.objects.exists()


def test_the_screens_open_for_editors(client: Client, editor: None) -> None:
    guide = a_guide()
    for address in (SCREENS, f"{SCREENS}add/", f"{SCREENS}edit/{guide.pk}/"):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("group", [MODERATORS, None])
def test_nobody_else_composes(client: Client, db: None, group: str | None) -> None:
    a_portal()
    user = a_member(group) if group else User.objects.create_user("lecteur", password="x")
    client.force_login(user)
    assert client.post(f"{SCREENS}add/", filled()).status_code in (302, 403)
    assert client.post(f"{SCREENS}count/", filled()).status_code in (302, 403)
    assert not Guide.objects.exists()
