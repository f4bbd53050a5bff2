"""The pages of the register are not empty in the demonstration, and say what is made up."""

from essor.demo.importers.content import read_initiatives, read_profiles
from essor.register.models import (
    Guide,
    Initiative,
    InitiativeStructure,
    LegalUnit,
    StructureProfile,
)

NEAR = "/dossiers/l-ess-pres-de-chez-vous/"
LAST_STEP = (
    "/entreprendre/parcours/?avancement=idee&besoin=statut&nombre=deux&but=sans-but-lucratif"
)


def test_every_structure_that_is_described_is_of_the_directory(demo) -> None:
    sirens = {one.siren for one in StructureProfile.objects.order_by("pk")}
    sirens |= {one.siren for one in InitiativeStructure.objects.order_by("pk")}
    shown = LegalUnit.objects.current().filter(siren__in=sirens, is_partial=False)

    assert len(sirens) >= len(read_profiles())
    assert {unit.siren for unit in shown.order_by("pk")} == sirens
    assert all("(exemple)" in unit.name for unit in shown)


def test_a_person_with_a_project_is_led_to_supporters(demo, client) -> None:
    html = client.get(LAST_STEP).content.decode()

    for name in ("CAE de l’Écluse", "Tiers-lieu des Peupliers", "Fonds de dotation des Peupliers"):
        assert name in html
    assert "CRESS Hauts-de-France et Réseau Entreprendre" in html


def test_innovations_are_listed_and_lead_to_articles_and_structures(demo, client) -> None:
    html = client.get("/innovations/").content.decode()
    assert html.count('<article class="initiative-card">') == len(read_initiatives())

    html = client.get("/innovations/la-bouquinerie-du-sart/").content.decode()
    assert 'href="/dossiers/la-seconde-vie-des-livres/bouquinerie-du-sart/"' in html
    html = client.get("/innovations/tournee-des-invendus/").content.decode()
    assert 'href="/annuaire/726004955/"' in html
    assert "inventée" in html


def test_a_described_structure_shows_its_hours_its_tags_and_its_emblem(demo, client) -> None:
    html = client.get("/annuaire/726013675/").content.decode()

    assert "Boutique\u00a0: mercredi et samedi" in html
    assert "?etiquette=recyclerie" in html
    assert 'class="structure__logo"' in html


def test_guides_hold_structures_and_give_their_booklet(demo, client) -> None:
    for guide in Guide.objects.all():
        html = client.get(guide.get_absolute_url()).content.decode()
        assert html.count("guides__entry") > 15, guide.slug
    booklet = client.get("/annuaire/guides/carnet-d-adresses-de-l-ess/livret.pdf")
    assert b"".join(booklet.streaming_content).startswith(b"%PDF")


def test_a_dossier_shows_the_map_a_selection_and_the_newest(demo, client) -> None:
    html = client.get(NEAR).content.decode()

    assert "<essor-map" in html
    assert "Tiers-lieu de la Teinturerie (exemple)" in html
    assert "Du nouveau à Lille" in html
    assert html.count("créée le") >= 5
    for name in ("Recyclerie de la Deûle", "Mutuelle du Canal", "Fondation du Faubourg"):
        assert f"{name} (exemple)" in html
    assert "Données fictives, pour la démonstration." in html


def test_what_editors_deleted_does_not_come_back(build_again) -> None:
    Initiative.objects.filter(slug="cowfunding").delete()
    StructureProfile.objects.filter(siren="726013675").delete()

    build_again()

    assert not Initiative.objects.filter(slug="cowfunding").exists()
    assert not StructureProfile.objects.filter(siren="726013675").exists()
