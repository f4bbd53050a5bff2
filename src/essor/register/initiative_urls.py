"""The innovation catalogue."""

from django.urls import URLPattern, path

from essor.register.initiatives.views import initiative, initiatives, initiatives_feed

urlpatterns: list[URLPattern] = [
    path("innovations/", initiatives, name="initiatives"),
    path("innovations/flux", initiatives_feed, name="initiatives_feed"),
    path("innovations/<slug:slug>/", initiative, name="initiative"),
]
