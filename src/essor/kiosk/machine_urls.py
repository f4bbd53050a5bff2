"""Addresses of the kiosks for machines: the same in every language of the interface, and pasted elsewhere."""

from django.urls import path, re_path

from essor.kiosk.feeds import kiosk_feed
from essor.kiosk.oembed import oembed
from essor.kiosk.scripts import element_script, height_script

urlpatterns = [
    path("kiosques/element.js", element_script, name="kiosk_element"),
    path("kiosques/hauteur.js", height_script, name="kiosk_height"),
    re_path(
        r"^flux/kiosques/(?P<slug>[-\w]+)\.(?P<form>atom|rss|json)$", kiosk_feed, name="kiosk_feed"
    ),
    path("oembed", oembed, name="oembed"),
]
