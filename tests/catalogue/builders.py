"""Plain builders: records in exchange format, records in the store, saying only what a case is about."""

import io
from datetime import UTC, datetime
from pathlib import Path

import factory
import pytest
from PIL import Image, ImageDraw
from pymarc import Field, Indicators, Leader, Record, Subfield

from essor.catalogue import models
from essor.catalogue.importers.opening import opened
from essor.catalogue.importers.profiles import shipped_profile
from essor.catalogue.importers.reading import Reading
from essor.catalogue.rules import filing_form
from essor.catalogue.types import BadRecord

MARC = Path(__file__).parents[1] / "data" / "marc"
SHARED_SETS = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
SHARED_MARC = SHARED_SETS / "unimarc"

LEADER = "00000nam0 2200000   450 "


def a_field(written, indicators="  "):
    """Read a field as a cataloguer writes it: `200 $aTitle$fAuthor`."""
    tag, _, rest = written.partition(" ")
    if tag < "010":
        return Field(tag=tag, data=rest)
    subfields = [Subfield(code=part[0], value=part[1:]) for part in rest.split("$")[1:]]
    return Field(tag=tag, indicators=Indicators(*indicators), subfields=subfields)


def marc(*fields, leader=LEADER):
    """A UNIMARC record in ISO 2709, UTF-8."""
    record = Record(force_utf8=True)
    record.leader = Leader(leader)
    record.add_field(*(f if isinstance(f, Field) else a_field(f) for f in fields))
    return record.as_marc()


def a_book(number="1", title="Germinal", author="Zola, Émile", *more):
    """The least a record needs, and an author."""
    name, _, forename = author.partition(", ")
    return marc(f"001 {number}", f"200 $a{title}", f"700 $a{name}$b{forename}$4070", *more)


def a_picture(width=400, height=600, *, form="PNG", mode="RGB", seed=0, **options):
    """A file with something to see in it."""
    picture = Image.new(mode, (width, height), "white")
    pen = ImageDraw.Draw(picture)
    for row in range(0, height, 40):
        pen.rectangle((seed, row, width // 2, row + 18), fill="black")
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def received_in(content, file_name="", start=0):
    """What a file holds, record by record, before anything is understood of it."""
    return list(opened(io.BytesIO(content), file_name).received(start))


def values_in(content, profile="koha-france", encoding=None):
    """What is understood of each record of a file."""
    reading = Reading(shipped_profile(profile), encoding)
    return [
        one if isinstance(one, BadRecord) else reading.understood(one)
        for one in received_in(content)
    ]


def shared_set(name):
    """The path of a set of real records; the test is skipped where it is missing."""
    path = SHARED_SETS / name
    if not path.exists():
        pytest.skip(f"{path} is not here.")
    return path


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Source
        django_get_or_create = ["code"]

    code = "reseau"
    name = "Réseau des médiathèques"


class RecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Record

    source = factory.SubFactory(SourceFactory)
    control_number = factory.Sequence(str)
    title = "Germinal"
    filing_title = factory.LazyAttribute(lambda record: filing_form(record.title)[:200])
    document_type = "book"
    received = factory.LazyAttribute(lambda record: a_book(record.control_number, record.title))
    checksum = b"-"
    added_at = datetime(2026, 1, 1, tzinfo=UTC)
    changed_at = factory.SelfAttribute("added_at")


class BranchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Branch

    source = factory.SubFactory(SourceFactory)
    code = factory.Sequence("B{}".format)
    name = factory.Sequence("Bibliothèque {}".format)


class ItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Item

    record = factory.SubFactory(RecordFactory)
    source = factory.SelfAttribute("record.source")
    barcode = factory.Sequence("{:010}".format)
    availability = "available"


class BasketFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Basket

    name = factory.Sequence("Panier {}".format)
    slug = factory.Sequence("panier-{}".format)
    is_public = True


def a_basket_of(count, **fields):
    """A public basket of so many records, in the order of their numbers."""
    basket = BasketFactory(**fields)
    for place in range(count):
        record = RecordFactory(title=f"Titre {place:03}")
        models.BasketItem.objects.create(basket=basket, record=record, sort_order=place)
    return basket
