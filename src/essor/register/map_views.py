"""The map of the directory: its page, and what its script asks for while it is moved."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor.register.cartography.base_map import base_map_of, geojson_of
from essor.register.cartography.clusters import Cluster, CommuneGroup, Place, Seen
from essor.register.cartography.grid import Bounds, Point, RefusedView, bounds_asked, view_asked
from essor.register.cartography.page import map_shown
from essor.register.cartography.rows import structures_in
from essor.register.cartography.seen import seen_by_all
from essor.register.embedding import map_frame
from essor.register.found import Found, structures_found
from essor.register.queries import current_vintage

POINTS_KEPT_S = 300
BASE_KEPT_S = 24 * 3_600
DECIMALS = 5
"""Of the degrees of an answer: one metre."""
LONGEST_NAME = 90


@require_safe
def directory_map(request: HttpRequest) -> HttpResponse:
    """Show where the structures that are found are."""
    found = structures_found(request.GET)
    context = {
        "map": map_shown(found) if found else None,
        "embed": map_frame(request, found.address) if found else None,
        "asked": found.asked if found else None,
        "kept": _kept_by_form(found) if found else (),
    }
    response = render(request, "register/map.html", context)
    if found is None or not found.is_everything:
        patch_cache_control(response, max_age=0)
    return response


def _kept_by_form(found: Found) -> tuple[tuple[str, str], ...]:
    """Give what the form keeps of this search, name by name: all but the words."""
    state = QueryDict(found.address_of(found.asked.asking("")).removeprefix("?"))
    return tuple((name, value) for name, values in state.lists() for value in values)


@require_safe
@cache_control(public=True, max_age=POINTS_KEPT_S)
def points(request: HttpRequest) -> HttpResponse:
    """Tell what a part of the map shows, gathered as its zoom asks."""
    _kept_by_browsers_alone(request)
    try:
        view = view_asked(request.GET.get("bbox", ""), request.GET.get("z", ""))
    except RefusedView as refused:
        return _refused(refused)
    found = structures_found(request.GET)
    return JsonResponse(_told(seen_by_all(view, found) if found else Seen()))


@require_safe
@cache_control(public=True, max_age=POINTS_KEPT_S)
def structures_here(request: HttpRequest) -> HttpResponse:
    """List the structures whose place is in a part of the map: the first by name, and how many there are."""
    _kept_by_browsers_alone(request)
    try:
        bounds = bounds_asked(request.GET.get("bbox", ""))
    except RefusedView as refused:
        return _refused(refused)
    found = structures_found(request.GET)
    count, first = structures_in(bounds, found.units, found.vintage) if found else (0, ())
    return JsonResponse({"count": count, "places": _told_places(first)})


@require_safe
@cache_control(public=True, max_age=BASE_KEPT_S)
def base_map(request: HttpRequest) -> HttpResponse:
    """Give the outlines that the map is drawn on, as GeoJSON; the address says of which vintage."""
    vintage = current_vintage()
    area = vintage.area if vintage else "france"
    return HttpResponse(geojson_of(base_map_of(area)), content_type="application/geo+json")


def _kept_by_browsers_alone(request: HttpRequest) -> None:
    """Keep an answer out of the cache of pages: there are more views than it can hold."""
    request._cache_update_cache = False  # type: ignore[attr-defined]


def _refused(refused: RefusedView) -> JsonResponse:
    return JsonResponse({"problem": str(refused)}, status=400)


def _told(seen: Seen) -> dict[str, Any]:
    return {
        "count": seen.count,
        "clusters": [_told_cluster(cluster) for cluster in seen.clusters],
        "places": _told_places(seen.places),
        "communes": [_told_commune(group) for group in seen.communes],
    }


def _told_cluster(cluster: Cluster) -> dict[str, Any]:
    told = {"at": _degrees(cluster.at), "count": cluster.count, "box": _box(cluster.bounds)}
    return {**told, "at_commune": cluster.at_commune} if cluster.at_commune else told


def _told_places(places: Iterable[Place]) -> list[dict[str, Any]]:
    return [
        {
            "at": _degrees(place.at),
            "siren": place.siren,
            "name": place.name[:LONGEST_NAME],
            "family": place.family,
            "commune": place.commune,
        }
        for place in places
    ]


def _told_commune(group: CommuneGroup) -> dict[str, Any]:
    return {
        "at": _degrees(group.at),
        "count": group.count,
        "code": group.code,
        "name": group.name,
    }


def _degrees(point: Point) -> tuple[float, float]:
    return round(point[0], DECIMALS), round(point[1], DECIMALS)


def _box(bounds: Bounds) -> list[float]:
    return [
        round(side, DECIMALS) for side in (bounds.west, bounds.south, bounds.east, bounds.north)
    ]
