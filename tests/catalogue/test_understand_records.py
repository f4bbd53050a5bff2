"""What is understood of UNIMARC fields, and of a real file of 3,500 records."""

import pytest

from essor.catalogue.rules import ean_of, filing_form, isbn_of, issn_of, legible
from essor.catalogue.types import DocumentType, IdentifierKind
from tests.catalogue.builders import LEADER, a_field, marc, values_in


def understood(*fields, leader=LEADER):
    (value,) = values_in(marc("001 1", *fields, leader=leader))
    return value


def test_title_subtitle_and_responsibility_are_told_apart():
    value = understood("200 $aTitre :$esuite$euite /$fAnnie Ernaux$gtrad. de Jo Lu")

    assert value.title == "Titre"
    assert value.subtitle == "suite : uite"
    assert value.statement == "Annie Ernaux ; trad. de Jo Lu"


def test_parts_and_works_bound_together_stand_in_the_title():
    assert understood("200 $aCycle$hTome 2$iLa chute").title == "Cycle. Tome 2, La chute"
    assert understood("200 $aBoule de suif$aLe Horla").title == "Boule de suif ; Le Horla"


@pytest.mark.parametrize(
    "written",
    [
        "\u0098Le \u009cjardin",
        "\u0088Le \u0089jardin",
        "\u00c2\u0098Le \u00c2\u009cjardin",
        "[Le ]jardin",
        "<<Le >>jardin",
        "Le  jardin ",
        "Le jar\u00addin".replace("\u00ad", ""),
    ],
)
def test_marks_that_are_not_filed_are_not_shown(written):
    assert legible(written) == "Le jardin"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("[L']Enfant", "L'Enfant"), ("[L'] Ours", "L'Ours"), ("[Sans titre]", "[Sans titre]")],
)
def test_brackets_go_around_articles_only(written, shown):
    assert legible(written) == shown


def test_accents_are_composed():
    assert understood("200 $aE\u0301le\u0300ve").title == "Élève"


@pytest.mark.parametrize(
    ("title", "languages", "filed"),
    [
        ("L’Élève", ("fre",), "eleve"),
        ("Les Œuvres", (), "oeuvres"),
        ("The Garden", ("eng",), "garden"),
        ("Des souris", ("eng",), "des souris"),
        ("Die Stadt", ("und", "ger"), "stadt"),
        ("La", ("fre",), "la"),
    ],
)
def test_titles_are_filed_without_article_accent_or_case(title, languages, filed):
    assert filing_form(title, languages) == filed


def test_214_comes_before_210_and_its_printer_is_no_publisher():
    value = understood(
        "200 $aT",
        "210 $c[Gallimard]$d2015",
        a_field("214 $cimpr. Brodard", " 3"),
        a_field("214 $cGallimard$dDL 2017", " 0"),
    )

    assert (value.publisher, value.year) == ("Gallimard", 2017)


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("[1739]", 1739),
        ("cop. 1998", 1998),
        ("[S.d.]", None),
        ("8892", None),
        ("M.DCC.XLI. [1741]", 1741),
    ],
)
def test_the_year_is_read_where_there_is_one(written, year):
    assert understood("200 $aT", f"210 $d{written}").year == year


def test_the_year_of_field_100_serves_when_the_statement_has_none():
    value = understood("200 $aT", "100 $a20140626d1998    m  y0frey50      ba")

    assert value.year == 1998


def test_creators_keep_their_roles_and_rank():
    value = understood(
        "200 $aT",
        "700 $aSaint-Exupéry$bAntoine de$4070",
        "702 $aMénard$bJean$4730$4440",
        "710 $aFondation X$bSection Y",
    )
    writer, body, translator = value.creators

    assert (writer.name, writer.filing_name) == (
        "Antoine de Saint-Exupéry",
        "Saint-Exupéry, Antoine de",
    )
    assert (translator.roles, translator.is_primary) == (("730", "440"), False)
    assert (body.name, body.is_primary) == ("Fondation X. Section Y", True)


def test_isbns_are_normalised_and_wrong_ones_kept_and_marked():
    value = understood(
        "200 $aT",
        "010 $a2-7028-1022-5$bbr.$d10 EUR",
        "010 $a978-2-07-062456-0 (rel.)",
        "010 $a2070624561$z2-07-062456-9",
        "073 $a9782070624560",
    )

    assert [(one.value, one.is_valid) for one in value.identifiers] == [
        ("9782702810224", True),
        ("9782070624560", True),
        ("2070624561", False),
        ("2070624569", False),
    ]


def test_numbers_are_read_for_what_they_are():
    assert isbn_of("prix 12 EUR").is_valid is False
    assert isbn_of("sans") is None
    assert issn_of("0223-1204").is_valid
    assert issn_of("3780110805906").kind is IdentifierKind.EAN
    assert ean_of("3760047070320").kind is IdentifierKind.EAN


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ("am", DocumentType.BOOK),
        ("as", DocumentType.SERIAL),
        ("jm", DocumentType.MUSIC),
        ("qm", DocumentType.OTHER),
    ],
)
def test_the_leader_tells_the_type_of_document(position, expected):
    leader = LEADER[:6] + position + LEADER[8:]

    assert understood("200 $aT", leader=leader).document_type is expected
