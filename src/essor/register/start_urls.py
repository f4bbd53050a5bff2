"""“Start a business in the ESS”, step by step."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
