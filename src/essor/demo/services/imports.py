"""Bring in what the package carries, by the commands that a network would run itself."""

from io import StringIO

from django.core.management import call_command
from django.utils.text import slugify

from essor.catalogue.asked import Asked
from essor.catalogue.models import Basket, Branch, SavedSearch
from essor.demo.importers.content import DATA
from essor.demo.types import SampleCatalogue
from essor.kiosk.models import Kiosk
from essor.search import Sort

SOURCE = "demonstration"
CATALOGUES = (
    SampleCatalogue(
        SOURCE, "Catalogue de démonstration", ("records.mrc", "items.csv"), "koha-france"
    ),
    SampleCatalogue(
        "langues", "Fonds en langues du monde (exemple)", ("languages.xml.gz",), "koha-marc21"
    ),
    SampleCatalogue("collections", "Collections diverses (exemple)", ("collections.xml",), "pmb"),
)
BRANCHES = {
    "CPL": "Salle des langues, Centerville (fictive)",
    "FPL": "Salle des langues, Fairview (fictive)",
    "MPL": "Salle des langues, Midway (fictive)",
}
"""The libraries of the sample data of Koha, by their codes."""

BASKET = "economie-sociale-et-solidaire"
BASKET_NAME = "Économie sociale et solidaire"
SEARCH_NAME = "Le travail, les plus empruntés"
SEARCH_TEXT = "travail"
KIOSK_NAME = "À lire et à emprunter"


def import_territories() -> None:
    """Bring in the communes, EPCIs, departments and regions of France."""
    call_command("import_territories", stdout=StringIO())


def import_figures() -> None:
    """Bring in the published figures that the package carries."""
    call_command("import_published_figures", stdout=StringIO())


def import_records() -> None:
    """Bring in the three catalogues, then the basket, the saved search and the kiosk that show them."""
    for catalogue in CATALOGUES:
        for name in catalogue.files:
            call_command(
                "import_records",
                DATA / name,
                source=catalogue.source,
                source_name=catalogue.name,
                profile=catalogue.profile,
                stdout=StringIO(),
            )
    _name_branches()
    call_command(
        "import_basket",
        DATA / "basket.csv",
        name=BASKET_NAME,
        slug=BASKET,
        source=SOURCE,
        public=True,
        stdout=StringIO(),
    )
    _keep_search()
    _open_kiosk()


def _name_branches() -> None:
    for code, name in BRANCHES.items():
        Branch.objects.filter(code=code).update(name=name)


def _keep_search() -> None:
    asked = Asked(text=SEARCH_TEXT, sort=Sort.BORROWED)
    kept = SavedSearch(
        name=SEARCH_NAME, slug=slugify(SEARCH_NAME), criteria=asked.criteria, is_public=True
    )
    kept.full_clean()
    kept.save()


def _open_kiosk() -> None:
    shown = Kiosk(name=KIOSK_NAME, slug=BASKET, basket=Basket.objects.get(slug=BASKET))
    shown.full_clean()
    shown.save()


def build_index() -> None:
    """Let readers find all this at once; later changes reach the index by themselves."""
    call_command("rebuild_search", stdout=StringIO())
