"""The other directories that were imported, and what of them is no structure of the register."""

from django.urls import URLPattern, path

from essor.register.source_views import source, sources

urlpatterns: list[URLPattern] = [
    path("annuaire/sources/", sources, name="register_sources"),
    path("annuaire/sources/<slug:slug>/", source, name="register_source"),
]
