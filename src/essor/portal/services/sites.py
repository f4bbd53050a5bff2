"""A new portal: a site, its home page and its list of dossiers."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http.request import split_domain_port
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from essor.portal.models import DossierIndexPage, HomePage

DOSSIERS_SLUG = "dossiers"
WELCOME_TITLE = "Welcome to your new Wagtail site!"


@transaction.atomic
def create_portal(*, name: str, hostname: str, port: int = 80) -> Site:
    """Give the site of this host, made with a home page and a list of dossiers if there is none; twice is once.

    The first portal of a base answers every host that has none of its own, and takes the place of
    Wagtail's welcome page. Raises ValidationError when the host name is not one.
    """
    hostname = _host_name(hostname)
    existing = (
        Site.objects.filter(hostname=hostname, port=port)
        .exclude(root_page__title=WELCOME_TITLE)
        .first()
    )
    if existing:
        return existing
    _leave_welcome_page()
    home = Page.get_first_root_node().add_child(
        instance=HomePage(title=name, slug=_free_slug(hostname))
    )
    home.add_child(
        instance=DossierIndexPage(title=_("Dossiers"), slug=DOSSIERS_SLUG, show_in_menus=True)
    )
    site = Site(
        hostname=hostname,
        port=port,
        root_page=home,
        site_name=name,
        is_default_site=not Site.objects.filter(is_default_site=True).exists(),
    )
    site.full_clean()
    site.save()
    return site


def _leave_welcome_page() -> None:
    for page in Page.objects.filter(depth=2, title=WELCOME_TITLE):
        Site.objects.filter(root_page=page).delete()
        page.delete()


def _host_name(text: str) -> str:
    domain, port = split_domain_port(text.strip())
    if not domain.strip(".-") or port:
        raise ValidationError(
            _("“%(hostname)s” is not a host name: write it as in ess.example.org.")
            % {"hostname": text}
        )
    return domain


def _free_slug(hostname: str) -> str:
    slug = slugify(hostname.replace(".", "-")) or "portal"
    taken = set(Page.get_first_root_node().get_children().values_list("slug", flat=True))
    return next(s for s in (slug, *(f"{slug}-{n}" for n in range(2, 1000))) if s not in taken)
