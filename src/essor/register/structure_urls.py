"""A structure, and the answer to “is it of the ESS?”."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from essor.register.contributing.views import (
    confirm_contribution,
    contribute,
    contribution_sent,
)
from essor.register.structure_views import structure


class SirenConverter(StringConverter):
    """The nine figures of a legal unit."""

    regex = "[0-9]{9}"


class SignedConverter(StringConverter):
    """What a link carries, with its signature."""

    regex = r"[-\w:]{20,300}"


register_converter(SirenConverter, "siren")
register_converter(SignedConverter, "signed")

urlpatterns: list[URLPattern] = [
    path("annuaire/<siren:siren>/", structure, name="structure"),
    path("annuaire/<siren:siren>/corriger/", contribute, name="contribute"),
    path("annuaire/<siren:siren>/corriger/envoye/", contribution_sent, name="contribution_sent"),
    path("annuaire/message/<signed:token>/", confirm_contribution, name="confirm_contribution"),
]
