"""Hits limited to the keys that a store gives: what is near, what was chosen; the same on both engines."""

import pytest

from essor import search
from tests.search.builders import a_document, find, found

pytestmark = pytest.mark.usefixtures("both")


def some_places():
    search.index().write(
        a_document(
            f"Maison {n}",
            key=str(n),
            kind="structure",
            facets={"town": ("Lille",) if n % 2 else ("Lens",)},
        )
        for n in range(6)
    )
    search.index().write([a_document("Maison 1", key="1", kind="article")])


OURS = {"kind": ("structure",)}


def test_only_the_documents_of_these_keys_and_kinds_are_found():
    some_places()

    assert set(found("maison", OURS, keys=("1", "2", "77"))) == {"1", "2"}
    assert find("maison", OURS, keys=("1", "2", "77")).total == 2
    assert find("maison", {"kind": ("structure", "article")}, keys=("1",)).total == 2


def test_no_key_at_all_finds_nothing():
    some_places()

    assert find("", OURS, keys=()).total == 0


def test_facets_are_counted_within_the_keys_with_or_without_their_own_filter():
    some_places()
    asked = {**OURS, "town": ("Lille",)}
    results = find("", asked, keys=("1", "2", "3", "4"), facets=("town",))

    assert results.total == 2
    assert {one.value: one.count for one in results.facets["town"]} == {"Lille": 2, "Lens": 2}


def test_other_keys_are_another_question():
    some_places()
    totals = [find("maison", OURS, keys=keys).total for keys in (("1",), ("1", "2"), ("1",))]

    assert totals == [1, 2, 1]


def test_values_of_a_facet_are_those_within_the_keys():
    some_places()
    query = search.Query("", OURS, keys=("0", "1", "2"))
    counts = search.index().facet_values(query, "town")

    assert {one.value: one.count for one in counts} == {"Lens": 2, "Lille": 1}


def test_many_keys_are_few_for_an_engine():
    some_places()
    keys = tuple(str(n) for n in range(5, 5 + search.MOST_KEYS))

    assert find("", OURS, keys=keys).total == 1


@pytest.mark.parametrize("options", [{"filters": {}}, {"keys": ("1",) * (search.MOST_KEYS + 1)}])
def test_keys_without_a_kind_or_beyond_measure_are_refused(options):
    with pytest.raises(search.SearchError):
        search.Query(**{"filters": OURS, "keys": ("1",), **options})
