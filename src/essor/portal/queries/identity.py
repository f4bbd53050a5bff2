"""Who publishes the portal that a request is for."""

from urllib.parse import urljoin

from django.http import HttpRequest
from wagtail.models import Site

from essor.portal.models import PortalSettings


def identity_for(request: HttpRequest) -> PortalSettings | None:
    """Give the identity of the portal asked for; None where no site answers this host."""
    return PortalSettings.for_request(request) if Site.find_for_request(request) else None


def portal_name(request: HttpRequest) -> str:
    """Give the name of the portal: the one chosen by the network, else the one of its site."""
    site, identity = Site.find_for_request(request), identity_for(request)
    return (identity and identity.name) or (site and site.site_name) or "Essor"


def public_address(path: str, request: HttpRequest) -> str:
    """Give the full address of a path of this portal, on the portal's own host.

    The request's scheme and port are kept when it came to that host; a portal that answers a
    second host name still gives the first.
    """
    site = Site.find_for_request(request)
    if site is None or site.hostname == request.get_host().partition(":")[0]:
        return request.build_absolute_uri(path)
    return urljoin(site.root_url, path)
