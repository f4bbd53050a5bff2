"""The state of a search: address, criteria and question are three forms of one thing."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from essor.catalogue.asked import PARAMETERS, Asked
from essor.search import Sort
from essor.search.addresses import LAST_PAGE, MOST_VALUES

words = st.text(max_size=30).map(lambda text: " ".join(Asked.in_state({"q": [text]}).text.split()))
years = st.none() | st.integers(0, 2100)


@st.composite
def searches(draw):
    values = st.lists(st.sampled_from(["1", "fre", "Hugo, Victor", "Éd. & Cie"]), max_size=3)
    chosen = {
        "creator": draw(values),
        "branch": draw(values),
        "document_type": draw(st.lists(st.sampled_from(["book", "film"]), max_size=2)),
    }
    first, last = draw(years), draw(years)
    if first is not None and last is not None:
        first, last = sorted((first, last))
    return Asked(
        text=draw(words),
        chosen={facet: tuple(dict.fromkeys(held)) for facet, held in chosen.items() if held},
        first_year=first,
        last_year=last,
        sort=draw(st.sampled_from(list(Sort))),
        page=draw(st.integers(1, LAST_PAGE)),
    )


def at(address):
    return Asked.in_address(QueryDict(address.removeprefix("?")))


@given(searches())
def test_the_address_of_a_search_gives_it_back(asked):
    assert at(asked.address) == asked


@given(searches())
def test_the_criteria_of_a_search_give_it_back_from_its_first_page(asked):
    assert Asked.in_criteria(asked.criteria) == asked.on_page(1)


@given(
    st.dictionaries(
        st.text(max_size=10) | st.sampled_from([*PARAMETERS.values(), "q", "de"]),
        st.recursive(st.none() | st.booleans() | st.text() | st.integers(), st.lists),
    )
)
def test_no_stored_criteria_are_an_error(criteria):
    assert isinstance(Asked.in_criteria(criteria), Asked)


@pytest.mark.parametrize("criteria", [None, [], "q", 3])
def test_criteria_of_another_shape_ask_for_nothing(criteria):
    assert Asked.in_criteria(criteria).is_blank


def test_an_address_is_read_as_people_read_it():
    asked = at(
        "?q=+vide++%C3%A9crit+&type=book&type=film&auteur=Hugo%2C+Victor&de=1990&a=2000&tri=titre&page=3"
    )

    assert asked == Asked(
        text="vide écrit",
        chosen={"document_type": ("book", "film"), "creator": ("Hugo, Victor",)},
        first_year=1990,
        last_year=2000,
        sort=Sort.TITLE,
        page=3,
    )


@pytest.mark.parametrize(
    "address",
    [
        "?type=nothing&disponibilite=&public=%00",
        "?de=never&a=-4&tri=worst&page=-1",
        "?page=99999999999999999999&page=x",
        "?unknown=1",
        f"?auteur={'x' * 300}",
        "?q=%00%01",
    ],
)
def test_what_an_address_cannot_mean_is_left_out(address):
    assert at(address) == Asked()


def test_years_may_be_written_in_any_order():
    assert at("?de=2000&a=1990").years == (1990, 2000)
    assert at("?a=1990").years == (None, 1990)


def test_an_address_cannot_grow_without_end():
    endless = "?q=" + "x" * 5_000 + "".join(f"&sujet={n}" for n in range(1_000)) + "&page=999999999"
    asked = at(endless)

    assert (len(asked.text), len(asked.chosen["subject"]), asked.page) == (
        200,
        MOST_VALUES,
        LAST_PAGE,
    )


def test_choosing_and_leaving_a_value_begin_again_from_the_first_page():
    asked = at("?q=mer&page=4&sujet=Bateaux")
    both = asked.choosing("subject", "Phares")

    assert both.chosen == {"subject": ("Bateaux", "Phares")}
    assert both.page == 1
    assert both.without("subject", "Bateaux").without("subject", "Phares") == Asked("mer")
    assert both.choosing("subject", "Phares") == both
    assert both.unlimited() == Asked("mer")


def test_order_and_page_are_no_criterion():
    assert at("?tri=titre&page=2").is_blank
    assert not at("?a=1990").is_blank
    assert not at("?langue=fre").is_blank


def test_the_question_is_about_records_only():
    query = at("?q=mer&langue=fre&de=1990&page=2").query(facet_sizes={"subject": 12})

    assert query.filters == {"kind": ("record",), "language": ("fre",)}
    assert query.years == (1990, None)
    assert (query.offset, query.limit, query.facets) == (20, 20, ("subject",))
