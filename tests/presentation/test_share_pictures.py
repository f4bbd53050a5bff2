"""The pictures of shared links: right size, one per content, nothing in them runs."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from essor.presentation import typesetting
from essor.presentation.share_pictures import (
    LONGEST_TITLE,
    TILE_COLOURS,
    SharePicture,
    draw,
    png_of,
    printable,
)
from essor.presentation.types import Figure
from essor.presentation.typesetting import TypesettingFailed, typeset_png

HOSTILE = [
    '#panic("x")',
    '#read("/etc/passwd")',
    '"; #sys.exit() //',
    "$ x^2 $ *gras* `code` @ref <label> \\",
    '{"title": "autre"}',
    "a\x00b\x1b[31m\u202e\ud800",
]


def picture_of(title="L’économie sociale et solidaire", **fields):
    return SharePicture(portal="À suivre", title=title, **fields)


def image_of(picture):
    return Image.open(BytesIO(draw(picture)))


@pytest.mark.parametrize("title", ["", "ESS", "Une histoire " * 40, "W" * 400, *HOSTILE])
def test_any_title_gives_a_picture_of_the_size_that_networks_ask(title):
    image = image_of(picture_of(title))
    assert image.format == "PNG"
    assert image.size == (1200, 630)


def test_the_words_stay_out_of_the_band_of_tiles():
    band = (990, 0, 1200, 630)
    long, short = (
        image_of(picture_of(title, figure=Figure("1", "x", "y"))) for title in ("W" * 400, "x")
    )
    assert long.crop(band).tobytes() == short.crop(band).tobytes()


def test_markup_in_a_title_is_drawn_as_it_is_written():
    """The title is a string to typst: were it markup, both would be drawn the same."""
    written, meant = picture_of("*gras*"), picture_of("gras")
    words = (0, 0, 990, 630)
    assert image_of(written).crop(words).tobytes() != image_of(meant).crop(words).tobytes()


def test_a_figure_is_drawn_with_its_label_and_source():
    bare = image_of(picture_of(figure=Figure("11 %", "", "")))
    whole = image_of(picture_of(figure=Figure("11 %", "de l’emploi", "2016, MEL")))
    assert bare.tobytes() != whole.tobytes()


def test_two_titles_have_two_bands_and_one_title_always_the_same():
    band = (990, 0, 1200, 630)
    one, again, other = (
        image_of(picture_of(title)).crop(band).tobytes() for title in ("A", "A", "B")
    )
    assert one == again
    assert one != other


def test_the_checksum_changes_with_each_thing_shown():
    pictures = [
        picture_of(),
        picture_of("Autre"),
        picture_of(kind="Dossier"),
        picture_of(language="en"),
        picture_of(figure=Figure("1", "a", "b")),
        picture_of(figure=Figure("2", "a", "b")),
        SharePicture(portal="Autre", title="L’économie sociale et solidaire"),
    ]
    assert len({picture.checksum for picture in pictures}) == len(pictures)
    assert picture_of().checksum == picture_of().checksum


def test_a_picture_is_drawn_once(monkeypatch):
    first = png_of(picture_of("Gardée"))
    monkeypatch.setattr(typesetting.sys, "executable", "/nowhere")
    assert png_of(picture_of("Gardée")) == first


def test_the_alternative_text_says_what_is_drawn():
    assert picture_of(kind="Dossier").alt == "Dossier – L’économie sociale et solidaire – À suivre"
    figure = picture_of(figure=Figure("15 827", "établissements", "2015, Insee"))
    assert figure.alt == "15 827 – établissements – 2015, Insee – À suivre"


def test_no_colour_is_drawn_on_itself():
    assert all(ground != figure for ground, figure in TILE_COLOURS)


@settings(max_examples=300)
@given(st.text(max_size=400))
def test_what_is_printed_is_bounded_and_has_no_control_character(text):
    shown = printable(text, LONGEST_TITLE)
    assert len(shown.replace("\u200b", "")) <= LONGEST_TITLE + 2
    assert not set(shown) & set("\x00\n\t\x1b\u202e")


def test_a_long_title_is_cut_between_words():
    shown = printable("mot " * 100, 30)
    assert shown == "mot mot mot mot mot mot mot …"


def test_a_template_that_never_ends_is_stopped(tmp_path, monkeypatch):
    endless = tmp_path / "endless.typ"
    endless.write_text("#range(1000).map(i => range(100000).map(j => calc.sin(i * j)).sum()).sum()")
    monkeypatch.setattr(typesetting, "TIME_LIMIT_S", 0.5)
    with pytest.raises(TypesettingFailed, match="took more than"):
        typeset_png(endless, {})


def test_a_template_reads_no_file_outside_its_folder(tmp_path):
    template = tmp_path / "inside" / "t.typ"
    template.parent.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    template.write_text('#read("../secret.txt")')
    with pytest.raises(TypesettingFailed, match=r"t\.typ"):
        typeset_png(template, {})
