"""A kiosk as a feed: the same records without any draw, so that a reader is told of each one once."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor.catalogue.feeds import answer_with_feed
from essor.catalogue.models import Record
from essor.kiosk.choosing import records_shown
from essor.kiosk.cross_origin import readable_by_any_site
from essor.kiosk.models import Kiosk
from essor.kiosk.queries import kiosks_to_show
from essor.kiosk.types import Draw

KEPT_S = 60


@require_safe
@readable_by_any_site
@cache_control(public=True, max_age=KEPT_S)
def kiosk_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Follow a kiosk; one whose source is not public has an empty feed."""
    kiosk = get_object_or_404(kiosks_to_show(), slug=slug)
    changes = [kiosk.changed_at, *([kiosk.source.changed_at] if kiosk.source else [])]
    return answer_with_feed(
        request,
        title=kiosk.name,
        page=kiosk.get_absolute_url(),
        records=_records_followed(kiosk),
        form=form,
        since=max(changes),
    )


def _records_followed(kiosk: Kiosk) -> tuple[Record, ...]:
    choice = replace(kiosk.choice, draw=Draw.NONE)
    return records_shown(kiosk.source, choice, identity=kiosk.slug)
