"""Drawn covers: always the same, small, legible, harmless."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.catalogue.covers import Face, draw_cover
from essor.catalogue.covers.bindings import GROUNDS_BY_CLASS, GROUNDS_BY_TYPE
from essor.catalogue.types import DocumentType
from tests.catalogue.builders import SHARED_MARC, values_in

SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 3_000
HOSTILE = [
    "<script>alert(1)</script>",
    "</text></svg><img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">x</a>',
    "&lt;b&gt; &amp; ' \"",
    "]]> <!-- --> <?php ?>",
    "\u202egnirts\u202c\x00\x08",
]


def lines_of(drawn):
    return [span.text or "" for span in ElementTree.fromstring(drawn).iter(f"{SVG}tspan")]


def title_of(drawn):
    title = next(ElementTree.fromstring(drawn).iter(f"{SVG}text"))
    return [span.text or "" for span in title]


def faces(title="L’Élégance du hérisson", author="Muriel Barbery", count=200):
    for number in range(count):
        yield Face(identity=f"koha:{number}", title=title, author=author)


def test_the_same_record_always_gets_the_same_cover():
    face = Face("koha:886", "L’horreur économique", "Viviane Forrester")

    assert draw_cover(face) == draw_cover(face)
    assert draw_cover(face) != draw_cover(Face("koha:887", face.title, face.author))


def test_covers_differ_from_one_record_to_the_next():
    assert len({draw_cover(face) for face in faces()}) > 150


def test_no_word_is_ever_cut():
    title = "Dictionnaire amoureux de la coopération intercommunale et de ses institutions"
    for face in faces(title):
        words = {word.rstrip("…") for line in title_of(draw_cover(face)) for word in line.split()}
        assert words <= set(title.split())


def test_a_title_that_has_no_room_ends_with_an_ellipsis_after_a_word():
    title = "économie sociale et solidaire " * 6
    for face in faces(title, count=40):
        *_, last = title_of(draw_cover(face))
        assert last.endswith("…")
        assert last.split()[-1].rstrip("…") in title.split()


def test_a_word_longer_than_the_cover_is_left_out_rather_than_cut():
    for face in faces("x" * 300, count=40):
        assert title_of(draw_cover(face)) == ["…"]


def test_a_long_word_is_written_smaller_rather_than_left_out():
    for face in faces("Anticonstitutionnellement vôtre, manuel de désobéissance", count=40):
        assert title_of(draw_cover(face))[0].startswith("Anticonstitutionnellement")


def test_high_punctuation_and_numbers_stay_with_their_word():
    for face in faces("Où va l’économie ? Tome 3 : les suites"):
        for line in title_of(draw_cover(face)):
            assert line[0] not in "?:3"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_or_author_is_text_and_nothing_else(text):
    for face in faces(text, author=text, count=40):
        drawn = draw_cover(face)
        allowed = {f"{SVG}{name}" for name in ("svg", "g", "path", "circle", "text", "tspan")}
        assert {element.tag for element in ElementTree.fromstring(drawn).iter()} <= allowed


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=20))
def test_any_text_gives_a_sound_small_drawing(title, author, identity):
    face = Face(identity, title, author)
    drawn = draw_cover(face)

    ElementTree.fromstring(drawn)
    assert len(drawn.encode("utf-8", "surrogatepass")) < LARGEST


def test_nothing_that_a_strict_policy_refuses_nor_an_id_is_used():
    for face in faces():
        names = {name for e in ElementTree.fromstring(draw_cover(face)).iter() for name in e.attrib}
        assert not any(name in ("style", "id", "class") or name.startswith("on") for name in names)
        assert not any(name.endswith("href") for name in names)


def test_a_drawing_is_never_read_aloud_twice():
    assert all('aria-hidden="true"' in draw_cover(face) for face in faces(count=5))


def test_every_document_type_and_class_has_its_grounds():
    assert set(GROUNDS_BY_TYPE) == set(DocumentType)
    music = {
        draw_cover(Face(str(n), "T", "", DocumentType.MUSIC)).split("fill=")[1][:9]
        for n in range(99)
    }
    history = {
        draw_cover(Face(str(n), "T", classification="944")).split("fill=")[1][:9] for n in range(99)
    }
    assert music.isdisjoint(history)


@pytest.mark.parametrize(
    "binding",
    {b for group in (GROUNDS_BY_TYPE, GROUNDS_BY_CLASS) for bs in group.values() for b in bs},
)
def test_letters_have_the_contrast_of_normal_text(binding):
    assert contrast(binding.letters, binding.ground) >= 4.5


def contrast(one, other):
    """WCAG 2.2, 1.4.3."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = (int(pair, 16) / 255 for pair in re.findall("..", colour[1:]))
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.external_data
def test_the_covers_of_a_real_catalogue_are_small_and_nearly_all_show_the_whole_title():
    path = SHARED_MARC / "koha_fr_3500_utf8.mrc"
    if not path.exists():
        pytest.skip(f"{path} is not here.")
    values = values_in(path.read_bytes())
    drawn = [
        draw_cover(Face(f"koha:{v.control_number}", v.title.replace("...", ""), v.statement))
        for v in values
    ]

    assert max(len(one.encode()) for one in drawn) < LARGEST
    assert sum("…" in "".join(title_of(one)) for one in drawn) < 0.01 * len(drawn)
