"""Bring in what the package carries, by the commands that a network would run itself."""

from io import StringIO

from django.core.management import call_command

from essor.catalogue.models import Basket
from essor.demo.importers.content import DATA
from essor.kiosk.models import Kiosk

SOURCE = "demonstration"
SOURCE_NAME = "Catalogue de démonstration"
BASKET = "economie-sociale-et-solidaire"
BASKET_NAME = "Économie sociale et solidaire"


KIOSK_NAME = "À lire et à emprunter"


def import_territories() -> None:
    """Bring in the communes, EPCIs, departments and regions of France."""
    call_command("import_territories", stdout=StringIO())


def import_figures() -> None:
    """Bring in the published figures that the package carries."""
    call_command("import_published_figures", stdout=StringIO())


def import_records() -> None:
    """Bring in the records of the catalogue, the basket and the kiosk that shows it."""
    records, basket = DATA / "records.mrc", DATA / "basket.csv"
    call_command(
        "import_records", records, source=SOURCE, source_name=SOURCE_NAME, stdout=StringIO()
    )
    call_command(
        "import_basket",
        basket,
        name=BASKET_NAME,
        slug=BASKET,
        source=SOURCE,
        public=True,
        stdout=StringIO(),
    )
    shown = Kiosk(name=KIOSK_NAME, slug=BASKET, basket=Basket.objects.get(slug=BASKET))
    shown.full_clean()
    shown.save()


def build_index() -> None:
    """Let readers find all this at once; later changes reach the index by themselves."""
    call_command("rebuild_search", stdout=StringIO())
