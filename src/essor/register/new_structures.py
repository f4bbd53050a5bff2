"""The newly created structures of a territory, as an Atom feed."""

from datetime import UTC, datetime, time

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from essor.presentation.templatetags.typography import long_date
from essor.register.asked import PARAMETERS, Asked, Order
from essor.register.models import LegalUnit, Vintage
from essor.register.queries import current_vintage
from essor.register.selecting import Selection, named
from essor.register.structure_page import display_name, summary_of
from essor.territory.models import Territory
from essor.territory.types import Kind

FEED_LENGTH = 30
KEPT_S = 3_600
BEFORE_ANY = datetime(2026, 1, 1, tzinfo=UTC)
# What XML 1.0 cannot carry, even escaped.
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(55296, 57344), 65534, 65535))


class NewStructures(Atom1Feed):
    """A feed whose date is that from which the vintage is shown, whatever its entries."""

    def latest_post_date(self) -> datetime:
        """Give since when the vintage is shown: an earlier one that is shown again is news too."""
        since: datetime = self.feed["since"]
        return since


@require_safe
@cache_control(public=True, max_age=KEPT_S)
def new_structures_feed(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Follow what is founded in a territory; 404 for one that we do not know. Nobody masked is named."""
    territory = Territory.objects.filter(kind=kind, code=code).first()
    if territory is None:
        raise Http404
    vintage = current_vintage()
    site = Site.find_for_request(request)
    own = request.build_absolute_uri(request.path)
    feed = NewStructures(
        title=_("New structures of the ESS: %(territory)s") % {"territory": territory.name},
        subtitle=_("Created lately, as SIRENE tells it."),
        link=request.build_absolute_uri(_list_of(territory)),
        description="",
        feed_url=own,
        feed_guid=own,
        language=get_language(),
        author_name=(site and site.site_name) or request.get_host(),
        since=(vintage.shown_at or vintage.loaded_at) if vintage else BEFORE_ANY,
    )
    host = site.hostname if site else request.get_host().partition(":")[0]
    for unit in latest_created(territory):
        _add(feed, unit, host, request)
    response = HttpResponse(content_type=feed.content_type)
    response.headers["Last-Modified"] = http_date(feed.latest_post_date().timestamp())
    feed.write(response, "utf-8")
    return response


def feed_address(asked: Asked, vintage: Vintage) -> str:
    """Give the feed of what a search looks at: the whole area, or one commune; else nothing."""
    communes = asked.chosen.get("commune", ())
    if asked == Asked():
        kind, _colon, code = vintage.area.partition(":")
    elif asked.state == {PARAMETERS["commune"]: list(communes[:1])}:
        kind, code = Kind.COMMUNE, communes[0]
    else:
        return ""
    is_code = code.isascii() and code.isalnum()
    return reverse("new-structures-feed", args=[kind, code]) if is_code else ""


def feed_of(territory: Territory) -> str:
    """Give the feed of a territory."""
    return reverse("new-structures-feed", args=[territory.kind, territory.code])


def latest_created(territory: Territory, most: int = FEED_LENGTH) -> tuple[LegalUnit, ...]:
    """Give the last created structures of a territory that have an identity to show, the newest first."""
    units = named(Selection().within(f"{territory.kind}:{territory.code}").units())
    dated = units.filter(created_on__isnull=False).select_related("commune")
    return tuple(dated.order_by("-created_on", "siren")[:most])


def _list_of(territory: Territory) -> str:
    """Give the list of the directory that is nearest to a feed, the newest first."""
    asked = Asked(order=Order.NEWEST)
    if territory.kind == Kind.COMMUNE:
        asked = asked.among("commune", territory.code)
    return reverse("directory") + asked.address


def _add(feed: Atom1Feed, unit: LegalUnit, host: str, request: HttpRequest) -> None:
    if unit.created_on is None:
        return
    day = datetime.combine(unit.created_on, time(), UTC)
    place = unit.commune.name if unit.commune else ""
    said = [
        summary_of(unit),
        _("Created on %(day)s") % {"day": long_date(unit.created_on)},
        place,
    ]
    feed.add_item(
        title=display_name(unit, is_hidden=False).translate(_NOT_XML),
        link=request.build_absolute_uri(unit.get_absolute_url()),
        description=" – ".join(part for part in said if part).translate(_NOT_XML),
        pubdate=day,
        updateddate=day,
        unique_id=f"tag:{host},2026:structure/{unit.siren}",
        unique_id_is_permalink=False,
    )
