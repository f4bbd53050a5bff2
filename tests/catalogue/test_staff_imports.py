"""Imports in the staff screens: dropped, looked at, started, stopped, gone on with, read; and by whom."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import gettext

from essor.catalogue.importers.profiles import shipped_profile
from essor.catalogue.models import ImportProblem, ImportRun, Record, Source, UnknownCode
from essor.catalogue.services import import_file, prepare_run, stored_profile
from essor.catalogue.services.dropped import forget_old_files, keep_dropped
from essor.catalogue.services.imports import STILL_RUNNING
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS, open_section
from tests.catalogue.builders import MARC, RecordFactory, SourceFactory, a_book, marc
from tests.catalogue.held_sources import held_elsewhere
from tests.portal.builders import a_member, a_portal, a_section

pytestmark = pytest.mark.django_db

IMPORTS = "/gestion/catalogue/imports/"
THREE = MARC / "three.mrc"


@pytest.fixture(autouse=True)
def portal(tmp_path, settings):
    settings.HOME = tmp_path
    return a_portal()


@pytest.fixture
def administrator(client):
    """A network administrator, who has signed in."""
    user = a_member(ADMINISTRATORS)
    client.force_login(user)
    return user


def dropped(client, content=None, name="notices.mrc"):
    """Drop a file, and give the address of its dry run, or the answer that refuses it."""
    file = SimpleUploadedFile(name, THREE.read_bytes() if content is None else content)
    answer = client.post(f"{IMPORTS}new/", {"file": file})
    return answer["Location"] if answer.status_code == 302 else answer


def choices(**changes):
    return {
        "source": "",
        "source_name": "Réseau de la ville",
        "profile": "",
        "encoding": "",
        "extent": "part",
        "act": "start",
        **changes,
    }


def a_run(state=ImportRun.State.FINISHED, **fields):
    return ImportRun.objects.create(
        source=SourceFactory(), file_name="notices.mrc", state=state, **fields
    )


def a_kept_run(state):
    with THREE.open("rb") as stream:
        run = prepare_run(SourceFactory(), stream=stream, file_name="notices.mrc", is_kept=True)
    ImportRun.objects.filter(pk=run.pk).update(state=state)
    return run


def test_a_dropped_file_is_shown_before_anything_is_stored(client, administrator):
    page = client.get(dropped(client)).content.decode()

    assert "ISO 2709" in page
    assert "UTF-8" in page
    assert "horreur économique" in page
    assert not Record.objects.exists()
    assert not ImportRun.objects.exists()
    assert not Source.objects.exists()


def test_the_import_of_a_dropped_file_ends_in_its_report(client, administrator):
    address = dropped(client)
    answer = client.post(address, choices())

    run = ImportRun.objects.get()
    assert answer["Location"] == f"{IMPORTS}inspect/{run.pk}/"
    assert (run.state, run.new, run.started_by) == (ImportRun.State.FINISHED, 3, administrator)
    assert (run.source.code, run.source.name) == ("reseau-de-la-ville", "Réseau de la ville")
    assert client.get(address).status_code == 404  # started, it cannot be started twice
    assert (
        "Toutes les notices du fichier ont été lues"
        in client.get(answer["Location"]).content.decode()
    )


def test_a_file_that_the_profile_of_its_source_cannot_read_is_not_started(client, administrator):
    source = SourceFactory(profile=stored_profile(shipped_profile("unimarc")))
    content = marc("001 1", "252 $aBM$fB1$kR ZOL")
    page = client.post(dropped(client, content), choices(source=source.pk)).content.decode()

    assert "Rien de ce fichier n’entrerait" in page
    assert "Cette notice n’a pas de titre" in page
    assert "UNIMARC LRM" in page
    assert not ImportRun.objects.exists()


def test_a_file_with_nothing_to_read_makes_no_source(client, administrator):
    content = marc("200 $aSans numéro") + marc("001 1", "210 $cSans titre")
    page = client.post(dropped(client, content), choices()).content.decode()

    assert "Rien de ce fichier n’entrerait" in page
    assert not Source.objects.exists()


def test_what_is_kept_of_a_dropped_file_is_out_of_reach_of_the_web(
    client, administrator, tmp_path, settings
):
    dropped(client)
    kept = list(tmp_path.rglob("*.mrc"))

    assert kept
    assert all(path.is_relative_to(tmp_path / "imports") for path in kept)
    assert not Path(settings.MEDIA_ROOT).is_relative_to(tmp_path / "imports")


@pytest.mark.parametrize("name", ["../../evasion.mrc", "a/b.mrc", "…", "é" * 200, "CON\x00.mrc"])
def test_a_name_that_is_a_trap_stays_in_its_folder(administrator, tmp_path, name):
    keep_dropped(io.BytesIO(b"x"), file_name=name)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert len(found) == 1
    assert found[0].is_relative_to(tmp_path / "imports" / "dropped")


@pytest.mark.parametrize("content", [(MARC / "not_marc.txt").read_bytes(), b"%PDF-1.7", b"\x00"])
def test_a_file_that_holds_no_record_is_refused_and_forgotten(
    client, administrator, tmp_path, content
):
    answer = dropped(client, content)

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and "imports" in path.parts]


def test_a_file_that_is_too_large_is_refused_in_words(client, administrator, settings):
    settings.LARGEST_IMPORT = 100
    answer = dropped(client)

    assert "plus de" in answer.content.decode()
    assert "import_records" in answer.content.decode()


def test_looking_again_with_other_choices_stores_nothing(client, administrator):
    address = dropped(client)
    page = client.post(address, choices(act="look", profile="shipped:koha-france", source_name=""))

    assert page.context["seen"].profile.code == "koha-france"
    assert not ImportRun.objects.exists()


def test_the_dry_run_counts_the_items_of_each_branch(client, administrator):
    items = [f"995 $bCEN$fB{number}" for number in range(3)] + ["995 $bMER$fB9"]
    page = client.get(dropped(client, a_book("1", "Germinal", "Zola, Émile", *items)))

    seen = {branch.name: branch.count for branch in page.context["seen"].branches}
    assert seen == {"CEN": 3, "MER": 1}
    assert "3 exemplaires" in page.content.decode()


def test_a_source_is_wanted_before_the_start(client, administrator):
    page = client.post(dropped(client), choices(source_name=" "))

    assert "Choisissez la source" in page.content.decode()
    assert not ImportRun.objects.exists()


def test_two_sources_never_get_one_name(client, administrator):
    SourceFactory(code="reseau-de-la-ville", name="Réseau de la ville")
    page = client.post(dropped(client), choices())

    assert "choisissez-la dans la liste" in page.content.decode()
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"profile": "kept:999"}, {"profile": "shipped:x"}, {"encoding": "x"}, {"source": "9"}],
)
def test_a_choice_that_is_none_is_refused(client, administrator, change):
    page = client.post(dropped(client), choices(**change))

    assert page.status_code == 200
    assert not ImportRun.objects.exists()


def test_the_same_file_again_in_the_same_source_changes_nothing(client, administrator):
    client.post(dropped(client), choices())
    source = Source.objects.get()
    client.post(dropped(client), choices(source=source.pk, source_name=""))

    run = ImportRun.objects.first()
    assert (run.new, run.changed, run.unchanged) == (0, 0, 3)


def test_the_whole_catalogue_withdraws_what_it_lacks_once_confirmed(client, administrator):
    content = b"".join(a_book(f"V{number}", f"Titre {number}") for number in range(12))
    import_file(io.BytesIO(content), source_code="ville", file_name="x")
    source = Source.objects.get()
    client.post(dropped(client), choices(source=source.pk, extent="whole"))
    run = ImportRun.objects.first()
    before = Record.objects.filter(withdrawn_at=None).count()
    page = client.get(f"{IMPORTS}inspect/{run.pk}/").content.decode()

    assert "12 notices ne sont pas dans ce fichier" in page
    client.post(f"{IMPORTS}withdraw/{run.pk}/")
    assert (before, Record.objects.filter(withdrawn_at=None).count()) == (15, 3)
    assert (
        "ne sont pas dans ce fichier"
        not in client.get(f"{IMPORTS}inspect/{run.pk}/").content.decode()
    )


def test_an_import_whose_source_is_at_work_says_so_and_waits_for_its_end(client, administrator):
    at_work = a_run(state=ImportRun.State.RUNNING)
    with held_elsewhere(at_work.source):
        answer = client.post(dropped(client), choices(source=at_work.source.pk, source_name=""))
        page = client.get(answer["Location"]).content.decode()
        client.post(f"{IMPORTS}stop/{at_work.pk}/")

    run = ImportRun.objects.exclude(pk=at_work.pk).get()
    assert (run.state, run.read) == (ImportRun.State.WAITING, 0)
    assert "cet import attend sa fin" in page
    assert f'href="{IMPORTS}inspect/{at_work.pk}/"' in page
    assert not Record.objects.exists()

    import_file(io.BytesIO(a_book("V1")), source_code=at_work.source.code, file_name="x")
    run.refresh_from_db()
    assert (run.state, run.new) == (ImportRun.State.FINISHED, 3)


def test_nothing_is_withdrawn_from_a_source_that_is_being_imported(client, administrator):
    run = a_run(is_full=True)
    RecordFactory(source=run.source)
    a_run(state=ImportRun.State.RUNNING)

    client.post(f"{IMPORTS}withdraw/{run.pk}/")

    page = client.get(f"{IMPORTS}inspect/{run.pk}/").content.decode()
    assert gettext(STILL_RUNNING) in page
    assert not Record.objects.exclude(withdrawn_at=None).exists()


@pytest.mark.parametrize("state", [ImportRun.State.WAITING, ImportRun.State.RUNNING])
def test_an_import_at_work_shows_how_far_it_is_and_can_be_stopped(client, administrator, state):
    run = a_run(state=state, position=25, size=100, elapsed_s=10, new=12)
    page = client.get(f"{IMPORTS}inspect/{run.pk}/").content.decode()
    part = client.get(f"{IMPORTS}progress/{run.pk}/").content.decode()

    for shown in (page, part):
        assert 'value="0.2500"' in shown
        assert f'data-renew="{IMPORTS}progress/{run.pk}/"' in shown
        assert "Arrêter l’import" in shown
    client.post(f"{IMPORTS}stop/{run.pk}/")
    run.refresh_from_db()
    assert run.is_asked_to_stop


def test_an_import_that_has_ended_renews_nothing(client, administrator):
    part = client.get(f"{IMPORTS}progress/{a_run().pk}/").content.decode()

    assert "data-renew" not in part


@pytest.mark.parametrize("state", [ImportRun.State.STOPPED, ImportRun.State.INTERRUPTED])
def test_an_import_that_was_cut_goes_on_to_its_end(
    client, administrator, state, django_capture_on_commit_callbacks
):
    run = a_kept_run(state)
    assert "Reprendre l’import" in client.get(f"{IMPORTS}inspect/{run.pk}/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{IMPORTS}resume/{run.pk}/")

    run.refresh_from_db()
    assert (run.state, run.new) == (ImportRun.State.FINISHED, 3)


def test_an_import_at_its_end_does_not_go_on(client, administrator):
    run = a_run(new=3)
    page = client.post(f"{IMPORTS}resume/{run.pk}/", follow=True).content.decode()

    run.refresh_from_db()
    assert run.state == ImportRun.State.FINISHED
    assert run.new == 3
    assert gettext("Only an import that was stopped or interrupted can go on.") in page


def test_the_report_lists_problems_page_by_page_and_unknown_codes(client, administrator):
    run = a_run(rejected=150)
    ImportProblem.objects.bulk_create(
        ImportProblem(run=run, offset=n, control_number=f"N{n:03}", what="Faulty.", advice="Mend.")
        for n in range(150)
    )
    UnknownCode.objects.create(run=run, table="branch", code="XYZ", count=42)
    first = client.get(f"{IMPORTS}inspect/{run.pk}/").content.decode()
    second = client.get(f"{IMPORTS}inspect/{run.pk}/?p=2").content.decode()

    assert "<strong>150</strong>" in first
    assert "N000" in first
    assert "N149" not in first
    assert "N149" in second
    assert "XYZ" in first
    assert "42 exemplaires" in first


def test_the_report_as_a_table_runs_no_formula(client, administrator):
    run = a_run(new=2, decoded={"iso5426": 2})
    ImportProblem.objects.create(
        run=run, offset=7, control_number="=1+1", what="Faulty.", advice="Mend.", is_rejection=False
    )
    UnknownCode.objects.create(run=run, table="status", code="@o:7", count=3)
    answer = client.get(f"{IMPORTS}csv/{run.pk}/")
    text = b"".join(answer.streaming_content).decode()

    assert answer["Content-Disposition"] == f'attachment; filename="import-{run.pk}.csv"'
    assert ";'=1+1;7;" in text
    assert ";'@o:7;3" in text
    assert "ISO 5426" in text


ACTS = ["stop/{}/", "resume/{}/", "withdraw/{}/"]
LOOKS = ["", "inspect/{}/", "progress/{}/", "csv/{}/"]


@pytest.mark.parametrize("group", [EDITORS, MODERATORS])
def test_others_look_at_imports_and_start_none(client, group):
    run = a_run(state=ImportRun.State.RUNNING)
    client.force_login(a_member(group))

    for look in LOOKS:
        assert client.get(IMPORTS + look.format(run.pk)).status_code == 200
    page = client.get(f"{IMPORTS}inspect/{run.pk}/").content.decode()
    assert "Arrêter l’import" not in page
    assert "Importer un fichier" not in client.get(IMPORTS).content.decode()
    for act in ("new/", *ACTS):
        assert client.post(IMPORTS + act.format(run.pk))["Location"] == "/gestion/"
    run.refresh_from_db()
    assert not run.is_asked_to_stop


@pytest.mark.parametrize("path", ["new/", *LOOKS, *ACTS])
def test_a_library_editor_and_an_anonymous_reader_are_refused(client, path):
    run = a_run()
    address = IMPORTS + path.format(run.pk)

    for method in (client.get, client.post):
        assert method(address)["Location"].startswith("/gestion/login/")
    client.force_login(a_member(open_section(a_section()).name))
    for method in (client.get, client.post):
        answer = method(address)
        assert answer.status_code == 405 or answer["Location"] == "/gestion/"


def test_an_editor_reaches_no_dry_run(client, administrator):
    address = dropped(client)
    client.force_login(a_member(EDITORS))

    assert client.get(address)["Location"] == "/gestion/"
    assert client.post(address, choices())["Location"] == "/gestion/"
    assert not ImportRun.objects.exists()


def test_files_that_nobody_imports_are_forgotten(client, administrator):
    address, now = dropped(client), timezone.now()

    assert forget_old_files(now) == 0
    assert client.get(address).status_code == 200
    assert forget_old_files(now + timedelta(days=2)) == 1
    assert client.get(address).status_code == 404


def test_the_file_of_an_import_at_work_is_kept_and_that_of_an_old_one_is_not():
    at_work, ended = a_kept_run(ImportRun.State.RUNNING), a_kept_run(ImportRun.State.STOPPED)
    path = Path(ended.file.path)

    assert forget_old_files(timezone.now()) == 0
    assert forget_old_files(timezone.now() + timedelta(days=40)) == 1
    at_work.refresh_from_db()
    ended.refresh_from_db()
    assert Path(at_work.file.path).exists()
    assert not path.exists()
    assert not ended.file


def test_the_queries_of_a_report_do_not_grow_with_it(
    client, administrator, django_assert_max_num_queries
):
    def a_report(count):
        run = a_run()
        for n in range(count):
            ImportProblem.objects.create(run=run, offset=n, what=f"Faulty {n}.", advice="")
            UnknownCode.objects.create(run=run, table="branch", code=f"C{n}", count=n)
        return f"{IMPORTS}inspect/{run.pk}/"

    small, large = a_report(2), a_report(20)
    client.get(small)
    with django_assert_max_num_queries(60) as few:
        client.get(small)
    with django_assert_max_num_queries(len(few)):
        client.get(large)
