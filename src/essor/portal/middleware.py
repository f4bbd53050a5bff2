"""What every answer goes through: security policy, language, old addresses, caches."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.cache import FetchFromCacheMiddleware
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from wagtail.contrib.redirects.middleware import RedirectMiddleware

GetResponse = Callable[[HttpRequest], HttpResponse]

ENGLISH_PREFIX = "/en/"
STAFF_PREFIX = f"/{settings.STAFF_PATH}/"


def is_signed_in(request: HttpRequest) -> bool:
    """Say whether the request carries a session, without opening it (opening one varies the page by cookie)."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Strict on public pages; under the staff screens, what Wagtail's editor needs and no more."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Give the policy of this answer."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(STAFF_PREFIX) and not report_only:
            parts.config = settings.STAFF_CONTENT_SECURITY_POLICY
        return parts

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the policy, but to a 304: the browser keeps that of the page it has.

        The answer that says so is made anew, without the exceptions of its page: a frame that may
        stand in any site would be refused by the common policy (RFC 9111, 4.3.4: headers of a 304
        replace those kept).
        """
        if response.status_code == 304:
            return response
        return super().process_response(request, response)


class LanguageOfAddressMiddleware:
    """Take the language from the address alone: no cookie and no Accept-Language, which would spoil caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in English under /en/, in French elsewhere."""
        language = "en" if request.path_info.startswith(ENGLISH_PREFIX) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


class OldAddressMiddleware(RedirectMiddleware):
    """Answer addresses that pages have left, in either language of the interface."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Redirect a missing page to where it went; an English address to the English one."""
        if response.status_code != 404 or not request.path_info.startswith(ENGLISH_PREFIX):
            return super().process_response(request, response)
        french = request.path_info.removeprefix(ENGLISH_PREFIX[:-1])
        request.path, kept = french, request.path
        try:
            with translation.override(settings.LANGUAGE_CODE):
                found = super().process_response(request, response)
        finally:
            request.path = kept
        location = found.headers.get("Location", "")
        if found is response or not location.startswith("/"):
            return found
        return HttpResponsePermanentRedirect(ENGLISH_PREFIX[:-1] + location)


class VisitorCachingMiddleware:
    """Say who may keep an answer: anyone for an anonymous reader's page, nobody for a member of staff's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set Cache-Control, and vary by cookie so that staff never get the public copy."""
        response = self.get_response(request)
        if is_signed_in(request):
            patch_cache_control(response, private=True, no_cache=True)
        if not request.path_info.startswith(settings.MEDIA_URL):
            patch_vary_headers(response, ["Cookie"])
        return response


class AnonymousPageCacheMiddleware(FetchFromCacheMiddleware):
    """Serve and keep whole pages for anonymous readers only (docs/decisions/004-page-cache.md)."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Give the kept page, if any, to a reader without a session."""
        if is_signed_in(request) or request.path_info.startswith(STAFF_PREFIX):
            request._cache_update_cache = False  # type: ignore[attr-defined]
            return None
        return super().process_request(request)
