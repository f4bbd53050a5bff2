"""Public addresses of the catalogue."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from essor.catalogue.exports import FORMATS
from essor.catalogue.views import record, record_in_format


class FormatConverter(StringConverter):
    """The end of the address of a download: `ris`, `csl.json`."""

    regex = "|".join(sorted((name.replace(".", r"\.") for name in FORMATS), key=len, reverse=True))


register_converter(FormatConverter, "record_format")

urlpatterns = [
    path("catalogue/<int:pk>/", record, name="record"),
    path("catalogue/<int:pk>.<record_format:extension>", record_in_format, name="record_in_format"),
]
