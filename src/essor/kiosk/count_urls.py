"""Where kiosks are counted: the same address in every language of the interface."""

from django.urls import path

from essor.kiosk.count_views import count

urlpatterns = [path("kiosques/<slug:slug>/vu", count, name="kiosk_count")]
