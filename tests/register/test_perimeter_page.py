"""The perimeter as anyone may read it: the rule, every line with its source, its versions, its tables as files."""

import csv
import io
from dataclasses import replace
from html import unescape

import pytest
from django.core.management import call_command
from django.utils import timezone

from essor.register.build.built import read_build
from essor.register.build.perimeter import (
    CURRENT,
    EXCLUSIONS,
    fingerprint_of,
    read_perimeter,
    read_written,
    written,
)
from essor.register.models import PerimeterVersion, Vintage
from essor.register.perimeter_queries import known_perimeters
from essor.register.services.loading import load
from essor.register.types import PerimeterOrigin
from tests.portal.builders import a_portal
from tests.register.build_fixtures import built_from
from tests.register.factories import LegalUnitFactory, VintageFactory
from tests.register.perimeters import a_draft, chosen
from tests.register.stock_files import head_office, unit, write_csv
from tests.territory.factories import TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_index")]

ADDRESS = "/annuaire/perimetre/"


@pytest.fixture(autouse=True)
def portal():
    a_portal()


def body(response):
    return b"".join(response.streaming_content).decode()


def test_a_portal_without_a_directory_shows_the_perimeter_of_the_package(client):
    html = unescape(client.get(ADDRESS).content.decode())

    assert "2026-11" in html
    assert html.count('scope="row"') == 80 + 16
    for words in (
        "art.\u00a01er, II, 2°",
        "art.\u00a06",
        "Association d'avocats à responsabilité professionnelle individuelle",
        "Activités des syndicats de salariés",
        "n’a pas été retrouvée",
    ):
        assert words in html, words
    assert fingerprint_of(read_perimeter()) in html


def test_the_page_shows_the_rules_that_the_loaded_vintage_applied(client, tmp_path):
    own = tmp_path / "perimeter-mine.csv"
    lines = CURRENT.read_text(encoding="utf-8").splitlines(keepends=True)
    own.write_text("".join(line for line in lines if not line.startswith("6316")), encoding="utf-8")
    TerritoryFactory(code="59350", name="Lille")
    load(built_from(tmp_path, [unit("300000001", flag="O")], perimeter=read_perimeter(own)))

    html = client.get(ADDRESS).content.decode()

    assert html.count('scope="row"') == 79 + 16
    assert "mine" in html
    assert client.get(f"{ADDRESS}2026-11/").status_code == 200


def test_a_vintage_whose_tables_were_not_kept_says_so(client):
    VintageFactory(perimeter="lost", manifest={})

    html = client.get(ADDRESS).content.decode()

    assert "lost" in html
    assert 'scope="row"' not in html


def test_the_tables_are_files_that_a_build_reads_back(client, tmp_path):
    VintageFactory()
    paths = []
    for table in ("categories", "activites-exclues"):
        response = client.get(f"{ADDRESS}2026-11/{table}.csv")
        name = response["Content-Disposition"].partition('filename="')[2].rstrip('"')
        paths.append(tmp_path / name)
        paths[-1].write_text(body(response), encoding="utf-8")

    read = read_perimeter(*paths)

    assert read.version == "2026-11"
    assert fingerprint_of(read) == fingerprint_of(read_perimeter())
    rows = list(csv.DictReader(io.StringIO(paths[1].read_text(encoding="utf-8"))))
    assert rows == list(csv.DictReader(io.StringIO(EXCLUSIONS.read_text(encoding="utf-8"))))


def test_chosen_versions_are_read_by_anyone_and_drafts_by_nobody(client):
    a_draft("2027-01")
    chosen("2027-02", note="Deux activités de plus, source INSEE.")

    html = client.get(f"{ADDRESS}2027-02/").content.decode()

    assert "Deux activités de plus" in html
    assert "ada" not in html
    assert client.get(f"{ADDRESS}2027-01/").status_code == 404
    assert client.get(f"{ADDRESS}2027-01/categories.csv").status_code == 404
    assert "2027-01" not in html


@pytest.mark.parametrize("address", ["nowhere/", "2026-11/other.csv", "2026-11/categories.xlsx"])
def test_what_is_not_known_is_not_found(client, address):
    assert client.get(ADDRESS + address).status_code == 404


def test_two_perimeters_of_one_name_have_two_addresses(client, tmp_path):
    own = tmp_path / "exclusions.csv"
    own.write_text(EXCLUSIONS.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    built = built_from(
        tmp_path, [unit("300000001", flag="O")], perimeter=read_perimeter(CURRENT, own)
    )
    VintageFactory(manifest={"rules": dict(built.manifest.rules)})

    shipped = fingerprint_of(read_perimeter())[:8]

    assert client.get(f"{ADDRESS}2026-11/").content.decode().count('scope="row"') == 80
    html = client.get(f"{ADDRESS}2026-11-{shipped}/").content.decode()
    assert html.count('scope="row"') == 96


def test_the_page_asks_the_store_little_however_many_versions(
    client, django_assert_max_num_queries
):
    VintageFactory()
    for number in range(1, 6):
        chosen(f"2027-0{number}")
    with django_assert_max_num_queries(15):
        client.get(ADDRESS)


def test_the_directory_a_structure_and_the_question_lead_to_it(client):
    unit_shown = LegalUnitFactory()
    VintageFactory._meta.model.objects.update(is_indexed=True)

    for address in (
        "/annuaire/",
        unit_shown.get_absolute_url(),
        "/annuaire/est-ce-de-l-ess/",
        f"/annuaire/est-ce-de-l-ess/?q={unit_shown.siren}",
    ):
        assert f'href="{ADDRESS}"' in client.get(address).content.decode(), address


def test_a_manifest_keeps_the_perimeter_whole(tmp_path):
    built = built_from(tmp_path, [unit("300000001", flag="O")])
    again = read_build(built.folder).manifest

    assert again.rules["origin"] == PerimeterOrigin.PACKAGE
    assert read_written(again.perimeter, again.rules) == read_perimeter()
    assert again.rules["fingerprint"] == fingerprint_of(read_perimeter())


def test_the_next_build_applies_the_chosen_perimeter_unless_files_are_named(tmp_path, capsys):
    version = chosen("2027-01", without=("6316",))
    units = [unit("300000001", flag="O"), unit("300000002", category="6316")]
    files = [
        f"--legal-units={write_csv(tmp_path / 'units.csv', units)}",
        f"--establishments={write_csv(tmp_path / 'places.csv', [head_office(one['siren']) for one in units])}",
    ]

    call_command("build_register", *files, f"--output={tmp_path / 'staff'}")
    said = capsys.readouterr().out
    call_command(
        "build_register", *files, f"--output={tmp_path / 'file'}", f"--perimeter={CURRENT}"
    )

    staff, file = (read_build(tmp_path / name).manifest for name in ("staff", "file"))
    assert "2027-01" in said
    assert (staff.perimeter, staff.rules["origin"]) == ("2027-01", "staff")
    assert staff.rules["fingerprint"] == version.fingerprint
    assert staff.steps["units"] == 1
    assert (file.perimeter, file.rules["origin"]) == ("2026-11", "package")
    assert file.steps["units"] == 2


def test_a_build_on_a_machine_without_the_tables_of_the_portal_applies_that_of_the_package(
    monkeypatch,
):
    from django.db import connection

    from essor.register.perimeter_queries import perimeter_of_next_build

    chosen("2027-01", without=("6316",))
    assert perimeter_of_next_build().version == "2027-01"
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert perimeter_of_next_build().version == "2026-11"
    assert PerimeterVersion.objects.count() == 1


def test_a_perimeter_is_not_read_before_its_vintage_is_shown():
    rules = written(replace(read_perimeter(), version="2027-01"))
    loading = VintageFactory(
        is_current=False, shown_at=None, perimeter="2027-01", manifest={"rules": rules}
    )
    assert [one.slug for one in known_perimeters()] == ["2026-11"]

    Vintage.objects.filter(pk=loading.pk).update(shown_at=timezone.now())
    assert "2027-01" in [one.slug for one in known_perimeters()]
