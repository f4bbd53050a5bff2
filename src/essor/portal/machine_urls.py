"""Addresses for machines: the same in every language of the interface."""

from django.urls import path, re_path

from essor.portal.views.feeds_out import dossier_feed, site_feed, tag_feed
from essor.portal.views.robots import robots, sitemap, sitemap_of_pages, sitemap_of_structures

FORM = r"(?P<form>atom|rss)"
SLUG = r"(?P<slug>[-\w]+)"

urlpatterns = [
    re_path(rf"^flux/site\.{FORM}$", site_feed, name="site_feed"),
    re_path(rf"^flux/dossiers/{SLUG}\.{FORM}$", dossier_feed, name="dossier_feed"),
    re_path(rf"^flux/etiquettes/{SLUG}\.{FORM}$", tag_feed, name="tag_feed"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-pages.xml", sitemap_of_pages, name="sitemap_of_pages"),
    path("sitemap-annuaire-<int:number>.xml", sitemap_of_structures, name="sitemap_of_structures"),
    path("robots.txt", robots, name="robots"),
]
