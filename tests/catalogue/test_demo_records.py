"""The records shipped for the demonstration come in whole, and its basket is found."""

from pathlib import Path

import pytest
from django.core.management import call_command

import essor.demo
from essor.catalogue.models import Basket, ImportProblem, Item, Record
from essor.catalogue.queries import records_in_basket

DATA = Path(essor.demo.__file__).parent / "data"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("names", "records", "items", "problems"),
    [
        (["records.mrc", "items.csv"], 800, 1278, 0),
        (["languages.xml.gz"], 434, 955, 1),
        (["collections.xml"], 48, 31, 0),
    ],
)
def test_the_catalogues_of_the_demonstration_come_in(names, records, items, problems):
    for name in names:
        call_command("import_records", str(DATA / name), "--source", "exemple")

    assert (Record.objects.count(), Item.objects.count()) == (records, items)
    # Two records of the catalogue of languages have the number 2609914: the first is kept.
    assert ImportProblem.objects.count() == problems


@pytest.mark.django_db
def test_the_demonstration_has_its_basket_of_fifteen():
    call_command("import_records", str(DATA / "records.mrc"), "--source", "demonstration")
    call_command("import_basket", str(DATA / "basket.csv"), "--name", "Lire l’économie", "--public")

    titles = [record.title for record in records_in_basket(Basket.objects.get())]
    assert (len(titles), titles[0]) == (15, "L'horreur économique")
