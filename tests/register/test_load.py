"""A build becomes the vintage that readers see: whole, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from essor import search
from essor.register.documents import KIND
from essor.register.loading_report import loading_report
from essor.register.models import Approval, Establishment, LegalUnit, StructureTag, Vintage
from essor.register.search import StructureSource
from essor.register.services import loading as loading_service
from essor.register.services.indexing import index_vintage
from essor.register.services.loading import load, remove_older, restorable, restore
from essor.register.services.loading_alone import loading_alone
from essor.register.types import ApprovalKind, ApprovalRow, PointSource, RegisterError
from essor.search.models import PendingChange
from essor.search.services import keep_whole
from tests.register.builds import HeldBuild, a_build, a_place, a_unit
from tests.register.factories import LegalUnitFactory, VintageFactory
from tests.territory.factories import TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_index")]

A, B, C = "300000001", "300000002", "300000003"


@pytest.fixture(autouse=True)
def lille():
    return TerritoryFactory(code="59350", name="Lille", kind="commune")


def shown():
    return list(LegalUnit.objects.current().order_by("siren").values_list("siren", flat=True))


def counted():
    return search.index().search(search.Query("", {"kind": (KIND,)})).total


def found(text=""):
    return set(search.index().names(search.Query(text, {"kind": (KIND,)}, limit=100)).keys)


def test_the_units_are_shown_with_their_establishments_their_commune_and_their_point(lille):
    loading = load(a_build(A, B, places=[a_place(A), a_place(A, "00029", commune="99999")]))

    first = LegalUnit.objects.current().get(siren=A)
    assert (first.commune, first.longitude, first.latitude) == (lille, 3.0573, 50.6292)
    assert (first.sector, first.reasons[0], first.filing_name) == (
        "associative-life",
        "flag=O",
        "structure 300000001",
    )
    assert [place.siret for place in first.establishments.order_by("siret")] == [
        f"{A}00011",
        f"{A}00029",
    ]
    assert LegalUnit.objects.current().get(siren=B).commune is None
    assert (loading.vintage.units, loading.vintage.establishments) == (2, 2)
    assert loading.unknown_communes == {"99999": 1}
    assert (loading.new, loading.gone, loading.changed) == (2, 0, 0)


def test_a_former_commune_is_answered_by_its_successor(lille):
    TerritoryFactory(code="59298", kind="ancienne-commune", commune=lille)
    load(a_build(A, places=[a_place(A, commune="59298")]))

    assert LegalUnit.objects.current().get().commune == lille


def test_a_masked_unit_is_stored_without_name_address_or_point(lille):
    unit = a_unit(A, is_partial=True, name="SECRET", acronym="SE", usual_name="SE", rna="W1")
    load(HeldBuild([unit], [a_place(A, is_partial=True)]))

    stored, place = LegalUnit.objects.get(), Establishment.objects.get()
    assert (stored.name, stored.acronym, stored.usual_name, stored.rna, stored.longitude) == (
        "",
        "",
        "",
        "",
        None,
    )
    assert (place.street, place.postcode, place.latitude, place.point_source) == (
        "",
        "",
        None,
        PointSource.NONE,
    )
    assert stored.commune == lille


def test_what_changed_since_the_previous_vintage_is_told():
    load(a_build(A, B, month="2026-10"))
    changed = HeldBuild([a_unit(B, name="AUTRE NOM"), a_unit(C)])
    loading = load(changed)

    assert (loading.new, loading.gone, loading.changed) == (1, 1, 1)
    assert loading.previous.month == "2026-10"
    assert shown() == [B, C]


def test_the_same_build_twice_changes_nothing():
    first = load(a_build(A))
    again = load(a_build(A))

    assert again.was_kept
    assert again.vintage == first.vintage
    assert (Vintage.objects.count(), LegalUnit.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "damaged",
    [
        a_build(B, C, said=3),
        HeldBuild([a_unit(B)], [a_place(B), a_place(C)]),
        HeldBuild([a_unit(C), a_unit(B)], []),
        HeldBuild([a_unit(B), a_unit(B)], []),
        HeldBuild([a_unit(B)], [a_place(A), a_place(B)]),
    ],
    ids=["a row is missing", "no unit", "out of order", "twice", "no unit before"],
)
def test_a_damaged_build_is_refused_and_the_previous_vintage_untouched(damaged):
    load(a_build(A, month="2026-10"))

    with pytest.raises(RegisterError):
        load(damaged)

    assert shown() == [A]
    assert Vintage.objects.count() == 1


def test_what_interrupts_a_loading_leaves_nothing_half_done_and_the_next_run_completes():
    class Interrupted(HeldBuild):
        def approvals(self):
            raise KeyboardInterrupt

    load(a_build(A, month="2026-10"))
    with pytest.raises(KeyboardInterrupt):
        load(Interrupted([a_unit(B)]))
    assert (shown(), Vintage.objects.count()) == ([A], 1)

    load(a_build(B))
    assert shown() == [B]


def test_the_current_vintage_and_the_one_before_are_kept_and_the_older_removed():
    for month, siren in (("2026-09", A), ("2026-10", B), ("2026-11", C)):
        load(a_build(siren, month=month))
    assert Vintage.objects.count() == 3
    keep_whole()
    assert index_vintage()

    assert remove_older() == 1
    assert [one.month for one in Vintage.objects.order_by("month")] == ["2026-10", "2026-11"]
    assert set(LegalUnit.objects.values_list("siren", flat=True)) == {B, C}
    assert Establishment.objects.count() == 2


def test_no_vintage_is_removed_before_the_index_has_followed():
    for month, siren in (("2026-09", A), ("2026-10", B), ("2026-11", C)):
        load(a_build(siren, month=month))

    assert remove_older() == 0


def test_the_previous_vintage_is_shown_again_and_only_that_one():
    first = load(a_build(A, month="2026-10")).vintage
    second = load(a_build(B)).vintage

    assert restorable() == first
    restore(first.pk)
    assert shown() == [A]
    assert restorable() == second
    with pytest.raises(RegisterError):
        restore(first.pk)


def test_loading_a_build_that_is_kept_shows_it_again():
    load(a_build(A, month="2026-10"))
    load(a_build(B))
    again = load(a_build(A, month="2026-10"))

    assert again.was_kept
    assert shown() == [A]
    assert Vintage.objects.count() == 2


def an_approval(**values):
    return ApprovalRow(
        **{
            "kind": ApprovalKind.ESUS,
            "detail": "",
            "siren": A,
            "siret": "",
            "starts_on": None,
            "ends_on": None,
            "source": "Direction générale du Trésor",
            "source_date": date(2026, 9, 1),
            **values,
        }
    )


def test_approvals_come_with_the_build_once_each():
    approvals = [an_approval(), an_approval(), an_approval(siren=B, starts_on=date(2025, 1, 1))]
    first = load(a_build(A, B, month="2026-10", held_approvals=approvals))
    second = load(a_build(A, B, C, held_approvals=approvals))

    assert (first.approvals, second.approvals) == (2, 0)
    assert Approval.objects.count() == 2


def test_the_index_follows_in_bulk_and_forgets_who_left():
    keep_whole()
    load(a_build(A, B, month="2026-10"))
    assert index_vintage()
    assert found() == {A, B}

    load(a_build(B, C))
    assert not PendingChange.objects.exists()
    assert index_vintage()
    assert found() == {B, C}
    assert counted() == 2
    assert index_vintage()


@pytest.mark.parametrize("held", [(), (B,)], ids=["none", "one of them"])
def test_structures_that_the_index_holds_already_are_not_in_it_twice(held):
    keep_whole()
    load(a_build(A, B, C))
    search.index().write(StructureSource().documents_for(held))
    assert index_vintage()
    assert counted() == 3


def test_an_index_made_whole_after_a_first_loading_holds_each_structure_once():
    load(a_build(A, B))
    keep_whole()
    assert index_vintage()
    assert counted() == 2


def test_an_indexing_that_was_stopped_is_done_again_without_doubles(monkeypatch):
    monkeypatch.setattr("essor.register.services.indexing.TURN", 1)
    keep_whole()
    load(a_build(A, B, C))

    def stop(documents):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index_vintage(stop)
    assert counted() == 1
    assert index_vintage()
    assert counted() == 3


def test_readers_never_see_half_a_vintage(django_capture_on_commit_callbacks):
    load(a_build(A, month="2026-10"))
    seen = []

    class Watched(HeldBuild):
        def approvals(self):
            seen.append(Vintage.objects.filter(is_current=True).get().month)
            return iter(())

    with transaction.atomic():
        load(Watched([a_unit(B)]))
    assert seen == ["2026-10"]


def test_a_list_of_approvals_that_lacks_most_of_those_in_force_is_left_aside_and_it_is_said():
    several = [an_approval(siren=f"{number:09}") for number in range(12)]
    load(a_build(A, month="2026-10", held_approvals=several))

    loading = load(a_build(B, held_approvals=several[:2]))

    assert (shown(), Approval.objects.count()) == ([B], 12)
    assert loading.problem
    assert any("import_esus" in line for line in loading_report(loading))


def test_the_list_of_a_build_changes_and_removes_what_the_former_one_said():
    begun = date(2024, 1, 1)
    former = [an_approval(starts_on=begun), an_approval(siren=B)]
    load(a_build(A, B, month="2026-10", held_approvals=former))

    load(a_build(A, B, held_approvals=[an_approval(starts_on=begun, ends_on=date(2029, 1, 1))]))

    assert list(Approval.objects.values_list("siren", "ends_on")) == [(A, date(2029, 1, 1))]


def test_a_build_without_a_list_of_approvals_leaves_them_as_they_are():
    load(a_build(A, month="2026-10", held_approvals=[an_approval()]))
    load(a_build(A, B))

    assert Approval.objects.count() == 1


def test_what_is_left_of_a_loading_that_was_killed_is_read_by_nobody_and_then_removed(client):
    load(a_build(A, month="2026-10"))
    left = VintageFactory(is_current=False, shown_at=None)
    LegalUnitFactory(vintage=left, siren=C)

    assert restorable() is None
    assert client.get(f"/annuaire/{C}/").status_code == 404
    load(a_build(B))
    assert not Vintage.objects.filter(pk=left.pk).exists()


def test_what_is_left_of_a_loading_is_removed_by_the_upkeep_unless_somebody_is_loading():
    keep_whole()
    load(a_build(A))
    assert index_vintage()
    VintageFactory(is_current=False, shown_at=None)

    with loading_alone():
        if connection.vendor == "sqlite":  # a connection of PostgreSQL never locks itself out
            assert remove_older() == 0
    assert remove_older() == 1
    assert Vintage.objects.count() == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL bounds the length of values"
)
def test_a_value_that_no_column_holds_is_told_and_nothing_of_the_build_is_kept():
    load(a_build(A))
    with pytest.raises(RegisterError, match=r"longer|plus longue"):
        load(HeldBuild([a_unit(B, category="9" * 50)]))
    assert shown() == [A]
    assert Vintage.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a connection never locks itself out")
def test_one_build_is_loaded_at_a_time():
    class Meanwhile(HeldBuild):
        def approvals(self):
            with pytest.raises(RegisterError, match="autre fabrication"):
                load(a_build(C))
            return iter(())

    load(Meanwhile([a_unit(B)]))
    assert shown() == [B]


@pytest.mark.django_db(transaction=True)
def test_others_write_while_a_build_is_loaded(monkeypatch):
    monkeypatch.setattr(loading_service, "CHUNK", 2)
    seen = []

    def somebody():
        StructureTag.objects.create(slug=f"t{len(seen)}", name="T")
        seen.append(LegalUnit.objects.current().count())
        connection.close()

    class Long(HeldBuild):
        def units(self):
            for unit in self.held_units:
                with ThreadPoolExecutor(1) as pool:
                    pool.submit(somebody).result(timeout=5)
                yield unit

    load(Long([a_unit(f"{300000001 + number}") for number in range(7)]))
    assert seen == [0] * 7
    assert len(shown()) == 7
