"""Every set of real records is read whole, with its counts, its items and its accents."""

import unicodedata
from collections import Counter
from dataclasses import asdict

import pytest

from essor.catalogue.importers.inspection import inspected
from essor.catalogue.importers.opening import opened
from essor.catalogue.importers.reading import marc_of
from essor.catalogue.types import HeldItems, Received, RecordValue
from tests.catalogue.builders import received_in, shared_set, values_in

pytestmark = pytest.mark.external_data

SETS = [
    # name, profile that fits, records, items, records left out
    ("unimarc/roubaix_700_utf8.mrc", "koha-france", 700, 787, 0),
    ("unimarc/roubaix_700_iso5426.mrc", "koha-france", 700, 787, 0),
    ("unimarc/roubaix_200_marcxml.xml", "koha-france", 200, 220, 0),
    ("unimarc/roubaix_700_items.csv", "koha-france", 0, 787, 0),
    ("unimarc/koha_fr_3500_utf8.mrc", "unimarc", 3500, 0, 0),
    ("unimarc/koha_fr_500_iso5426.mrc", "unimarc", 500, 0, 0),
    ("unimarc/pmb_demo_48_utf8.mrc", "pmb", 48, 31, 0),
    ("unimarc/pmb_demo_48_iso5426.mrc", "pmb", 48, 31, 0),
    ("unimarc/pmb_demo_48_pmbxml.xml", "pmb", 48, 31, 0),
    ("unimarc/bnf_serie_harrypotter_7.pan", "unimarc", 7, 0, 0),
    ("unimarc/sudoc_abes_notice.xml", "sudoc", 1, 0, 0),
    ("unimarc/sudoc_marcxml_930.xml", "sudoc", 1, 4, 0),
    ("unimarc/celesteville_lrm/UMA_Oeuvres_Expressions.xml", "unimarc", 0, 0, 103),
    ("unimarc/celesteville_lrm/UMA_Autres_Entites_Liees.xml", "unimarc", 0, 0, 191),
    ("unimarc/celesteville_lrm/UMB_Manifestations.xml", "unimarc", 60, 0, 0),
    ("unimarc/celesteville_lrm/UMH_Items.xml", "unimarc-lrm", 0, 55, 0),
    ("unimarc/snk_slovak_1256.mrc", "unimarc", 1256, 0, 0),
    ("unimarc/bncf_italian_5.mrc", "unimarc", 5, 0, 0),
    ("marc21/koha_demo_marc21_952.xml", "koha-marc21", 435, 958, 0),
    ("marc21/lul_french_500_marc8.mrc", "marc21", 500, 0, 0),
    ("marc21/jazz_1000_marc8.mrc", "marc21", 1000, 0, 0),
    ("marc21/nlnz_1001_utf8.mrc", "marc21", 1001, 0, 0),
    ("marc21/uva_2000.mrc", "marc21", 2000, 99, 0),
    ("marc21/princeton_alma_122.xml", "marc21", 122, 112, 0),
]
MOJIBAKE = ("Ã©", "Ã¨", "â€", "\ufffd", "\x98", "\x9c", "\x88", "\x89")


@pytest.mark.parametrize(("name", "profile", "records", "items", "left_out"), SETS)
def test_a_set_is_read_whole_by_the_profile_suggested(name, profile, records, items, left_out):
    with shared_set(name).open("rb") as stream:
        seen = inspected(opened(stream, name), most_records=10_000)

    assert (seen.suggested.code, seen.records, seen.items) == (profile, records, items)
    assert sum(one.count for one in seen.problems) == left_out
    assert seen.is_whole


@pytest.mark.parametrize("name", [name for name, *_rest in SETS if "_Entites" not in name])
def test_all_texts_are_composed_and_legible(name):
    for value in values_in(shared_set(name).read_bytes()):
        if isinstance(value, RecordValue):
            texts = [
                value.title,
                value.subtitle,
                value.statement,
                *(one.name for one in value.creators),
            ]
            assert all(unicodedata.is_normalized("NFC", text) for text in texts), value
            assert not any(sign in text for text in texts for sign in MOJIBAKE), value


@pytest.mark.parametrize(
    ("utf8", "twin"),
    [
        ("roubaix_700_utf8.mrc", "roubaix_700_iso5426.mrc"),
        ("koha_fr_3500_utf8.mrc", "koha_fr_500_iso5426.mrc"),
        ("pmb_demo_48_utf8.mrc", "pmb_demo_48_iso5426.mrc"),
        ("pmb_demo_48_utf8.mrc", "pmb_demo_48_pmbxml.xml"),
        ("roubaix_700_utf8.mrc", "roubaix_200_marcxml.xml"),
    ],
)
def test_twins_say_the_same(utf8, twin):
    profile = "pmb" if utf8.startswith("pmb") else "koha-france"
    first = values_in(shared_set(f"unimarc/{utf8}").read_bytes(), profile)
    second = values_in(shared_set(f"unimarc/{twin}").read_bytes(), profile)
    pairs = [(_said(one), _said(two)) for one, two in zip(first, second, strict=False)]

    assert len(pairs) == len(second)
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def _said(value):
    """All that a record says, whatever its encoding; ° is not in ISO 5426, where an o stands for it."""
    said = asdict(value)
    left_out = ("encoding", "certainty", "filing_title")
    return str({name: one for name, one in said.items() if name not in left_out}).replace("°", "o")


def test_roubaix_has_its_loans_prices_and_dates():
    values = values_in(shared_set("unimarc/roubaix_700_utf8.mrc").read_bytes())
    table = values_in(shared_set("unimarc/roubaix_700_items.csv").read_bytes())
    items = {one.barcode: one for value in values for one in value.items}
    lines = {one.items[0].barcode: one.items[0] for one in table if isinstance(one, HeldItems)}

    assert len(items) == len(lines) == 787
    for barcode, item in items.items():
        line = lines[barcode]
        assert (item.loans, item.price_cents, item.acquired, item.last_loan, item.call_number) == (
            line.loans,
            line.price_cents,
            line.acquired,
            line.last_loan,
            line.call_number,
        )
    assert min(one.acquired for one in items.values()).isoformat() == "2005-03-22"
    assert Counter(one.availability for one in items.values())["gone"] == 29


def test_the_holdings_of_celesteville_name_documents_that_are_there():
    folder = shared_set("unimarc/celesteville_lrm")
    held = values_in((folder / "UMH_Items.xml").read_bytes(), "unimarc-lrm")
    documents = received_in((folder / "UMB_Manifestations.xml").read_bytes())

    assert {one.control_number for one in held} <= {one.control_number for one in documents}


def test_the_wrong_declaration_of_the_slovak_file_is_not_believed():
    values = values_in(shared_set("unimarc/snk_slovak_1256.mrc").read_bytes())

    assert {value.encoding for value in values} == {"utf-8"}
    assert values[0].title == "Ablaß deren Creutzlein von Caravaca in Spanien"


def test_the_bnf_and_its_series_are_read():
    first, *_rest = values_in(shared_set("unimarc/bnf_serie_harrypotter_7.pan").read_bytes())

    assert (first.title, first.publisher, first.year) == (
        "Harry Potter et l'ordre du Phénix",
        "Gallimard",
        2017,
    )
    assert [(one.title, one.number) for one in first.series] == [("Harry Potter", "5")]
    assert first.uniform_title == "Harry Potter and the order of the Phoenix"
    assert (first.place, first.extent) == ("Paris", "1 vol. (977 p.) ; 23 cm")
    assert first.original_languages == ("eng",)


@pytest.mark.parametrize("name", [name for name, *_rest in SETS if not name.endswith(".csv")])
def test_the_original_of_every_record_can_be_shown(name):
    for one in received_in(shared_set(name).read_bytes()):
        assert isinstance(one, Received)
        assert marc_of(one.content, one.file_format).fields
