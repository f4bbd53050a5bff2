"""The site of the demonstration: its identity, its pictures, its address."""

from dataclasses import asdict

from django.core.files.images import ImageFile
from wagtail.models import Site

from essor.demo.importers.content import PICTURES, read_identity, read_pictures
from essor.portal.models import Picture, PortalSettings
from essor.portal.services.sites import create_portal

HOST = "127.0.0.1"
CREDIT = "Dessin : projet Essor"
LICENCE = "AGPL-3.0-or-later"


def open_site(port: int) -> None:
    """Make the portal and tell what it says of itself."""
    identity = read_identity()
    site = create_portal(name=identity.name, hostname=HOST, port=port)
    PortalSettings.objects.update_or_create(site=site, defaults=asdict(identity))


def keep_pictures() -> None:
    """Put the drawings among the pictures of the portal."""
    for picture in read_pictures():
        with (PICTURES / f"{picture.name}.webp").open("rb") as file:
            Picture.objects.create(
                title=picture.title,
                description=picture.alt,
                file=ImageFile(file, name=f"{picture.name}.webp"),
                credit=CREDIT,
                licence=LICENCE,
            )


def follow_port(port: int) -> None:
    """Write complete addresses with the port served this time, unless the site was moved elsewhere."""
    Site.objects.filter(hostname=HOST, is_default_site=True).exclude(port=port).update(port=port)
    Site.clear_site_root_paths_cache()
