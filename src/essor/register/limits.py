"""What a search of the directory is limited to, as its list and its map tell it."""

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from essor.register.asked import Asked
from essor.register.facets import FACETS
from essor.register.queries import Near
from essor.search.answers import Chip, address_of, chips_of


def limits_of(
    asked: Asked,
    near: Near,
    labels: Mapping[str, Mapping[str, str]],
    address: Callable[[Asked], str] = address_of,
) -> Iterator[Chip]:
    """Give each limit with the address, on some page, of the search without it; a circle as it was measured."""
    yield from chips_of(asked, FACETS, labels, address)
    if asked.is_near:
        place = near.centre.label if near.centre else asked.near
        radius = near.circle.radius_km if near.circle else asked.radius_km
        label = _("%(radius)s km around %(place)s") % {"radius": radius, "place": place}
        yield Chip(pgettext("directory", "Near"), label, address(asked.anywhere()))


def reduced_radius(asked: Asked, near: Near) -> int | None:
    """Give the radius in use, in kilometres, when what was asked holds too many structures."""
    circle = near.circle
    return circle.radius_km if circle and circle.radius_km != asked.radius_km else None
