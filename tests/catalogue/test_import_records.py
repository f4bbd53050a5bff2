"""Records come in whole, once, and what stays out says why."""

import gzip
import io
from collections import Counter
from threading import Thread
from unittest.mock import Mock

import pytest
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.translation import gettext

from essor.catalogue.importers import reading
from essor.catalogue.importers.opening import NotRecords
from essor.catalogue.importers.profiles import shipped_profile
from essor.catalogue.models import ImportRun, Record, RecordIdentifier, Source
from essor.catalogue.queries import fields_of
from essor.catalogue.services import (
    import_file,
    importing,
    source_known_as,
    stored_profile,
    storing,
)
from essor.catalogue.services.imports import STILL_RUNNING
from essor.catalogue.types import Received
from tests.catalogue.builders import MARC, SHARED_MARC, a_book

pytestmark = pytest.mark.django_db

SOUND = (MARC / "koha_12.mrc").read_bytes()


def bring(content, *, source="reseau"):
    return import_file(io.BytesIO(content), source_code=source, file_name="notices.mrc")


def counts(run):
    return run.new, run.changed, run.unchanged, run.rejected


def content_of_catalogue():
    rows = Record.objects.order_by("control_number")
    numbers = RecordIdentifier.objects.order_by("record__control_number", "value")
    return (
        list(rows.values("control_number", "title", "creators", "publisher", "year")),
        list(numbers.values_list("record__control_number", "value", "is_valid")),
    )


def test_every_record_is_stored_as_received_and_as_understood():
    run = bring(SOUND)

    assert counts(run) == (12, 0, 0, 0)
    assert run.state == ImportRun.State.FINISHED
    kept = {bytes(received) for received in Record.objects.values_list("received", flat=True)}
    assert kept == {chunk + b"\x1d" for chunk in SOUND.split(b"\x1d") if chunk}
    found = Record.objects.get(control_number="4750")
    assert found.title == "L'impasse alimentaire ?"
    assert found.publisher == "Fayard"
    assert found.year == 2004


def test_the_fields_received_can_be_shown_again():
    bring(SOUND)
    lines = fields_of(Record.objects.get(control_number="886"))

    assert ("a", "L'horreur économique") in next(x.subfields for x in lines if x.tag == "200")


def test_a_second_run_of_the_same_file_changes_nothing():
    bring(SOUND)
    before = content_of_catalogue()

    assert counts(bring(SOUND)) == (0, 0, 12, 0)
    assert content_of_catalogue() == before


def test_a_record_that_changed_is_changed_and_keeps_its_address():
    bring(a_book("1", "Germinal", "Zola, Émile", "010 $a9782070624560"))
    address = Record.objects.get().get_absolute_url()

    run = bring(a_book("1", "Germinal (nouvelle édition)", "Zola, Émile", "010 $a9782070624911"))

    assert counts(run) == (0, 1, 0, 0)
    found = Record.objects.get()
    assert found.title == "Germinal (nouvelle édition)"
    assert found.get_absolute_url() == address
    assert [one.value for one in found.identifiers.all()] == ["9782070624911"]


def test_records_are_understood_anew_when_their_reading_changes(monkeypatch):
    bring(SOUND)
    Record.objects.update(title="Lu autrement")
    Record.objects.update(checksum=b"")
    assert counts(bring(SOUND)) == (0, 12, 0, 0)
    before = content_of_catalogue()
    monkeypatch.setattr(reading, "VERSION", reading.VERSION + 1)

    assert counts(bring(SOUND)) == (0, 0, 12, 0)
    assert content_of_catalogue() == before


def test_two_sources_may_use_one_control_number():
    bring(a_book("1", "Germinal"), source="roubaix")
    bring(a_book("1", "Nana"), source="lille")

    assert set(Record.objects.values_list("source__code", "title")) == {
        ("roubaix", "Germinal"),
        ("lille", "Nana"),
    }


@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_of_two_records_with_one_number_in_a_file_the_first_is_kept(monkeypatch, batch_size):
    monkeypatch.setattr(importing, "BATCH_SIZE", batch_size)
    twice = a_book("1", "Germinal") + a_book("2", "Nana") + a_book("1", "La Curée")

    assert counts(bring(twice)) == (2, 0, 0, 1)
    assert counts(bring(twice)) == (0, 0, 2, 1)
    assert Record.objects.get(control_number="1").title == "Germinal"


def test_what_stays_out_is_kept_with_its_place_and_reason():
    run = bring((MARC / "three_damaged_directory.mrc").read_bytes())

    problem = run.problems.get()
    assert counts(run) == (2, 0, 0, 1)
    assert problem.offset == len((MARC / "three.mrc").read_bytes().split(b"\x1d")[0]) + 1
    assert "directory" in problem.what


def test_an_interrupted_run_resumes_and_ends_with_the_same_content(monkeypatch):
    monkeypatch.setattr(importing, "BATCH_SIZE", 5)
    progress = []

    def stop_at_the_second_batch(offset):
        progress.append(offset)
        if len(progress) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(
            io.BytesIO(SOUND),
            source_code="reseau",
            file_name="notices.mrc",
            on_progress=stop_at_the_second_batch,
        )
    assert ImportRun.objects.get().state == ImportRun.State.INTERRUPTED
    assert Record.objects.count() == 10

    assert counts(bring(SOUND)) == (12, 0, 0, 0)
    assert ImportRun.objects.count() == 1
    resumed = content_of_catalogue()
    Record.objects.all().delete()
    ImportRun.objects.all().delete()
    bring(SOUND)
    assert content_of_catalogue() == resumed


def an_interrupted_run(monkeypatch, content, name):
    """The run of a file that was killed once its first record was stored."""
    kill = Mock(side_effect=KeyboardInterrupt)
    file = io.BytesIO(content)
    monkeypatch.setattr(importing, "BATCH_SIZE", 1)
    with pytest.raises(KeyboardInterrupt):
        import_file(file, source_code="reseau", file_name=name, on_progress=kill)
    return ImportRun.objects.get()


def test_another_compressed_file_of_the_same_name_is_read_from_its_beginning(monkeypatch):
    an_interrupted_run(monkeypatch, gzip.compress(SOUND), "notices.mrc.gz")
    another = gzip.compress(a_book("1", "Germinal") + a_book("2", "Nana"))

    run = import_file(io.BytesIO(another), source_code="reseau", file_name="notices.mrc.gz")

    assert counts(run) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    "asked", [{"is_full": True}, {"encoding": "latin-1"}, {"profile": "koha-marc21"}]
)
def test_a_file_asked_for_otherwise_is_read_from_its_beginning(monkeypatch, asked):
    interrupted = an_interrupted_run(monkeypatch, SOUND, "notices.mrc")
    if "profile" in asked:
        asked = {"profile": stored_profile(shipped_profile(asked["profile"]))}

    run = import_file(io.BytesIO(SOUND), source_code="reseau", file_name="notices.mrc", **asked)

    assert run.pk != interrupted.pk
    assert run.read == 12


def test_a_batch_of_long_records_has_few_of_them(monkeypatch):
    long = [Received(n, str(n), b"x" * 400) for n in range(5)]
    monkeypatch.setattr(importing, "MOST_BYTES", 800)

    assert [len(batch) for batch in importing.in_batches(iter(long))] == [2, 2, 1]


def test_a_batch_is_stored_whole_or_not_at_all(monkeypatch):
    monkeypatch.setattr(storing, "IDENTIFIER_FIELDS", ("no_such_field",))
    with pytest.raises(FieldDoesNotExist):
        bring(SOUND)

    assert not Record.objects.exists()


def test_a_killed_run_is_known_to_be_interrupted_at_the_next():
    killed = ImportRun.objects.create(source=source_known_as("reseau"), file_name="autre.mrc")

    bring(SOUND)

    killed.refresh_from_db()
    assert killed.state == ImportRun.State.INTERRUPTED


def test_a_file_of_another_kind_leaves_no_trace():
    with pytest.raises(NotRecords):
        bring(b"<xml/>")

    assert not Source.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_source_code_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        bring(SOUND, source="pas un code")


def test_the_number_of_queries_of_a_batch_does_not_grow_with_its_records(
    django_assert_max_num_queries,
):
    with django_assert_max_num_queries(60):
        bring(b"".join(a_book(str(n), f"Titre {n}") for n in range(2)))
    with django_assert_max_num_queries(60):
        bring(b"".join(a_book(str(n), f"Titre {n}") for n in range(100, 300)))


def in_a_thread(act):
    """Do something as another process would, with a connection of its own; give what it raised."""
    raised = []

    def work():
        try:
            act()
        except CommandError as error:
            raised.append(error)
        finally:
            connection.close()

    other = Thread(target=work)
    other.start()
    other.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_started_at_once_the_second_says_so_and_changes_nothing():
    def import_too():
        path = str(MARC / "three.mrc")
        call_command("import_records", path, "--source", "koha", "--source-name", "Autre nom")

    raised = []
    run = import_file(
        io.BytesIO(b"".join(a_book(str(n), f"Titre {n}") for n in range(3))),
        source_code="koha",
        source_name="Réseau",
        file_name="notices.mrc",
        on_progress=lambda position: raised.extend(in_a_thread(import_too)),
    )

    assert [str(error) for error in raised] == [gettext(STILL_RUNNING)]
    assert (run.state, counts(run)) == (ImportRun.State.FINISHED, (3, 0, 0, 0))
    assert list(ImportRun.objects.all()) == [run]
    assert Record.objects.count() == 3
    assert Source.objects.get().name == "Réseau"
    assert in_a_thread(import_too) == []


def said_by(capsys, *arguments):
    call_command(*arguments)
    return capsys.readouterr().out.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_command_reports_what_came_in_and_what_stayed_out(capsys):
    path = MARC / "three_cut_off.mrc"
    report = said_by(capsys, "import_records", str(path), "--source", "koha")

    assert "3 notices lues" in report
    assert "nouvelles 2" in " ".join(report.split())
    assert "Le fichier s’arrête au milieu de cette notice." in report
    assert "notice 4750" in report


def test_the_name_of_a_source_is_what_readers_see():
    path = str(MARC / "three.mrc")
    call_command(
        "import_records", path, "--source", "mel", "--source-name", "Réseau de la métropole"
    )
    call_command("import_records", path, "--source", "mel")

    assert Source.objects.get().name == "Réseau de la métropole"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere.mrc", "illisible"),
        (".", "illisible"),
        ("not_marc.txt", "marque de fin de notice"),
    ],
)
def test_the_command_refuses_what_it_cannot_read_in_clear_words(name, said):
    with pytest.raises(CommandError, match=said):
        call_command("import_records", str(MARC / name))


def test_the_dry_run_reads_by_the_profile_of_the_source_as_the_import_will(tmp_path, capsys):
    item = "995 $bMED$cMED$fB1$kR ZOL$o0$rLIV"
    path = tmp_path / "notices.mrc"
    path.write_bytes(a_book("1", "Germinal", "Zola, Émile", item))
    pmb = stored_profile(shipped_profile("pmb"))
    Source.objects.create(code="mel", name="mel", profile=pmb)

    call_command("import_records", str(path), "--source", "mel", "--dry-run")
    said = capsys.readouterr().out

    assert f"Profil d’import\u00a0: {pmb.name} (pmb)" in said
    assert "(koha-france)" in said


def test_an_empty_file_is_refused_in_clear_words(tmp_path):
    path = tmp_path / "empty.mrc"
    path.touch()

    with pytest.raises(CommandError, match="vide"):
        call_command("import_records", str(path))


@pytest.mark.external_data
@pytest.mark.parametrize(
    ("name", "new", "rejected"),
    [
        ("koha_fr_3500_utf8.mrc", 3500, 0),
        ("roubaix_700_utf8.mrc", 700, 0),
        ("pmb_demo_48_utf8.mrc", 48, 0),
        ("bnf_serie_harrypotter_7.pan", 7, 0),
        ("bncf_italian_5.mrc", 5, 0),
        ("snk_slovak_1256.mrc", 1255, 1),
    ],
)
def test_real_files_come_in_whole(name, new, rejected):
    path = SHARED_MARC / name
    if not path.exists():
        pytest.skip(f"{path} is not here.")
    run = bring(path.read_bytes())

    assert counts(run) == (new, 0, 0, rejected)
    assert Counter(Record.objects.values_list("title", flat=True))[""] == 0
