"""Every address of the portal: French at the root, the same in English under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import cache_control
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from essor.portal.views.health import health

PICTURE_AGE_S = 30 * 24 * 3600
"""A picture that changes gets another name."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("sante/", health, name="health"),
    path(f"{settings.STAFF_PATH}/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Pictures; a reverse proxy may serve the folder itself (docs/operations.md). Documents are not
    # here: some are private, and theirs is the door that knows who may read.
    re_path(
        r"^media/(?P<path>(?!documents/)(?:[\w-]+/)+[^/]+)$",
        cache_control(public=True, max_age=PICTURE_AGE_S)(serve),
        {"document_root": settings.MEDIA_ROOT},
    ),
    path("", include("essor.portal.machine_urls")),
    path("", include("essor.catalogue.machine_urls")),
    path("", include("essor.kiosk.old_urls")),
    path("", include("essor.kiosk.machine_urls")),
    path("", include("essor.kiosk.count_urls")),
    *i18n_patterns(
        path("", include("essor.kiosk.urls")),
        path("", include("essor.portal.urls")),
        path("", include("essor.catalogue.urls")),
        path("", include("essor.register.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
