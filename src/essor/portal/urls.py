"""Addresses of the portal beside those of its pages."""

from django.urls import path, register_converter

from essor.portal.views.colours import colours
from essor.portal.views.feeds_out import feeds
from essor.portal.views.legal import accessibility, legal_notice, privacy
from essor.portal.views.permalinks import permalink
from essor.portal.views.search import opensearch, search, suggestions
from essor.portal.views.share import share_on_mastodon, share_picture
from essor.portal.views.tags import tag
from essor.presentation.permalinks import PermalinkConverter

register_converter(PermalinkConverter, "permalink")

urlpatterns = [
    path("recherche/", search, name="search"),
    path("recherche/suggestions", suggestions, name="search_suggestions"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("mentions-legales/", legal_notice, name="legal_notice"),
    path("accessibilite/", accessibility, name="accessibility"),
    path("confidentialite/", privacy, name="privacy"),
    path("flux/", feeds, name="feeds"),
    path("p/<permalink:link>", permalink, name="permalink"),
    path("partage/<permalink:link>.png", share_picture, name="share_picture"),
    path("partager/mastodon/", share_on_mastodon, name="share_on_mastodon"),
    path("etiquettes/<slug:slug>/", tag, name="tag"),
    path("apparence.css", colours, name="colours"),
]
