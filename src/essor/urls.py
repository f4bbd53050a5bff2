"""Every address of the portal (see the table in docs/design/addresses.md)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{settings.STAFF_PATH}/", include(wagtailadmin_urls)),
]
