"""Staff works on records that an import has read already and not yet stored: its choices stay."""

import io

import pytest

from essor.catalogue.models import Cover, Record
from essor.catalogue.services import import_file, join_work, part_duplicate, part_from_work
from essor.catalogue.services.covers import forget_cover, keep_uploaded_cover
from tests.catalogue.builders import a_book, a_picture

pytestmark = pytest.mark.django_db

ISBN = "9782070624560"


@pytest.fixture(autouse=True)
def own_places(tmp_path, settings):
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def read_ahead(monkeypatch):
    """Have a second process understand records one by one: all of a short file are read before one is stored."""
    monkeypatch.setattr("essor.catalogue.services.importing.BATCH_SIZE", 1)
    monkeypatch.setattr("essor.catalogue.services.importing.LARGE_FILE", 0)


def a_file(note="Une note."):
    """Two editions of one work and another book, after one that nobody works on."""
    more = f"300 $a{note}"
    return b"".join(
        [
            a_book("first", "Fleurs", "Nom, Anne", more),
            a_book("1", "Germinal", "Zola, Émile", f"010 $a{ISBN}", more),
            a_book("2", "Germinal", "Zola, Émile", more),
            a_book("3", "Nana", "Zola, Émile", more),
        ]
    )


def bring(content, source="ville", act=lambda: None):
    """Import, and act once, when the first batch is stored."""
    acts = iter([act])
    return import_file(
        io.BytesIO(content),
        source_code=source,
        file_name="notices.mrc",
        on_progress=lambda position: next(acts, lambda: None)(),
    )


def record(number, source="ville"):
    return Record.objects.get(source__code=source, control_number=number)


@pytest.mark.parametrize("note", ["Une note.", "Une autre note."], ids=["same", "changed"])
def test_a_work_joined_while_its_records_are_being_imported_stays_joined(read_ahead, note):
    bring(a_file())

    run = bring(a_file(note), act=lambda: join_work(record("3"), record("1")))

    assert run.read == 4
    assert record("3").is_work_chosen
    assert record("3").work == record("1").work


@pytest.mark.parametrize("item", ["", "995 $bMED$fB1"], ids=["described anew", "items only"])
def test_a_record_parted_from_its_work_while_it_is_being_imported_stays_so(read_ahead, item):
    bring(a_file())
    content = a_file() if item else a_file("Une autre note.")
    if item:
        content = content.replace(a_book("2", "Germinal", "Zola, Émile", "300 $aUne note."), b"")
        content += a_book("2", "Germinal", "Zola, Émile", "300 $aUne note.", item)

    bring(content, act=lambda: part_from_work(record("2")))

    assert record("2").work not in (None, record("1").work)


@pytest.mark.parametrize(
    ("first", "second"), [("metropole", "ville"), ("ville", "metropole")], ids=["younger", "older"]
)
def test_a_double_parted_while_it_is_being_imported_stays_so(read_ahead, first, second):
    for source in (first, second):
        bring(a_file(), source)
    bring(a_file("Une autre note."), act=lambda: part_duplicate(record("1")))

    assert record("1").is_parted
    assert record("1").duplicate_of is None
    assert record("1", "metropole").duplicate_of is None


def test_a_cover_brought_while_its_record_is_being_imported_is_kept(read_ahead):
    bring(a_file())

    def act():
        keep_uploaded_cover(record("1"), io.BytesIO(a_picture()))
        forget_cover(record("2"))

    bring(a_file("Une autre note."), act=act)

    assert record("1").notes == ["Une autre note."]
    assert record("1").cover.picture
    assert (record("2").cover.origin, bool(record("2").cover.picture)) == (Cover.UPLOAD, False)
