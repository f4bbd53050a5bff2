"""The map of the directory, and what other sites embed."""

from django.urls import URLPattern, path

from essor.register import frame_views
from essor.register import map_views as views

urlpatterns: list[URLPattern] = [
    path("annuaire/carte/", views.directory_map, name="directory-map"),
    path("annuaire/carte/points", views.points, name="directory-map-points"),
    path("annuaire/carte/liste", views.structures_here, name="directory-map-list"),
    path("annuaire/carte/fond", views.base_map, name="directory-map-base"),
    path("annuaire/carte/cadre", frame_views.framed_map, name="directory-map-frame"),
    path("annuaire/cadre", frame_views.framed_list, name="directory-frame"),
]
