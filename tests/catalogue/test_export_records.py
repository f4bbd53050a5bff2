"""What goes out is what is known, in every format, and nothing in it is obeyed by who reads it."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs

import bibtexparser
import pytest
import rispy
from bibtexparser.model import Entry
from hypothesis import given
from hypothesis import strategies as st

from essor.catalogue.exports import FORMATS, Published, bibtex, coins, csl, data, isbd, marc, ris
from essor.catalogue.exports.types import Holding, Marc
from essor.catalogue.exports.words import one_line
from essor.catalogue.importers.reading import marc_of
from essor.catalogue.types import (
    Audience,
    Availability,
    Creator,
    DocumentType,
    FileFormat,
    Identifier,
    IdentifierKind,
    Link,
    Series,
    Subject,
)
from tests.catalogue.builders import a_field
from tests.catalogue.builders import marc as received

TEXTS = ("subtitle", "statement", "edition", "place", "publisher", "extent", "classification")
TEXTS += ("summary",)
LISTS = ("creators", "series", "languages", "original_languages", "subjects", "notes", "links")
LISTS += ("identifiers", "holdings")

FORRESTER = Creator("Viviane Forrester", "Forrester, Viviane", ("070",), True)
LU = Creator("Jo Lu", "Lu, Jo", ("730",), False)
HORROR = Published(
    number=12,
    address="https://ess.example.org/catalogue/12/",
    identity="reseau:0001",
    source="Réseau des médiathèques",
    title="L'horreur économique",
    subtitle="essai",
    statement="Viviane Forrester ; trad. Jo Lu",
    creators=(FORRESTER, LU),
    edition="2e éd.",
    place="Paris",
    publisher="Fayard",
    year=1996,
    extent="215 p.",
    series=(Series("Documents", "3"),),
    languages=("fre",),
    original_languages=("eng",),
    document_type=DocumentType.BOOK,
    audience=Audience.ADULT,
    classification="330",
    subjects=(Subject("Travail -- Aspect social"),),
    summary="Un essai.\nSur le travail.",
    notes=("Index",),
    links=(Link("https://example.org/a", "Extrait"),),
    identifiers=(
        Identifier(IdentifierKind.ISBN, "9782213597195", True),
        Identifier(IdentifierKind.ISBN, "2213597190", False),
    ),
    holdings=(
        Holding("Médiathèque", "Adultes", "330 FOR", "", Availability.ON_LOAN, date(2026, 12, 1)),
    ),
    added_at=datetime(2026, 1, 1, tzinfo=UTC),
    changed_at=datetime(2026, 1, 2, tzinfo=UTC),
    withdrawn_at=None,
)
BARE = replace(HORROR, year=None, **dict.fromkeys(TEXTS, ""), **dict.fromkeys(LISTS, ()))
WORDS = st.text(max_size=40) | st.sampled_from(
    (
        "</script><script>alert(1)</script>",
        "a } b { \\ % & # $ _ ~ ^",
        "\r\nER  - \r\nTY  - BOOK\r\nTI  - Faux",
        '"@book{faux,\n title={x}}',
        "=cmd|' /C calc'!A0",
        "]]>&lt;!-- \x00\x1d\x1e\x1f\u2028",
        "Faire and agir, ou rien",
    )
)


@st.composite
def records(draw):
    """A record all of whose words may be anything."""
    hands = st.builds(
        Creator, WORDS, WORDS, st.sampled_from(((), ("070",), ("730",))), st.booleans()
    )
    return replace(
        HORROR,
        title=f"T{draw(WORDS)}",
        **{name: draw(WORDS) for name in (*TEXTS, "source")},
        creators=tuple(draw(st.lists(hands, max_size=3))),
        series=tuple(draw(st.lists(st.builds(Series, WORDS, WORDS), max_size=2))),
        subjects=tuple(draw(st.lists(st.builds(Subject, WORDS), max_size=2))),
        notes=tuple(draw(st.lists(WORDS, max_size=2))),
        document_type=draw(st.sampled_from(DocumentType)),
        marc=None,
    )


def read_bibtex(text):
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    return library.entries


def untexed(text):
    for sign, shown in ((chr(code), shown) for code, shown in bibtex.SHOWN.items() if code != 92):
        text = text.replace(shown, sign)
    return text.replace(r"{\textbackslash}", "\\")


@given(records())
def test_ris_is_read_back_whole(record):
    (read,) = rispy.loads(FORMATS["ris"].one(record).decode())

    assert read.get("title", "") == one_line(record.full_title)
    assert read.get("publisher", "") == one_line(record.publisher)
    assert read["type_of_reference"] in {*ris.TYPES.values(), ris.OTHER}


@given(records())
def test_bibtex_is_read_back_whole(record):
    (entry,) = read_bibtex(FORMATS["bib"].one(record).decode())
    fields = {field.key: field.value for field in entry.fields}

    assert isinstance(entry, Entry)
    assert untexed(fields["title"]) == one_line(record.full_title)
    assert untexed(fields.get("publisher", "")) == one_line(record.publisher)
    assert fields["url"] == record.address
    assert all(value.count("{") == value.count("}") for value in fields.values())


@given(records())
def test_names_stay_apart_in_bibtex(record):
    (entry,) = read_bibtex(FORMATS["bib"].one(record).decode())
    written = entry.fields_dict.get("author")
    depth, joints = 0, 0
    for word in (written.value if written else "").split(" "):
        depth += word.count("{") - word.count("}")
        joints += depth == 0 and word.lower() == "and"

    named = [hand for hand in record.authors if one_line(hand.filing_name or hand.name)]
    assert joints == max(0, len(named) - 1)


@given(records())
def test_xml_is_read_back_whole(record):
    dublin_core = ET.fromstring(FORMATS["dc.xml"].one(record))
    title = dublin_core.findtext("{http://purl.org/dc/elements/1.1/}title")
    assert title == one_line(record.full_title)

    marcxml = ET.fromstring(FORMATS["xml"].one(record))
    assert marcxml.tag == f"{{{marc.NAMESPACE}}}record"
    parts = marcxml.findall(".//*[@tag='200']/*[@code='a']")
    assert one_line(parts[0].text or "") == one_line(record.title)


@given(records())
def test_iso_2709_is_read_back_whole(record):
    content = FORMATS["mrc"].one(record)
    read = marc_of(content)

    assert content.count(b"\x1d") == 1
    assert int(content[:5]) == len(content)
    assert one_line(read["200"]["a"]) == one_line(record.title)


@given(records())
def test_tables_and_json_are_read_back_whole(record):
    header, row = csv.reader(io.StringIO(FORMATS["csv"].one(record).decode("utf-8-sig")))
    told = dict(zip(header, row, strict=True))
    assert told["title"] == one_line(record.title)
    assert not any(cell[:1] and cell[0] in "=+-@\t\r" for cell in row)
    assert json.loads(FORMATS["json"].one(record))["title"] == record.title
    assert json.loads(FORMATS["csl.json"].one(record))[0]["title"] == one_line(record.full_title)
    assert parse_qs(coins.coins_of(record))["rft_id"] == [record.address]


@given(st.lists(records(), max_size=3), st.sampled_from(sorted(FORMATS)))
def test_many_records_are_one_whole_file(many, extension):
    numbered = [replace(record, number=number) for number, record in enumerate(many)]
    whole = b"".join(FORMATS[extension].many(numbered))
    count = {
        "ris": lambda: len(rispy.loads(whole.decode())),
        "bib": lambda: len(read_bibtex(whole.decode())),
        "csl.json": lambda: len(json.loads(whole)),
        "json": lambda: len(json.loads(whole)),
        "txt": lambda: whole.count(b"\n"),
        "mrc": lambda: whole.count(b"\x1d"),
        "xml": lambda: len(ET.fromstring(whole)),
        "dc.xml": lambda: len(ET.fromstring(whole)),
        "csv": lambda: len(list(csv.reader(io.StringIO(whole.decode("utf-8-sig"))))) - 1,
    }[extension]
    assert count() == len(many)


def test_the_documentation_names_all_that_goes_out():
    described = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    names = [*data.as_json(HORROR), *data.COLUMNS, *(f".{extension}`" for extension in FORMATS)]

    assert [name for name in names if f"`{name}" not in described and name not in described] == []


def test_the_line_of_a_citation_is_punctuated_as_libraries_do():
    assert isbd.isbd_of(HORROR) == (
        "L'horreur économique : essai / Viviane Forrester ; trad. Jo Lu. – 2e éd. – "
        "Paris : Fayard, 1996. – 215 p. – (Documents ; 3). – ISBN\u00a0978-2-213-59719-5."
    )


def test_a_wrong_number_never_goes_out_as_an_identifier():
    for extension in ("ris", "bib", "csl.json", "dc.xml", "txt"):
        assert b"2213597190" not in FORMATS[extension].one(HORROR)


@pytest.mark.parametrize("extension", sorted(FORMATS))
def test_what_is_unknown_is_absent(extension):
    content = FORMATS[extension].one(BARE)

    assert "L'horreur économique".encode() in content
    for guess in (b"None", b" 0", b'""', b"{}", b"  - \r\nA"):
        assert guess not in content or extension in ("json", "mrc", "csv")


def test_roles_reach_citation_processors():
    described = csl.csl_of(HORROR)

    assert described["author"] == [{"family": "Forrester", "given": "Viviane"}]
    assert described["translator"] == [{"family": "Lu", "given": "Jo"}]
    assert described["issued"] == {"date-parts": [[1996]]}


def test_a_record_goes_out_as_its_source_sent_it_without_its_items():
    content = received(
        "001 0001",
        a_field("100 $a20260101d1996    u  y0frey0103    ba"),
        "200 $aL'horreur$fV. F.",
        "689 $aLocal heading",
        "952 $pSECRET",
        "995 $f0123$oSECRET",
    )
    sent = replace(HORROR, marc=Marc(content, FileFormat.ISO2709, "utf-8"))
    read = marc_of(FORMATS["mrc"].one(sent))

    assert [field.tag for field in read.fields] == ["001", "100", "200", "689"]
    assert read["100"]["a"][26:30] == "50  "
    assert read["200"]["f"] == "V. F."
    assert b"SECRET" not in FORMATS["xml"].one(sent)


def test_marc21_stays_marc21():
    content = received("001 1", "245 $aThe horror", leader="00000cam a2200000 a 4500")
    sent = replace(HORROR, marc=Marc(content, FileFormat.ISO2709, "utf-8"))

    assert FORMATS["mrc"].one(sent)[9:10] == b"a"


def test_a_record_too_long_for_the_format_is_read_back_whole():
    long = replace(HORROR, title="Long", summary="é" * 60_000)
    read = marc_of(FORMATS["mrc"].one(long))

    assert read["330"]["a"] == "é" * 60_000
    assert read["200"]["a"] == "Long"


def test_bytes_that_are_no_record_do_not_stop_an_export():
    broken = replace(HORROR, marc=Marc(b"no record", FileFormat.ISO2709, "utf-8"))

    assert marc_of(FORMATS["mrc"].one(broken))["200"]["a"] == "L'horreur économique"


def test_coins_says_what_kind_of_thing_it_is():
    told = parse_qs(coins.coins_of(HORROR))
    assert told["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:book"]
    assert told["rft.isbn"] == ["9782213597195"]
    film = parse_qs(coins.coins_of(replace(HORROR, document_type=DocumentType.FILM)))
    assert film["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:dc"]
