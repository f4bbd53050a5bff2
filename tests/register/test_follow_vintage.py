"""What hangs on the vintage that is shown follows it: the search index, and what readers find meanwhile."""

import pytest

from essor import search
from essor.register.documents import KIND
from essor.register.models import Approval, DirectoryEntry, ImportedDirectory, Vintage
from essor.register.services import following, indexing
from essor.register.services.approvals import store_approvals
from essor.register.services.contributions import withhold
from essor.register.services.following import follow
from essor.register.services.indexing import index_vintage
from essor.register.services.loading import load, restore
from essor.register.types import ApprovalKind, ApprovalRow
from essor.search.services import index_pending, keep_whole, note_changes
from tests.register.builds import HeldBuild, a_build, a_place, a_unit
from tests.register.directory_lists import SIREN, SIRET, import_siae
from tests.territory.factories import TerritoryFactory

pytestmark = pytest.mark.django_db

A, B, C, D = "300000001", "300000002", "300000003", "300000004"


@pytest.fixture(autouse=True)
def empty_index(each_engine):
    TerritoryFactory(code="59350", name="Lille", kind="commune")
    keep_whole()


def counted(**facets):
    return search.index().search(search.Query("", {"kind": (KIND,), **facets})).total


def found(text):
    return search.index().names(search.Query(text, {"kind": (KIND,)})).keys


def test_a_first_indexing_that_was_stopped_is_done_again_without_any_structure_twice(monkeypatch):
    load(a_build(A, B, C, D))

    def stopped(self):
        yield from list(whole(self))[:3]
        raise KeyboardInterrupt

    monkeypatch.setattr(indexing, "TURN", 2)
    whole = indexing.StructureSource.documents
    with monkeypatch.context() as at_first:
        at_first.setattr(indexing.StructureSource, "documents", stopped)
        with pytest.raises(KeyboardInterrupt):
            index_vintage()
    assert index_vintage()
    assert counted() == 4

    Vintage.objects.update(is_indexed=False)
    assert index_vintage()
    assert counted() == 4


def test_a_structure_that_was_indexed_before_the_others_is_there_once(monkeypatch):
    load(a_build(A, B, C, D))
    note_changes(KIND, [C])
    index_pending()

    monkeypatch.setattr(indexing, "TURN", 2)
    assert index_vintage()
    assert counted() == 4


def test_an_identity_withheld_while_the_index_follows_stays_out_of_it(monkeypatch):
    load(a_build(A, B, month="2026-10"))
    assert index_vintage()
    load(a_build(A, B, C))
    whole = indexing.StructureSource.documents

    def documents(self):
        yield from whole(self)
        withhold(A, user=None)  # after it was read

    monkeypatch.setattr(indexing.StructureSource, "documents", documents)
    assert index_vintage()
    assert A not in found(A)


def test_who_has_just_asked_to_be_withheld_is_not_found_before_the_index_has_followed():
    load(a_build(A, B))
    assert index_vintage()
    assert A in found(A)

    withhold(A, user=None)
    assert A not in found(A)
    assert counted() == 1

    index_pending()
    assert A not in found(A)
    assert counted() == 2


def test_who_is_masked_since_this_vintage_is_not_found_before_the_index_has_followed():
    load(a_build(A, B, month="2026-10"))
    assert index_vintage()

    load(HeldBuild([a_unit(A, is_partial=True), a_unit(B)]))
    assert A not in found(A)

    assert index_vintage()
    assert A not in found(A)
    assert counted() == 2


def an_esus(siren):
    return ApprovalRow(ApprovalKind.ESUS, "", siren, "", None, None, "Direction du Trésor", None)


def test_a_structure_is_found_by_the_approvals_of_a_list_that_is_imported_and_no_more_once_they_left():
    load(a_build(A, B))
    assert index_vintage()

    store_approvals([an_esus(A)], kind=ApprovalKind.ESUS)
    index_pending()
    assert counted(approval=("esus",)) == 1

    store_approvals([an_esus(B)], kind=ApprovalKind.ESUS)
    index_pending()
    assert search.index().names(
        search.Query("", {"kind": (KIND,), "approval": ("esus",)})
    ).keys == (B,)


def test_a_structure_is_found_by_the_rows_of_siae_that_are_matched_with_it():
    load(HeldBuild([a_unit(SIREN)], [a_place(SIREN, SIRET[9:])]))
    assert index_vintage()

    import_siae({"siret": SIRET, "nom": "A", "type_siae": "ACI"})
    index_pending()
    assert counted(approval=("siae",)) == 1

    ImportedDirectory.objects.get().delete()
    index_pending()
    assert (counted(approval=("siae",)), Approval.objects.count()) == (0, 0)


def test_the_rows_of_other_directories_follow_a_vintage_and_the_one_that_is_shown_again():
    first = load(a_build(A, month="2026-10")).vintage
    assert follow()
    import_siae({"siret": SIRET, "nom": "A", "type_siae": "ACI"})
    assert DirectoryEntry.objects.get().state == "unmatched"

    load(HeldBuild([a_unit(A), a_unit(SIREN)]))
    assert follow()
    assert DirectoryEntry.objects.get().chosen_siren == SIREN
    index_pending()
    assert counted(approval=("siae",)) == 1

    restore(first.pk)
    assert follow()
    assert DirectoryEntry.objects.get().state == "unmatched"
    assert not Approval.objects.exists()


def test_rows_that_were_not_all_matched_are_matched_by_the_next_turn(monkeypatch):
    import_siae({"siret": SIRET, "nom": "A"})
    load(HeldBuild([a_unit(SIREN)]))

    def killed():
        raise KeyboardInterrupt

    with monkeypatch.context() as at_first:
        at_first.setattr(following, "match_again", killed)
        with pytest.raises(KeyboardInterrupt):
            follow()
    assert follow()
    assert DirectoryEntry.objects.get().chosen_siren == SIREN
