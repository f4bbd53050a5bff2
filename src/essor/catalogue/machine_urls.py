"""Addresses of the catalogue for machines: the same in every language of the interface."""

from django.urls import path

from essor.catalogue.cover_views import cover_picture
from essor.catalogue.list_views import list_feed
from essor.catalogue.oai.views import oai
from essor.catalogue.search_views import feed

urlpatterns = [
    path("oai", oai, name="oai"),
    path("flux/catalogue.atom", feed, name="catalogue_feed"),
    path("flux/catalogue/<slug:slug>.atom", list_feed, name="catalogue_list_feed"),
    path("catalogue/<int:pk>/couverture.svg", cover_picture, name="cover_picture"),
]
