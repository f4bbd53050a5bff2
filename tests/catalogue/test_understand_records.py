"""What is understood of UNIMARC fields, and of a real file of 3,500 records."""

import pytest

from essor.catalogue.importers.reading import marc_of
from essor.catalogue.rules import ean_of, filing_form, isbn_of, issn_of, legible
from essor.catalogue.types import DocumentType, IdentifierKind, Link, Series, Subject, SubjectKind
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


def test_the_rest_of_the_description_is_read():
    value = understood(
        "101 $afre$cENG",
        "100 $a20140626d1998    a  y0frey50      ba",
        "200 $aT",
        "205 $a2e éd.$brevue",
        "214 $a[Paris]$cSeuil$d2014",
        "215 $a1 vol. (300 p.)$cill.$d23 cm$e1 CD",
        "300 $aNote une",
        "327 $aUn$aDeux",
        "330 $aRésumé.",
        "333 $aPublic averti",
        "500 $aHarry Potter",
        "676 $a843.914$v23",
    )

    assert (value.edition, value.place, value.extent) == (
        "2e éd. revue",
        "Paris",
        "1 vol. (300 p.) : ill. ; 23 cm + 1 CD",
    )
    assert value.notes == ("Note une", "Un ; Deux", "Public averti")
    assert (value.summary, value.uniform_title, value.classification) == (
        "Résumé.",
        "Harry Potter",
        "843.914",
    )
    assert (value.languages, value.original_languages) == (("fre",), ("eng",))
    assert value.audience == "young"


def test_a_series_is_told_once_wherever_it_is_said():
    value = understood(
        "200 $aT",
        "225 $aHarry Potter",
        "461 $tHarry Potter !$v5",
        "410 $tMédium$v12",
        "461 $1001RAV1797816$12001 $aAnticorpi$v43",
    )

    assert value.series == (
        Series("Harry Potter", "5"),
        Series("Anticorpi", "43"),
        Series("Médium", "12"),
    )


def test_subjects_keep_their_subdivisions_and_kind():
    value = understood(
        "200 $aT",
        "600 $aZola$bÉmile$f1840-1902$xCritique$2rameau",
        "606 $3027250385$aCoopératives$yFrance$z1990-$2rameau",
        "607 $aRoubaix (Nord)",
        "610 $acoton;blues ; musique",
        "606 $3034228942$2rameau",
    )

    assert value.subjects == (
        Subject("Zola, Émile (1840-1902) -- Critique", SubjectKind.PERSON),
        Subject("Coopératives -- France -- 1990-", SubjectKind.TOPIC),
        Subject("Roubaix (Nord)", SubjectKind.PLACE),
        Subject("coton", SubjectKind.FREE),
        Subject("blues", SubjectKind.FREE),
        Subject("musique", SubjectKind.FREE),
    )


def test_only_addresses_of_the_web_are_links():
    value = understood(
        "200 $aT",
        "856 $uhttps://example.org/a$zTable",
        "856 $ujavascript:alert(1)",
        "856 $uftp://example.org",
        "856 $uhttps://",
    )

    assert value.links == (Link("https://example.org/a", "Table"),)


@pytest.mark.parametrize(
    ("written", "filed"),
    [
        ("\u0098Le grand \u009cjardin", "jardin"),
        ("\u00c2\u0098Le \u00c2\u009cjardin", "jardin"),
        ("<<The >>garden", "garden"),
        ("[Le ]jardin", "jardin"),
        ("\u0098Le \u009c", "le"),
        ("Le jardin", "jardin"),
    ],
)
def test_the_marks_of_a_title_say_what_it_is_filed_under(written, filed):
    assert understood(f"200 $a{written}").filing_title == filed


def test_the_mark_of_sudoc_is_not_shown_and_says_where_filing_begins():
    (value,) = values_in(marc("001 1", "200 $aLe @jardin des @"), profile="sudoc")

    assert (value.title, value.filing_title) == ("Le jardin des @", "jardin des")
    assert understood("200 $a@robase").title == "@robase"


def test_the_articles_of_five_languages_are_not_filed():
    titles = {
        "fra": "L’été",
        "eng": "The sea",
        "spa": "Los años",
        "deu": "Das Boot",
        "ita": "Gli anni",
    }

    filed = [filing_form(title, (language,)) for language, title in titles.items()]
    assert filed == ["ete", "sea", "anos", "boot", "anni"]


def test_numbers_of_media_and_of_music_are_read_too():
    value = understood(
        "200 $aT", "345 $b3125127221033", "013 $a979-0-2600-0043-8", "011 $a0028-0836"
    )

    assert [(one.kind, one.is_valid) for one in value.identifiers] == [
        (IdentifierKind.ISSN, True),
        (IdentifierKind.EAN, True),
        (IdentifierKind.EAN, True),
    ]


def test_the_original_is_given_as_it_was_sent():
    content = marc("001 1", "200 $aÉlégie$fJo Lu", "995 $fC01")
    record = marc_of(content)

    assert [one.tag for one in record.fields] == ["001", "200", "995"]
    assert record["200"].get("a") == "Élégie"
    assert str(record.leader)[5:9] == LEADER[5:9]


def test_the_original_of_xml_is_given_too():
    content = (
        b'<marc:record><marc:leader>00000nam0 2200000   450 </marc:leader><marc:controlfield tag="001">1'
        b'</marc:controlfield><marc:datafield tag="200" ind1="#" ind2="1"><marc:subfield code="a">T'
        b"</marc:subfield></marc:datafield></marc:record>"
    )
    record = marc_of(content, "marcxml")

    assert (record["001"].data, record["200"].indicators) == ("1", (" ", "1"))


def test_the_original_in_an_old_set_is_given_in_letters():
    content = marc("001 1", "200 $aXXe").replace(b"XX", b"\xc2e")

    assert marc_of(content, encoding="iso5426")["200"].get("a") == "ée"


@pytest.mark.parametrize("content", [b"<record/>", b"<record>", b"plain", b"<a><b/></a>"])
def test_what_is_no_record_has_no_original(content):
    with pytest.raises(ValueError):
        marc_of(content, "marcxml")
