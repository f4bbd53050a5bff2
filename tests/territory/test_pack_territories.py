"""The published files become the package's tables, and say what they could not take."""

import filecmp
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from essor.problems import Problem
from essor.territory.importers import cog, packed
from essor.territory.rules import decode_ring
from essor.territory.types import ContourRow, Kind, TerritoryFileError, TerritoryRow

DATA = Path(__file__).parents[1] / "data" / "territory"
PUBLISHED, FAULTY = DATA / "published", DATA / "published_faulty"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture(scope="module")
def rows():
    found = list(cog.read_cog(PUBLISHED, 2026))
    assert not [row for row in found if isinstance(row, Problem)]
    return {(row.kind, row.code): row for row in found}


def problems_of(found):
    return [problem for problem in found if isinstance(problem, Problem)]


def pack(folder, to, **options):
    out, err = StringIO(), StringIO()
    call_command("pack_territories", folder, year=2026, to=to, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_a_commune_has_its_parents_and_its_population(rows):
    assert rows[Kind.COMMUNE, "59527"] == TerritoryRow(
        Kind.COMMUNE,
        "59527",
        "Saint-André-lez-Lille",
        population=13233,
        epci="200093201",
        department="59",
        region="32",
    )


def test_a_former_commune_names_its_successor_even_under_the_same_code(rows):
    assert rows[Kind.FORMER_COMMUNE, "59355"].commune == "59350"
    assert rows[Kind.FORMER_COMMUNE, "01015"].commune == "01015"
    assert rows[Kind.COMMUNE, "01015"].name == "Arboys en Bugey"
    assert rows[Kind.FORMER_COMMUNE, "01015"].name == "Arbignieu"


def test_a_municipal_arrondissement_belongs_to_its_commune_and_to_what_it_belongs_to(rows):
    first = rows[Kind.MUNICIPAL_ARRONDISSEMENT, "75101"]
    assert (first.commune, first.epci, first.department) == ("75056", "200054781", "75")


def test_a_commune_of_greater_paris_has_an_epci_and_an_ept(rows):
    saint_denis = rows[Kind.COMMUNE, "93066"]
    assert (saint_denis.epci, saint_denis.ept) == ("200054781", "200057867")


def test_an_epci_that_straddles_departments_has_a_region_only(rows):
    greater_paris = rows[Kind.EPCI, "200054781"]
    assert (greater_paris.department, greater_paris.region) == ("", "11")


def test_the_population_of_the_whole_is_the_sum_of_the_parts(rows):
    communes = [row for row in rows.values() if row.kind is Kind.COMMUNE]
    members = [row for row in communes if row.epci == "200093201"]
    assert rows[Kind.EPCI, "200093201"].population == sum(row.population for row in members)
    known = [row.population for row in communes if row.population is not None]
    assert rows[Kind.COUNTRY, "FR"].population == sum(known)


def test_an_unknown_population_stays_unknown_in_the_whole_too(rows):
    assert rows[Kind.COMMUNE, "98411"].population is None
    assert rows[Kind.REGION, "984"].population is None


def test_what_cannot_be_taken_is_said_and_the_rest_is_packed():
    found = list(cog.read_cog(FAULTY, 2026))
    problems = problems_of(found)
    assert {problem.where for problem in problems} == {
        "commune 59527",
        "commune 59355",
        "commune 75101",
        "departement 01",
        "epci 200093201, commune 99999",
        "epci 200093201, commune 75056",
    }
    rows = {(row.kind, row.code): row for row in found if isinstance(row, TerritoryRow)}
    assert rows[Kind.COMMUNE, "59527"].population is None
    assert rows[Kind.COMMUNE, "75056"].epci == "200054781"


def test_outlines_are_those_of_the_file():
    contours = {(row.kind, row.code): row for row in cog.read_outlines(PUBLISHED)}
    assert set(contours) == {
        (Kind.EPCI, "200093201"),
        (Kind.COMMUNE, "59527"),
        (Kind.DEPARTMENT, "59"),
        (Kind.REGION, "32"),
    }
    ring = decode_ring(contours[Kind.COMMUNE, "59527"].polygons[0][0])
    assert ring[0] == ring[-1]
    assert all(3.02 < x < 3.07 and 50.64 < y < 50.68 for x, y in ring)


def test_a_feature_that_is_no_outline_is_a_problem():
    found = list(cog.read_outlines(FAULTY))
    assert len(problems_of(found)) == 4
    assert sum(isinstance(row, ContourRow) for row in found) == 4


def test_packing_the_same_files_twice_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        pack(PUBLISHED, tmp_path / name)
    names = ["edition.json", "territories.csv.xz", "contours.jsonl.xz"]
    same, _different, _missing = filecmp.cmpfiles(
        tmp_path / "one", tmp_path / "two", names, shallow=False
    )
    assert same == names


def test_packed_tables_read_back_as_they_were_written(tmp_path, rows):
    pack(PUBLISHED, tmp_path, population_year=2023)
    assert list(packed.read_territories(tmp_path)) == list(rows.values())
    assert list(packed.read_contours(tmp_path)) == list(cog.read_outlines(PUBLISHED))
    assert packed.read_edition(tmp_path).population_year == 2023


def test_the_command_says_what_it_packed_and_what_it_left_out(tmp_path):
    out, err = pack(FAULTY, tmp_path)
    assert "10 problèmes" in out
    assert "commune 75101" in err


def test_a_missing_file_is_named_and_nothing_is_written(tmp_path):
    with pytest.raises(CommandError, match=r"communes-2025\.json\(\.gz\): Le fichier manque"):
        call_command("pack_territories", PUBLISHED, year=2025, to=tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": 1}'])
def test_a_file_that_is_not_the_published_one_is_refused(tmp_path, content):
    (tmp_path / "cog").mkdir()
    (tmp_path / "cog" / "communes-2026.json").write_bytes(content)
    with pytest.raises(TerritoryFileError, match="communes-2026"):
        list(cog.read_cog(tmp_path, 2026))


@pytest.mark.external_data
def test_the_package_carries_what_the_published_files_say(tmp_path):
    if not SHARED.exists():
        pytest.skip(f"the published files are not here: {SHARED}")
    pack(SHARED, tmp_path)
    for name in ("edition.json", "territories.csv.xz", "contours.jsonl.xz"):
        assert filecmp.cmp(tmp_path / name, packed.REFERENCE / name, shallow=False), name
