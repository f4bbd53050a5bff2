"""Public addresses of the catalogue."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from essor.catalogue.exports import FORMATS
from essor.catalogue.list_views import list_in_format, lists, one_list
from essor.catalogue.search_views import (
    catalogue,
    opensearch,
    search_in_format,
    suggestions,
    values,
)
from essor.catalogue.views import record, record_in_format


class FormatConverter(StringConverter):
    """The end of the address of a download: `ris`, `csl.json`."""

    regex = "|".join(sorted((name.replace(".", r"\.") for name in FORMATS), key=len, reverse=True))


register_converter(FormatConverter, "record_format")

urlpatterns = [
    path("catalogue/", catalogue, name="catalogue"),
    path("catalogue/notices.<record_format:extension>", search_in_format, name="catalogue_export"),
    path("catalogue/suggestions", suggestions, name="catalogue_suggestions"),
    path("catalogue/opensearch.xml", opensearch, name="catalogue_opensearch"),
    path("catalogue/valeurs/<slug:parameter>/", values, name="catalogue_values"),
    path("catalogue/listes/", lists, name="catalogue_lists"),
    path("catalogue/listes/<slug:slug>/", one_list, name="catalogue_list"),
    path(
        "catalogue/listes/<slug:slug>/notices.<record_format:extension>",
        list_in_format,
        name="catalogue_list_export",
    ),
    path("catalogue/<int:pk>/", record, name="record"),
    path("catalogue/<int:pk>.<record_format:extension>", record_in_format, name="record_in_format"),
]
