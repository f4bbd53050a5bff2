"""Public addresses of the register, a module for each part of it."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"essor.register.{part}_urls"))
    for part in (
        "directory",
        "structure",
        "map",
        "guide",
        "initiative",
        "start",
        "source",
        "perimeter",
    )
]
