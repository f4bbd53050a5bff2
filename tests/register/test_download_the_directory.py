"""The directory as files: what is selected, with its provenance, and no identity of who is masked."""

import csv
import io
import json
from dataclasses import fields
from datetime import date
from pathlib import Path

import duckdb
import pytest
from django.test import Client
from lxml import etree, html

from essor.register.asked import Asked
from essor.register.downloads import rows as reading
from essor.register.downloads.columns import NAMES
from essor.register.downloads.rows import Row
from essor.register.models import LegalUnit, StructureProfile, StructureTag, Vintage
from essor.register.selecting import Selection
from essor.register.types import Family, PointSource, Sector, Status
from essor.search.services import keep_whole
from essor.territory.types import Kind
from tests.register.factories import (
    ApprovalFactory,
    EstablishmentFactory,
    LegalUnitFactory,
    VintageFactory,
)
from tests.territory.factories import TerritoryFactory

ADDRESS = "/annuaire/telecharger/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def taken(client: Client, extension: str, state: str = "") -> bytes:
    response = client.get(f"{ADDRESS}{extension}{state}")
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return response.getvalue()


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def parquet(content: bytes, tmp_path: Path) -> list[dict]:
    file = tmp_path / "taken.parquet"
    file.write_bytes(content)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{file}'")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture
def three(db: None) -> None:
    """A structure with everything, one that SIRENE masks, one whose identity is withheld."""
    open_one = LegalUnitFactory(
        siren="300000001",
        name="Les Jardins du Héron",
        created_on=date(1998, 4, 2),
        headcount_band="11",
        headcount_year=2023,
    )
    EstablishmentFactory(unit=open_one, siret="30000000100011")
    ApprovalFactory(siren="300000001")
    masked = LegalUnitFactory(siren="300000002", name="", is_partial=True, rna="W595000002")
    EstablishmentFactory(
        unit=masked,
        siret="30000000200011",
        is_partial=True,
        street="",
        longitude=None,
        latitude=None,
        point_source=PointSource.NONE,
    )
    hidden = LegalUnitFactory(siren="300000003", name="Maison des secrets", rna="W595000003")
    EstablishmentFactory(unit=hidden, siret="30000000300011", street="3 rue Discrète")
    StructureProfile.objects.create(
        siren="300000003", is_withheld=True, web_site="https://secret.example.org/"
    )


def test_columns_are_the_fields_of_a_row_in_their_order() -> None:
    assert [field.name for field in fields(Row)] == list(NAMES)
    names = [name for name, _meaning in NAMES.values()]
    assert len(set(names)) == len(names)


def test_the_csv_opens_in_french_spreadsheets(client: Client, three: None) -> None:
    content = taken(client, "csv")
    assert content.startswith("\ufeff".encode())
    first = table(content)[0]
    assert first["nom"] == "Les Jardins du Héron"
    assert first["longitude"] == "3,0573"
    assert first["date_creation"] == "1998-04-02"
    assert first["identite_masquee"] == "non"
    assert first["agrements"] == "esus"
    assert "INSEE" in first["provenance"]
    assert "2026-11" in first["provenance"]
    assert "Licence Ouverte 2.0" in first["provenance"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_the_csv_is_a_formula(client: Client, db: None, start: str) -> None:
    LegalUnitFactory(name=f"{start}HYPERLINK(1)", usual_name="Anodin")
    assert table(taken(client, "csv"))[0]["nom"].startswith("'")


@pytest.mark.parametrize("extension", ["csv", "json", "geojson", "parquet"])
def test_who_is_masked_is_counted_and_not_named(
    client: Client, three: None, tmp_path: Path, extension: str
) -> None:
    content = taken(client, extension)
    told = repr(parquet(content, tmp_path)) if extension == "parquet" else content.decode()
    for secret in ("300000002", "300000003", "W59500000", "secret", "Discrète"):
        assert secret not in told
    assert told.count("Lille") == 3


def test_the_json_says_where_it_comes_from(client: Client, three: None) -> None:
    told = json.loads(taken(client, "json"))
    assert told["licence"] == "Licence Ouverte 2.0"
    assert told["millesime"] == "2026-11"
    assert told["perimetre"] == "2026-11"
    assert set(told["colonnes"]) == set(told["structures"][0])
    assert told["structures"][1]["nom"] is None
    assert told["structures"][1]["commune"] == "Lille"
    assert told["structures"][0]["famille"] == "association"


def test_the_geojson_has_points_where_they_are_known(client: Client, three: None) -> None:
    told = json.loads(taken(client, "geojson"))
    assert told["type"] == "FeatureCollection"
    assert told["licence"] == "Licence Ouverte 2.0"
    first, second, third = told["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [3.0573, 50.6292]}
    assert second["geometry"] is third["geometry"] is None


def test_the_parquet_has_types_and_metadata(client: Client, three: None, tmp_path: Path) -> None:
    first = parquet(taken(client, "parquet"), tmp_path)[0]
    assert first["date_creation"] == date(1998, 4, 2)
    assert first["longitude"] == 3.0573
    assert first["annee_effectifs"] == 2023
    assert first["identite_masquee"] is False
    file = tmp_path / "taken.parquet"
    with duckdb.connect() as connection:
        held = connection.execute(f"SELECT key, value FROM parquet_kv_metadata('{file}')")
        told = {bytes(key).decode(): bytes(value).decode() for key, value in held.fetchall()}
    assert told["licence"] == "Licence Ouverte 2.0"
    assert told["millesime"] == "2026-11"


@pytest.mark.parametrize("extension", ["json", "geojson", "csv", "parquet"])
def test_an_empty_selection_is_a_sound_file(
    client: Client, three: None, tmp_path: Path, extension: str
) -> None:
    content = taken(client, extension, "?famille=mutual")
    if extension == "csv":
        assert table(content) == []
    elif extension == "parquet":
        assert parquet(content, tmp_path) == []
    else:
        told = json.loads(content)
        assert (told.get("structures") or told.get("features") or []) == []


def test_a_file_honours_the_filters(client: Client, db: None) -> None:
    roubaix = TerritoryFactory(code="59512", name="Roubaix")
    LegalUnitFactory(name="Coop", family=Family.COOPERATIVE, sector=Sector.CULTURE)
    LegalUnitFactory(name="Théâtre", sector=Sector.CULTURE, commune=roubaix)
    LegalUnitFactory(name="Club", sector=Sector.SPORT_AND_LEISURE, status=Status.PRESUMED)
    LegalUnitFactory(name="Ailleurs", status=Status.OUTSIDE)

    def names(state: str) -> set[str]:
        return {row["nom"] for row in table(taken(client, "csv", state))}

    assert names("") == {"Coop", "Théâtre", "Club"}
    assert names("?secteur=culture") == {"Coop", "Théâtre"}
    assert names("?secteur=culture&famille=cooperative") == {"Coop"}
    assert names("?commune=59512") == {"Théâtre"}
    assert names("?statut=presumed") == {"Club"}
    assert names("?territoire=commune:59512") == {"Théâtre"}
    assert names("?famille=nonsense") == {"Coop", "Théâtre", "Club"}
    assert names("?secteur=culture&tri=recentes&vue=tableau&page=3") == {"Coop", "Théâtre"}


def test_sizes_and_decades_are_those_of_the_directory(client: Client, db: None) -> None:
    LegalUnitFactory(name="Douze", headcount_band="11", created_on=date(1992, 1, 1))
    LegalUnitFactory(name="Aucun", headcount_band="NN", created_on=date(1950, 1, 1))
    LegalUnitFactory(name="Inconnu")

    def names(state: str) -> set[str]:
        return {row["nom"] for row in table(taken(client, "csv", state))}

    assert names("?effectif=10-49") == {"Douze"}
    assert names("?effectif=0&effectif=unknown") == {"Aucun", "Inconnu"}
    assert names("?creation=1990") == {"Douze"}
    assert names("?creation=before&creation=unknown") == {"Aucun", "Inconnu"}


def test_a_structure_is_of_each_commune_where_it_works(client: Client, db: None) -> None:
    roubaix = TerritoryFactory(code="59512", name="Roubaix")
    unit = LegalUnitFactory(name="Partout")
    EstablishmentFactory(unit=unit, commune=roubaix, is_head_office=False)
    for state in ("?commune=59512", "?commune=59350", "?territoire=commune:59512"):
        assert len(table(taken(client, "csv", state))) == 1


def test_an_approval_that_has_ended_selects_no_more(client: Client, db: None) -> None:
    ApprovalFactory(siren=LegalUnitFactory().siren, ends_on=date(2020, 1, 1))
    assert table(taken(client, "csv", "?agrement=esus")) == []
    assert [row["agrements"] for row in table(taken(client, "csv"))] == [""]


@pytest.fixture
def indexed(own_index: None, three: None) -> None:
    keep_whole()


def test_words_are_found_as_in_the_directory(client: Client, indexed: None) -> None:
    (row,) = table(taken(client, "csv", "?q=jardin heron"))
    assert row["nom"] == "Les Jardins du Héron"


def test_words_are_never_looked_for_in_names_that_are_hidden(client: Client, indexed: None) -> None:
    assert table(taken(client, "csv", "?q=secrets")) == []


def test_without_an_index_words_are_answered_later(
    client: Client, own_index: None, three: None
) -> None:
    response = client.get(f"{ADDRESS}csv?q=jardins")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


def test_a_tag_of_editors_selects(client: Client, three: None) -> None:
    tag = StructureTag.objects.get(slug="amap")
    StructureProfile.objects.create(siren="300000001").tags.add(tag)
    (row,) = table(taken(client, "csv", "?etiquette=amap"))
    assert row["etiquettes"] == "AMAP"


def test_a_selection_is_read_back_from_its_address() -> None:
    asked = Asked(
        text="jardin & co", chosen={"family": ("association", "mutual"), "tag": ("amap",)}
    )
    selection = Selection(asked, territory="epci:200093201")
    assert Selection.in_query_string(f"/annuaire/{selection.address}") == selection
    assert Selection.in_query_string("") == Selection()


def test_a_territory_that_nobody_knows_has_no_structure(client: Client, three: None) -> None:
    assert table(taken(client, "csv", "?territoire=epci:999999999")) == []


def test_a_file_is_bounded(client: Client, three: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    assert len(table(taken(client, "csv"))) == 2


def test_a_file_is_read_in_chunks_that_miss_nothing(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CHUNK", 3)
    LegalUnitFactory.create_batch(8)
    assert len({row["siren"] for row in table(taken(client, "csv"))}) == 8


def test_only_the_current_vintage_is_given(client: Client, three: None) -> None:
    old = VintageFactory(is_current=False, month="2026-10")
    LegalUnitFactory(vintage=old, name="Ancienne")
    assert "Ancienne" not in taken(client, "csv").decode()


def test_an_unknown_format_is_not_found(client: Client, three: None) -> None:
    assert client.get(f"{ADDRESS}xlsx").status_code == 404


def test_without_a_vintage_there_is_no_file(client: Client, db: None) -> None:
    assert client.get(f"{ADDRESS}csv").status_code == 404
    assert "L’annuaire est vide" in client.get(ADDRESS).text


def test_the_page_offers_what_is_selected(client: Client, three: None) -> None:
    page = html.fromstring(client.get(f"{ADDRESS}?secteur=associative-life").content)
    files = page.xpath("//ul[@class='downloads__files']//a/@href")
    assert files == [
        f"{ADDRESS}{extension}?secteur=associative-life"
        for extension in ("csv", "json", "geojson", "parquet")
    ]
    assert "3 structures dans cette sélection" in page.text_content()
    assert page.xpath("//a[contains(., 'dans l’annuaire')]/@href") == [
        "/annuaire/?secteur=associative-life"
    ]
    assert "3 structures : tout l’annuaire" in client.get(ADDRESS).text
    assert page.xpath("//th/code/text()")[0] == "siren"


@pytest.mark.parametrize("state", ["", "?secteur=associative-life&q=jardins"])
def test_the_directory_leads_to_the_files_of_what_it_shows(
    client: Client, indexed: None, state: str
) -> None:
    page = html.fromstring(client.get(f"/annuaire/{state}").content)
    (address,) = page.xpath("//a[contains(., 'Télécharger cette liste')]/@href")
    assert Selection.in_query_string(address) == Selection.in_query_string(state)
    assert client.get(address).status_code == 200


def test_synthetic_data_say_so(client: Client, three: None) -> None:
    Vintage.objects.update(is_synthetic=True)
    assert "fictives" in client.get(ADDRESS).text
    assert "SYNTHÉTIQUES" in table(taken(client, "csv"))[0]["provenance"]


# The feed


def feed(client: Client, territory: str = "commune/59350") -> etree._Element:
    response = client.get(f"/annuaire/nouvelles/{territory}/flux")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return etree.fromstring(response.content)


def test_the_feed_gives_the_new_structures_newest_first(client: Client, db: None) -> None:
    LegalUnitFactory(name="Ancienne", created_on=date(2020, 1, 1))
    newest = LegalUnitFactory(name="Neuve <b> & \x0b", created_on=date(2026, 10, 30))
    LegalUnitFactory(name="Sans date")
    atom = feed(client)
    titles = atom.xpath("//a:entry/a:title/text()", namespaces=ATOM)
    assert titles == ["Neuve <b> & ", "Ancienne"]
    entry = atom.xpath("//a:entry", namespaces=ATOM)[0]
    assert entry.xpath("a:id/text()", namespaces=ATOM)[0].endswith(f"/{newest.siren}")
    assert entry.xpath("a:link/@href", namespaces=ATOM)[0].endswith(f"/annuaire/{newest.siren}/")
    assert entry.xpath("a:updated/text()", namespaces=ATOM) == ["2026-10-30T00:00:00+00:00"]


@pytest.mark.parametrize(
    ("state", "territory"),
    [
        ("", "epci/200093201"),
        ("?commune=59350", "commune/59350"),
        ("?commune=59350&famille=mutual", None),
        ("?q=jardins", None),
        ("?commune=a/b", None),
    ],
)
def test_the_directory_leads_to_the_feed_of_its_territory(
    client: Client, indexed: None, state: str, territory: str | None
) -> None:
    TerritoryFactory(kind=Kind.EPCI, code="200093201", name="MEL")
    page = html.fromstring(client.get(f"/annuaire/{state}").content)
    feeds = page.xpath("//link[@rel='alternate'][@type='application/atom+xml']/@href")
    own = [one for one in feeds if "/annuaire/" in one]
    assert own == ([f"/annuaire/nouvelles/{territory}/flux"] if territory else [])
    if territory:
        (back,) = feed(client, territory).xpath(
            "/a:feed/a:link[@rel='alternate']/@href", namespaces=ATOM
        )
        assert "/annuaire/?" in back


def test_the_feed_names_nobody_who_is_masked(client: Client, three: None) -> None:
    LegalUnit.objects.update(created_on=date(2026, 10, 1))
    ids = feed(client).xpath("//a:entry/a:id/text()", namespaces=ATOM)
    assert [one.rpartition("/")[2] for one in ids] == ["300000001"]


def test_the_feed_of_an_epci_gathers_its_communes(client: Client, db: None) -> None:
    epci = TerritoryFactory(kind=Kind.EPCI, code="200093201", name="MEL")
    inside = TerritoryFactory(code="59009", name="Villeneuve-d’Ascq", epci=epci)
    LegalUnitFactory(name="Dedans", commune=inside, created_on=date(2026, 9, 1))
    LegalUnitFactory(name="Dehors", created_on=date(2026, 9, 1))
    titles = feed(client, "epci/200093201").xpath("//a:entry/a:title/text()", namespaces=ATOM)
    assert titles == ["Dedans"]


def test_the_feed_of_an_unknown_territory_is_not_found(client: Client, db: None) -> None:
    assert client.get("/annuaire/nouvelles/epci/1/flux").status_code == 404


def test_the_feed_asks_as_much_for_two_as_for_twenty(
    client: Client, db: None, django_assert_max_num_queries
) -> None:
    LegalUnitFactory.create_batch(20, created_on=date(2026, 9, 1))
    with django_assert_max_num_queries(8):
        feed(client)
