"""A structure, and the answer to “is it of the ESS?”."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
