"""The share menu of a page or box: plain links, no script of anyone else, and the link that lasts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import gettext, pgettext

from essor.presentation import permalinks
from essor.presentation.permalinks import Destination, Permalink, picture_of
from essor.presentation.types import SharedPicture

register = template.Library()

ICONS = {
    "facebook": "M12.5 3.5h-1A2.5 2.5 0 0 0 9 6v10.5M6 9.5h6",
    "x": "m4 4 12 12M16 4 4 16",
    "linkedin": "M4.5 8.5v7m0-11v.01M9 15.5v-7m0 3.5a3.25 3.25 0 0 1 6.5 0v3.5",
    "mastodon": "M3.5 15.5V8a3.25 3.25 0 0 1 6.5 0v3.5M10 8a3.25 3.25 0 0 1 6.5 0v7.5",
    "email": "M3 5h14v10.5H3zl7 6 7-6",
}
"""Drawn for Essor on a grid of 20, one stroke each."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of sharing: its name, its address with the link and title in it, its icon as a path."""

    label: str
    address: str
    icon: str


@register.inclusion_tag("presentation/_share.html", takes_context=True)
def share(context: dict[str, Any], title: object, permalink_id: object) -> dict[str, Any]:
    """Show the share menu of a thing, named by the end of its permanent link (`12`, `12-0a1b2c3d`).

    Shows nothing for a thing that has no link yet, as a page in its first preview.
    """
    link = permalinks.parse(str(permalink_id))
    if link is None:
        return {"link": None}
    address = permalinks.address_of(link, context.get("request"))
    return {
        "link": link,
        "title": title,
        "address": address,
        "ways": tuple(_ways(str(title), address, link)),
    }


@register.inclusion_tag("presentation/_thing_metadata.html", takes_context=True)
def thing_metadata(
    context: dict[str, Any], permalink_id: str, description: str = "", kind: str = "website"
) -> dict[str, Any]:
    """Tell what a thing of an app is when its own page is shared: title, address, picture.

    For the pages of things that claimed a letter (records, kiosks); pages of the portal tell more.
    """
    link, request = permalinks.parse(permalink_id), context["request"]
    thing = permalinks.resolve(link, request) if link else None
    site_name = context["portal"]["name"]
    return {
        "title": thing.title if thing else site_name,
        "description": description,
        "kind": kind,
        "canonical": request.build_absolute_uri(
            translate_url(request.path, settings.LANGUAGE_CODE)
        ),
        "site_name": site_name,
        "picture": _picture(link, thing, site_name, request) if link and thing else None,
    }


def _picture(
    link: Permalink, thing: Destination, portal: str, request: HttpRequest
) -> SharedPicture:
    picture = picture_of(thing, portal)
    path = reverse("share_picture", args=[link])
    return SharedPicture(request.build_absolute_uri(f"{path}?v={picture.checksum}"), picture.alt)


def _ways(title: str, address: str, link: Permalink) -> Iterator[Way]:
    named = (
        ("Facebook", "facebook", "https://www.facebook.com/sharer/sharer.php", {"u": address}),
        ("X", "x", "https://x.com/intent/post", {"text": title, "url": address}),
        (
            "LinkedIn",
            "linkedin",
            "https://www.linkedin.com/sharing/share-offsite/",
            {"url": address},
        ),
        ("Mastodon", "mastodon", reverse("share_on_mastodon"), {"adresse": str(link)}),
    )
    for label, icon, page, query in named:
        yield Way(label, f"{page}?{urlencode(query, quote_via=quote)}", ICONS[icon])
    yield Way(pgettext("share", "E-mail"), _mail(title, address), ICONS["email"])


def _mail(title: str, address: str) -> str:
    """Give the mailto link; blanks are %20 and lines CR LF, as RFC 6068 has it."""
    body = gettext("I think this may interest you:") + f"\r\n\r\n{title}\r\n{address}\r\n"
    return f"mailto:?subject={quote(title, safe='')}&body={quote(body, safe='')}"
