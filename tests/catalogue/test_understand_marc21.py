"""What is understood of MARC21 fields."""

import pytest

from essor.catalogue.types import (
    Audience,
    DocumentType,
    IdentifierKind,
    Link,
    Series,
    Subject,
    SubjectKind,
)
from tests.catalogue.builders import a_field, marc, values_in

LEADER = "00000cam a2200000 a 4500"
CODED = "008 120829t20132012nyu      b    001 0 eng  "


def understood(*fields, leader=LEADER, title="245 $aTitle"):
    first = [a_field(title, "10")] if title else []
    (value,) = values_in(marc("001 1", *first, *fields, leader=leader), profile="koha-marc21")
    return value


def test_title_subtitle_and_responsibility_lose_their_punctuation():
    value = understood(title="245 $aPride and prejudice :$ba novel /$cby Jane Austen.")

    assert (value.title, value.subtitle) == ("Pride and prejudice", "a novel")
    assert value.statement == "by Jane Austen"


def test_parts_stand_in_the_title():
    value = understood(title="245 $aStar wars.$nEpisode IV,$pA new hope /$cGeorge Lucas.")

    assert value.title == "Star wars. Episode IV. A new hope"


@pytest.mark.parametrize(
    ("title", "indicator", "filed"),
    [("The garden", "4", "garden"), ("The garden", "0", "garden"), ("L'été", "2", "ete")],
)
def test_the_indicator_or_the_language_says_what_is_not_filed(title, indicator, filed):
    value = understood(CODED, a_field(f"245 $a{title}", f"1{indicator}"), title="")

    assert value.filing_title == filed


def test_creators_keep_their_roles_and_rank():
    value = understood(
        a_field("100 $aAusten, Jane,$d1775-1817,$eauthor.", "1 "),
        a_field("700 $aBrock, C. E.$q(Charles Edmund),$4ill", "1 "),
        a_field("700 $aLu, Jo,$4http://id.loc.gov/vocabulary/relators/aut", "1 "),
        a_field("710 $aPenguin Books.$bClassics.", "2 "),
        a_field("700 $aColette,$etranslator", "0 "),
    )
    writer, artist, second, translator, body = value.creators

    assert (writer.name, writer.filing_name, writer.roles) == (
        "Jane Austen",
        "Austen, Jane",
        ("070",),
    )
    assert (artist.name, artist.roles, artist.is_primary) == ("C. E. Brock", ("440",), False)
    assert (second.is_primary, body.name) == (True, "Penguin Books. Classics")
    assert (translator.name, translator.roles) == ("Colette", ("730",))


def test_264_comes_before_260_and_its_printer_is_no_publisher():
    value = understood(
        a_field("260 $aLondon :$bOld,$c1901."),
        a_field("264 $aLeck :$bPrinter,$c2011", " 3"),
        a_field("264 $aNew York :$bViking,$c[2013]", " 1"),
    )

    assert (value.publisher, value.place, value.year) == ("Viking", "New York", 2013)


def test_the_year_and_language_of_008_serve_when_nothing_else_says_them():
    value = understood(CODED)

    assert (value.year, value.languages) == (2013, ("eng",))
    assert understood(CODED, a_field("041 $aengfre$hger", "1 ")).languages == ("eng", "fre")
    assert understood(a_field("041 $aeng$hger", "1 ")).original_languages == ("ger",)


def test_numbers_are_normalised_and_wrong_ones_kept_and_marked():
    value = understood(
        "020 $a9780670026623 (alk. paper) :$c$27.95",
        "020 $z0670026624",
        "022 $a0028-0836",
        a_field("024 $a3125127221033", "3 "),
    )

    assert [(one.kind, one.is_valid) for one in value.identifiers] == [
        (IdentifierKind.ISBN, True),
        (IdentifierKind.ISBN, False),
        (IdentifierKind.ISSN, True),
        (IdentifierKind.EAN, True),
    ]


def test_the_rest_of_the_description_is_read():
    value = understood(
        "250 $a2nd ed.",
        "300 $axii, 300 p. :$bill. ;$c24 cm.",
        a_field("490 $aPenguin classics ;$v12", "1 "),
        a_field("830 $aPenguin classics ;$v12.", " 0"),
        "520 $aA summary.",
        "500 $aIncludes index.",
        "541 $aGift of Mrs X.",
        "082 $a305.8/00973$221",
        a_field("240 $aPride and prejudice.$lFrench", "10"),
    )

    assert (value.edition, value.extent) == ("2nd ed.", "xii, 300 p. : ill. ; 24 cm.")
    assert value.series == (Series("Penguin classics", "12"),)
    assert (value.summary, value.notes) == ("A summary.", ("Includes index.",))
    assert (value.classification, value.uniform_title) == ("305.800973", "Pride and prejudice")


def test_subjects_keep_their_subdivisions_and_kind():
    value = understood(
        a_field("600 $aAusten, Jane,$d1775-1817$xCriticism and interpretation.", "10"),
        a_field("650 $aSisters$vFiction.", " 0"),
        a_field("650 $aSisters$vFiction.", " 0"),
        "653 $alove$amarriage",
    )

    assert value.subjects == (
        Subject("Austen, Jane (1775-1817) -- Criticism and interpretation", SubjectKind.PERSON),
        Subject("Sisters -- Fiction", SubjectKind.TOPIC),
        Subject("love", SubjectKind.FREE),
        Subject("marriage", SubjectKind.FREE),
    )


def test_only_addresses_of_the_web_are_links():
    value = understood(
        a_field("856 $uhttps://example.org/a$yTable of contents", "42"),
        a_field("856 $ujavascript:alert(1)$zNo", "42"),
        a_field("856 $uftp://example.org/a", "12"),
        a_field('856 $uhttp://example.org/"><script>', "42"),
    )

    assert value.links == (Link("https://example.org/a", "Table of contents"),)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ("am", DocumentType.BOOK),
        ("as", DocumentType.SERIAL),
        ("gm", DocumentType.FILM),
        ("jm", DocumentType.MUSIC),
    ],
)
def test_the_leader_tells_the_type_of_document(position, expected):
    assert understood(leader=LEADER[:6] + position + LEADER[8:]).document_type is expected


@pytest.mark.parametrize(
    ("code", "audience"),
    [("j", Audience.YOUNG), ("e", Audience.ADULT), ("g", Audience.ALL), (" ", Audience.UNKNOWN)],
)
def test_the_audience_is_coded(code, audience):
    coded = f"{CODED[:4]}{CODED[4:26]}{code}{CODED[27:]}"

    assert understood(coded).audience is audience


def test_a_record_without_title_says_so():
    (value,) = values_in(marc("001 1", leader=LEADER), profile="marc21")

    assert value.what == "This record has no title (field 245 $a)."
