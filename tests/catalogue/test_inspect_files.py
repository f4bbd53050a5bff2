"""What a file holds is shown before anything is imported: the dry run."""

import io

import pytest

from essor.catalogue.importers import inspection
from essor.catalogue.importers.inspection import inspected
from essor.catalogue.importers.opening import opened
from essor.catalogue.importers.profiles import shipped_profile
from essor.catalogue.types import CodeTable, Container, FileFormat, Syntax
from tests.catalogue.builders import MARC, a_book, a_field, marc

KOHA_ITEM = "995 $00$10$20$52005-03-22$bMED$cMED$fC0{}$kR ZOL$o0$rPRETLIV"


def inspect(content, **options):
    return inspected(opened(io.BytesIO(content), "notices.mrc"), **options)


def test_a_file_says_what_it_is_and_what_would_come_in():
    seen = inspect((MARC / "three.mrc").read_bytes())

    assert (seen.file_format, seen.container) == (FileFormat.ISO2709, Container.NONE)
    assert (seen.syntax, seen.records, seen.items, seen.is_whole) == (Syntax.UNIMARC, 3, 0, True)
    assert [(one.encoding, one.count, one.certainty) for one in seen.encodings] == [("utf-8", 3, 1)]
    assert seen.samples[0].title == "L'horreur économique"
    assert (seen.problems, seen.unknown_codes) == ((), ())


def test_problems_are_grouped_with_the_first_of_each():
    seen = inspect(a_book("1") + marc("200 $aX") * 5 + marc("001 8", "210 $cSeuil"))

    assert seen.records == 1
    assert [(one.count, len(one.examples)) for one in seen.problems] == [(5, 3), (1, 1)]
    assert seen.problems[0].what.startswith("This record has no control number")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ((KOHA_ITEM.format(1), KOHA_ITEM.format(2)), "koha-france"),
        (("995 $aBibliobus$f22$kJR$m2004-08-03$qj$rau$tRomans$oDocument en bon état",), "pmb"),
        (("930 $5100:1$b100000001$cSUB1$a823.9 WOO$ju",), "sudoc"),
        (("852 -----nam0-22",), "unimarc"),
        ((), "unimarc"),
    ],
)
def test_the_profile_that_fits_is_suggested(fields, code):
    seen = inspect(a_book("1", "Germinal", "Zola, Émile", *fields))

    assert (seen.suggested.code, seen.profile.code) == (code, code)
    assert ("Items stand" in seen.suggested_because) == (code != "unimarc")


def test_the_titles_of_the_sudoc_are_known_by_their_mark():
    seen = inspect(a_book("1", "@Germinal") + a_book("2", "L'@argent") + a_book("3", "Nana"))
    other = inspect(a_book("1", "@Germinal") + a_book("2", "L'argent") + a_book("3", "Nana"))

    assert seen.suggested.code == "sudoc"
    assert [sample.title for sample in seen.samples] == ["Germinal", "L'argent", "Nana"]
    assert other.suggested.code == "unimarc"


def test_marc21_is_recognised_and_suggests_its_own():
    content = marc("001 1", a_field("245 $aThe title", "10"), "952 $aMPL$bMPL$p3999$yBK$o843")
    seen = inspect(content)

    assert (seen.syntax, seen.suggested.code, seen.items) == (Syntax.MARC21, "koha-marc21", 1)


def test_a_table_of_items_is_seen_as_one():
    seen = inspect(b"barcode;issues;price\nC03;2;10\nC04;1;\n")

    assert (seen.records, seen.items, seen.file_format) == (0, 2, FileFormat.ITEMS_CSV)


def test_the_choices_of_the_librarian_come_first():
    content = a_book("1", "Élégie", "Zola, Émile", KOHA_ITEM.format(1))
    seen = inspect(content, profile=shipped_profile("unimarc"), encoding="latin-1")

    assert (seen.profile.code, seen.suggested.code) == ("unimarc", "koha-france")
    assert (seen.items, seen.samples[0].title) == (0, "ÃlÃ©gie")
    assert seen.encodings[0].encoding == "latin-1"


def test_unknown_codes_are_counted_the_most_frequent_first():
    items = [KOHA_ITEM.format(n) for n in range(3)] + ["995 $fX$cBUS"]
    seen = inspect(a_book("1", "Germinal", "Zola, Émile", *items))

    assert [(one.table, one.code, one.count) for one in seen.unknown_codes] == [
        (CodeTable.BRANCH, "MED", 3),
        (CodeTable.BRANCH, "BUS", 1),
    ]


def test_only_the_first_records_are_looked_at():
    seen = inspect(b"".join(a_book(str(n)) for n in range(30)), most_records=10)

    assert (seen.records, seen.is_whole) == (10, False)


def test_few_records_are_looked_at_when_they_are_long(monkeypatch):
    monkeypatch.setattr(inspection, "MOST_BYTES", 5 * len(a_book("10")))
    seen = inspect(b"".join(a_book(str(n)) for n in range(10, 30)))

    assert (seen.records, seen.is_whole) == (5, False)
