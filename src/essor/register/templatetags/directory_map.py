"""The small map of a structure: `{% places_map places family=unit.family area=vintage.area %}`."""

from collections.abc import Iterable
from typing import Any

from django import template

from essor.register.cartography.small_map import small_map
from essor.register.models import Establishment

register = template.Library()


@register.inclusion_tag("register/_map.html")
def places_map(places: Iterable[Establishment], *, family: str, area: str) -> dict[str, Any]:
    """Show on a map the establishments whose address is known; nothing when there are none."""
    return {"map": small_map(places, family=family, area=area)}
