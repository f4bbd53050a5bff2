"""Facets and their values in words."""

import re
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor import search
from essor.catalogue.languages import language_name
from essor.catalogue.models import Branch, Source
from essor.catalogue.models.records import AUDIENCES, AVAILABILITIES, DOCUMENT_TYPES

FACETS: dict[str, Promise] = {
    "document_type": _("Document type"),
    "branch": pgettext_lazy("library of a network", "Library"),
    "availability": _("Availability"),
    "creator": pgettext_lazy("facet", "Author"),
    "subject": pgettext_lazy("facet", "Subject"),
    "year": _("Year of publication"),
    "language": pgettext_lazy("facet", "Language"),
    "class": pgettext_lazy("Dewey", "Field of knowledge"),
    "publisher": _("Publisher"),
    "audience": _("Audience"),
    "source": _("Source"),
}

SORTS: dict[search.Sort, Promise] = {
    search.Sort.RELEVANCE: pgettext_lazy("order", "relevance"),
    search.Sort.NEWEST: pgettext_lazy("order", "latest arrivals"),
    search.Sort.TITLE: pgettext_lazy("order", "title"),
    search.Sort.YEAR: pgettext_lazy("order", "year of publication"),
    search.Sort.BORROWED: pgettext_lazy("order", "most borrowed"),
}

CLASSES: dict[str, Promise] = {
    "0": _("Computer science, information, general works"),
    "1": _("Philosophy and psychology"),
    "2": _("Religion"),
    "3": _("Social sciences"),
    "4": _("Language"),
    "5": _("Science"),
    "6": _("Technology"),
    "7": _("Arts and recreation"),
    "8": _("Literature"),
    "9": _("History and geography"),
}
"""The ten main classes of the Dewey decimal classification, by their first figure."""


_HUNDRED = re.compile("[0-9]00")


def labels_of(values: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """Give the label of each of these values, by facet; in two queries at most, whatever their number."""
    labels = {facet: {value: _label(facet, value) for value in of} for facet, of in values.items()}
    if numbers := [value for value in labels.get("branch", ()) if _is_key(value)]:
        branches = Branch.objects.filter(pk__in=numbers).order_by("pk")
        labels["branch"] |= {str(pk): name for pk, name in branches.values_list("pk", "name")}
    if codes := labels.get("source"):
        sources = Source.objects.filter(code__in=codes).order_by("pk")
        labels["source"] |= dict(sources.values_list("code", "name"))
    return labels


def _is_key(value: str) -> bool:
    """Say whether a value can be a key of the store: an address may hold anything."""
    return value.isascii() and value.isdecimal() and len(value) < 10


def _label(facet: str, value: str) -> str:
    if facet == "language":
        return language_name(value)
    if facet == "class":
        return _class_label(value)
    return str(_CLOSED.get(facet, {}).get(value, value))


def _class_label(value: str) -> str:
    main = CLASSES.get(value[:1]) if _HUNDRED.fullmatch(value) else None
    return f"{value} {main}" if main else value


_CLOSED: dict[str, dict[str, Promise]] = {
    "document_type": dict(DOCUMENT_TYPES),
    "availability": dict(AVAILABILITIES),
    "audience": dict(AUDIENCES),
}
