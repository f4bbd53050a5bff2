"""The map of the directory, and what other sites embed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
