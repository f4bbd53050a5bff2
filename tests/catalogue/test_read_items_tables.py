"""Tables of items, in the CSV of any system: columns known by their headings, lines that stand alone."""

from datetime import date

import pytest

from essor.catalogue.types import BadRecord, HeldItems
from tests.catalogue.builders import MARC, received_in, values_in

HEADING = (
    "biblionumber,barcode,dateaccessioned,homebranch,price,"
    "datelastborrowed,notforloan,itemlost,itemcallnumber,issues"
)
LINE = "93,C01,2005-03-22,MED,13.42,2018-03-24,0,1,T/GRU,8"


def the_item(content):
    (value,) = values_in(content)
    assert isinstance(value, HeldItems), value
    return value.control_number, value.items[0]


def test_a_line_gives_an_item_and_its_record():
    number, item = the_item(f"{HEADING}\n{LINE}\n".encode())

    assert (number, item.barcode, item.branch, item.call_number) == ("93", "C01", "MED", "T/GRU")
    assert (item.acquired, item.last_loan) == (date(2005, 3, 22), date(2018, 3, 24))
    assert (item.loans, item.price_cents) == (8, 1342)
    assert (item.status, item.availability) == ("o:0; 2:1", "gone")


def test_a_twin_saved_by_a_french_spreadsheet_says_the_same():
    first, second = (
        [(one.control_number, one.items) for one in values_in((MARC / name).read_bytes())]
        for name in ("items.csv", "items_windows.csv")
    )

    assert first == second
    assert [number for number, _items in first] == ["886", "4206", "4750"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_french_headings_any_separator_and_any_encoding_do(encoding, separator):
    lines = [
        [
            "Numéro de notice",
            "Code-barres",
            "Bibliothèque",
            "Nombre de prêts",
            "Date d’acquisition",
        ],
        ["12", "C02", "Médiathèque d’été", "41", "22/03/2005"],
    ]
    content = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    number, item = the_item(content)

    assert (number, item.barcode, item.branch) == ("12", "C02", "Médiathèque d’été")
    assert (item.loans, item.acquired) == (41, date(2005, 3, 22))


def test_without_control_number_the_barcode_says_which_item():
    number, item = the_item(b"barcode;issues;price\nC03;2;10\n")

    assert (number, item.barcode) == ("", "C03")


def test_a_text_in_quotation_marks_may_go_on_for_lines():
    content = b'barcode;note;prix\nC01;"un\ndeux; trois";1\nC02;;2\n'

    assert [value.items[0].note for value in values_in(content)] == ["un deux; trois", ""]


def test_bad_lines_stay_out_with_their_place_and_the_others_come_in():
    content = (MARC / "items_faulty.csv").read_bytes()
    values = values_in(content)
    held, *bad = values

    assert (held.control_number, held.items[0].barcode) == ("886", "C01")
    assert [isinstance(one, BadRecord) for one in bad] == [True, True]
    assert bad[0].what.startswith("This line has not as many columns")
    assert bad[1].what.startswith("This line has neither barcode")
    assert content[bad[0].offset :].startswith(b"4206;C02")


def test_a_line_without_end_is_bounded():
    content = b'barcode;note;prix\nC01;"' + b"x" * 200_000 + b"\nC02;;2\n"
    values = values_in(content)

    assert any(isinstance(one, BadRecord) for one in values)
    assert (
        max(len(one.content) for one in received_in(content) if hasattr(one, "content")) < 140_000
    )
