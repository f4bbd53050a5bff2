"""Published figures, stating only what a case is about."""

from decimal import Decimal

import factory

from essor.observatory.models import PublishedFigure
from essor.observatory.types import Measure, Unit
from tests.territory.factories import TerritoryFactory


class PublishedFigureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PublishedFigure

    territory = factory.SubFactory(
        TerritoryFactory, kind="epci", code="200093201", name="Métropole Européenne de Lille"
    )
    measure = Measure.EMPLOYEES
    unit = Unit.EMPLOYEES
    value = Decimal(60878)
    vintage = "2026"
    year = 2026
    source = factory.Sequence(lambda n: f"Panorama {n}")
