"""Imports follow their source: items, withdrawals, returns, conflicts, works and duplicates."""

import io
from unittest.mock import Mock

import pytest
from django.db import IntegrityError
from django.utils.translation import gettext

from essor import search
from essor.catalogue import tasks
from essor.catalogue.importers.profiles import shipped_profile
from essor.catalogue.locks import SourceBusy
from essor.catalogue.models import Branch, ImportRun, Item, Record, Work
from essor.catalogue.services import (
    import_file,
    join_work,
    part_duplicate,
    part_from_work,
    stored_profile,
    withdraw_records,
)
from essor.catalogue.services.imports import STILL_RUNNING
from essor.catalogue.services.storing import Storing
from essor.catalogue.tasks import withdraw_missing_task
from essor.search.services import index_pending
from tests.catalogue.builders import LEADER, a_book, marc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_index")]


def an_item(barcode, *, branch="MED", loans=1, call_number="R ZOL"):
    return f"995 $b{branch}$c{branch}$f{barcode}$k{call_number}$x{loans}$rLIV"


def bring(
    *records,
    source="reseau",
    is_full=False,
    confirms=False,
    name="notices.mrc",
    profile="koha-france",
):
    return import_file(
        io.BytesIO(b"".join(records)),
        source_code=source,
        file_name=name,
        profile=stored_profile(shipped_profile(profile)),
        is_full=is_full,
        confirms_withdrawals=confirms,
    )


def counts(run):
    return run.new, run.changed, run.unchanged, run.rejected


def item_counts(run):
    return run.items_new, run.items_changed, run.items_unchanged, run.items_withdrawn


def germinal(*items, number="1", isbn="9782070624560"):
    return a_book(number, "Germinal", "Zola, Émile", f"010 $a{isbn}", *items)


def many(numbers):
    return [a_book(str(n), f"Titre {n}", f"Auteur{n}, Jean") for n in numbers]


# Items


def test_the_items_of_a_record_come_in_with_their_branch_and_loans():
    run = bring(germinal(an_item("B1", loans=3), an_item("B2", branch="ANN", loans=4)))

    assert item_counts(run) == (2, 0, 0, 0)
    assert Record.objects.get().loans == 7
    assert set(Branch.objects.values_list("code", flat=True)) == {"MED", "ANN"}
    assert Item.objects.get(barcode="B2").branch.code == "ANN"


def test_a_second_run_changes_neither_records_nor_items():
    file = [germinal(an_item("B1"), an_item("")), a_book("2", "Nana")]
    bring(*file)
    run = bring(*file)

    assert counts(run) == (0, 0, 2, 0)
    assert item_counts(run) == (0, 0, 2, 0)


def test_when_only_loans_change_the_record_is_unchanged_and_its_item_changed():
    bring(germinal(an_item("B1", loans=3), an_item("B2")))
    before = Record.objects.get()
    run = bring(germinal(an_item("B1", loans=4), an_item("B2")))

    after = Record.objects.get()
    assert counts(run) == (0, 0, 1, 0)
    assert item_counts(run) == (0, 1, 1, 0)
    assert after.loans == 5
    assert after.changed_at == before.changed_at


def test_an_item_that_leaves_its_record_is_withdrawn_and_may_come_back():
    bring(germinal(an_item("B1"), an_item("B2")))
    key = Item.objects.get(barcode="B2").pk
    left = bring(germinal(an_item("B1")))
    gone = Item.objects.get(pk=key).withdrawn_at
    back = bring(germinal(an_item("B1"), an_item("B2")))

    assert (item_counts(left), item_counts(back)) == ((0, 0, 1, 1), (0, 1, 1, 0))
    assert gone is not None
    assert Item.objects.get(pk=key).withdrawn_at is None


def test_items_without_barcode_are_told_apart_by_their_place():
    bring(germinal(an_item("", call_number="A"), an_item("", call_number="B")))
    run = bring(germinal(an_item("", call_number="A"), an_item("", call_number="C")))

    assert item_counts(run) == (0, 1, 1, 0)
    assert list(Item.objects.order_by("pk").values_list("call_number", flat=True)) == ["A", "C"]


@pytest.mark.parametrize("batch_size", [1, 100])
def test_a_barcode_on_two_records_is_reported_and_the_first_keeps_it(monkeypatch, batch_size):
    monkeypatch.setattr("essor.catalogue.services.importing.BATCH_SIZE", batch_size)
    run = bring(germinal(an_item("B1")), a_book("2", "Nana", "Zola, Émile", an_item("B1")))

    problem = run.problems.get()
    assert not problem.is_rejection
    assert (problem.control_number, problem.detail) == ("2", "B1")
    assert Item.objects.get(barcode="B1").record.control_number == "1"
    assert Item.objects.get(barcode="").record.control_number == "2"
    assert counts(run) == (2, 0, 0, 0)


@pytest.mark.parametrize("batch_size", [1, 100])
@pytest.mark.parametrize("comes_first", ["1", "2"])
def test_an_item_that_moves_to_another_record_takes_its_barcode_there(
    monkeypatch, batch_size, comes_first
):
    monkeypatch.setattr("essor.catalogue.services.importing.BATCH_SIZE", batch_size)
    bring(germinal(an_item("B1")), a_book("2", "Nana"))
    key = Item.objects.get().pk
    moved = [germinal(), a_book("2", "Nana", "Zola, Émile", an_item("B1"))]
    moved = moved if comes_first == "1" else moved[::-1]
    bring(*moved)

    item = Item.objects.get(pk=key)
    assert (item.record.control_number, item.withdrawn_at) == ("2", None)
    assert Record.objects.get(control_number="1").loans is None
    assert Record.objects.get(control_number="2").loans == 1
    again = bring(*moved)
    assert (counts(again), item_counts(again)) == ((0, 0, 2, 0), (0, 0, 1, 0))


@pytest.mark.parametrize("batch_size", [1, 100])
def test_a_barcode_that_a_second_record_claims_first_is_reported_too(monkeypatch, batch_size):
    monkeypatch.setattr("essor.catalogue.services.importing.BATCH_SIZE", batch_size)
    bring(germinal(an_item("B1")), a_book("2", "Nana"))
    run = bring(a_book("2", "Nana", "Zola, Émile", an_item("B1")), germinal(an_item("B1")))

    assert run.problems.get().detail == "B1"
    holders = Item.objects.order_by("barcode").values_list("barcode", "record__control_number")
    assert {barcode for barcode, _record in holders} == {"", "B1"}
    assert {record for _barcode, record in holders} == {"1", "2"}


def test_a_table_of_loans_leaves_the_rest_of_an_item_as_it_is():
    bring(germinal(an_item("B1", loans=1)))
    before = Item.objects.values().get()
    table = "code-barres;nombre de prets;dernier pret\nB1;5;2026-03-02\n"

    assert item_counts(bring(table.encode(), name="prets.csv")) == (0, 1, 0, 0)
    after = Item.objects.values().get()
    assert {name for name in after if after[name] != before[name]} == {"loans", "last_loan"}
    assert item_counts(bring(table.encode(), name="prets.csv")) == (0, 0, 1, 0)


def test_an_item_without_barcode_told_again_by_a_table_is_the_same():
    bring(germinal("995 $00$10$bMED$cMED$o-1$rLIV"))
    table = "notice;code-barres;type de document;exclu du pret;damaged;withdrawn\n1;;LIV;-1;0;0\n"

    run = bring(table.encode(), name="exemplaires.csv")

    assert item_counts(run) == (0, 0, 1, 0)
    assert Item.objects.count() == 1


LENT = "notice;code-barres;retour prevu\n1;B1;2026-03-02\n"
BACK = "notice;code-barres;retour prevu\n1;B1;\n"
FREE = "notice;code-barres;cote;exclu du pret\n1;B1;R ZOL;0\n"
LOST = "notice;code-barres;cote;perdu\n1;B1;R ZOL;1\n"
FOUND = "notice;code-barres;cote;perdu\n1;B1;R ZOL;\n"


@pytest.mark.parametrize(
    ("known", "tables", "status", "is_due", "availability"),
    [
        ("$o1$20", [LENT], "o:1; 2:0", True, "on_loan"),
        ("$o1$20", [LENT, BACK], "o:1; 2:0", False, "on_site"),
        ("$o0$21", [LENT], "o:0; 2:1", True, "gone"),
        ("", [LENT, BACK], "", False, "available"),
        ("$o0$n2026-03-02", [LOST], "o:0; 2:1", True, "gone"),
        ("$o0$n2026-03-02", [LOST, FOUND], "o:0", True, "on_loan"),
        ("$o1$20", [FREE], "o:0; 2:0", False, "available"),
        ("$o1$20", [LOST, LENT, FOUND], "o:1", True, "on_loan"),
    ],
)
def test_what_a_table_tells_and_what_was_known_make_the_availability_together(
    known, tables, status, is_due, availability
):
    bring(germinal(an_item("B1") + known))
    for table in tables:
        bring(table.encode(), name="exemplaires.csv")

    item = Item.objects.get()
    assert (item.status, item.due is not None, item.availability) == (status, is_due, availability)
    again = bring(tables[-1].encode(), name="exemplaires.csv")
    assert item_counts(again) == (0, 0, 1, 0)


def test_a_record_that_comes_without_items_keeps_those_of_its_table():
    bring(germinal(), profile="unimarc")
    table = "notice;code-barres;bibliotheque;nombre de prets\n1;B1;MED;5\n"
    bring(table.encode(), name="exemplaires.csv", profile="unimarc")
    index_pending()

    run = bring(germinal(isbn="9782070624911"), profile="unimarc")

    assert (counts(run), item_counts(run)) == ((0, 1, 0, 0), (0, 0, 0, 0))
    assert Record.objects.get().loans == 5
    branch = str(Branch.objects.get().pk)
    assert search.index().search(search.Query(filters={"branch": (branch,)})).total == 1


def test_codes_that_the_profile_does_not_know_are_counted():
    run = bring(germinal(an_item("B1", branch="ZZ"), an_item("B2", branch="ZZ")))

    assert run.unknown_codes.get(table="branch", code="ZZ").count == 2


def test_a_count_that_no_store_can_hold_is_unknown():
    bring(germinal(an_item("B1", loans=99_999_999_999)), a_book("2"))

    assert Item.objects.get().loans is None
    assert Record.objects.count() == 2


# Withdrawals


def test_a_record_that_leaves_the_file_of_a_whole_catalogue_is_withdrawn_with_its_items():
    bring(germinal(an_item("B1")), *many(range(2, 9)), is_full=True)
    run = bring(*many(range(2, 9)), is_full=True)

    assert (run.withdrawn, run.items_withdrawn) == (1, 1)
    assert Record.objects.get(control_number="1").withdrawn_at is not None
    assert Item.objects.get().withdrawn_at is not None


def test_a_record_that_is_not_in_a_part_of_the_catalogue_stays():
    bring(germinal(), *many(range(2, 9)))
    run = bring(*many(range(2, 9)))

    assert run.withdrawn == 0
    assert not Record.objects.exclude(withdrawn_at=None).exists()


def test_a_record_that_comes_back_is_current_again_under_its_address():
    whole = [germinal(an_item("B1")), *many(range(2, 9))]
    bring(*whole, is_full=True)
    address = Record.objects.get(control_number="1").get_absolute_url()
    bring(*whole[1:], is_full=True)
    run = bring(*whole, is_full=True)

    back = Record.objects.get(control_number="1")
    assert counts(run) == (0, 1, 7, 0)
    assert (back.withdrawn_at, back.get_absolute_url()) == (None, address)
    assert Item.objects.get().withdrawn_at is None


def test_a_file_that_lacks_too_many_records_withdraws_none_until_it_is_confirmed():
    bring(*many(range(40)), is_full=True)
    run = bring(*many(range(25)), is_full=True)

    assert run.withdrawn == 0
    assert "15" in run.message
    assert not Record.objects.exclude(withdrawn_at=None).exists()
    assert bring(*many(range(25)), is_full=True, confirms=True).withdrawn == 15


@pytest.mark.parametrize(("position", "withdrawn"), [(0, 15), (500, 0)])
def test_a_later_import_that_waits_half_way_keeps_a_withdrawal_from_being_confirmed(
    position, withdrawn
):
    bring(*many(range(40)), is_full=True)
    run = bring(*many(range(25)), is_full=True)
    state = ImportRun.State.WAITING
    ImportRun.objects.create(source=run.source, state=state, position=position)

    withdraw_missing_task.call(run.pk)

    run.refresh_from_db()
    assert (run.withdrawn, bool(run.message)) == (withdrawn, not withdrawn)


def test_a_withdrawal_is_not_confirmed_while_the_source_is_being_imported(monkeypatch):
    bring(*many(range(40)), is_full=True)
    run = bring(*many(range(25)), is_full=True)
    monkeypatch.setattr(tasks, "alone_on", Mock(side_effect=SourceBusy))

    withdraw_missing_task.call(run.pk)

    run.refresh_from_db()
    assert (run.withdrawn, run.message) == (0, gettext(STILL_RUNNING))


def test_a_file_that_was_cut_off_withdraws_none():
    bring(*many(range(5)), is_full=True)
    run = bring(b"".join(many(range(4)))[:-20], is_full=True, confirms=True)

    assert run.withdrawn == 0
    assert run.message
    assert not Record.objects.exclude(withdrawn_at=None).exists()


def test_a_record_that_could_not_be_read_this_time_is_not_withdrawn():
    bring(*many(range(5)), is_full=True)
    run = bring(*many(range(4)), marc("001 4", "300 $aSans titre"), is_full=True)

    assert (run.rejected, run.withdrawn) == (1, 0)
    assert Record.objects.get(control_number="4").withdrawn_at is None


def test_what_its_source_says_it_has_deleted_is_withdrawn():
    run = bring(germinal(an_item("B1")), a_book("2"))

    assert withdraw_records(run, ["1", "unknown"]) == 1
    assert Record.objects.get(control_number="1").withdrawn_at is not None


# Works and duplicates


def test_editions_of_one_work_are_brought_together():
    bring(germinal(), germinal(number="2", isbn="9782253004226"), a_book("3", "Nana"))

    first, second, other = Record.objects.order_by("control_number")
    assert first.work == second.work
    assert first.work != other.work


def test_titles_without_creator_are_not_brought_together():
    bring(marc("001 1", "200 $aRapport annuel"), marc("001 2", "200 $aRapport annuel"))

    assert set(Record.objects.values_list("work", flat=True)) == {None}


def test_the_first_word_of_titles_without_creator_is_no_work():
    bring(
        marc("001 1", "200 $aCompendium Biblicum", "500 $aCompendium"),
        marc("001 2", "200 $aCompendium historicum", "500 $aCompendium"),
        marc("001 3", "200 $aCompendium biblicum", "500 $aCompendium"),
    )

    first, other, again = Record.objects.order_by("control_number")
    assert first.work == again.work
    assert first.work != other.work


def test_a_work_that_staff_chose_is_left_as_it_is_and_empty_works_go():
    bring(germinal(), germinal(number="2"), a_book("3", "Nana"))
    first, second, other = Record.objects.order_by("control_number")
    parted = part_from_work(second)
    joined = join_work(other, first)
    bring(
        germinal("300 $aNote"),
        germinal("300 $aNote", number="2"),
        a_book("3", "Nana", "Zola, Émile", "300 $aNote"),
    )

    works = Record.objects.order_by("control_number").values_list("work", flat=True)
    assert list(works) == [joined.pk, parted.pk, joined.pk]
    assert Work.objects.count() == 2


def test_one_edition_in_two_sources_is_linked_to_the_oldest_and_can_be_parted():
    bring(germinal(), source="roubaix")
    bring(germinal(number="7"), source="lille")
    oldest, linked = Record.objects.order_by("pk")
    assert linked.duplicate_of == oldest

    part_duplicate(linked)
    bring(germinal("300 $aNote", number="7"), source="lille")
    linked.refresh_from_db()
    assert linked.duplicate_of is None


def test_one_number_on_two_books_does_not_make_one_edition_of_them():
    bring(germinal(), source="roubaix")
    bring(a_book("1", "Tricoter", "Dupont, Anne", "010 $a9782070624560"), source="lille")

    assert not Record.objects.exclude(duplicate_of=None).exists()


def test_when_the_oldest_is_withdrawn_the_next_one_stands_for_the_others():
    runs = [bring(germinal(), source=code) for code in ("roubaix", "lille", "tourcoing")]
    withdraw_records(runs[0], ["1"])

    _oldest, second, third = Record.objects.order_by("pk")
    assert (second.duplicate_of, third.duplicate_of) == (None, second)


def test_a_record_that_says_it_is_deleted_stands_no_more_for_its_duplicates():
    for code in ("roubaix", "lille", "tourcoing"):
        bring(germinal(), source=code)
    deleted = marc("001 1", "200 $aGerminal", leader=LEADER[:5] + "d" + LEADER[6:])

    run = bring(deleted, source="roubaix")

    oldest, second, third = Record.objects.order_by("pk")
    assert (run.withdrawn, oldest.withdrawn_at is None) == (1, False)
    assert (second.duplicate_of, third.duplicate_of) == (None, second)


# Stopping and resuming


def test_a_run_that_is_asked_to_stop_stops_and_goes_on_from_there(monkeypatch):
    monkeypatch.setattr("essor.catalogue.services.importing.BATCH_SIZE", 2)
    file = many(range(10))

    def ask(position):
        ImportRun.objects.update(is_asked_to_stop=True)

    arguments = {"source_code": "reseau", "file_name": "notices.mrc"}
    stopped = import_file(io.BytesIO(b"".join(file)), **arguments, on_progress=ask)
    assert (stopped.state, Record.objects.count()) == (ImportRun.State.STOPPED, 2)

    resumed = import_file(io.BytesIO(b"".join(file)), **arguments)
    assert (resumed.pk, resumed.state) == (stopped.pk, ImportRun.State.FINISHED)
    assert counts(resumed) == (10, 0, 0, 0)


def test_records_stored_one_by_one_are_in_the_index_once(monkeypatch):
    monkeypatch.setattr("essor.catalogue.feeding.SHOWN_AFTER", 2)
    monkeypatch.setattr("essor.catalogue.feeding.TURN_S", 0)
    monkeypatch.setattr("essor.catalogue.services.importing.LARGE_FILE", 0)
    store = Storing._store

    def refusing_batches(self, entries, bad, **where):
        if len(entries) > 1:
            raise IntegrityError
        return store(self, entries, bad, **where)

    monkeypatch.setattr(Storing, "_store", refusing_batches)
    bring(*(a_book(str(n), f"Titre {n}") for n in range(7)))

    assert search.index().engine.count() == 7
