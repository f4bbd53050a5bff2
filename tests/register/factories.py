"""Structures of the register, stating only what a case is about."""

import factory
from django.utils import timezone

from essor.register.models import Approval, Establishment, LegalUnit, Vintage
from essor.register.types import ApprovalKind, Family, PointSource, Sector, Status
from tests.territory.factories import TerritoryFactory


class VintageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Vintage
        django_get_or_create = ("is_current",)

    area = "epci:200093201"
    month = "2026-11"
    perimeter = "2026-11"
    manifest = factory.LazyFunction(dict)
    is_current = True
    is_indexed = True
    shown_at = factory.LazyFunction(timezone.now)


class LegalUnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LegalUnit

    vintage = factory.SubFactory(VintageFactory)
    siren = factory.Sequence(lambda n: f"{300_000_000 + n}")
    name = factory.Sequence(lambda n: f"Structure {n}")
    filing_name = factory.LazyAttribute(lambda unit: unit.name.casefold())
    category = "9220"
    activity = "94.99Z"
    nomenclature = "NAFRev2"
    sector = Sector.ASSOCIATIVE_LIFE
    flag = "O"
    family = Family.ASSOCIATION
    status = Status.RECOGNISED
    reasons = factory.LazyAttribute(
        lambda unit: [
            "flag=O",
            f"category={unit.category}",
            f"family={unit.family}",
            f"perimeter={unit.vintage.perimeter}",
        ]
    )
    head_office = factory.LazyAttribute(lambda unit: f"{unit.siren}00011")
    commune = factory.SubFactory(TerritoryFactory, code="59350", name="Lille")


class EstablishmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Establishment

    unit = factory.SubFactory(LegalUnitFactory)
    vintage = factory.SelfAttribute("unit.vintage")
    siret = factory.LazyAttributeSequence(lambda place, n: f"{place.unit.siren}{n % 100_000:05}")
    is_head_office = True
    street = "12 rue du Marché"
    postcode = "59000"
    commune = factory.SelfAttribute("unit.commune")
    activity = factory.SelfAttribute("unit.activity")
    nomenclature = factory.SelfAttribute("unit.nomenclature")
    longitude = 3.0573
    latitude = 50.6292
    point_source = PointSource.ADDRESS


class ApprovalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Approval

    kind = ApprovalKind.ESUS
    siren = factory.Sequence(lambda n: f"{300_000_000 + n}")
    source = "Direction générale du Trésor"
