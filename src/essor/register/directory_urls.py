"""The directory: search, lists, downloads."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
