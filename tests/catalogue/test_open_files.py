"""Files are recognised from their bytes, unwrapped within bounds, and read again from any place."""

import contextlib
import gzip
import io
import re
import zipfile
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.catalogue.importers import containers, xml_records
from essor.catalogue.importers.opening import NotRecords, opened
from essor.catalogue.types import BadRecord, Container, FileFormat, HeldItems, RecordValue
from essor.problems import Problem
from tests.catalogue.builders import MARC, a_book, received_in, values_in

SOUND = (MARC / "three.mrc").read_bytes()
NUMBERS = ["886", "4206", "4750"]
TITLES = ["L'horreur économique", "L'argent et l'économie à petit pas", "L'impasse alimentaire ?"]

SLIM = 'xmlns="http://www.loc.gov/MARC21/slim"'


def element(number="1", title="Germinal", prefix="", attributes="", blank=" "):
    """A record in MARCXML, with or without prefix."""
    p = prefix
    return (
        f"<{p}record{attributes}><{p}leader>00000nam0 2200000   450 </{p}leader>"
        f'<{p}controlfield tag="001">{number}</{p}controlfield>'
        f'<{p}datafield tag="200" ind1="1" ind2="{blank}"><{p}subfield code="a">{title}</{p}subfield></{p}datafield>'
        f"</{p}record>"
    )


def open_bytes(content, name=""):
    return opened(io.BytesIO(content), name)


def titles(content):
    return [one.title for one in values_in(content) if not isinstance(one, BadRecord)]


def reasons(content):
    return [one.what for one in values_in(content) if isinstance(one, BadRecord)]


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("three_nfd.mrc", "utf-8"),
        ("three_encoded_twice.mrc", "utf-8"),
        ("three_latin1.mrc", "latin-1"),
        ("three_in_marc8.mrc", "marc-8"),
        ("three.mrc.gz", "utf-8"),
        ("three.zip", "utf-8"),
        ("three.xml", "utf-8"),
        ("three_utf16.xml", "utf-8"),
        ("three_hash_indicators.xml", "utf-8"),
        ("three_sru.xml", "utf-8"),
        ("three_ils_di.xml", "utf-8"),
        ("three_pmb.xml", "utf-8"),
    ],
)
def test_a_twin_of_any_kind_says_the_same(name, encoding):
    left_out = {"encoding", "certainty", "is_repaired"}
    said = [
        [
            {key: one for key, one in asdict(value).items() if key not in left_out}
            for value in values
        ]
        for values in (values_in(SOUND), values_in((MARC / name).read_bytes()))
    ]

    assert said[0] == said[1]
    assert {value.encoding for value in values_in((MARC / name).read_bytes())} == {encoding}


def test_a_cut_off_tail_of_xml_costs_the_last_record_only():
    content = (MARC / "three_cut_off.xml").read_bytes()

    assert titles(content) == TITLES[:2]
    assert [reason[:26] for reason in reasons(content)] == ["This record has no end: an"]


@pytest.mark.parametrize("name", ["three_entity_bomb.xml", "three_outside_entity.xml"])
def test_a_file_with_entities_of_its_own_is_refused(name):
    with pytest.raises(NotRecords, match="entities"):
        open_bytes((MARC / name).read_bytes())


@pytest.mark.parametrize(
    ("content", "file_format", "container"),
    [
        (SOUND, FileFormat.ISO2709, Container.NONE),
        (gzip.compress(SOUND), FileFormat.ISO2709, Container.GZIP),
        (zipped(notices__mrc=SOUND), FileFormat.ISO2709, Container.ZIP),
        (zipped(LISEZMOI__txt=b"Bonjour", notices__mrc=SOUND), FileFormat.ISO2709, Container.ZIP),
    ],
)
def test_a_wrapped_file_gives_the_same_records(content, file_format, container):
    file = open_bytes(content)

    assert (file.file_format, file.container) == (file_format, container)
    assert titles(content) == TITLES


def test_the_files_of_an_archive_follow_one_another():
    content = zipped(a__mrc=a_book("1", "Avant"), b__mrc=a_book("2", "Après"))

    assert titles(content) == ["Avant", "Après"]
    assert open_bytes(content).total == len(a_book("1", "Avant") + a_book("2", "Après"))


def test_the_size_is_known_when_it_can_be():
    assert open_bytes(SOUND).total == len(SOUND)
    assert open_bytes(zipped(a__mrc=SOUND)).total == len(SOUND)
    assert open_bytes(gzip.compress(SOUND)).total is None


@pytest.mark.parametrize(
    "content",
    [SOUND, gzip.compress(SOUND), zipped(a__mrc=SOUND), SOUND.replace(b"\x1d", b"\x1d\r\n")],
)
def test_reading_goes_on_after_any_record(content):
    whole = received_in(content)

    for place, last in enumerate(whole):
        assert received_in(content, start=last.offset + 1) == whole[place + 1 :]
        assert received_in(content, start=last.offset) == whole[place:]
    assert received_in(content, start=0) == whole


@pytest.mark.parametrize("kind", ["marcxml", "csv"])
def test_xml_and_tables_go_on_after_any_record_too(kind):
    content = {
        "marcxml": f"<collection>{element('1')}\n{element('2')}{element('3')}</collection>",
        "csv": "biblionumber,barcode,issues\r\n1,A,2\r\n2,B,3\r\n3,C,4\r\n",
    }[kind].encode()
    whole = received_in(content)

    assert len(whole) == 3
    for place, last in enumerate(whole):
        assert received_in(content, start=last.offset + 1) == whole[place + 1 :]


XML_KINDS = {
    "default namespace": f"<collection {SLIM}>{element()}</collection>",
    "no namespace": f"<collection>{element()}</collection>",
    "prefix": '<marc:collection xmlns:marc="http://www.loc.gov/MARC21/slim">'
    f"{element(prefix='marc:')}</marc:collection>",
    "one record alone": f'<?xml version="1.0" encoding="UTF-8"?>{element(attributes=" " + SLIM)}',
    "hash indicators": f"<collection>{element(blank='#')}</collection>",
    "SRU": '<srw:searchRetrieveResponse xmlns:srw="http://www.loc.gov/zing/srw/"><srw:records>'
    '<srw:record><srw:recordData><mxc:record xmlns:mxc="info:lc/xmlns/marcxchange-v2" id="ark:/12148/cb1">'
    + element(prefix="mxc:").removeprefix("<mxc:record>")
    + "</srw:recordData></srw:record></srw:records></srw:searchRetrieveResponse>",
    "OAI-PMH": "<OAI-PMH><ListRecords><record><header><identifier>oai:x:1</identifier></header>"
    f"<metadata>{element(attributes=' ' + SLIM)}</metadata></record></ListRecords></OAI-PMH>",
    "ILS-DI": "<GetRecords><record><biblionumber>1</biblionumber><marcxml>"
    + element()
    .replace("&", "&amp;")
    .replace("<", "&lt;")
    .replace('"', "&quot;")
    .replace(">", "&gt;")
    + "</marcxml></record></GetRecords>",
    "CDATA": f"<marcxml><![CDATA[{element()}]]></marcxml>",
    "comments": f"<c><!-- <record><datafield --><record>{element()[8:]}<!-- fin --></c>",
    "PMB": '<?xml version="1.0" encoding="utf-8"?><unimarc><notice><rs>n</rs><dt>a</dt><bl>m</bl>'
    '<f c="001">1</f><f c="200" ind="1 "><s c="a">Germinal</s></f></notice></unimarc>',
}


@pytest.mark.parametrize("kind", XML_KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_xml_of_every_kind_is_read(kind, encoding):
    (value,) = values_in(XML_KINDS[kind].encode(encoding))

    assert (value.control_number, value.title, value.is_repaired) == ("1", "Germinal", False)


def test_pmb_says_the_type_of_document_in_elements_of_its_own():
    (value,) = values_in(XML_KINDS["PMB"].replace("<dt>a", "<dt>g").encode(), profile="pmb")

    assert value.document_type == "film"


@pytest.mark.parametrize("size", [1, 3, 64])
@pytest.mark.parametrize("kind", XML_KINDS)
def test_the_size_of_what_is_read_at_once_changes_nothing(monkeypatch, kind, size):
    monkeypatch.setattr(xml_records, "READ_SIZE", size)

    assert titles(XML_KINDS[kind].encode()) == ["Germinal"]


def test_xml_in_latin1_is_read():
    content = '<?xml version="1.0" encoding="ISO-8859-1"?>' + element(title="Été à Orléans")

    assert titles(content.encode("latin-1")) == ["Été à Orléans"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Un &amp; deux", "Un & deux"),
        ("Caf&eacute; &lt;noir&gt;", "Café <noir>"),
        ("Un\x1f deux", "Un deux"),
        ("Un&#x1F; deux", "Un deux"),
        ("Un &inconnu; deux", "Un deux"),
        ("Un & deux", "Un & deux"),
    ],
)
def test_what_xml_does_not_allow_costs_a_sign_at_most(written, read):
    content = f"<c>{element('1', written)}{element('2', 'Après')}</c>".encode()

    assert titles(content) == [read, "Après"]


def test_one_bad_record_in_xml_does_not_stop_the_others():
    broken = element("2", "Cassée").replace("</record>", "")
    content = f"<c>{element('1', 'Avant')}{broken}{element('3', 'Après')}{broken}".encode()

    assert titles(content) == ["Avant", "Après"]
    assert {reason[:26] for reason in reasons(content)} == {"This record has no end: an"}
    bad = [one for one in values_in(content) if isinstance(one, BadRecord)]
    assert [one.control_number for one in bad] == ["2", "2"]
    assert content[bad[0].offset :].startswith(b"<record>")


def test_an_oversize_record_in_xml_costs_itself_only(monkeypatch):
    monkeypatch.setattr(xml_records, "LARGEST_RECORD", 2000)
    monkeypatch.setattr(xml_records, "READ_SIZE", 500)
    content = f"<c>{element('1')}{element('2', 'x' * 5000)}{element('3', 'Après')}</c>".encode()

    assert titles(content) == ["Germinal", "Après"]
    assert reasons(content) == ["This record is larger than four megabytes."]


def test_a_record_without_001_is_known_by_its_system_number():
    content = element().replace("controlfield", "nothing", 2)
    content = content.replace(
        "<datafield",
        '<datafield tag="035"><subfield code="a">STAR1</subfield></datafield><datafield',
        1,
    )

    (value,) = values_in(content.encode())
    assert value.control_number == "STAR1"


def test_entities_declared_far_into_a_file_are_refused_too():
    content = f"<c>{'<!-- -->' * 200_000}<!ENTITY x SYSTEM 'file:///etc/passwd'>{element()}</c>"
    file = open_bytes(f"<c>{element()}{content}".encode())

    with pytest.raises(NotRecords, match="entities"):
        list(file.received())


def test_a_document_type_is_never_fetched():
    content = f'<!DOCTYPE c SYSTEM "http://127.0.0.1:9/marc.dtd"><c>{element()}</c>'

    assert titles(content.encode()) == ["Germinal"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(SOUND + bytes(40 * 1024**2)), "unfolds"),
        (zipped(a__mrc=SOUND + bytes(40 * 1024**2)), "unfolds"),
        (gzip.compress(SOUND)[:-20], "damaged"),
        (gzip.compress(gzip.compress(SOUND)), "another archive"),
        (zipped(a__zip=zipped(b__mrc=SOUND)), "another archive"),
        (zipped(), "no file"),
        (zipped(**{f"f{n}__mrc": SOUND for n in range(201)}), "too many"),
        (zipped(a__mrc=SOUND, b__xml=element().encode()), "several formats"),
        (zipped(**{"[Content_Types].xml": b"<Types/>", "a__xml": b"<x/>"}), "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "spreadsheet"),
        (b"%PDF-1.7 \n", "PDF"),
        (b"%PDF-1.7 \n\x1d\x1e\x1f", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x1d", "spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x1d", "picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x1d", "picture"),
        (b"<!DOCTYPE html><html><body>Erreur 500</body></html>", "web page"),
        (b"<rss><channel/></rss>", "no record"),
        (b"titre;auteur\nGerminal;Zola\nNana;Zola\n", "none of items"),
    ],
)
def test_what_holds_no_records_is_refused_in_words(content, said):
    with pytest.raises(NotRecords, match=said):
        list(open_bytes(content).received())


def test_an_archive_with_a_password_is_refused():
    content = bytearray(zipped(a__mrc=SOUND))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(NotRecords, match="password"):
        open_bytes(bytes(content))


def test_what_an_archive_says_of_its_size_is_not_believed(monkeypatch):
    monkeypatch.setattr(containers, "LARGEST_CONTENT", 1000)

    with pytest.raises(NotRecords, match="unfolds"):
        list(open_bytes(gzip.compress(SOUND * 10)).received())


XML = (
    f"<c {SLIM}>{element('1', 'Avant')}{element('2', 'Cassée')}{element('3', 'Après')}</c>".encode()
)


@given(st.data())
def test_no_damage_to_xml_crashes_the_reader_nor_spreads(data):
    ends = [found.end() for found in re.finditer(b"</record>", XML)]
    place = data.draw(st.integers(ends[0], ends[1] - 1))
    damage = data.draw(st.binary(max_size=8).filter(lambda b: b"!" not in b and b"\x1d" not in b))
    length = data.draw(st.integers(0, 40))
    found = titles(XML[:place] + damage + XML[min(place + length, ends[1]) :])

    assert found[0] == "Avant"
    assert found[-1] == "Après"


STARTS = (
    b"",
    b"<record><datafield",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"\xff\xfe<\x00",
    b"barcode;prix;cote\n",
)


@given(st.sampled_from(STARTS), st.binary(max_size=600))
def test_no_bytes_crash_the_opening(start, content):
    with contextlib.suppress(NotRecords):
        assert all(
            isinstance(one, Problem | RecordValue | HeldItems) for one in values_in(start + content)
        )


def test_a_file_without_a_name_in_an_archive_is_left_out():
    # In an archive a name ends at its first NUL.
    archive = zipped(**{"x.mrc": a_book()}).replace(b"x.mrc", b"\0.mrc")

    with pytest.raises(NotRecords):
        received_in(archive)
