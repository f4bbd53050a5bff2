"""The facets of the directory and their values in words."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from essor.register.asked import Order
from essor.register.documents import UNKNOWN
from essor.register.labels import sector_label
from essor.register.models import FAMILY_LABELS, STATUS_LABELS, StructureTag
from essor.register.models.directory import APPROVAL_LABELS
from essor.territory.models import Territory
from essor.territory.types import Kind

FACETS: Mapping[str, Promise] = MappingProxyType(
    {
        "status": gettext_lazy("Status"),
        "family": gettext_lazy("Family"),
        "sector": gettext_lazy("Sector"),
        "commune": gettext_lazy("Commune"),
        "headcount": gettext_lazy("Headcount"),
        "approval": gettext_lazy("Approval"),
        "tag": pgettext_lazy("facet", "Tag"),
        "created": pgettext_lazy("facet", "Created"),
    }
)

ORDERS: Mapping[Order, Promise] = MappingProxyType(
    {
        Order.RELEVANCE: pgettext_lazy("order", "relevance"),
        Order.DISTANCE: pgettext_lazy("order", "distance"),
        Order.NAME: pgettext_lazy("order", "name"),
        Order.NEWEST: pgettext_lazy("order", "newest"),
    }
)

SIZE_LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        "0": gettext_lazy("no employee, or none known"),
        "1-9": gettext_lazy("1 to 9 employees"),
        "10-49": gettext_lazy("10 to 49 employees"),
        "50-249": gettext_lazy("50 to 249 employees"),
        "250": gettext_lazy("250 employees or more"),
        UNKNOWN: gettext_lazy("headcount unknown"),
    }
)

_COMMUNES = (Kind.COMMUNE, Kind.MUNICIPAL_ARRONDISSEMENT)


def labels_of(values: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """Give the label of each of these values, by facet; in two queries at most, whatever their number."""
    labels = {facet: {value: _label(facet, value) for value in of} for facet, of in values.items()}
    if codes := labels.get("commune"):
        known = Territory.objects.filter(kind__in=_COMMUNES, code__in=codes).order_by("code")
        labels["commune"] |= dict(known.values_list("code", "name"))
    if slugs := labels.get("tag"):
        tags = StructureTag.objects.filter(slug__in=slugs).order_by("slug")
        labels["tag"] |= dict(tags.values_list("slug", "name"))
    return labels


def _label(facet: str, value: str) -> str:
    if facet == "sector":
        return capfirst(sector_label(value))
    if facet == "created":
        return _decade(value)
    return capfirst(str(_CLOSED.get(facet, {}).get(value, value)))


def _decade(value: str) -> str:
    if value == UNKNOWN:
        return _("Date unknown")
    if value == "before":
        return _("Before 1980")
    return _("%(first)s to %(last)s") % {"first": value, "last": int(value) + 9}


_CLOSED: Mapping[str, Mapping[str, Promise]] = {
    "status": {str(status): label for status, label in STATUS_LABELS.items()},
    "family": {str(family): label for family, label in FAMILY_LABELS.items()},
    "headcount": SIZE_LABELS,
    "approval": {str(kind): label for kind, label in APPROVAL_LABELS.items()},
}
