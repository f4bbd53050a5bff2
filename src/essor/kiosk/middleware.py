"""The front doors of frames: answered from what is kept, without cookie, before anything else.

There are two, with one rule: `front_door` answers what is already kept before Django begins, which
costs a sixth as much; `FrameMiddleware` has frames made, and keeps them.
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from essor.kiosk.kept_frames import Answer, Kept, kept_frames

logger = logging.getLogger(__name__)

FRAME = re.compile(r"(?:/en)?/kiosques/[-\w]+/cadre", re.ASCII)
OLD_FRAME = re.compile(r"/+[jJ]ava/+[kK]iosque(?:/[\s\S]*)?")
"""As `old_urls` reads them: with or without capitals, however many slashes stand where one should."""
THEME = re.compile(r"(?:^|&)theme=(clair|sombre)(?:&|$)")
LONGEST_KEY = 4_096

CONDITIONS = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
NOT_KEPT = frozenset({"vary", "etag", "content-length", "date", "expires", "last-modified"})

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def front_door(application: Application) -> Application:
    """Answer for the frames that are kept; let everything else through to the application (WSGI)."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        key = _key(environ)
        kept = kept_frames.get(key) if key else None
        if kept is None:
            return application(environ, start_response)
        told = kept.answer(environ)
        start_response(f"{told.status} {HTTPStatus(told.status).phrase}", told.headers)
        return [told.body]

    return answer


class FrameMiddleware:
    """Has frames made, and keeps them; it stands first, so that they pass whole through all others.

    Cookies are taken off the request: a frame in the page of another site reads none. Nothing but the
    address counts, and of its parameters only those that change the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer for a frame; let everything else through."""
        if not _is_frame(request.path_info):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        key = _key(request.META)
        if not key:
            return self.get_response(request)
        kept = kept_frames.get(key)
        return _response(kept.answer(request.META)) if kept else self._made(request, key)

    def _made(self, request: HttpRequest, key: str) -> HttpResponseBase:
        unkept: list[HttpResponseBase] = []

        def make() -> Kept | None:
            response = self._plain(request)
            if not _may_be_kept(response):
                unkept.append(response)
                return None
            logger.debug("kiosk.frame.made", extra={"path": request.path_info})
            assert isinstance(response, HttpResponse)  # noqa: S101  # frames are no streams
            headers = ((name, value) for name, value in response.items())
            return Kept.of(
                (one for one in headers if one[0].lower() not in NOT_KEPT), response.content
            )

        kept = kept_frames.get_or_make(key, make)
        if kept:
            return _response(kept.answer(request.META))
        # Made as for anyone, it was not compressed on its way here.
        return GZipMiddleware(self.get_response).process_response(request, unkept[0])

    def _plain(self, request: HttpRequest) -> HttpResponseBase:
        """Have the page made as for anyone: whole, not compressed."""
        asked = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        asked["QUERY_STRING"] = request.META.get("QUERY_STRING", "")
        method, request.method = request.method, "GET"
        # The page must read what its key says: of `theme=clair&theme=sombre` it would take the other one.
        request.META["QUERY_STRING"] = _query_that_counts(request.META)
        try:
            return self.get_response(request)
        finally:
            request.method = method
            request.META.update(asked)


def _is_frame(path: str) -> bool:
    return FRAME.fullmatch(path) is not None or OLD_FRAME.fullmatch(path) is not None


def _key(environ: Mapping[str, Any]) -> str:
    """Tell one page from another; empty for what is no frame, or is never kept."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not _is_frame(path):
        return ""
    query = _query_that_counts(environ)
    scheme = environ["wsgi.url_scheme"] + environ.get("HTTP_X_FORWARDED_PROTO", "")
    key = f"{scheme}://{environ.get('HTTP_HOST', '')}{path}?{query}"
    return key if len(key) <= LONGEST_KEY else ""


def _query_that_counts(environ: Mapping[str, Any]) -> str:
    """Give the parameters that change a frame: all those of an old address, of the others the theme alone."""
    query: str = environ.get("QUERY_STRING", "")
    if not query or OLD_FRAME.fullmatch(environ["PATH_INFO"]):
        return query
    theme = THEME.search(query)
    return f"theme={theme[1]}" if theme else ""


def _may_be_kept(response: HttpResponseBase) -> bool:
    may_not = response.get("Cache-Control", "")
    return response.status_code == 200 and "no-store" not in may_not and not response.cookies


def _response(told: Answer) -> HttpResponse:
    response = HttpResponse(told.body, status=told.status)
    del response.headers["Content-Type"]
    for name, value in told.headers:
        response.headers[name] = value
    return response
