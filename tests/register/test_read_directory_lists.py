"""Other directories are read: whatever their encoding, separator and faults, each row comes out once."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.register.importers.directories import (
    Column,
    columns_named,
    columns_recognised,
    commune_name,
    entries_of_table,
)
from essor.register.importers.tables import LONGEST_VALUE, table_of
from essor.register.types import RegisterError
from tests.register.directory_lists import FINESS_FILE, HDF, SIAE_FILE, SIRET, a_list


def understood(content, **options):
    table = table_of(content, **options)
    return entries_of_table(table, columns_recognised(table))


def what_is_wrong(entry):
    return " ".join(problem.what for problem in entry.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_recognised(encoding, delimiter):
    row = {"Nom": "Régie de Fâches", "Commune": "Faches-Thumesnil", "Code postal": "59155"}
    (entry,) = understood(a_list(row, delimiter=delimiter, encoding=encoding))

    assert (entry.name, entry.commune, entry.postcode) == (
        "Régie de Fâches",
        "Faches-Thumesnil",
        "59155",
    )


def test_an_encoding_may_be_imposed():
    (entry,) = understood("nom,commune\nÉté,Lens\n".encode("mac-roman"), encoding="mac-roman")

    assert entry.name == "Été"


def test_a_few_bad_bytes_do_not_change_the_reading_of_the_others():
    content = "nom,commune\nÉté à la mer,Lens\nP\xe2ques,Douai\n".encode().replace(
        "â".encode(), b"\xe2"
    )
    first, second = understood(content)

    assert first.name == "Été à la mer"
    assert "Letters could not be read" in what_is_wrong(second)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("38269518700000", "key does not fit"),
        ("7,84672E+13", "rounded"),
        ("néant", "14 figures"),
        ("784671695", "14 figures"),
    ],
)
def test_a_siret_that_is_not_sound_is_said_and_the_row_kept(written, fault):
    (entry,) = understood(a_list({"siret": written, "nom": "A", "commune": "Lille"}, delimiter=";"))

    assert entry.siret == ""
    assert fault in what_is_wrong(entry)
    assert entry.received["siret"] == written


def test_a_siret_is_read_as_people_write_it_and_gets_back_the_zeros_it_had_lost():
    spaced, cut = understood(
        a_list(
            {"siret": f"{SIRET[:9]} {SIRET[9:]}", "nom": "A"}, {"siret": "55201300013", "nom": "B"}
        )
    )

    assert (spaced.siret, spaced.siren) == (SIRET, SIRET[:9])
    assert cut.siret == "" or cut.siret.startswith("000")


def test_a_quote_that_is_never_closed_spoils_its_own_row_only():
    lines = ["nom,commune", '"Les Amis,Lille', *(f"Structure {n},Lens" for n in range(40))]
    entries = understood("\n".join(lines).encode())

    assert len(entries) == 41
    assert "never closed" in what_is_wrong(entries[0])
    assert {entry.name for entry in entries[1:]} == {f"Structure {n}" for n in range(40)}


def test_a_value_may_go_over_several_lines():
    (entry,) = understood(b'nom,adresse,commune\nA,"1 rue\nde la Paix",Lille\n')

    assert entry.address == "1 rue de la Paix"


def test_rows_that_are_short_or_long_or_over_long_are_kept_and_say_so():
    long_name = "A" * (LONGEST_VALUE + 1)
    short, long, over = understood(f"nom,commune\nA\nB,Lille,x,y\n{long_name},Lens\n".encode())

    assert "fewer values" in what_is_wrong(short)
    assert long.received["+1"] == "x"
    assert "too long" in what_is_wrong(over)
    assert len(over.name) == 250


def test_a_formula_is_kept_as_text_and_said():
    (entry,) = understood(a_list({"nom": '=HYPERLINK("x")', "commune": "Lille"}))

    assert entry.name.startswith("=")
    assert "formula" in what_is_wrong(entry)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("LILLE CEDEX 9", "LILLE"),
        ("59000 Lille", "Lille"),
        ("Lyon 3e", "Lyon"),
        ("Cedex", ""),
        ("Saint-Cédex", "Saint-Cédex"),
    ],
)
def test_a_commune_is_taken_out_of_what_surrounds_it(written, name):
    assert commune_name(written) == name


def test_rows_of_one_siret_are_told_apart_whatever_their_order():
    rows = [
        {"siret": "38269518700000", "nom": name, "type_siae": kind}
        for name, kind in (("A", "EI"), ("B", "ACI"), ("C", "EI"), ("C", "EI"))
    ]
    forth, back = understood(a_list(*rows)), understood(a_list(*reversed(rows)))

    assert len({entry.key for entry in forth}) == 4
    assert {(one.key, one.name) for one in forth} == {(one.key, one.name) for one in back}
    assert "same row" in " ".join(map(what_is_wrong, forth))


def test_columns_are_named_by_hand():
    table = table_of(a_list({"N°": "1", "Qui": "A", "Où": "Lille"}))

    assert columns_named("name=Qui, commune=Où", table) == {
        Column.NAME: "Qui",
        Column.COMMUNE: "Où",
    }
    for wrong in ("name=Quoi", "nom=Qui", "commune=Où", "x"):
        with pytest.raises(RegisterError):
            columns_named(wrong, table)


@pytest.mark.parametrize(
    "content", [b"", b"\n \n", b"PK\x03\x04x", b"%PDF-1.4", b"a," * 300, b"a" * 200_000]
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(RegisterError):
        table_of(content)


cells = st.text(
    string.ascii_letters + string.digits + " ;,\"'\t\n\r=@-é\ufeff\u2028\x00", max_size=20
)


@given(st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=8))
def test_any_rows_written_as_csv_come_out_once_each(rows):
    names = ["siret", "nom", "commune", "code_postal", "longitude"]
    content = a_list(*(dict(zip(names, [f"x{row[0]}", *row[1:]], strict=False)) for row in rows))
    entries = understood(content)

    assert len({entry.key for entry in entries}) == len(entries)
    assert len(entries) >= len(rows) if '"' not in str(rows) else entries


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    try:
        table = table_of(b"nom,siret,longitude,latitude\n" + content)
    except RegisterError:
        return
    entries = entries_of_table(table, columns_recognised(table))
    assert len({entry.key for entry in entries}) == len(table.rows)


@pytest.mark.external_data
@pytest.mark.skipif(not HDF.exists(), reason="the shared data folder is not there")
def test_the_real_lists_are_read_whole():
    siae, finess = (understood(path.read_bytes()) for path in (SIAE_FILE, FINESS_FILE))

    assert (len(siae), len(finess)) == (474, 691)
    assert sum("key does not fit" in what_is_wrong(one) for one in siae) == 3
    assert sum(one.is_siret_shared for one in siae) == 12
    assert all(one.commune for one in (*siae, *finess))
