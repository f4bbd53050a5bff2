"""The national list of ESUS is imported: as a spreadsheet or CSV, dates kept, twice is once, harm refused."""

import io
import zipfile
from datetime import date
from io import StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from essor.problems import Problem
from essor.register.importers.esus import LARGEST_UNPACKED, read_esus
from essor.register.models import Approval, LegalUnit
from essor.register.services.approvals import store_approvals
from essor.register.types import ApprovalKind, ApprovalRow, RegisterError, Status
from tests.register.directory_lists import DAY, OTHER_SIREN, SIREN
from tests.register.factories import LegalUnitFactory

HEADING = ["Raison sociale", "SIREN", "Date de décision", "Date de fin"]


def a_book(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(content):
    return list(read_esus(content, source="Trésor", source_date=DAY))


def stored(*rows, **options):
    read_rows = read_esus(a_book(HEADING, *rows), source="Trésor", source_date=DAY)
    return store_approvals(read_rows, kind=ApprovalKind.ESUS, **options)


def dates_of(one):
    return one.siren, one.starts_on, one.ends_on


def test_a_spreadsheet_is_read_below_its_titles_with_numbers_and_dates_as_it_keeps_them():
    content = a_book(
        ["Liste nationale", None],
        [],
        HEADING,
        ["A", int(SIREN), date(2020, 1, 2), "01/01/2025"],
        ["B", f"{OTHER_SIREN[:3]} {OTHER_SIREN[3:]}", None, None],
        ["C", "123456789", None, None],
        ["D", None, None, None],
    )
    first, second, *others = read(content)

    assert dates_of(first) == (SIREN, date(2020, 1, 2), date(2025, 1, 1))
    assert dates_of(second) == (OTHER_SIREN, None, None)
    assert [one.where for one in others] == ["6", "7"]


def test_the_same_list_may_be_csv():
    content = f"Nom;N° SIREN;Date d'agrément;Fin de validité\nA;{SIREN};2020-01-02;x\n".encode()
    problem, row = read(content)

    assert isinstance(problem, Problem)
    assert dates_of(row) == (SIREN, None, None)


@pytest.mark.parametrize(
    "content",
    [b"", b"nom;ville\nA;Lille\n", b"PK\x03\x04rubbish", a_book(["nom"], ["A"]), a_book()],
)
def test_what_is_no_list_is_refused(content):
    with pytest.raises(RegisterError):
        read(content)


def test_a_spreadsheet_made_to_harm_is_refused_before_it_unfolds():
    huge, declared = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(huge, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (LARGEST_UNPACKED + 1))
    with zipfile.ZipFile(declared, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><x/>'
        )

    for content in (huge.getvalue(), declared.getvalue()):
        with pytest.raises(RegisterError, match="unfolds"):
            read(content)


cell = st.one_of(
    st.none(),
    st.integers(0, 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
    st.text("0123456789/ é-", max_size=16),
)


@given(st.lists(st.lists(cell, min_size=4, max_size=4), max_size=6))
def test_any_row_gives_at_most_one_approval_and_no_dates_out_of_order(rows):
    found = read(a_book(HEADING, *rows))

    approvals = [one for one in found if isinstance(one, ApprovalRow)]
    assert len(approvals) <= len(rows)
    for one in approvals:
        assert not (one.starts_on and one.ends_on) or one.starts_on <= one.ends_on


@pytest.mark.django_db
def test_twice_is_once_and_a_later_list_changes_and_removes():
    rows = [["A", SIREN, date(2020, 1, 1), date(2025, 1, 1)], ["B", OTHER_SIREN, None, None]]
    first, again = stored(*rows), stored(*rows)
    later = stored(["A", SIREN, date(2020, 1, 1), date(2026, 1, 1)])

    assert (first.new, again.new, again.changed, again.unchanged) == (2, 0, 0, 2)
    assert (later.new, later.changed, later.left) == (0, 1, 1)
    assert dates_of(Approval.objects.get()) == (SIREN, date(2020, 1, 1), date(2026, 1, 1))


@pytest.mark.django_db
def test_an_approval_that_had_ended_is_kept_as_what_was():
    stored(["A", SIREN, date(2010, 1, 1), date(2015, 1, 1)])
    assert stored(["B", OTHER_SIREN, None, None]).left == 0

    assert Approval.objects.count() == 2


@pytest.mark.django_db
def test_a_list_that_lacks_most_approvals_is_refused_unless_it_is_confirmed():
    Approval.objects.bulk_create(
        Approval(kind=ApprovalKind.ESUS, siren=f"{n:09}", source="x") for n in range(12)
    )
    with pytest.raises(RegisterError):
        stored(["A", SIREN, None, None])
    assert Approval.objects.count() == 12
    assert stored(["A", SIREN, None, None], confirms_departures=True).left == 12


@pytest.mark.django_db
def test_an_approval_makes_no_structure_of_the_ess(tmp_path):
    LegalUnitFactory(siren=SIREN, status=Status.OUTSIDE, flag="")
    before = list(LegalUnit.objects.values())
    file, said = tmp_path / "esus.xlsx", StringIO()
    file.write_bytes(a_book(HEADING, ["A", SIREN, None, None], ["B", "x", None, None]))
    call_command("import_esus", file, date=DAY, stdout=said)

    assert Approval.objects.get().source_date == DAY
    assert list(LegalUnit.objects.values()) == before
    assert "3" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("import_esus", tmp_path / "none.xlsx")
