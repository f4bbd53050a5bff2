"""Addresses of the portal beside those of its pages."""

from django.urls import path

from essor.portal.views.colours import colours
from essor.portal.views.search import opensearch, search, suggestions
from essor.portal.views.tags import tag

urlpatterns = [
    path("recherche/", search, name="search"),
    path("recherche/suggestions", suggestions, name="search_suggestions"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("etiquettes/<slug:slug>/", tag, name="tag"),
    path("apparence.css", colours, name="colours"),
]
