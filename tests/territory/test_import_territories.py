"""An edition is stored whole or not at all, and storing it twice is storing it once."""

import lzma
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from essor.problems import Problem
from essor.territory.importers import packed
from essor.territory.models import Alias, Contour, Territory
from essor.territory.services import store_territories
from essor.territory.types import (
    AliasRow,
    ContourRow,
    Count,
    Kind,
    TerritoryFileError,
    TerritoryRow,
)

from .reference import all_rows, store_some

pytestmark = pytest.mark.django_db

EDITION = packed.read_edition()
LILLE = TerritoryRow(Kind.COMMUNE, "59350", "Lille", population=238246)
COMMUNES = [TerritoryRow(Kind.COMMUNE, f"591{n:02}", f"Commune {n}") for n in range(20)]


def import_folder(folder=None):
    out, err = StringIO(), StringIO()
    options = {"folder": folder} if folder else {}
    call_command("import_territories", stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def table(folder, *lines):
    packed.write_edition(folder, EDITION)
    text = "\n".join([",".join(packed.COLUMNS), *lines])
    (folder / "territories.csv.xz").write_bytes(lzma.compress(text.encode()))


def test_the_package_brings_the_whole_of_france():
    out, err = import_folder()
    assert err == ""
    assert {kind: Territory.objects.filter(kind=kind).count() for kind in Kind} == {
        Kind.COUNTRY: 1,
        Kind.REGION: 26,
        Kind.DEPARTMENT: 109,
        Kind.EPCI: 1255,
        Kind.EPT: 11,
        Kind.COMMUNE: 34969,
        Kind.MUNICIPAL_ARRONDISSEMENT: 45,
        Kind.FORMER_COMMUNE: 2576,
    }
    mel = Territory.objects.get(kind=Kind.EPCI, code="200093201")
    assert Territory.objects.filter(kind=Kind.COMMUNE, epci=mel).count() == 95
    assert Contour.objects.count() == 296
    again, _err = import_folder()
    assert "territoires en tout\u00a0: 38992 ajoutés, 0 modifiés" in out
    assert "territoires en tout\u00a0: 0 ajoutés, 0 modifiés, 38992 inchangés" in again


def test_a_second_import_changes_nothing():
    first = store_some("59350", "59355", "200093201", "01015")
    before = list(Territory.objects.order_by("pk").values())
    second = store_some("59350", "59355", "200093201", "01015")
    assert first.total.new == second.total.same == len(before)
    assert (second.total.new, second.total.changed, second.contours.new) == (0, 0, 0)
    assert list(Territory.objects.order_by("pk").values()) == before


def test_parents_are_linked_and_a_shared_code_is_two_territories():
    store_some("01015", "200040350")
    old = Territory.objects.get(kind=Kind.FORMER_COMMUNE, code="01015")
    new = Territory.objects.get(kind=Kind.COMMUNE, code="01015")
    assert old.commune == new
    assert old.successor == new
    assert new.successor == new
    assert (new.epci.name, new.department.name, new.region.code) == ("CC Bugey Sud", "Ain", "84")


def test_only_what_changed_is_said_to_have_changed():
    store_territories(EDITION, [LILLE, *COMMUNES])
    report = store_territories(EDITION, [replace(LILLE, population=240_000), *COMMUNES])
    assert report.territories[Kind.COMMUNE] == Count(changed=1, same=20)
    assert Territory.objects.get(code="59350").population == 240_000


def test_a_later_edition_dates_all_and_retires_what_it_leaves_out():
    store_territories(EDITION, [LILLE, *COMMUNES])
    later = replace(EDITION, year=2027, name="COG 2027", population_year=2024)
    report = store_territories(later, [LILLE, *COMMUNES[1:]])
    assert report.territories[Kind.COMMUNE] == Count(same=20, gone=1)
    gone = Territory.objects.get(code=COMMUNES[0].code)
    assert (gone.in_force, gone.edition.year) == (False, 2026)
    assert Territory.objects.get(code="59350").edition.year == 2027


def test_a_territory_may_come_back_into_force():
    store_territories(EDITION, [LILLE, *COMMUNES])
    store_territories(EDITION, [LILLE, *COMMUNES[1:]])
    report = store_territories(EDITION, [LILLE, *COMMUNES])
    assert report.territories[Kind.COMMUNE] == Count(changed=1, same=20)
    assert Territory.objects.get(code=COMMUNES[0].code).in_force


def test_a_truncated_file_is_refused_and_nothing_is_changed():
    store_territories(EDITION, [LILLE, *COMMUNES])
    with pytest.raises(TerritoryFileError, match="More than a tenth"):
        store_territories(EDITION, [replace(LILLE, name="Lile"), *COMMUNES[:5]])
    assert Territory.objects.in_force().count() == 21
    assert Territory.objects.filter(name="Lille").exists()


def test_an_import_cut_half_way_leaves_what_was_there():
    store_territories(EDITION, [LILLE, *COMMUNES])

    def contours_until_the_power_fails():
        yield from ()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store_territories(
            EDITION,
            [replace(LILLE, name="Rijsel"), *COMMUNES],
            contours=contours_until_the_power_fails(),
        )
    assert Territory.objects.get(code="59350").name == "Lille"


def test_a_row_that_comes_twice_is_taken_once_and_said():
    report = store_territories(EDITION, [LILLE, replace(LILLE, name="L'Isle")])
    assert Territory.objects.get().name == "Lille"
    assert [problem.where for problem in report.problems] == ["commune 59350 L'Isle"]


def test_an_unknown_parent_is_said_and_the_territory_kept_without_it():
    report = store_territories(EDITION, [replace(LILLE, epci="999999999")])
    assert Territory.objects.get().epci is None
    assert report.problems[0].where == "commune 59350 Lille, epci 999999999"


def test_aliases_and_outlines_of_nowhere_are_said():
    report = store_territories(
        EDITION,
        [LILLE],
        aliases=[AliasRow(Kind.EPCI, "1", "MEL"), AliasRow(Kind.COMMUNE, "59350", "Rijsel")],
        contours=[
            ContourRow(Kind.COMMUNE, "00000", "IGN", is_complete=True, polygons=(("_p~iF~ps|U",),)),
            Problem("contours.jsonl.xz, line 2", "Nothing there.", "Leave it."),
        ],
    )
    assert len(report.problems) == 3
    assert list(Alias.objects.values_list("folded", flat=True)) == ["rijsel"]
    assert not Contour.objects.exists()


def test_an_alias_taken_away_is_forgotten():
    store_territories(EDITION, [LILLE], aliases=[AliasRow(Kind.COMMUNE, "59350", "Rijsel")])
    report = store_territories(EDITION, [LILLE])
    assert report.aliases == Count(gone=1)
    assert not Alias.objects.exists()


def test_an_outline_that_changed_is_replaced():
    outline = ContourRow(
        Kind.COMMUNE, "59350", "IGN", is_complete=True, polygons=(("_p~iF~ps|U",),)
    )
    store_territories(EDITION, [LILLE], contours=[outline])
    report = store_territories(EDITION, [LILLE], contours=[replace(outline, source="IGN 2027")])
    assert report.contours == Count(changed=1)
    assert Contour.objects.get().source == "IGN 2027"


def test_faulty_lines_are_said_and_the_others_stored(tmp_path):
    table(
        tmp_path,
        "commune,59350,Lille,,238246,,,,,",
        "hameau,1,Trou,,,,,,,",
        "commune,,Sans code,,,,,,,",
        "commune,59001,'-,,,,,,,",
        "commune,59002,Abancourt,,beaucoup,,,,,",
        "commune,59003,Abscon,,-4,,,,,",
        "commune,59004,Court",
        f"commune,59005,{'A' * 121},,,,,,,",
    )
    out, err = import_folder(tmp_path)
    assert [territory.code for territory in Territory.objects.all()] == ["59350"]
    assert [line.partition(": ")[0] for line in err.splitlines()] == [
        f"territories.csv.xz:{n}" for n in range(3, 10)
    ]
    assert "problèmes\u00a0: 7" in out


def test_faulty_aliases_and_outlines_are_said(tmp_path):
    table(tmp_path, "commune,59350,Lille,,238246,,,,,")
    (tmp_path / "aliases.csv").write_text("kind,code,alias\nville,59350,Lile\ncommune,59350,\n")
    lines = ["{", "[]", '{"polygons": [["_"]]}', '{"polygons": []}', '{"polygons": 3}']
    (tmp_path / "contours.jsonl.xz").write_bytes(lzma.compress("\n".join(lines).encode()))
    _out, err = import_folder(tmp_path)
    assert len(err.splitlines()) == 7


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("edition.json", b"{"),
        ("edition.json", b'{"year": 2026}'),
        ("territories.csv.xz", b""),
        ("territories.csv.xz", b"not compressed"),
        ("territories.csv.xz", lzma.compress(b"\xff")),
        ("territories.csv.xz", lzma.compress(b"code,nom\n1,Lille\n")),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_what_to_do(tmp_path, file, content):
    table(tmp_path, "commune,59350,Lille,,238246,,,,,")
    (tmp_path / file).write_bytes(content)
    with pytest.raises(CommandError, match=rf"{file}.*pack_territories"):
        import_folder(tmp_path)


def test_the_reference_has_no_name_that_folds_to_nothing():
    assert len(all_rows()) == 38_992
    assert not [row for row in all_rows() if isinstance(row, Problem)]
