"""The perimeter of the ESS: the one in force, the others that are known, their tables."""

from django.urls import URLPattern, path

from essor.register.perimeter_views import perimeter, perimeter_table, perimeter_version

urlpatterns: list[URLPattern] = [
    path("annuaire/perimetre/", perimeter, name="perimeter"),
    path("annuaire/perimetre/<str:slug>/", perimeter_version, name="perimeter_version"),
    path("annuaire/perimetre/<str:slug>/<slug:table>.csv", perimeter_table, name="perimeter_table"),
]
