"""Addresses of the founding portal, answered forever: the same in every language of the interface.

They are read as it read them: with or without capitals, however many slashes stand where one should.
"""

from django.urls import re_path

from essor.kiosk.old_views import old_feed, old_frame

REST = r"(?:/(?P<rest>[\s\S]*))?\Z"

urlpatterns = [
    re_path(rf"^[/]*[jJ]ava/+[kK]iosque{REST}", old_frame, name="old_kiosk"),
    re_path(rf"^[/]*rss/+kiosque{REST}", old_feed, name="old_kiosk_feed"),
]
