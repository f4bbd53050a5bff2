"""A key figure is never shown without its year, its source and its perimeter."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import translation

from essor.observatory.blocks import KeyFiguresBlock
from essor.observatory.models import PublishedFigure
from essor.observatory.queries import (
    figure_caption,
    figures_matching,
    figures_of,
    published_figure,
    share_text,
)
from essor.observatory.types import Measure, Qualifier, Unit
from essor.register.types import Family
from tests.territory.factories import TerritoryFactory
from tests.territory.reference import store_some

from .factories import PublishedFigureFactory

pytestmark = pytest.mark.django_db

NB, NNB = "\u00a0", "\u202f"


def said(figure, **options):
    return figure_caption(PublishedFigure.objects.get(pk=figure.pk), **options)


def test_a_caption_says_what_where_when_and_according_to_whom():
    figure = PublishedFigureFactory(
        vintage="fin 2021", source="Insee", address="https://insee.fr/fr/statistiques/8189389"
    )
    caption = said(figure)
    assert str(caption.value) == f"60{NNB}878"
    assert caption.label == "personnes salariées de l’économie sociale et solidaire"
    assert caption.place == "Métropole Européenne de Lille"
    assert caption.vintage == "fin 2021"
    assert caption.address == "https://insee.fr/fr/statistiques/8189389"
    assert caption.perimeter == "non précisé par la source"


def test_a_caption_is_in_the_language_of_the_reader():
    figure = PublishedFigureFactory()
    with translation.override("en"):
        caption = said(figure)
    assert str(caption.value) == "60,878"
    assert caption.label == "employees of the social and solidarity economy"


def test_every_measure_unit_and_family_has_words():
    from essor.observatory.rules import UNITS_OF

    figure = PublishedFigureFactory()
    seen = set()
    for measure, units in UNITS_OF.items():
        for unit in units:
            for family in ("", *Family):
                figure.measure, figure.unit, figure.family = measure, unit, family
                figure.value = Decimal("0.1") if unit == Unit.SHARE else Decimal(10)
                seen.add(figure_caption(figure).label)
    assert len(seen) == sum(len(units) for units in UNITS_OF.values()) * 6
    assert not [label for label in seen if "%(" in label]


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [
        ({"value": 4000, "qualifier": Qualifier.NEARLY}, f"près de 4{NNB}000"),
        ({"value": 4000, "qualifier": Qualifier.ABOUT}, f"environ 4{NNB}000"),
        ({"value": None, "low": 3800, "high": 4200}, f"entre 3{NNB}800 et 4{NNB}200"),
        ({"value": 4000, "low": 3800, "high": 4200}, f"entre 3{NNB}800 et 4{NNB}200"),
        ({"value": 4000, "qualifier": Qualifier.ROUNDED}, f"4{NNB}000"),
    ],
)
def test_a_count_is_shown_no_surer_than_its_source(amounts, shown):
    assert str(said(PublishedFigureFactory(**amounts)).value) == shown


def test_a_share_is_shown_in_hundredths():
    share = {"measure": Measure.SHARE_OF_EMPLOYMENT, "unit": Unit.SHARE}
    more = PublishedFigureFactory(value=Decimal("0.1"), qualifier=Qualifier.MORE_THAN, **share)
    assert str(said(more).value) == f"plus de 10{NB}%"
    assert said(more).label == "des emplois relèvent de l’économie sociale et solidaire"
    between = PublishedFigureFactory(
        value=None, low=Decimal("0.096"), high=Decimal("0.11"), **share
    )
    assert str(said(between).value) == f"entre 9,6{NB}% et 11{NB}%"


def test_what_was_rounded_or_named_otherwise_or_taken_over_is_said():
    figure = PublishedFigureFactory(
        qualifier=Qualifier.ROUNDED,
        territory_as_published="Nord-Pas-de-Calais",
        as_stated=True,
        provenance="Page fondatrice",
    )
    caption = said(figure)
    assert "chiffre arrondi" in caption.perimeter
    assert "Nord-Pas-de-Calais" in caption.perimeter
    assert caption.provenance == "Page fondatrice"


def test_a_month_is_said_in_words_and_a_span_of_years_stays_whole():
    assert said(PublishedFigureFactory(vintage="11/2022")).vintage == f"novembre{NB}2022"
    assert said(PublishedFigureFactory(vintage="13/2022")).vintage == "13/2022"
    assert said(PublishedFigureFactory(vintage="2016-2018")).vintage == "2016\u20112018"


def test_what_is_shared_carries_its_year_and_source():
    figure = PublishedFigureFactory(source="Atlas, 6e éd.")
    assert share_text(said(figure, label="emplois dans l’ESS")) == (
        f"60{NNB}878 emplois dans l’ESS – Métropole Européenne de Lille (2026)."
        f" Source{NB}: Atlas, 6e éd."
    )


def rendered(block, value):
    return block.render(block.to_python(value))


def chosen(*figures, label=""):
    return {
        "title": "En chiffres",
        "figures": [
            {"type": "item", "id": str(uuid4()), "value": {"figure": figure.pk, "label": label}}
            for figure in figures
        ],
    }


def test_the_box_shows_figures_in_the_order_chosen_with_the_words_of_the_editor():
    first, second = PublishedFigureFactory(value=111), PublishedFigureFactory(value=222)
    page = rendered(KeyFiguresBlock(), chosen(second, first, label="emplois utiles"))
    assert page.index("222") < page.index("111")
    assert page.count("emplois utiles") == 2
    assert first.source in page
    assert "non précisé par la source" in page


def test_the_box_links_to_the_source_and_escapes_what_it_says():
    linked = PublishedFigureFactory(address="https://insee.fr/x?a=1&b=2")
    unlinked = PublishedFigureFactory(source="<script>alert(1)</script>")
    page = rendered(KeyFiguresBlock(), chosen(linked, unlinked))
    assert '<a href="https://insee.fr/x?a=1&amp;b=2">' in page
    assert page.count("<a ") == 1
    assert "<script>" not in page


def test_a_figure_deleted_since_leaves_the_others():
    kept, deleted = PublishedFigureFactory(value=111), PublishedFigureFactory(value=222)
    value = chosen(deleted, kept)
    deleted.delete()
    page = rendered(KeyFiguresBlock(), value)
    assert "111" in page
    assert page.count("figures__item") == 1


def test_the_box_takes_one_query_for_two_figures_or_twelve(django_assert_num_queries):
    block, figures = KeyFiguresBlock(), PublishedFigureFactory.create_batch(12)
    rendered(block, chosen(*figures[:1]))
    for some in (figures[:2], figures):
        with django_assert_num_queries(1):
            assert rendered(block, chosen(*some)).count("figures__item") == len(some)


def test_the_box_has_a_preview_that_needs_nothing_stored(django_assert_num_queries):
    block = KeyFiguresBlock()
    with django_assert_num_queries(0):
        page = block.render(block.get_preview_value())
    assert f"60{NNB}878" in page
    assert f"10,5{NB}%" in page


def test_figures_of_a_place_come_latest_first():
    old, new = PublishedFigureFactory(year=2013), PublishedFigureFactory(year=2026)
    elsewhere = PublishedFigureFactory(territory=TerritoryFactory(name="Lille"))
    assert list(figures_of(new.territory)) == [new, old]
    assert elsewhere not in figures_of(new.territory)


def test_the_figure_of_a_year_may_be_that_of_another_page():
    stated = PublishedFigureFactory(as_stated=True, provenance="Page fondatrice")
    published = PublishedFigureFactory()
    PublishedFigureFactory(family=Family.ASSOCIATION)
    place, measure = published.territory, Measure.EMPLOYEES
    assert published_figure(place, measure, year=2026) == published
    assert published_figure(place, measure, year=2026, as_stated=True) == stated
    assert published_figure(place, measure, year=1999) is None


def test_figures_are_searched_by_place_source_date_and_measure():
    store_some("200093201")
    figure = PublishedFigureFactory(source="Insee Analyses", vintage="fin 2021", year=2021)
    PublishedFigureFactory(
        territory=TerritoryFactory(name="Roubaix"),
        measure=Measure.ENTERPRISES,
        unit=Unit.ENTERPRISES,
        source="Atlas",
    )
    for text in ("mel", "métropole", "insee", "2021", "emplois", "MEL insee 2021"):
        assert list(figures_matching(text)) == [figure], text
    assert not figures_matching("roubaix insee")
    assert len(figures_matching("")) == 2


def test_a_shared_box_shows_its_first_figure_with_its_source():
    figure = PublishedFigureFactory(vintage="fin 2021", source="Insee")
    block = KeyFiguresBlock()
    shared = block.share_figure(block.to_python(chosen(figure, PublishedFigureFactory(value=1))))
    assert shared.value == f"60{NNB}878"
    assert shared.label == "personnes salariées de l’économie sociale et solidaire"
    assert shared.source == f"Métropole Européenne de Lille, fin 2021. Source{NB}: Insee"


def test_a_shared_box_whose_figures_are_gone_shows_none():
    figure = PublishedFigureFactory()
    block, value = KeyFiguresBlock(), chosen(figure)
    figure.delete()
    assert block.share_figure(block.to_python(value)) is None
