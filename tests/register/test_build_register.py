"""From the official files to the units and establishments of an area, and where every row went."""

import pytest

from essor.register.build.built import read_build
from essor.register.types import PointSource, RegisterError, Status
from tests.register.build_fixtures import built_from, statuses
from tests.register.stock_files import (
    UNIT_COLUMNS,
    establishment,
    head_office,
    unit,
    write_csv,
    write_parquet,
)

LILLE, ROUBAIX, PARIS_1ST, METZ = "59350", "59512", "75101", "57463"


def test_each_unit_has_the_status_that_the_rule_gives(tmp_path):
    units = [
        unit("300000001", flag="O"),
        unit("300000002", flag="O", category="5710"),
        unit("300000003", category="5458", activity="62.01Z"),
        unit("300000004", category="5458", activity="94.11Z"),
        unit("300000005"),
        unit("300000006", flag="N", category="6316", activity="01.61Z"),
        unit("300000007", category="5710"),
    ]
    listed = write_csv(tmp_path / "list.csv", [{"siren": "300000007"}, {"siren": "300000001"}])

    built = built_from(tmp_path, units, ess_list=listed)

    assert statuses(built) == {
        "300000001": ("recognised", "association"),
        "300000002": ("declared", "commercial"),
        "300000003": ("presumed", "cooperative"),
        "300000006": ("presumed", "cooperative"),
        "300000007": ("presumed", "commercial"),
    }
    assert {one.siren: one.reasons for one in built.units()}["300000007"] == (
        "flag=unknown",
        "category=5710",
        "list=ess-france",
        "family=commercial",
        "perimeter=2026-11",
    )
    assert built.outside("300000004").reasons == (
        "flag=unknown",
        "category=5458",
        "excluded-activity=94.11Z",
        "perimeter=2026-11",
    )
    assert built.outside("300000005").status is Status.OUTSIDE


def test_every_row_is_kept_or_counted_under_its_reason(tmp_path):
    units = [
        unit("300000001", flag="O"),
        unit("300000001", flag="O"),
        unit("300000002", category="1000", name="", nomUniteLegale="DURAND"),
        unit("300000003", flag="O", state="C"),
        unit("300000004", flag="O", purged="true", state="C"),
        unit("300000005", flag="O"),
        unit("300000006", flag="O"),
        unit("300000007", category="5710"),
        unit("ABC", flag="O"),
        unit("3000000080", flag="O"),
    ]
    places = [
        head_office("300000001"),
        head_office("300000001"),
        establishment("30000000100029", state="F"),
        establishment("30000000100037", commune=METZ),
        head_office("300000006", commune=METZ),
        head_office("300000007"),
        establishment("123"),
    ]

    manifest = built_from(tmp_path, units, places, area="epci:200093201").manifest

    assert manifest.steps["units"] == 1
    assert manifest.set_aside == {
        "units.natural-person": 1,
        "units.malformed": 2,
        "units.purged": 1,
        "units.ceased": 1,
        "units.outside": 1,
        "units.repeated": 1,
        "units.without-establishment": 1,
        "units.elsewhere": 1,
        "establishments.malformed": 1,
        "establishments.closed": 1,
        "establishments.of-other-units": 1,
        "establishments.elsewhere": 2,
        "establishments.repeated": 1,
    }
    for kind, received in (("units", 10), ("establishments", 7)):
        left_out = [
            rows for reason, rows in manifest.set_aside.items() if reason.startswith(f"{kind}.")
        ]
        assert manifest.steps[f"received_{kind}"] == received
        assert sum(left_out) + manifest.steps[kind] == received


def test_a_natural_person_is_nowhere_in_the_build(tmp_path):
    units = [unit("300000001", flag="O"), unit("300000002", category="1000", flag="O")]

    built = built_from(tmp_path, units)

    assert "300000002" not in statuses(built)
    assert built.outside("300000002") is None
    assert {one.siren for one in built.establishments()} == {"300000001"}


def test_a_masked_unit_keeps_its_commune_and_nothing_else(tmp_path):
    units = [
        unit("300000001", flag="O", diffusion="P", name="[ND]", rna="W123456789"),
        unit("300000002", category="5710", diffusion="P", name="SECRET"),
    ]
    places = [
        head_office("300000001", street="[ND]", x="[ND]", y="[ND]"),
        head_office("300000002"),
    ]

    built = built_from(tmp_path, units, places)
    (one,), (place,) = built.units(), built.establishments()

    assert (one.name, one.rna, one.is_partial) == ("", "", True)
    assert (place.commune, place.street, place.postcode, place.name) == (LILLE, "", "", "")
    assert (place.longitude, place.latitude, place.point_source) == (None, None, PointSource.NONE)
    assert built.outside("300000002").name == ""
    assert built.outside_named("secret") == []


def test_a_place_without_a_point_is_at_the_centre_of_its_commune(tmp_path):
    places = [
        head_office("300000001", x="", y=""),
        establishment("30000000100029", x="0", y="0"),
        establishment("30000000100037", commune=METZ, x="", y=""),
        establishment("30000000100045"),
    ]

    built = built_from(tmp_path, [unit("300000001", flag="O")], places)
    centre, impossible, unknown, exact = built.establishments()

    assert centre.point_source is impossible.point_source is PointSource.COMMUNE
    assert (round(centre.longitude, 1), round(centre.latitude, 1)) == (3.0, 50.6)
    assert (unknown.longitude, unknown.point_source) == (None, PointSource.NONE)
    assert (exact.point_source, exact.longitude, exact.latitude) == (
        PointSource.ADDRESS,
        3.056436,
        50.627975,
    )


def test_overseas_points_are_read_in_the_projection_of_their_department(tmp_path):
    places = [
        establishment("30000000100011", commune="97411", x="340000", y="7690000"),
        establishment("30000000100029", commune="97105", x="643000", y="1770000"),
    ]

    reunion, guadeloupe = built_from(
        tmp_path, [unit("300000001", flag="O")], places
    ).establishments()

    assert (round(reunion.longitude), round(reunion.latitude)) == (55, -21)
    assert (round(guadeloupe.longitude), round(guadeloupe.latitude)) == (-62, 16)


def test_codes_of_former_communes_and_arrondissements_become_todays(tmp_path):
    places = [
        head_office("300000001", commune=PARIS_1ST),
        establishment("30000000100029", commune="59298"),
        establishment("30000000100037", commune=""),
    ]

    first, second, third = built_from(
        tmp_path, [unit("300000001", flag="O")], places
    ).establishments()

    assert (first.commune, first.commune_as_published) == ("75056", PARIS_1ST)
    assert (second.commune, second.commune_as_published) == (LILLE, "59298")
    assert third.commune == ""


def test_the_area_keeps_units_by_their_establishments(tmp_path):
    units = [unit("300000001", flag="O"), unit("300000002", flag="O"), unit("300000003", flag="O")]
    places = [
        head_office("300000001"),
        head_office("300000002", commune=METZ),
        establishment("30000000200029", commune=ROUBAIX, head_office="false"),
        head_office("300000003", commune=METZ),
    ]

    built = built_from(tmp_path, units, places, area="epci:200093201")

    assert set(statuses(built)) == {"300000001", "300000002"}
    assert [one.siret for one in built.establishments()] == ["30000000100011", "30000000200029"]
    elsewhere = built.outside("300000003")
    assert (elsewhere.status, elsewhere.family.value) == (Status.RECOGNISED, "association")


def test_numbers_and_added_columns_of_parquet_files_are_read_as_text_files_are(tmp_path):
    units = [
        unit("005410220", flag="O", band="03", nouvelleColonne="x"),
        unit("300000002", flag="O"),
    ]
    (tmp_path / "csv").mkdir()
    (tmp_path / "parquet").mkdir()

    text = built_from(tmp_path / "csv", units, write=write_csv)
    binary = built_from(tmp_path / "parquet", units, write=write_parquet)

    assert list(text.units()) == list(binary.units())
    assert list(text.establishments()) == list(binary.establishments())
    assert next(binary.units()).head_office == "00541022000011"


def test_a_unit_whose_columns_of_naf_2025_have_gone_is_read_all_the_same(tmp_path):
    columns = [name for name in UNIT_COLUMNS if "NAF25" not in name]
    rows = [
        {name: one[name] for name in columns}
        for one in [unit("300000001", flag="O", nomenclature="NAF2025", activity="85.59J")]
    ]

    built = built_from(tmp_path, rows)

    assert [count.sector.value for count in built.counts() if count.units] == ["education"]


def test_what_could_not_be_understood_is_said(tmp_path):
    units = [
        unit("300000001", flag="O", created="31/12/2010"),
        unit("300000002", flag="O", category="9999"),
        unit("300000003", flag="O", nomenclature="NAF1993", activity="91.3E"),
        unit("BAD", flag="O"),
    ]

    built = built_from(tmp_path, units, [head_office(f"30000000{n}") for n in (1, 2, 3)])
    places = " ".join(problem.where for problem in built.manifest.problems)

    assert next(built.units()).created_on is None
    for said in ("300000001 (31/12/2010)", "9999 (1)", "NAF1993 (1)", "siren BAD"):
        assert said in places
    assert "caractereEmployeur (units)" in places


def test_headcounts_are_bounds_and_never_guessed(tmp_path):
    bands = {"30000000100011": "NN", "30000000100029": "12", "30000000100037": "53"}
    places = [establishment(siret, band=band) for siret, band in bands.items()]
    places.append(establishment("30000000100045", band=""))
    places.append(establishment("30000000100052", band="03", created="2026-03-01"))

    built = built_from(tmp_path, [unit("300000001", flag="O")], places)
    (count,) = built.counts()

    assert (count.units, count.establishments, count.employers) == (1, 5, 3)
    assert (count.headcount_low, count.headcount_high) == (10_000 + 20 + 6, 49 + 9)
    assert (count.headcount_unbounded, count.headcount_unknown) == (1, 1)
    assert (count.unit_creations, count.establishment_creations) == (0, 1)
    assert [one.is_employer for one in built.establishments()] == [False, True, True, None, True]


def test_the_vintage_is_the_month_after_the_last_change(tmp_path):
    built = built_from(tmp_path, [unit("300000001", flag="O", updated="2026-09-30T23:59:00")])

    assert built.manifest.vintage == "2026-10"


def test_names_outside_are_found_without_accents_the_closest_first(tmp_path):
    units = [
        unit("300000001", category="5710", name="LES AMIS DE L'ŒUVRE ÉTÉ"),
        unit("300000002", category="5710", name="OEUVRE D'ETE"),
        unit("300000003", category="5710", name="AUTRE CHOSE", acronym="OED"),
    ]

    built = built_from(tmp_path, units)

    found = built.outside_named("Œuvre été")
    assert [one.siren for one in found] == ["300000002", "300000001"]
    assert [one.siren for one in built.outside_named("oed")] == ["300000003"]
    assert built.outside_named("%") == built.outside_named("a") == []


def test_approvals_are_taken_from_the_list_given(tmp_path):
    esus = tmp_path / "esus.csv"
    esus.write_text(
        "SIREN;Date d'agrément;Date de fin\n300000001;01/02/2024;31/01/2029\n12;;\n",
        encoding="utf-8",
    )

    built = built_from(tmp_path, [unit("300000001", flag="O")], esus=esus)
    (approval,) = built.approvals()

    assert (approval.siren, approval.starts_on.year, approval.ends_on.year) == (
        "300000001",
        2024,
        2029,
    )
    assert "esus.csv:3" in [problem.where for problem in built.manifest.problems]


def test_a_damaged_build_is_refused(tmp_path):
    built = built_from(tmp_path, [unit("300000001", flag="O")])
    path = built.folder / "units.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))

    with pytest.raises(RegisterError):
        read_build(built.folder)


def test_a_folder_without_a_manifest_is_no_build(tmp_path):
    with pytest.raises(RegisterError, match="no manifest"):
        read_build(tmp_path)
