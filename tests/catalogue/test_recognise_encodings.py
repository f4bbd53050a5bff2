"""The encoding of a record is found from its bytes, whatever the record says of itself."""

import subprocess
import unicodedata
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.catalogue.importers.character_tables import ISO5426, ISO6937
from essor.catalogue.importers.encodings import decoded, text_in
from essor.catalogue.types import Encoding
from tests.catalogue.builders import marc, received_in, shared_set, values_in

FRENCH = "L’été à Besançon : œuvre inachevée d’un maître, où naît la forêt"
PLAIN_FRENCH = "Élégie pour l'été à Besançon, où naît la forêt de Noël"
GERMAN = "Größere Übungen für Männer"


def in_old_set(text, table):
    """Write a text in a set where accents come before their letter."""
    bytes_of = {char: bytes([byte]) for byte, char in enumerate(table.characters)}
    written = b""
    for char in text:
        base, *marks = unicodedata.normalize("NFD", char)
        written += b"".join(bytes_of[mark] for mark in marks)
        written += base.encode("ascii") if base.isascii() else bytes_of[base]
    return written


@pytest.mark.parametrize("text", [FRENCH, PLAIN_FRENCH, GERMAN])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_utf8_is_recognised_and_composed(text, form):
    read = decoded(unicodedata.normalize(form, text).encode(), declared=lambda: Encoding.ISO5426)

    assert (read.text, read.encoding, read.certainty) == (text, Encoding.UTF8, 1)


def test_utf8_encoded_twice_is_mended():
    read = decoded(b"200 " + FRENCH.encode().decode("cp1252").encode())

    assert (read.text, read.encoding) == (f"200 {FRENCH}", Encoding.UTF8)
    assert read.is_mended


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Blok's Ital\xa7\xebi\xecanskie stikhi", "Blok's Italʹi͡anskie stikhi"),
        (b"The holy Qur\xaean", "The holy Qurʼan"),
        (
            b"Posledstvi\xebi\xeca / Akaki\xe6i ; Ruset\xb0t\xb0an",
            "Posledstvii͡a / Akakiĭ ; Rusetʻtʻan",
        ),
    ],
)
def test_transliterated_words_are_read_in_marc8_when_it_is_declared(content, text):
    read = decoded(content, declared=lambda: Encoding.MARC8)

    assert (read.text, read.encoding) == (text, Encoding.MARC8)


def test_a_field_in_another_encoding_within_utf8_is_read_too():
    content = b"\x1e".join([PLAIN_FRENCH.encode(), "Brasserie du théâtre".encode("latin-1")])
    read = decoded(content)

    assert read.text == f"{PLAIN_FRENCH}\x1eBrasserie du théâtre"
    assert (read.encoding, read.is_mended) == (Encoding.UTF8, True)
    assert read.certainty < 1


def test_a_letter_cut_in_two_costs_itself_only():
    read = decoded(PLAIN_FRENCH.encode() + b" caf\xc3\x1e")

    assert read.text == f"{PLAIN_FRENCH} caf\ufffd\x1e"


@pytest.mark.parametrize("declared", [None, Encoding.ISO5426])
def test_iso5426_is_recognised(declared):
    read = decoded(in_old_set(PLAIN_FRENCH, ISO5426), declared=lambda: declared)

    assert (read.text, read.encoding) == (PLAIN_FRENCH, Encoding.ISO5426)
    assert read.certainty > 0.5


def test_iso6937_is_told_from_iso5426_by_its_cedilla():
    read = decoded(in_old_set(PLAIN_FRENCH, ISO6937))

    assert (read.text, read.encoding) == (PLAIN_FRENCH, Encoding.ISO6937)


@pytest.mark.parametrize("declared", [None, Encoding.ISO5426, Encoding.MARC8])
@pytest.mark.parametrize("text", [PLAIN_FRENCH, GERMAN])
def test_latin1_is_recognised_whatever_is_declared(declared, text):
    read = decoded(text.encode("latin-1"), declared=lambda: declared)

    assert (read.text, read.encoding) == (text, Encoding.LATIN1)


def test_cp1252_is_recognised_by_what_latin1_lacks():
    read = decoded(FRENCH.encode("cp1252"))

    assert (read.text, read.encoding) == (FRENCH, Encoding.CP1252)


def test_marc8_is_read_with_its_other_alphabets():
    russian = b"\x1b(NzNIZNX\x1b(B \xe2etude"
    read = decoded(b"\x1fa" + russian + b"\x1e", declared=lambda: Encoding.MARC8)

    assert read.encoding == Encoding.MARC8
    assert read.text.endswith(" étude\x1e")
    assert any("CYRILLIC" in unicodedata.name(char, "") for char in read.text)


def test_an_imposed_encoding_decides_alone():
    read = decoded(FRENCH.encode(), imposed=Encoding.LATIN1)

    assert read.text == FRENCH.encode().decode("latin-1")
    assert read.encoding == Encoding.LATIN1


def test_plain_ascii_is_sure():
    assert decoded(b"Germinal", declared=lambda: Encoding.MARC8).encoding == Encoding.UTF8


def test_non_filing_marks_of_old_sets_are_those_of_unicode():
    assert text_in(Encoding.ISO5426, b"\x88Les \x89mis\xc2erables") == "\x98Les \x9cmisérables"


def test_an_accent_never_crosses_the_end_of_a_field():
    assert text_in(Encoding.ISO5426, b"caf\xc2\x1eb") == "caf\u0301\x1eb"


@given(st.binary(max_size=400), st.sampled_from([None, *Encoding]))
def test_no_bytes_crash_the_decoders(content, declared):
    read = decoded(content, declared=lambda: declared)
    every = [text_in(encoding, content) for encoding in Encoding]

    assert unicodedata.is_normalized("NFC", read.text)
    assert all(isinstance(text, str) for text in every)
    assert 0 <= read.certainty <= 1


words = st.text("abcdefghilmnoprstuvéèêàâçîïôùûëü '", min_size=1).filter(lambda t: not t.isascii())


@given(words)
def test_what_is_written_in_iso5426_is_read_when_declared(text):
    content = in_old_set(text, ISO5426)

    assert text_in(Encoding.ISO5426, content) == text


def test_a_whole_file_says_what_each_record_was_read_in():
    record = marc("001 1", "100 $a20140626d1998    m  y0frey50      ba", f"200 $a{PLAIN_FRENCH}")
    old = record.replace(PLAIN_FRENCH.encode(), in_old_set(PLAIN_FRENCH, ISO5426))
    values = values_in(record + old.replace(b"50  ", b"0103"))

    assert [value.title for value in values] == [PLAIN_FRENCH, PLAIN_FRENCH]
    assert [value.encoding for value in values] == ["utf-8", "iso5426"]


@pytest.mark.external_data
@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("unimarc/roubaix_700_iso5426.mrc", "iso5426"),
        ("unimarc/koha_fr_500_iso5426.mrc", "iso5426"),
        ("marc21/lul_french_500_marc8.mrc", "marc8"),
        ("marc21/jazz_1000_marc8.mrc", "marc8"),
        ("marc21/uva_2000.mrc", "marc8"),
    ],
)
def test_old_sets_are_read_as_yaz_reads_them(name, table):
    if not which("yaz-marcdump"):
        pytest.skip("yaz-marcdump is not installed.")
    path = shared_set(name)
    encoding = Encoding.ISO5426 if table == "iso5426" else Encoding.MARC8
    command = ["yaz-marcdump", "-f", table, "-t", "utf8", "-o", "marc", str(path)]
    dumped = subprocess.run(command, capture_output=True, check=True).stdout
    ours = [_fields(text_in(encoding, one.content)) for one in received_in(path.read_bytes())]
    theirs = [_fields(one.content.decode()) for one in received_in(dumped)]

    assert ours == theirs


def _fields(text):
    """The text after the directory, composed; an empty subfield at an end is left out by yaz."""
    return unicodedata.normalize("NFC", text.split("\x1e", 1)[1]).replace("\x1f\x1e", "\x1e")


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        (Encoding.UTF8, ("a" + "\u0301\u0323" * 50_000).encode()),
        (Encoding.ISO5426, b"\xc2" * 100_000),
    ],
)
def test_accents_without_end_on_one_letter_are_cut_short(encoding, content):
    """Composing them all would take hours (UAX 15 knows no text with more than thirty)."""
    assert len(text_in(encoding, content)) == 30
