"""Pictures of covers: brought by staff, found by ISBN; checked, drawn again, and kept."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from essor.catalogue.cover_providers import PROVIDERS, Provider
from essor.catalogue.covers.pictures import LARGEST, UnfitPicture, fitted
from essor.catalogue.models import Cover, CoverSettings
from essor.catalogue.queries import without_cover
from essor.catalogue.services.covers import (
    Turn,
    forget_cover,
    keep_uploaded_cover,
    look_for_covers,
)
from essor.catalogue.tasks import look_for_some_covers
from essor.fetching import Client
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from tests.catalogue.builders import RecordFactory, a_picture
from tests.fetching.web_server import running_web_server
from tests.portal.builders import a_member, a_portal, a_section

ISBN, OTHER_ISBN = "9782070624560", "9782213597195"


def a_plain_picture(colour, size=(400, 600)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def a_bomb():
    """A few bytes that say they unfold to 40,000 by 40,000 pixels."""
    file = io.BytesIO()
    Image.new("1", (40_000, 40_000)).save(file, "PNG")
    return file.getvalue()


# Pictures


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_drawn_again_within_bounds(form):
    picture = fitted(a_picture(1_500, 2_400, form=form))
    drawn = Image.open(io.BytesIO(picture.content))

    assert drawn.format == "WEBP"
    assert drawn.size == (picture.width, picture.height)
    assert picture.width <= LARGEST[0]
    assert picture.height <= LARGEST[1]
    assert picture.width / picture.height == pytest.approx(1_500 / 2_400, abs=0.01)


def test_a_small_picture_is_not_made_larger():
    assert fitted(a_picture(120, 180)).width == 120


def test_a_picture_is_turned_upright_and_loses_what_the_file_says_beside_it():
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010E] = "SECRET"
    picture = fitted(a_picture(600, 400, form="JPEG", exif=exif))

    assert picture.height > picture.width
    assert b"SECRET" not in picture.content


def test_what_is_transparent_becomes_white():
    file = io.BytesIO()
    clear = Image.new("RGBA", (200, 300), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((50, 50, 150, 150), fill="red")
    clear.save(file, "PNG")

    shown = Image.open(io.BytesIO(fitted(file.getvalue()).content)).convert("RGB")
    assert min(shown.getpixel((10, 10))) > 240


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.4",
        a_picture()[:200],
        a_picture(1, 1),
        a_picture(60, 80),
        a_picture(2_000, 100),
        a_plain_picture("white"),
        a_plain_picture("#cccccc"),
        a_plain_picture("black"),
        b"x" * (10 * 1024 * 1024 + 1),
    ],
    ids=["empty", "svg", "pdf", "cut", "dot", "small", "narrow", "white", "grey", "black", "big"],
)
def test_what_is_no_cover_is_refused_in_words(content):
    with pytest.raises(UnfitPicture) as refusal:
        fitted(content)
    assert str(refusal.value.why)


def test_a_picture_that_unfolds_without_end_is_refused_before_it_does():
    with pytest.raises(UnfitPicture, match="pixels"):
        fitted(a_bomb())


# Brought by staff


@pytest.mark.django_db
def test_the_picture_that_staff_bring_replaces_any_other(django_capture_on_commit_callbacks):
    record = RecordFactory()
    with django_capture_on_commit_callbacks(execute=True):
        first = keep_uploaded_cover(record, io.BytesIO(a_picture()))
    stored = first.picture.path
    with django_capture_on_commit_callbacks(execute=True):
        second = keep_uploaded_cover(record, io.BytesIO(a_picture(seed=30)))

    assert Cover.objects.get() == second
    assert (second.width, second.height, second.origin) == (400, 600, Cover.UPLOAD)
    assert second.picture.storage.exists(second.picture.name)
    assert not first.picture.storage.exists(stored)


@pytest.mark.django_db
def test_a_refused_picture_leaves_the_one_that_is_there():
    record = RecordFactory()
    kept = keep_uploaded_cover(record, io.BytesIO(a_picture()))
    with pytest.raises(UnfitPicture):
        keep_uploaded_cover(record, io.BytesIO(b"no picture"))

    assert Cover.objects.get().picture.name == kept.picture.name


@pytest.mark.django_db
def test_a_forgotten_cover_is_never_looked_for_again():
    record = a_record_with(ISBN)
    assert without_cover(timezone.now(), 10) == [record.pk]
    keep_uploaded_cover(record, io.BytesIO(a_picture()))
    forget_cover(record)

    record.refresh_from_db()
    assert record.picture is None
    assert without_cover(timezone.now() + timedelta(days=1_000), 10) == []


# The screen


@pytest.fixture
def screen(client):
    a_portal()
    record = RecordFactory(title="Germinal")
    return f"/gestion/catalogue/notices/{record.pk}/couverture/", record


def sent(content, name="couverture.png"):
    return {"file": SimpleUploadedFile(name, content, "image/png")}


@pytest.mark.django_db
@pytest.mark.parametrize("group", [ADMINISTRATORS, EDITORS])
def test_administrators_and_editors_bring_pictures(client, screen, group):
    address, record = screen
    client.force_login(a_member(group))

    assert "Germinal" in client.get(address).content.decode()
    assert client.post(address, sent(a_picture())).status_code == 302
    assert record.__class__.objects.get(pk=record.pk).picture.width == 400
    assert client.post(address, {"is_forgotten": "on"}).status_code == 302
    assert record.__class__.objects.get(pk=record.pk).picture is None


@pytest.mark.django_db
def test_nobody_else_does(client, screen):
    address, _record = screen
    outsiders = [a_member(MODERATORS)]
    outsiders.append(a_member(EDITORS))
    outsiders[1].groups.set([open_section(a_section())])
    for person in [None, *outsiders]:
        if person:
            client.force_login(person)
        assert client.get(address).status_code == 302
        assert client.post(address, sent(a_picture())).status_code == 302
    assert not Cover.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "l’une des deux"),
        ({"is_forgotten": "on", **sent(a_picture())}, "l’une des deux"),
        (sent(b"%PDF-1.4"), "n’est pas une image"),
        (sent(a_picture(20, 30)), "trop petite"),
    ],
)
def test_the_screen_says_what_is_wrong(client, screen, data, said):
    address, _record = screen
    client.force_login(a_member(EDITORS))

    assert said in client.post(address, data).content.decode()
    assert not Cover.objects.exists()


@pytest.mark.django_db
def test_only_the_administrator_chooses_the_providers(client):
    a_portal()
    address = "/gestion/settings/catalogue/coversettings/"
    client.force_login(a_member(EDITORS))
    assert client.get(address, follow=True).redirect_chain[-1][0] == "/gestion/"

    client.force_login(a_member(ADMINISTRATORS))
    page = client.get(address, follow=True)
    assert "Open Library" in page.content.decode()
    client.post(page.redirect_chain[-1][0], {"providers": ["open_library"]})
    assert CoverSettings.load().chosen == (PROVIDERS["open_library"],)


# Found by ISBN


def a_record_with(isbn, **fields):
    record = RecordFactory(**fields)
    record.identifiers.create(kind="isbn", value=isbn, is_valid=True)
    return record


@pytest.fixture
def web():
    with running_web_server() as server:
        yield server


@pytest.fixture
def turn(web):
    """A turn of a provider that is this machine, and of a second one; a minute, five questions each."""
    providers = [
        Provider(code, code.title(), web.url(f"/{code}/{{isbn}}"), "CC0", web.url("/"), 5)
        for code in ("first", "second")
    ]
    client = Client(agent="Essor", trusted=web.trusted, ports=(web.port,))

    def a_turn(*codes, until=timedelta(minutes=1)):
        cache.delete("covers-to-look-for")
        chosen = [each for each in providers if each.code in (codes or ("first",))]
        return Turn(chosen, client, timezone.now, timezone.now() + until)

    return a_turn


@pytest.mark.django_db
def test_a_cover_found_is_kept_with_where_it_comes_from(web, turn):
    record = a_record_with(ISBN)
    web.answer(f"/first/{ISBN}", a_picture(), content_type="image/png")

    assert look_for_covers(turn()) == 1
    cover = Cover.objects.get(record=record)
    assert (cover.origin, cover.licence) == ("first", "CC0")
    assert cover.address == web.url(f"/first/{ISBN}")
    assert (cover.width, cover.height) == (400, 600)
    assert look_for_covers(turn()) == 0
    assert len(web.requests) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [b"", a_picture(1, 1), a_plain_picture("#dddddd"), b"<html>"])
def test_an_empty_answer_leads_to_the_next_provider(web, turn, answer):
    record = a_record_with(ISBN)
    web.answer(f"/first/{ISBN}", answer, content_type="image/png")
    web.answer(f"/second/{ISBN}", a_picture(), content_type="image/png")

    assert look_for_covers(turn("first", "second")) == 1
    assert Cover.objects.get(record=record).origin == "second"


@pytest.mark.django_db
def test_an_absent_cover_is_remembered_and_asked_for_again_after_three_months(web, turn):
    record = a_record_with(ISBN)
    web.answer(f"/first/{ISBN}", status=404)
    look_for_covers(turn())

    now = timezone.now()
    assert not Cover.objects.get(record=record).picture
    assert without_cover(now + timedelta(days=89), 10) == []
    assert without_cover(now + timedelta(days=91), 10) == [record.pk]


@pytest.mark.django_db
def test_a_provider_in_trouble_is_left_alone_and_the_record_tried_again_the_next_day(web, turn):
    records = [a_record_with(ISBN), a_record_with(OTHER_ISBN)]
    for isbn in (ISBN, OTHER_ISBN):
        web.answer(f"/first/{isbn}", status=503, retry_after="7200")
    look_for_covers(turn())
    look_for_covers(turn())

    assert len(web.requests) == 1
    tried = Cover.objects.get()
    assert tried.failures == 1
    assert {r.pk for r in records} == {tried.record_id, *without_cover(timezone.now(), 10)}
    later = timezone.now() + timedelta(days=2)
    assert sorted(without_cover(later, 10)) == sorted(r.pk for r in records)


@pytest.mark.django_db
def test_a_turn_asks_no_more_than_the_provider_allows_nor_longer_than_told(web, turn):
    for number in range(8):
        isbn = f"978207062{number:04}"
        a_record_with(isbn)
        web.answer(f"/first/{isbn}", status=404)
    look_for_covers(turn())
    assert len(web.requests) == 5

    look_for_covers(turn(until=timedelta()))
    assert len(web.requests) == 5


@pytest.mark.django_db
def test_a_provider_inside_the_network_is_never_asked(web, turn):
    record = a_record_with(ISBN)
    web.answer(f"/first/{ISBN}", a_picture())
    stranger = Client(agent="Essor", ports=(web.port,))
    providers = turn().providers
    look_for_covers(Turn(providers, stranger, timezone.now, timezone.now() + timedelta(minutes=1)))

    assert not web.requests
    assert not Cover.objects.get(record=record).picture


@pytest.mark.django_db
def test_what_staff_decided_is_never_replaced(web, turn):
    brought, refused = a_record_with(ISBN), a_record_with(OTHER_ISBN)
    keep_uploaded_cover(brought, io.BytesIO(a_picture()))
    forget_cover(refused)

    assert look_for_covers(turn()) == 0
    assert not web.requests


@pytest.mark.django_db
def test_staff_that_bring_a_picture_while_one_is_fetched_keep_theirs(web, turn):
    record = a_record_with(ISBN)

    client = turn().client
    provider = turn().providers[0]

    class Hurried:
        def fetch(self, address, **options):
            keep_uploaded_cover(record, io.BytesIO(a_picture(300, 450)))
            return client.fetch(address, **options)

    web.answer(f"/first/{ISBN}", a_picture(), content_type="image/png")
    look_for_covers(
        Turn([provider], Hurried(), timezone.now, timezone.now() + timedelta(minutes=1))
    )
    assert Cover.objects.get(record=record).width == 300


@pytest.mark.django_db
def test_the_newest_and_the_most_borrowed_come_first_and_only_those_that_have_an_isbn():
    old = timezone.now() - timedelta(days=900)
    plain = [a_record_with(f"978000000{n:04}", added_at=old) for n in range(3)]
    borrowed = a_record_with(OTHER_ISBN, added_at=old, loans=200)
    newest = a_record_with(ISBN)
    RecordFactory()
    a_record_with("9782744107320", withdrawn_at=timezone.now())
    wrong = RecordFactory()
    wrong.identifiers.create(kind="isbn", value="1", is_valid=False)

    assert without_cover(timezone.now(), 2) == [newest.pk, borrowed.pk]
    assert set(without_cover(timezone.now(), 100)) == {
        newest.pk,
        borrowed.pk,
        *(r.pk for r in plain),
    }


@pytest.mark.django_db
def test_no_provider_is_asked_before_the_network_has_chosen_one():
    a_record_with(ISBN)
    look_for_some_covers.enqueue()  # outside network is closed: a question would fail the test

    assert not Cover.objects.exists()
