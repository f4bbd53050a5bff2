"""Printable guides of a territory."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
