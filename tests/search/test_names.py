"""What is found, by name alone: the hits of a search in their order, on both engines."""

from datetime import date

import pytest

from essor import search
from essor.search import Match, Sort
from essor.search.services import keep_whole
from tests.search.builders import Shelf, a_document, find, found, indexed

pytestmark = pytest.mark.usefixtures("both")


def names(text, filters=None, **options):
    return search.index().names(search.Query(text, filters or {}, **options))


def some_books():
    search.index().write(
        a_document(
            f"Le jardin {n}",
            key=str(n),
            kind="record",
            year=2000 + n,
            facets={"class": (str(n % 2),)},
        )
        for n in range(6)
    )
    indexed("Un jardin ailleurs", "La mer")


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("jardin", {}),
        ("jardin", {"sort": Sort.YEAR, "offset": 2, "limit": 3}),
        ("jardin", {"filters": {"kind": ("record",), "class": ("1",)}}),
        ("jardin", {"years": (2002, 2004)}),
        ("", {"sort": Sort.TITLE}),
        ("jardn", {}),
        ("jardin introuvable", {}),
        ("introuvable", {}),
        ("-", {}),
        ("jardin", {"since": date(2026, 1, 1)}),
    ],
)
def test_the_names_are_those_of_the_hits(text, options):
    some_books()
    results, named = find(text, **options), names(text, **options)

    assert named.keys == tuple(hit.document.key for hit in results.hits)
    assert [kind for kind, _key in named.names] == [hit.document.kind for hit in results.hits]
    assert (named.total, named.match) == (results.total, results.match)
    assert not named.is_incomplete


def test_the_names_of_what_is_near_are_given_and_said_to_be_so():
    indexed("Le jardin")

    assert (names("jardn").keys, names("jardn").match) == (("Le jardin",), Match.NEAR_WORDS)


def test_facets_change_nothing_to_names():
    some_books()

    assert names("jardin", facets=("class",)) == names("jardin")


def test_what_may_not_be_seen_any_more_is_not_named(articles):
    for title in ("Visible", "Cachée"):
        articles.put(a_document(title))
    search.index().write(articles.documents())
    articles.hidden.add("Cachée")

    assert (names("").keys, names("").total) == (("Visible",), 1)
    assert names("cachée").keys == ()


def test_names_say_that_the_index_is_missing_and_have_it_made(articles):
    articles.put(a_document("Une histoire"))

    first = names("histoire")
    assert (first.keys, first.missing, first.is_incomplete) == ((), ("article",), True)
    second = names("histoire")
    assert (second.keys, second.missing, second.is_incomplete) == (("Une histoire",), (), False)


def test_names_of_one_kind_do_not_wait_for_another(articles):
    articles.put(a_document("Une histoire"))
    keep_whole()
    search.register("record", Shelf(a_document("Une histoire", kind="record", key="1")))

    assert names("histoire", {"kind": ("record",)}).is_incomplete
    assert not names("histoire", {"kind": ("article",)}).is_incomplete
    assert set(found("histoire")) == {"Une histoire", "1"}


def test_words_near_are_not_tried_when_it_is_the_filters_that_leave_nothing():
    search.index().write(
        [
            a_document("Germinal", key="1", kind="record", facets={"branch": ("med",)}),
            a_document("Germinol", key="2", kind="record", facets={"branch": ("annexe",)}),
        ]
    )
    asked = {"kind": ("record",), "branch": ("annexe",)}

    assert names("germinal", asked).total == 0
    assert search.index().search(search.Query("germinal", asked)).total == 0
    assert names("germinel", asked).keys == ("2",)
