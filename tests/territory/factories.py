"""Territories, stating only what a case is about."""

import factory

from essor.territory.models import Edition, Territory
from essor.territory.rules import fold
from essor.territory.types import Kind


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Edition
        django_get_or_create = ("year",)

    year = 2026
    name = factory.LazyAttribute(lambda edition: f"COG {edition.year}")
    source = "INSEE"
    licence = "Licence Ouverte 2.0"
    population_source = "INSEE, population municipale"


class TerritoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Territory
        django_get_or_create = ("kind", "code")

    kind = Kind.COMMUNE
    code = factory.Sequence(lambda n: f"{59000 + n}")
    name = factory.Sequence(lambda n: f"Commune {n}")
    folded = factory.LazyAttribute(lambda territory: fold(territory.name))
    edition = factory.SubFactory(EditionFactory)
