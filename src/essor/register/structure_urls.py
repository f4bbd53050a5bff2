"""A structure, and the answer to “is it of the ESS?”."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from essor.register.structure_views import structure


class SirenConverter(StringConverter):
    """The nine figures of a legal unit."""

    regex = "[0-9]{9}"


register_converter(SirenConverter, "siren")

urlpatterns: list[URLPattern] = [
    path("annuaire/<siren:siren>/", structure, name="structure"),
]
