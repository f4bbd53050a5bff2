"""Bring in what the package carries, by the commands that a network would run itself."""

from datetime import date
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.utils.text import slugify

from essor.catalogue.asked import Asked
from essor.catalogue.models import Basket, Branch, SavedSearch
from essor.demo.importers.content import DATA
from essor.demo.types import SampleCatalogue, SampleKiosk, SampleList
from essor.kiosk.models import Kiosk, OldNumber
from essor.kiosk.types import Display
from essor.search import Sort

SOURCE = "demonstration"
MEL = "200093201"
"""The EPCI of the Lille metropolis."""
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
KIOSKS = (
    SampleKiosk(BASKET, "À lire et à emprunter", Display.STRIP),
    SampleKiosk("toutes-les-couvertures", "Toutes les couvertures", Display.GRID),
    SampleKiosk("un-livre-a-la-fois", "Un livre à la fois", Display.SINGLE),
    SampleKiosk("vitrine", "La vitrine", Display.VERTICAL, autoplay_s=8),
    SampleKiosk("defile-de-couvertures", "Le défilé des couvertures", Display.COVER_FLOW),
    SampleKiosk("liste-de-lecture", "Liste de lecture", Display.LIST),
)
"""One kiosk of the basket for each display; the pages show the first one."""
OLD_NUMBER = 37
"""The number of the basket in the snippet that the founding page shows."""

LISTS = (
    SampleList(
        "siae-mel-2020-12.csv",
        "siae",
        "Structures d’insertion par l’activité économique (métropole lilloise)",
        "Liste publique de l’ASP ; fichier tiré d’un dépôt sous AGPL-3.0",
        "Agence de services et de paiement (ASP) et DGEFP, extraction du 18 décembre 2020",
        date(2020, 12, 18),
    ),
    SampleList(
        "finess-mel-2026-01.csv",
        "finess",
        "Établissements sanitaires et sociaux, FINESS (métropole lilloise, extrait)",
        "Licence Ouverte (données FINESS) ; fichier tiré d’un dépôt sous licence MIT",
        "FINESS, importé en janvier 2026",
        date(2026, 1, 31),
    ),
)
"""Directories that others keep: dirty rows stay as they are. data/README.md says of which commit each is."""


def import_territories() -> None:
    """Bring in the communes, EPCIs, departments and regions of France."""
    call_command("import_territories", stdout=StringIO())


def import_figures() -> None:
    """Bring in the published figures that the package carries."""
    call_command("import_published_figures", stdout=StringIO())


def import_register() -> None:
    """Build the directory of the Lille metropolis from the synthetic extract, and show it."""
    folder = settings.HOME / "register" / SOURCE
    call_command(
        "build_register",
        legal_units=DATA / "sirene" / "StockUniteLegale_synthetic.parquet",
        establishments=DATA / "sirene" / "StockEtablissement_synthetic.parquet",
        area=f"epci:{MEL}",
        output=folder,
        stdout=StringIO(),
        stderr=StringIO(),
    )
    call_command("load_register", folder, stdout=StringIO())


def import_directories() -> None:
    """Bring in the lists of SIAE and of FINESS for the metropolis, and match them with the register."""
    for listed in LISTS:
        call_command(
            "import_directory",
            DATA / listed.file,
            kind=listed.kind,
            name=listed.name,
            licence=listed.licence,
            origin=listed.origin,
            date=listed.day,
            stdout=StringIO(),
        )


def import_records() -> None:
    """Bring in the three catalogues, then the basket, the saved search and the kiosks that show them."""
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
    for kiosk in KIOSKS:
        _open(kiosk)
    _keep_old_number()


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


def _open(kiosk: SampleKiosk) -> None:
    opened = Kiosk(
        name=kiosk.name,
        slug=kiosk.slug,
        basket=Basket.objects.get(slug=BASKET),
        display=kiosk.display,
        autoplay_s=kiosk.autoplay_s,
    )
    opened.full_clean()
    opened.save()


def _keep_old_number() -> None:
    kept = OldNumber(number=OLD_NUMBER, basket=Basket.objects.get(slug=BASKET))
    kept.full_clean()
    kept.save()


def build_index() -> None:
    """Let readers find all this at once; later changes reach the index by themselves."""
    call_command("rebuild_search", stdout=StringIO())
