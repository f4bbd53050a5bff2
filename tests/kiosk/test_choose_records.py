"""Which records a kiosk shows: its source, its order, its draw, its rules; never more than is public."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from essor.catalogue.models import Branch, Cover, Item, SavedSearch
from essor.catalogue.types import Availability
from essor.kiosk import choosing
from essor.kiosk.choosing import count_candidates
from essor.kiosk.models import Kiosk, RecordClicks
from essor.kiosk.rules import drawn, seed_of
from essor.kiosk.showing import shown
from essor.kiosk.types import Draw, Order
from essor.search import CannotTellNow
from essor.search.services import index_pending, keep_whole

from .builders import a_basket, a_kiosk, a_record

pytestmark = pytest.mark.django_db


def titles(kiosk):
    return [record.title for record in shown(Kiosk.objects.get(pk=kiosk.pk)).records]


def a_search_kiosk(criteria, *, is_public=True, **fields):
    saved = SavedSearch.objects.create(
        name="Recherche", slug="recherche", criteria=criteria, is_public=is_public
    )
    return Kiosk.objects.create(name="À lire", slug="ess", saved_search=saved, **fields)


@pytest.fixture
def indexed(each_engine):
    """Index what the test has stored, on each engine."""

    def index():
        keep_whole()
        index_pending()

    return index


# Source


def test_a_search_without_criterion_shows_nothing(indexed):
    a_record(1)
    kiosk = a_search_kiosk({})
    indexed()
    assert titles(kiosk) == []


def test_a_search_shows_what_it_finds(indexed):
    a_record(1, title="La coopérative")
    a_record(2, title="Autre chose")
    kiosk = a_search_kiosk({"q": "coopérative"})
    indexed()
    assert titles(kiosk) == ["La coopérative"]


def test_a_private_search_shows_nothing(indexed):
    a_record(1, title="La coopérative")
    kiosk = a_search_kiosk({"q": "coopérative"}, is_public=False)
    indexed()
    assert titles(kiosk) == []


def test_while_the_index_is_being_made_a_search_shows_what_it_found_last(indexed, monkeypatch):
    a_record(1, title="La coopérative")
    kiosk = a_search_kiosk({"q": "coopérative"})
    indexed()
    before = titles(kiosk)

    def nobody_knows(*args, **kwargs):
        raise CannotTellNow

    monkeypatch.setattr(choosing, "numbers_found", nobody_knows)
    assert titles(kiosk) == before == ["La coopérative"]


def test_a_kiosk_has_one_source_and_only_one():
    basket = a_basket([])
    with pytest.raises(ValidationError, match=r"basket or a saved search|panier"):
        Kiosk(name="Sans", slug="sans").full_clean()
    saved = SavedSearch.objects.create(name="R", slug="r", criteria={"q": "a"})
    with pytest.raises(ValidationError, match=r"basket or a saved search|panier"):
        Kiosk(name="Deux", slug="deux", basket=basket, saved_search=saved).full_clean()


# Order


def test_the_most_borrowed_come_first_and_the_unknown_last():
    loans = {1: 3, 2: None, 3: 12}
    kiosk = a_kiosk([a_record(n, loans=count) for n, count in loans.items()], order=Order.BORROWED)
    assert titles(kiosk) == ["Titre 3", "Titre 1", "Titre 2"]


def test_the_most_opened_of_the_last_months_come_first():
    records = [a_record(n) for n in (1, 2, 3)]
    today = timezone.localdate()
    RecordClicks.objects.create(record=records[2], day=today, clicks=2)
    RecordClicks.objects.create(record=records[2], day=today - timedelta(days=1), clicks=1)
    RecordClicks.objects.create(record=records[1], day=today, clicks=2)
    RecordClicks.objects.create(record=records[0], day=today - timedelta(days=400), clicks=99)
    kiosk = a_kiosk(records, order=Order.VIEWED)
    assert titles(kiosk) == ["Titre 3", "Titre 2", "Titre 1"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.TITLE, ["Coopérer 1", "Coopérer 2", "Coopérer 3"]),
        (Order.NEWEST, ["Coopérer 2", "Coopérer 3", "Coopérer 1"]),
        (Order.BORROWED, ["Coopérer 3", "Coopérer 1", "Coopérer 2"]),
        (Order.VIEWED, ["Coopérer 1", "Coopérer 2", "Coopérer 3"]),
    ],
)
def test_a_search_follows_the_order_of_the_kiosk(indexed, order, expected):
    now = timezone.now()
    for number, days, loans in ((3, 2, 12), (1, 5, 3), (2, 0, None)):
        added = now - timedelta(days=days)
        a_record(number, title=f"Coopérer {number}", added_at=added, loans=loans)
    kiosk = a_search_kiosk({"q": "coopérer"}, order=order)
    indexed()
    assert titles(kiosk) == expected


# Rules


def test_only_records_with_a_picture_when_asked():
    records = [a_record(n) for n in (1, 2, 3)]
    Cover.objects.create(record=records[1], picture="covers/x.png", width=90, height=120)
    Cover.objects.create(record=records[2], picture="")
    kiosk = a_kiosk(records, only_with_cover=True)
    assert titles(kiosk) == ["Titre 2"]


def an_item(record, branch, **fields):
    return Item.objects.create(
        source=record.source, record=record, branch=branch, barcode=f"b{record.pk}", **fields
    )


def test_only_what_one_library_still_has():
    records = [a_record(n) for n in (1, 2, 3, 4)]
    here, there = (
        Branch.objects.create(source=records[0].source, code=code, name=code) for code in "AB"
    )
    an_item(records[0], here)
    an_item(records[1], there)
    an_item(records[2], here, availability=Availability.GONE)
    an_item(records[3], here, withdrawn_at=timezone.now())
    assert titles(a_kiosk(records, branch=here)) == ["Titre 1"]


def test_a_search_is_limited_to_one_library_within_its_own(indexed):
    both, only_there = a_record(1, title="Coopérer ici"), a_record(2, title="Coopérer là")
    here, there = (Branch.objects.create(source=both.source, code=code, name=code) for code in "AB")
    an_item(both, here)
    Item.objects.create(source=both.source, record=both, branch=there, barcode="second")
    an_item(only_there, there)
    kiosk = a_search_kiosk({"q": "coopérer", "bibliotheque": [str(there.pk)]}, branch=here)
    indexed()
    assert titles(kiosk) == ["Coopérer ici"]


def test_candidates_are_counted():
    kiosk = a_kiosk([a_record(n) for n in range(5)], limit=2)
    assert count_candidates(kiosk.source, kiosk.choice) == 5


# Draw


def test_a_daily_draw_stays_the_same_and_keeps_to_the_first_ones():
    kiosk = a_kiosk([a_record(n) for n in range(30)], draw=Draw.DAY, pool=10, limit=5)
    first = titles(kiosk)
    assert first == titles(kiosk)
    assert len(set(first)) == 5
    assert set(first) <= {f"Titre {n}" for n in range(10)}


def test_a_draw_at_each_view_changes():
    kiosk = a_kiosk([a_record(n) for n in range(20)], draw=Draw.VIEW, pool=20, limit=10)
    assert len({tuple(titles(kiosk)) for _ in range(8)}) > 1


def test_a_draw_among_fewer_than_are_shown_is_refused():
    basket = a_basket([])
    with pytest.raises(ValidationError) as refused:
        Kiosk(name="K", slug="k", basket=basket, draw=Draw.DAY, pool=3, limit=5).full_clean()
    assert "pool" in refused.value.message_dict


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001  # local time


@given(MOMENTS, MOMENTS)
def test_the_seed_of_a_day_and_of_an_hour_change_with_them_alone(one, other):
    def seed(draw, now):
        return seed_of(draw, identity="k", now=now, chance="")

    assert (seed(Draw.DAY, one) == seed(Draw.DAY, other)) == (one.date() == other.date())
    same_hour = (one.date(), one.hour) == (other.date(), other.hour)
    assert (seed(Draw.HOUR, one) == seed(Draw.HOUR, other)) == same_hour


@given(st.lists(st.integers(), unique=True), st.integers(0, 50), st.text())
def test_a_draw_gives_each_candidate_once_and_no_more_than_asked(candidates, count, seed):
    found = drawn(candidates, count, seed=seed)
    assert len(found) == min(count, len(candidates))
    assert set(found) <= set(candidates)
    assert max(Counter(found).values(), default=1) == 1
    assert found == drawn(candidates, count, seed=seed)
