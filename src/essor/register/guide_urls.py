"""Printable guides of a territory, the directory as files, the feed of what is new in it."""

from django.urls import URLPattern, path

from essor.register.downloads.views import directory_file, downloads
from essor.register.guides.views import guide, guide_file, guides
from essor.register.new_structures import new_structures_feed

urlpatterns: list[URLPattern] = [
    path("annuaire/guides/", guides, name="guides"),
    path("annuaire/guides/<slug:slug>/", guide, name="guide"),
    path("annuaire/guides/<slug:slug>/<slug:name>.pdf", guide_file, name="guide_file"),
    path("annuaire/telecharger/", downloads, name="directory_downloads"),
    path("annuaire/telecharger/<slug:extension>", directory_file, name="directory_file"),
    path(
        "annuaire/nouvelles/<slug:kind>/<slug:code>/flux",
        new_structures_feed,
        name="new-structures-feed",
    ),
]
