"""The records shipped for the demonstration come in whole, and its basket is found."""

from pathlib import Path

import pytest
from django.core.management import call_command

import essor.demo
from essor.catalogue.models import Basket, ImportRun
from essor.catalogue.queries import records_in_basket

DATA = Path(essor.demo.__file__).parent / "data"


@pytest.mark.django_db
def test_the_demonstration_has_its_records_and_its_basket_of_fifteen():
    call_command("import_records", str(DATA / "records.mrc"), "--source", "demonstration")
    call_command("import_basket", str(DATA / "basket.csv"), "--name", "Lire l’économie", "--public")

    assert (ImportRun.objects.get().new, ImportRun.objects.get().rejected) == (160, 0)
    titles = [record.title for record in records_in_basket(Basket.objects.get())]
    assert (len(titles), titles[0]) == (15, "L'horreur économique")
