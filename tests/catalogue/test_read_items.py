"""Items are read where the profile says, with the codes of their library and what they mean for readers."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from essor.catalogue.importers.items import cents_of, count_of, date_of
from essor.catalogue.importers.profiles import DateOrder, ItemPlaces, shipped_profile
from essor.catalogue.importers.reading import Reading, unknown_codes
from essor.catalogue.types import Availability, CodeTable, HeldItems
from tests.catalogue.builders import a_field, marc, received_in, values_in

KOHA = shipped_profile("koha-france")


def read(*fields, profile=KOHA, leader=None):
    options = {"leader": leader} if leader else {}
    content = marc("001 1", "200 $aTitre", *fields, **options)
    (received,) = received_in(content)
    return Reading(profile).understood(received)


def item(*fields, profile=KOHA):
    (one,) = read(*fields, profile=profile).items
    return one


def test_an_item_of_koha_is_read_whole():
    one = item(
        "995 $00$10$20$52005-03-22$bMED$cBUS$eMED1A$fC01$hROMAN$kR ZOL$m2018-03-24$o0$p13.42$rPRETLIV$uDon$vT. 2$x8"
    )

    assert (one.barcode, one.branch, one.section, one.call_number) == (
        "C01",
        "BUS",
        "MED1A",
        "R ZOL",
    )
    assert (one.acquired, one.last_loan) == (date(2005, 3, 22), date(2018, 3, 24))
    assert (one.loans, one.price_cents, one.document_type) == (8, 1342, "PRETLIV")
    assert (one.note, one.volume, one.due) == ("Don", "T. 2", None)
    assert one.status == "o:0; 0:0; 2:0; 1:0"
    assert one.availability is Availability.AVAILABLE


def test_what_is_unknown_stays_unknown():
    one = item("995 $fC01")

    assert (one.loans, one.price_cents, one.acquired, one.branch) == (None, None, None, "")


@pytest.mark.parametrize(
    ("codes", "availability"),
    [
        ("$o0", Availability.AVAILABLE),
        ("$o2", Availability.ON_SITE),
        ("$o-1", Availability.UNAVAILABLE),
        ("$o0$21", Availability.GONE),
        ("$o0$24", Availability.GONE),
        ("$01", Availability.GONE),
        ("$o0$11", Availability.UNAVAILABLE),
        ("$o77", Availability.UNKNOWN),
        ("$o0$n2026-12-01", Availability.ON_LOAN),
        ("$21$n2026-12-01", Availability.GONE),
        ("", Availability.AVAILABLE),
    ],
)
def test_the_least_favourable_code_decides(codes, availability):
    assert item(f"995 $fC01{codes}").availability is availability


def test_without_status_an_item_is_what_its_profile_says():
    assert item("995 $fC01", profile=shipped_profile("pmb")).availability is Availability.UNKNOWN


def test_subfields_are_taken_in_the_order_of_the_profile_or_together():
    places = ItemPlaces(barcode="f", branch="c b", call_number="hi k")
    profile = replace(KOHA, places=places)

    one = item("995 $fC01$bMED$kX$h843$iZOL", profile=profile)
    assert (one.branch, one.call_number) == ("MED", "843 ZOL")


def test_several_items_keep_their_order_and_empty_ones_are_left_out():
    value = read("995 $fA", "995 $9", "995 $zrien", "995 $fB")

    assert [one.barcode for one in value.items] == ["A", "B"]


@pytest.mark.parametrize(
    ("tag", "field", "code"),
    [
        (
            "995",
            "$aBibliobus$f22$kJR HER$m2004-08-03$qj$rau$tRomans$oConsultation sur place",
            "pmb",
        ),
        ("930", "$5100:1$b100000001$cSUB1$a823.9 WOO$ju", "sudoc"),
        ("952", "$00$10$aMPL$bMPL$cGEN$d2014-09-04$p3999$yBK", "koha-marc21"),
        ("852", "$bALDERMAN$cSTACKS$hPQ2631$i.A26$p399", "marc21"),
        ("252", "$aBM_CELESTEVILLE$bADULTES$jCOTE$mCV1", "unimarc-lrm"),
    ],
)
def test_each_profile_reads_its_own_field(tag, field, code):
    one = item(f"{tag} {field}", profile=shipped_profile(code))

    assert one.branch
    assert one.barcode or one.call_number
    assert not read(
        "995 $zrien" if tag != "995" else "930 $brien", profile=shipped_profile(code)
    ).items


def test_codes_without_meaning_are_listed_as_often_as_they_come():
    value = read("995 $fA$bMED$o77$rPRETLIV", "995 $fB$bMED$rXYZ", "995 $fC$o0$eMED1A")

    assert Counter(unknown_codes(value, KOHA)) == {
        (CodeTable.BRANCH, "MED"): 2,
        (CodeTable.STATUS, "o:77"): 1,
        (CodeTable.DOCUMENT_TYPE, "XYZ"): 1,
        (CodeTable.SECTION, "MED1A"): 1,
    }


def test_a_corrected_profile_knows_them():
    tables = {**KOHA.tables, CodeTable.BRANCH: {"MED": "Médiathèque"}}
    value = read("995 $fA$bMED")

    assert not list(unknown_codes(value, replace(KOHA, tables=tables)))


def test_the_items_refine_the_type_and_the_audience_of_the_record():
    assert read("995 $fA$rPRETDVD").document_type == "film"
    assert read("995 $fA$rQUOI").document_type == "book"
    assert read("995 $fA$qj").audience == "young"
    assert read("995 $fA$qj", "995 $fB$qa").audience == "all"
    assert read("100 $a20140626d1998    m  y0frey50      ba", "995 $fA$qj").audience == "adult"


def test_a_record_that_its_source_deleted_says_so_even_without_title():
    (received,) = received_in(marc("001 1", leader="00000dam0 2200000   450 "))
    value = Reading(KOHA).understood(received)

    assert (value.is_deleted, value.title) == (True, "")
    assert not read().is_deleted


def test_a_record_whose_items_are_all_gone_is_deleted_where_the_profile_says_so():
    profile = replace(KOHA, is_gone_with_items=True)

    assert read("995 $fA$21", "995 $fB$01", profile=profile).is_deleted
    assert not read("995 $fA$21", "995 $fB", profile=profile).is_deleted
    assert not read(profile=profile).is_deleted
    assert not read("995 $fA$21").is_deleted


def test_a_holdings_record_names_its_document():
    content = marc("001 H1", "004 UMLRM0003", "252 $aBM$bADULTES$jCOTE$mCV1")
    (value,) = values_in(content, profile="unimarc-lrm")

    assert isinstance(value, HeldItems)
    assert (value.control_number, value.items[0].barcode) == ("UMLRM0003", "CV1")


def test_a_record_about_a_person_is_left_out_with_its_reason():
    (value,) = values_in(marc("001 1", "200 $aZola", leader="00000nx  a2200000   450 "))

    assert value.what.startswith("This record describes a person")


def test_the_reading_of_another_profile_or_encoding_has_another_fingerprint():
    readings = [
        Reading(KOHA),
        Reading(shipped_profile("pmb")),
        Reading(KOHA, encoding="iso5426"),
        Reading(replace(KOHA, tables={})),
    ]

    assert len({one.fingerprint for one in readings}) == 4
    assert Reading(KOHA).fingerprint == readings[0].fingerprint
    assert len(readings[0].fingerprint) == 16


@pytest.mark.parametrize(
    ("written", "order", "read_as"),
    [
        ("2005-03-22", DateOrder.YEAR_FIRST, date(2005, 3, 22)),
        ("2005-03-22 10:00:03", DateOrder.DAY_FIRST, date(2005, 3, 22)),
        ("20050322", DateOrder.DAY_FIRST, date(2005, 3, 22)),
        ("22/03/2005", DateOrder.DAY_FIRST, date(2005, 3, 22)),
        ("03/22/2005", DateOrder.MONTH_FIRST, date(2005, 3, 22)),
        ("22032005", DateOrder.DAY_FIRST, date(2005, 3, 22)),
        ("0000-00-00", DateOrder.YEAR_FIRST, None),
        ("0001-01-01", DateOrder.YEAR_FIRST, None),
        ("31/02/2005", DateOrder.DAY_FIRST, None),
        ("22/03/05", DateOrder.DAY_FIRST, None),
        ("hier", DateOrder.DAY_FIRST, None),
        ("", DateOrder.DAY_FIRST, None),
    ],
)
def test_dates_are_read_as_written_or_not_at_all(written, order, read_as):
    assert date_of(written, order) == read_as


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("13.42", 1342),
        ("13,5", 1350),
        ("29,50 EUR", 2950),
        ("€ 12", 1200),
        ("1 234,56", 123456),
        ("0.00", 0),
        ("75 F", None),
        ("18 FRF", None),
        ("gratuit", None),
        ("", None),
        ("99999999999999999999", None),
    ],
)
def test_prices_are_in_cents_of_euro(written, cents):
    assert cents_of(written) == cents


@pytest.mark.parametrize(
    ("written", "count"), [("8", 8), ("", None), ("-3", None), ("²", None), ("9" * 30, None)]
)
def test_counts_are_whole_numbers_or_unknown(written, count):
    assert count_of(written) == count


def test_marc21_items_are_read_too():
    content = marc(
        "001 1",
        a_field("245 $aThe title", "10"),
        "952 $00$10$40$70$aMPL$bCPL$cGEN$d2014-09-04$g12.50$l3$oQA 76$p3999$yBK",
    )
    (value,) = values_in(content, profile="koha-marc21")
    (one,) = value.items

    assert (one.barcode, one.branch, one.loans, one.price_cents) == ("3999", "CPL", 3, 1250)
    assert one.availability is Availability.AVAILABLE
