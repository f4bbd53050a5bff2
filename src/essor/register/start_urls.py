"""“Start a business in the ESS”, step by step."""

from django.urls import URLPattern, path

from essor.register.starting import views

urlpatterns: list[URLPattern] = [
    path("entreprendre/", views.start, name="start"),
    path("entreprendre/parcours/", views.path, name="start_path"),
    path("entreprendre/formes/", views.forms, name="start_forms"),
]
