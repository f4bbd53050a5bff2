"""Addresses of the kiosks."""

from django.urls import path

from essor.kiosk.views import frame, kiosk

urlpatterns = [
    path("kiosques/<slug:slug>/", kiosk, name="kiosk"),
    path("kiosques/<slug:slug>/cadre", frame, name="kiosk_frame"),
]
