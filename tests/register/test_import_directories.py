"""Other directories are imported: each row kept in one state, twice is once, what people decided stays."""

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from essor.portal.services.roles import ADMINISTRATORS
from essor.register.importers.directories import ListKind
from essor.register.list_tasks import forget_lists
from essor.register.models import (
    Approval,
    DirectoryEntry,
    DirectoryImport,
    ImportedDirectory,
    LegalUnit,
)
from essor.register.services import directories
from essor.register.services.directories import import_list, match_again
from essor.register.services.reviews import choose, refuse, reopen
from essor.register.types import RegisterError, Status
from tests.portal.builders import a_member
from tests.register.directory_lists import (
    DAY,
    FINESS_FILE,
    HDF,
    OTHER_SIREN,
    SIAE_FILE,
    SIREN,
    SIRET,
    a_list,
    asked,
    import_rows,
    import_siae,
)
from tests.register.factories import EstablishmentFactory, LegalUnitFactory
from tests.territory.factories import TerritoryFactory

pytestmark = pytest.mark.django_db
State = DirectoryEntry.State


def states():
    return dict(DirectoryEntry.objects.order_by("line").values_list("name", "state"))


def counted(run):
    return (run.new, run.changed, run.unchanged, run.left)


def test_a_row_is_matched_by_its_siret():
    EstablishmentFactory(unit__siren=SIREN, siret=SIRET)
    run = import_rows({"siret": SIRET, "nom": "Autre nom", "commune": "Lille"})

    entry = DirectoryEntry.objects.get()
    assert (entry.state, entry.chosen_siren, entry.means) == (State.MATCHED, SIREN, "siret")
    assert (run.state, run.matched, counted(run)) == ("finished", 1, (1, 0, 0, 0))


def test_a_row_without_number_is_matched_by_its_name_in_its_commune_only():
    lille = TerritoryFactory(code="59350", name="Lille")
    LegalUnitFactory(siren=SIREN, name="LES AMIS", commune=lille)
    TerritoryFactory(code="59178", name="Douai")
    import_rows(
        {"nom": "Les Amis", "commune": "LILLE CEDEX"}, {"nom": "Les amis", "commune": "Douai"}
    )

    here, there = DirectoryEntry.objects.order_by("line")
    assert (here.state, here.chosen_siren, here.commune) == (State.MATCHED, SIREN, lille)
    assert there.state == State.UNMATCHED


def test_a_structure_is_also_known_by_the_name_of_its_establishment():
    place = EstablishmentFactory(unit__siren=SIREN, unit__name="AFEJI", name="LES TILLEULS")
    import_rows({"nom": "Les Tilleuls", "commune": place.commune.name})

    assert DirectoryEntry.objects.get().chosen_siren == SIREN


def test_a_masked_structure_is_never_found_by_a_name():
    LegalUnitFactory(siren=SIREN, name="LES AMIS", is_partial=True)
    import_rows({"nom": "Les amis", "commune": "Lille"})

    assert DirectoryEntry.objects.get().state == State.UNMATCHED


def test_a_former_commune_is_read_as_the_one_that_took_its_place():
    lille = TerritoryFactory(code="59350", name="Lille")
    TerritoryFactory(kind="ancienne-commune", code="59355", name="Lomme", commune=lille)
    import_rows({"nom": "A", "commune": "LOMME", "code_postal": "59160"})

    entry = DirectoryEntry.objects.get()
    assert entry.commune == lille
    assert "former" in str(entry.problems)


def test_a_commune_far_from_its_postcode_is_unknown_and_said():
    TerritoryFactory(code="31555", name="Toulouse")
    import_rows({"nom": "GEIQ", "commune": "Toulouse", "code_postal": "59650"})

    entry = DirectoryEntry.objects.get()
    assert (entry.commune, entry.commune_text) == (None, "Toulouse")
    assert "postcode" in str(entry.problems)


def test_two_communes_of_one_name_are_told_apart_by_the_postcode():
    for code in ("59350", "12130"):
        TerritoryFactory(code=code, name="Saint-Rémy")
    import_rows(
        {"nom": "A", "commune": "ST REMY", "code_postal": "12200"},
        {"nom": "B", "commune": "St Rémy"},
    )

    told, unknown = DirectoryEntry.objects.order_by("line")
    assert told.commune.code == "12130"
    assert unknown.commune is None
    assert "Several communes" in str(unknown.problems)


def test_a_commune_is_known_by_the_beginning_of_its_name():
    TerritoryFactory(code="62108", name="Berck")
    import_rows({"nom": "A", "commune": "BERCK SUR MER", "code_postal": "62600"})

    assert DirectoryEntry.objects.get().commune.name == "Berck"


def test_the_same_file_again_changes_nothing():
    rows = [{"siret": SIRET, "nom": "A"}, {"nom": "B", "commune": "Lens"}, {"nom": "B"}]
    import_rows(*rows)
    before = list(DirectoryEntry.objects.order_by("pk").values("pk", "state", "key"))
    run = import_rows(*rows)

    assert counted(run) == (0, 0, 3, 0)
    assert list(DirectoryEntry.objects.order_by("pk").values("pk", "state", "key")) == before


def test_a_new_edition_updates_its_list_and_marks_what_left():
    import_rows({"identifiant": "1", "nom": "A"}, {"identifiant": "2", "nom": "B"})
    run = import_rows(
        {"identifiant": "2", "nom": "B2"},
        {"identifiant": "3", "nom": "C"},
        source_date=date(2021, 1, 1),
    )

    assert counted(run) == (1, 1, 0, 1)
    assert dict(DirectoryEntry.objects.values_list("name", "left_on")) == {
        "A": date(2021, 1, 1),
        "B2": None,
        "C": None,
    }
    back = import_rows({"identifiant": "1", "nom": "A"}, {"identifiant": "2", "nom": "B2"})
    assert counted(back) == (0, 1, 1, 1)
    assert ImportedDirectory.objects.count() == 1


def test_a_file_that_lacks_most_of_its_list_marks_nothing_unless_it_is_confirmed():
    rows = [{"identifiant": f"{n}", "nom": f"A{n}"} for n in range(12)]
    import_rows(*rows)
    run = import_rows(rows[0])

    assert (run.left, bool(run.message)) == (0, True)
    assert DirectoryEntry.objects.present().count() == 12
    assert import_rows(rows[0], confirms_departures=True).left == 11


def test_what_a_person_decided_outlives_imports_and_is_in_the_history():
    person = a_member(ADMINISTRATORS)
    LegalUnitFactory(siren=SIREN, name="PAPILLONS BLANCS NORD EST")
    LegalUnitFactory(siren=OTHER_SIREN, name="Rien à voir")
    row = {"identifiant": "1", "nom": "Papillons Blancs de Lille", "commune": "Lille"}
    import_rows(row)
    entry = DirectoryEntry.objects.get()
    assert entry.state == State.DOUBTFUL
    choose(entry, OTHER_SIREN, by=person)
    import_rows({**row, "commune": "Lille CEDEX"})
    match_again()

    entry.refresh_from_db()
    assert (entry.state, entry.chosen_siren, entry.reviewed_by) == (
        State.MATCHED,
        OTHER_SIREN,
        person,
    )
    refuse(entry, by=person)
    import_rows(row)
    entry.refresh_from_db()
    assert (entry.state, entry.chosen_siren) == (State.REFUSED, "")
    assert reopen(entry, by=person).state == State.DOUBTFUL
    actions = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "register.entry_matched",
        "register.entry_refused",
        "register.entry_reopened",
    ]


def test_a_structure_that_the_register_lacks_is_not_chosen():
    import_rows({"nom": "A"})

    with pytest.raises(ValidationError):
        choose(DirectoryEntry.objects.get(), SIREN, by=a_member(ADMINISTRATORS))


def test_rows_are_matched_again_when_the_register_has_changed():
    run = import_siae({"siret": SIRET, "nom": "A", "type_siae": "ACI"})
    assert (run.unmatched, Approval.objects.count()) == (1, 0)
    EstablishmentFactory(unit__siren=SIREN, siret=SIRET)

    assert match_again() == 1
    assert match_again() == 0
    assert DirectoryEntry.objects.get().chosen_siren == SIREN
    assert Approval.objects.get().detail == "ACI"


# Approvals


def test_rows_of_siae_give_approvals_and_never_make_a_structure_of_the_ess():
    EstablishmentFactory(
        unit__siren=SIREN, unit__name="A", unit__status=Status.OUTSIDE, unit__flag="", siret=SIRET
    )
    before = list(LegalUnit.objects.values())
    import_siae(
        {"siret": SIRET, "nom": "A", "type_siae": "ACI"},
        {"siret": SIRET, "nom": "A", "type_siae": "EI"},
    )

    given = Approval.objects.order_by("detail").values_list(
        "detail", "siret", "source", "source_date"
    )
    assert list(given) == [("ACI", SIRET, "SIAE", DAY), ("EI", SIRET, "SIAE", DAY)]
    assert list(LegalUnit.objects.values()) == before
    assert LegalUnit.objects.get().status == Status.OUTSIDE


def test_approvals_follow_their_list_and_the_decisions_of_people():
    EstablishmentFactory(unit__siren=SIREN, unit__name="A", siret=SIRET)
    rows = [{"siret": SIRET, "nom": "A", "type_siae": kind} for kind in ("ACI", "EI")]
    import_siae(*rows)
    import_siae(*rows)
    assert Approval.objects.count() == 2
    import_siae(rows[0], source_date=date(2021, 6, 1))
    approval = Approval.objects.get()
    assert (approval.detail, approval.source_date) == ("ACI", date(2021, 6, 1))
    entry = DirectoryEntry.objects.present().get()
    refuse(entry, by=a_member(ADMINISTRATORS))

    assert not Approval.objects.exists()


def test_another_list_gives_no_approval():
    EstablishmentFactory(unit__siren=SIREN, siret=SIRET)
    import_rows({"siret": SIRET, "nom": "A", "type_siae": "ACI"})

    assert not Approval.objects.exists()


# Interrupted, overtaken, refused


def test_an_import_that_is_killed_goes_on_from_where_it_stood(monkeypatch):
    monkeypatch.setattr(directories, "BATCH", 2)
    content = a_list(*({"identifiant": f"{n}", "nom": f"A{n}"} for n in range(5)))

    def killed(stored, _rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_list(content, file_name="x.csv", asked=asked(), on_progress=killed)
    cut = DirectoryImport.objects.get()
    assert (cut.state, cut.position, DirectoryEntry.objects.count()) == ("interrupted", 2, 2)

    run = import_list(content, file_name="x.csv", asked=asked())
    assert (run.pk, run.state, counted(run)) == (cut.pk, "finished", (5, 0, 0, 0))
    assert DirectoryEntry.objects.count() == 5


def test_an_import_gives_way_to_a_later_one_of_its_list(monkeypatch):
    monkeypatch.setattr(directories, "BATCH", 1)

    def overtaken(stored, _rows):
        if stored == 1:
            import_rows({"identifiant": "9", "nom": "Z"})

    content = a_list(*({"identifiant": f"{n}", "nom": f"A{n}"} for n in range(3)))
    run = import_list(content, file_name="x.csv", asked=asked(), on_progress=overtaken)

    assert (run.state, run.position) == ("failed", 1)
    assert "gave way" in run.message


def test_what_makes_no_sense_is_refused_before_anything_is_stored():
    with pytest.raises(RegisterError):
        import_rows({"x": "1"})
    import_rows({"nom": "A"})
    with pytest.raises(ValidationError):
        import_rows({"nom": "A"}, kind=ListKind.SIAE)
    with pytest.raises(ValidationError):
        import_rows({"nom": "A"}, name="Autre", licence="")

    assert ImportedDirectory.objects.count() == DirectoryImport.objects.count() == 1


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "siret": st.sampled_from(["", SIRET, f"{SIREN}00000", "x"]),
                "nom": st.sampled_from(["", "Les Amis", "=1", "Autre chose"]),
                "commune": st.sampled_from(["", "Lille", "LILLE CEDEX", "Nulle part"]),
                "code_postal": st.sampled_from(["", "59000", "75001", "abc"]),
            }
        ),
        max_size=8,
    )
)
def test_each_row_ends_in_exactly_one_state_and_the_counts_add_up(rows):
    EstablishmentFactory._meta.model.objects.all().delete()
    LegalUnit.objects.all().delete()
    ImportedDirectory.objects.all().delete()
    EstablishmentFactory(unit__siren=SIREN, unit__name="LES AMIS", siret=SIRET)
    rows = [row for row in rows if any(row.values())]
    run = import_rows(*(rows or [{"nom": "A"}]))

    total = DirectoryEntry.objects.filter(directory=run.directory).count()
    assert total == run.rows == run.read == len(rows or [1])
    assert run.matched + run.doubtful + run.unmatched + run.refused == total
    assert import_rows(*(rows or [{"nom": "A"}])).unchanged == total


def test_the_command_says_what_became_of_the_rows_and_writes_a_table(tmp_path):
    file, report, said = tmp_path / "liste.csv", tmp_path / "report.csv", StringIO()
    file.write_bytes(a_list({"Qui": "=cmd()", "Où": "Lille"}))
    call_command(
        "import_directory",
        file,
        name="Liste",
        licence="ODbL",
        columns="name=Qui,commune=Où",
        report=report,
        stdout=said,
    )

    assert "Liste" in said.getvalue()
    rows = list(csv.reader(StringIO(report.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert rows[1][1] == "'=cmd()"
    with pytest.raises(CommandError):
        call_command("import_directory", tmp_path / "none.csv", name="L", licence="x")
    with pytest.raises(CommandError):
        call_command("import_directory", file, name="L", licence="x", columns="name=Nom")


@pytest.mark.external_data
@pytest.mark.skipif(not HDF.exists(), reason="the shared data folder is not there")
def test_the_real_lists_come_in_whole_and_twice_is_once():
    for path, kind, count in ((SIAE_FILE, ListKind.SIAE, 474), (FINESS_FILE, ListKind.FINESS, 691)):
        runs = [
            import_list(
                path.read_bytes(), file_name=path.name, asked=asked(name=kind.value, kind=kind)
            )
            for _time in range(2)
        ]
        assert [counted(run) for run in runs] == [(count, 0, 0, 0), (0, 0, count, 0)]


def test_the_queries_of_an_import_do_not_grow_with_its_rows(django_assert_max_num_queries):
    TerritoryFactory(code="59350", name="Lille")

    def rows(count):
        return [{"nom": f"Nom {n}", "commune": "Lille"} for n in range(count)]

    with django_assert_max_num_queries(80) as few:
        import_rows(*rows(2), name="Petite")
    with django_assert_max_num_queries(len(few)):
        import_rows(*rows(20), name="Grande")


def test_an_import_overtaken_before_its_end_marks_no_row_of_the_later_one():
    rows = [{"identifiant": f"{n}", "nom": f"A{n}"} for n in range(3)]

    def overtaken(stored, count):
        if stored == count:
            import_rows(*rows)

    content = a_list(*rows[:2])
    run = import_list(content, file_name="x.csv", asked=asked(), on_progress=overtaken)

    assert (run.state, run.left) == ("failed", 0)
    assert DirectoryEntry.objects.present().count() == 3


def test_an_import_that_another_process_has_gone_on_with_is_left_to_it(monkeypatch):
    monkeypatch.setattr(directories, "BATCH", 2)
    content = a_list(*({"identifiant": f"{n}", "nom": f"A{n}"} for n in range(6)))
    others = []

    def gone_on_with(stored, _rows):
        if not others:
            run = DirectoryImport.objects.get()
            others.append(run)
            directories.run_import(run, content=content)

    run = import_list(content, file_name="x.csv", asked=asked(), on_progress=gone_on_with)
    assert (run.state, run.position, counted(run)) == ("finished", 6, (6, 0, 0, 0))


def test_files_of_lists_are_forgotten_each_day_even_if_nobody_drops_another():
    run = directories.keep_list(
        a_list({"nom": "A"}), file_name="a.csv", kind=ListKind.OTHER, by=None
    )
    file = run.file.path
    DirectoryImport.objects.update(updated_at=timezone.now() - timedelta(days=2))

    forget_lists.call()
    assert not Path(file).exists()
    assert not DirectoryImport.objects.exists()
