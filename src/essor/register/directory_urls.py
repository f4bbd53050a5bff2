"""The directory: search, lists, downloads."""

from django.urls import URLPattern, path

from essor.register.directory_views import directory, directory_values

urlpatterns: list[URLPattern] = [
    path("annuaire/", directory, name="directory"),
    path("annuaire/valeurs/<slug:parameter>/", directory_values, name="directory_values"),
]
