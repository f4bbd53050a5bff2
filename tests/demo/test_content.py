"""The content of the demonstration: sound markup, French typography, sources, nothing left dangling."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest
from PIL import Image

from essor.demo import drawings, rules
from essor.demo.drawings.sheet import HEIGHT, WIDTH
from essor.demo.importers.content import (
    CONTENT,
    PICTURES,
    ContentError,
    read_guides,
    read_initiatives,
    read_page,
    read_pictures,
    read_profiles,
)
from essor.demo.types import AccordionBox, PageContent, PageKind, PictureBox, ReadingBox, TextBox

OTHER_FILES = {
    "feeds.yaml",
    "guides.yaml",
    "initiatives.yaml",
    "pictures.yaml",
    "portal.yaml",
    "profiles.yaml",
    "shared.yaml",
}
PATHS = sorted(path for path in CONTENT.rglob("*.yaml") if path.name not in OTHER_FILES)
ADDRESSES = {
    "url",
    "slug",
    "kind",
    "language",
    "basket",
    "picture",
    "sources",
    "figures",
    "articles",
    "cover",
    "criteria",
    "grouping",
    "logo",
    "search",
    "show",
    "sirens",
    "siren",
    "stage",
    "structures",
    "territory",
    "theme",
    "web_site",
}


PAGES = [read_page(path) for path in PATHS]
OF_THE_REGISTER = (*read_profiles(), *read_initiatives(), *read_guides())
ARTICLES = [page for page in PAGES if page.kind is PageKind.ARTICLE]


def each(pages: list[PageContent]) -> pytest.MarkDecorator:
    """Run the test for each of these pages, under its slug."""
    return pytest.mark.parametrize("page", pages, ids=[page.slug for page in pages])


def texts(value: object) -> Iterator[str]:
    """Give all that a reader would read, without its tags."""
    if is_dataclass(value):
        for field in fields(value):
            if field.name not in ADDRESSES:
                yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str) and not isinstance(value, PageKind):
        yield re.sub(r"<[^>]*>", " ", value)


@each(PAGES)
def test_apostrophes_quotes_and_dots_are_typographic(page: PageContent) -> None:
    for text in texts(page):
        assert not re.search(r"['\"]|\.\.\.|--", text), text


def test_what_is_said_of_structures_is_typographic() -> None:
    for text in texts(OF_THE_REGISTER):
        assert not re.search(r"['\"]|\.\.\.|--", text), text
        assert not has_breaking_space(text), text


def has_breaking_space(text: str) -> bool:
    """Say whether a space that French typography holds together may break."""
    return any(
        re.search(pattern, text)
        for pattern in (
            r"[^\u202f][;?!]",
            r"[^\u00a0][:%€»](?!\w)",
            r"«(?!\u00a0)",
            r"\d (?:\d{3}\b|%|€|km\b|h\b)",
        )
    )


def test_what_is_made_up_says_so_and_what_is_real_names_where_it_comes_from() -> None:
    assert all("inventée pour la démonstration" in one.description for one in read_profiles())
    for one in read_initiatives():
        if one.structures or "(exemple)" in one.title:
            assert one.title.endswith("(exemple)")
            assert "inventée pour la démonstration" in one.summary
            assert "<b>Initiative inventée pour la démonstration.</b>" in one.html
        else:
            assert "Source" in one.html or "page:" in one.html or "À suivre" in one.html
    assert all("inventées" in guide.introduction for guide in read_guides())


def test_initiatives_are_written_in_the_safe_subset() -> None:
    for one in read_initiatives():
        assert rules.markup_faults(one.html) == []


@each([page for page in PAGES if page.language == "fr"])
def test_french_spaces_do_not_break(page: PageContent) -> None:
    for text in texts(page):
        assert not has_breaking_space(text), text


@each([page for page in PAGES if page.language == "en"])
def test_english_has_no_space_before_punctuation(page: PageContent) -> None:
    for text in texts(page):
        assert not re.search(r"\s[;:?!%](?!\w)|[«»]", text), text


@each(PAGES)
def test_rich_text_stays_in_the_safe_subset(page: PageContent) -> None:
    for box in (*page.boxes, *page.side):
        if isinstance(box, TextBox):
            assert rules.markup_faults(box.html) == []


@each(ARTICLES)
def test_an_article_that_gives_figures_names_its_sources(page: PageContent) -> None:
    body = " ".join(box.html for box in page.boxes if isinstance(box, TextBox))
    if re.search(r"\d[\u202f\u00a0,]\d|\d\u00a0[%€]", body):
        assert any(isinstance(box, ReadingBox) and box.links for box in page.boxes)


@each(ARTICLES)
def test_an_article_is_long_enough_to_teach_and_short_enough_to_be_read(page: PageContent) -> None:
    words = sum(len(text.split()) for text in texts(page.boxes))
    assert 250 <= words <= 650


def test_every_name_of_article_and_picture_leads_somewhere() -> None:
    articles = {page.slug for page in ARTICLES}
    pictures = {picture.name for picture in read_pictures()}
    for page in PAGES:
        assert not page.picture or page.picture in pictures
        for box in (*page.boxes, *page.side):
            if isinstance(box, AccordionBox):
                assert set(box.articles) <= articles
            if isinstance(box, PictureBox):
                assert box.picture in pictures
            if isinstance(box, TextBox):
                assert set(re.findall(r'href="page:([\w-]+)"', box.html)) <= articles


def test_no_two_pages_share_a_slug() -> None:
    slugs = [page.slug for page in PAGES]
    assert len(slugs) == len(set(slugs))


def test_every_picture_is_described_and_drawn() -> None:
    assert {picture.name for picture in read_pictures()} == set(drawings.DRAWINGS)
    for picture in read_pictures():
        with Image.open(PICTURES / f"{picture.name}.webp") as image:
            assert image.size == (WIDTH, HEIGHT)
        assert 40 < len(picture.alt) < 200


def test_drawing_twice_gives_the_same_picture() -> None:
    first, second = (drawings.DRAWINGS["rayonnage"]().finished().tobytes() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<script>x</script>", "<script> is not allowed"),
        ('<p onclick="x">a</p>', "<p> has unexpected attributes"),
        ('<p><a href="javascript:x">a</a></p>', "'javascript:x' is not an address"),
        ("<p>a", "<p> is not closed"),
        ("<p><b>a</p></b>", "</p> closes nothing"),
        ("a", "'a' is outside any paragraph"),
    ],
)
def test_unsafe_or_broken_markup_is_named(html: str, fault: str) -> None:
    assert fault in rules.markup_faults(html)


def test_a_box_with_an_unknown_key_is_refused(tmp_path) -> None:
    path = tmp_path / "page.yaml"
    path.write_text(
        "kind: article\nslug: a\ntitle: A\nintroduction: B\n"
        "boxes: [{kind: text, html: <p>a</p>, colour: red}]\n"
    )
    with pytest.raises(ContentError, match=r"page\.yaml: .*colour"):
        read_page(path)


def test_spaces_are_set_without_touching_addresses() -> None:
    html = '<p>Lisez : <a href="https://example.org/a:b?c;d">« ici »</a> !</p>'
    assert rules.french_spaces_in_html(html) == (
        '<p>Lisez\u00a0: <a href="https://example.org/a:b?c;d">«\u00a0ici\u00a0»</a>\u202f!</p>'
    )
