"""Public addresses of the catalogue."""

from django.urls import path

from essor.catalogue.views import record

urlpatterns = [
    path("catalogue/<int:pk>/", record, name="record"),
]
