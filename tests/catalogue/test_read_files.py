"""ISO 2709 files, sound and faulty: every record that can be read is read, the others say why not."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from essor.catalogue.importers import iso2709
from essor.catalogue.importers.opening import NotRecords
from essor.catalogue.types import BadRecord, RecordValue
from tests.catalogue.builders import MARC, a_book, a_field, marc, received_in, values_in

SOUND = (MARC / "three.mrc").read_bytes()
TITLES = ["L'horreur économique", "L'argent et l'économie à petit pas", "L'impasse alimentaire ?"]


def titles(content):
    return [value.title for value in values_in(content) if isinstance(value, RecordValue)]


def reasons(content):
    return [value.what for value in values_in(content) if isinstance(value, BadRecord)]


def test_a_sound_file_gives_each_of_its_records():
    assert titles(SOUND) == TITLES
    assert reasons(SOUND) == []


@pytest.mark.parametrize(
    "name",
    [
        "three_wrong_length.mrc",
        "three_cr_lf.mrc",
        "three_bom.mrc",
        "three_nul.mrc",
        "three_counted_in_characters.mrc",
    ],
)
def test_a_faulty_twin_gives_the_same_records(name):
    values = values_in((MARC / name).read_bytes())

    assert [value.title for value in values] == TITLES


def test_what_is_received_is_kept_byte_for_byte():
    received = received_in((MARC / "three_cr_lf.mrc").read_bytes())

    assert b"".join(one.content for one in received) == SOUND


def test_a_record_whose_lengths_are_wrong_is_known_to_be_repaired():
    values = values_in((MARC / "three_counted_in_characters.mrc").read_bytes())

    assert all(value.is_repaired for value in values)
    assert not any(value.is_repaired for value in values_in(SOUND))


def test_a_cut_off_tail_costs_the_last_record_only():
    content = (MARC / "three_cut_off.mrc").read_bytes()
    *_, last = values_in(content)

    assert titles(content) == TITLES[:2]
    assert last.what == "The file ends in the middle of this record."
    assert (last.offset, last.control_number) == (SOUND.rindex(b"\x1d", 0, -1) + 1, "4750")


def test_a_damaged_directory_costs_its_record_only():
    content = (MARC / "three_damaged_directory.mrc").read_bytes()

    assert titles(content) == [TITLES[0], TITLES[2]]
    assert len(reasons(content)) == 1


def test_another_encoding_is_recognised():
    values = values_in((MARC / "three_iso5426.mrc").read_bytes())

    assert {value.encoding for value in values} == {"iso5426"}
    assert not any(sign in value.title for value in values for sign in "\ufffdÂÃ")


def test_an_oversize_record_costs_itself_only():
    oversize = marc("001 2", "200 $aLong", "330 $a" + "x" * 9000) * 2
    oversize = oversize.replace(b"\x1d", b" ", 1).replace(b"x" * 9000, b"x" * 700_000)
    content = a_book("1", "Avant") + oversize + a_book("3", "Après")

    assert titles(content) == ["Avant", "Après"]
    assert reasons(content) == ["This record is larger than one megabyte."]


def test_a_long_note_beyond_what_the_directory_can_say_is_read_all_the_same():
    note = "é" * 30_000
    content = marc("001 1", "200 $aTitre", "330 $acourt").replace(b"court", note.encode())

    (value,) = values_in(content)
    assert (value.summary, value.is_repaired) == (note, True)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_size_of_what_is_read_at_once_changes_nothing(monkeypatch, size):
    monkeypatch.setattr(iso2709, "READ_SIZE", size)

    assert titles(SOUND) == TITLES


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\r\n\x00", "empty"),
        ((MARC / "not_marc.txt").read_bytes(), "no end-of-record mark"),
        (b"<?xml version='1.0'?><collection/>", "XML"),
        (b"\x1f\x8b\x08\x00 \x1d \x1d", "archive is damaged"),
        (b"PK\x03\x04 \x1d", "archive is damaged"),
        ("\ufeffBonjour".encode("utf-16"), "no end-of-record mark"),
        (b"x" * 3_000_000, "no end-of-record mark"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_kind(content, said):
    with pytest.raises(NotRecords, match=said):
        values_in(content)


def test_a_record_without_number_or_title_is_a_problem():
    assert reasons(marc("200 $aSans numéro")) == ["This record has no control number (field 001)."]
    assert reasons(marc("001 5", "210 $cSeuil")) == ["This record has no title (field 200 $a)."]


def test_marc21_is_recognised_whatever_the_profile():
    (value,) = values_in(marc("001 5", a_field("245 $aThe title /$cJo March.", "14")))

    assert (value.title, value.filing_title, value.statement) == ("The title", "title", "Jo March")


@given(st.binary(max_size=2000))
def test_no_bytes_crash_the_reader(content):
    values = values_in(SOUND + content + b"\x1d00000")

    assert all(isinstance(value, RecordValue | BadRecord) for value in values)
    assert [value.title for value in values[:3]] == TITLES


@given(st.data())
def test_no_damage_crashes_the_reader_nor_spreads(data):
    first = SOUND.index(b"\x1d")
    place = data.draw(st.integers(0, first - 1))
    damage = data.draw(st.binary(max_size=8).filter(lambda b: b"\x1d" not in b))
    length = data.draw(st.integers(0, 40))
    damaged = SOUND[:place] + damage + SOUND[min(place + length, first) :]
    # What begins like an archive or UTF-16 is refused whole, in words.
    assume(not damaged.startswith((b"\x1f\x8b", b"PK", b"\xff\xfe", b"\xfe\xff", b"<", b"\x00<")))

    assert titles(damaged)[-2:] == TITLES[1:]


words = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters="$[]<>"),
    min_size=1,
    max_size=60,
)


@given(number=st.from_regex(r"[0-9A-Za-z]{1,20}", fullmatch=True), title=words, name=words)
def test_what_is_written_is_read(number, title, name):
    (value,) = values_in(marc(f"001 {number}", f"200 $a«{title}»", f"700 $a«{name}»"))

    assert value.control_number == number
    assert unicodedata.normalize("NFC", f"«{title}»") == value.title
    assert [unicodedata.normalize("NFC", f"«{name}»")] == [hand.name for hand in value.creators]
