"""What an editor may and may not put in a box."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from essor.portal.blocks import ArticleBody, MainBoxes, ReusableContent, SideBoxes
from essor.portal.blocks.text import PictureBlock, ReadingBlock, VideoBlock
from essor.portal.models import Picture
from essor.portal.rules import video_at

from .builders import a_dossier

STREAMS = [ArticleBody(), MainBoxes(), SideBoxes(), ReusableContent()]
BOXES = {name: block for stream in STREAMS for name, block in stream.child_blocks.items()}


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: type(stream).__name__)
def test_a_place_offers_at_most_twelve_boxes(stream):
    assert len(stream.child_blocks) <= 12


@pytest.mark.parametrize("block", BOXES.values(), ids=BOXES.keys())
def test_every_box_says_what_it_is_for(block):
    assert block.get_description()
    assert block.label


@pytest.mark.django_db
@pytest.mark.parametrize("name", BOXES)
def test_every_box_has_a_preview(client, name):
    client.force_login(User.objects.create_superuser("chef", password="x"))
    block = BOXES[name]
    assert block.is_previewable
    address = reverse("wagtailadmin_block_preview")
    response = client.get(address, {"id": block.definition_prefix})
    assert response.status_code == 200
    assert len(response.content) > 500


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1",
        ),
        (
            "https://youtu.be/dQw4w9WgXcQ",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1",
        ),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
        (
            "https://peertube.fr/w/kkGMgK9ZtnKfYAgnEtQxbv",
            "https://peertube.fr/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv?autoplay=1&p2p=0",
        ),
    ],
)
def test_the_video_of_a_known_host_is_recognised(address, frame):
    assert video_at(address).frame_address == frame


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=%22onload%3D",
        "https://user@vimeo.com/76979871",
        "https://example.org/video.mp4",
        "https://[::1",
        "",
    ],
)
def test_the_address_of_anything_else_is_refused(address):
    assert video_at(address) is None
    with pytest.raises(ValidationError):
        VideoBlock().clean(VideoBlock().to_python({"title": "Une vidéo", "address": address}))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kept", "box", "refused"),
    [
        ({"credit": "", "description": "Une rue"}, {}, "credit"),
        ({"credit": "A. Martin", "description": ""}, {}, "alternative"),
    ],
)
def test_a_picture_needs_a_credit_and_words(kept, box, refused):
    picture = Picture.objects.create(title="x", file=get_test_image_file(), **kept)
    block = PictureBlock()
    with pytest.raises(ValidationError) as problem:
        block.clean(block.to_python({"picture": picture.pk, **box}))
    assert refused in problem.value.block_errors


@pytest.mark.django_db
def test_a_decorative_picture_needs_no_words_and_says_none(client):
    picture = Picture.objects.create(
        title="x", file=get_test_image_file(), credit="A. Martin", description="Une rue"
    )
    dossier = a_dossier()
    dossier.main = [
        (
            "picture",
            {
                "picture": picture,
                "decorative": True,
                "alternative": "",
                "caption": "",
                "credit": "",
            },
        )
    ]
    dossier.save_revision().publish()
    page = client.get("/dossiers/ess/").content.decode()
    assert 'alt=""' in page
    assert "A. Martin" in page
    assert "Une rue" not in page


@pytest.mark.django_db
def test_pictures_come_in_modern_formats_with_their_size(client):
    picture = Picture.objects.create(
        title="x", file=get_test_image_file(), credit="A. Martin", description="Une rue"
    )
    dossier = a_dossier(picture=picture)
    page = client.get(dossier.url).content.decode()
    assert 'type="image/webp"' in page
    assert 'width="' in page
    assert 'height="' in page


@pytest.mark.django_db
@pytest.mark.parametrize("places", [{}, {"address": "https://example.org", "page": True}])
def test_a_reading_leads_to_exactly_one_place(places):
    if places.get("page"):
        places["page"] = a_dossier().pk
    block = ReadingBlock()
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"title": "Un guide", "kind": "guide", **places}))


@pytest.mark.django_db
def test_a_video_loads_nothing_from_its_host_and_says_so(client):
    dossier = a_dossier()
    dossier.main = [
        (
            "video",
            {
                "title": "Une vidéo",
                "address": "https://vimeo.com/76979871",
                "duration": "",
                "summary": "",
            },
        )
    ]
    dossier.save_revision().publish()
    page = client.get("/dossiers/ess/").content.decode()
    assert "<iframe" not in page
    assert 'href="https://vimeo.com/76979871"' in page
    assert "vimeo.com" in page
