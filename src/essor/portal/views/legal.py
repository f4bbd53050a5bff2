"""What the law and the readers want to know of the portal: who publishes it, for whom, and what it keeps."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from essor.portal.models import PortalSettings
from essor.portal.queries.identity import identity_for
from essor.portal.tasks import SIGN_INS_KEPT


@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Show the legal notice."""
    return _show(request, "portal/legal/notice.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return _show(request, "portal/legal/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what the portal keeps of its readers and of its staff."""
    return _show(
        request,
        "portal/legal/privacy.html",
        session_days=settings.SESSION_COOKIE_AGE // 86_400,
        sign_in_days=SIGN_INS_KEPT.days,
    )


def _show(request: HttpRequest, template: str, **values: object) -> HttpResponse:
    return render(
        request, template, {"identity": identity_for(request) or PortalSettings(), **values}
    )
