"""The front door of frames: answered from what is kept, without cookie, before anything else of Django."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from essor.kiosk.kept_frames import Kept, kept_frames

FRAME = re.compile(r"^(?:/en)?/kiosques/[-\w]+/cadre$", re.ASCII)
OLD_FRAMES = "/java/kiosque"
THEME = re.compile(r"(?:^|&)theme=(clair|sombre)(?:&|$)")
CONDITIONS: tuple[str, ...] = (
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
)
LONGEST_KEY = 4_096

NOT_KEPT = frozenset({"vary", "etag", "content-length", "date", "expires", "last-modified"})


class FrameMiddleware:
    """Keeps the frames of kiosks; it stands first, so that a kept one costs next to nothing.

    Cookies are taken off the request: a frame in the page of another site reads none. Nothing but the
    address counts, and of its parameters only those that change the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer for a frame; let everything else through."""
        path = request.path_info
        is_old = path.startswith(OLD_FRAMES)
        if not is_old and not FRAME.match(path):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        key = _key(request, is_old=is_old)
        kept = kept_frames.get(key)
        if kept is None:
            if len(key) > LONGEST_KEY:
                return self.get_response(request)
            return self._made(request, key)
        return _answer(request, kept)

    def _made(self, request: HttpRequest, key: str) -> HttpResponseBase:
        unkept: list[HttpResponseBase] = []

        def make() -> Kept | None:
            response = self._plain(request)
            if not _may_be_kept(response):
                unkept.append(response)
                return None
            assert isinstance(response, HttpResponse)  # noqa: S101  # frames are no streams
            kept_headers = ((n, v) for n, v in response.items() if n.lower() not in NOT_KEPT)
            return Kept.of(tuple(kept_headers), response.content)

        kept = kept_frames.get_or_make(key, make)
        return _answer(request, kept) if kept else unkept[0]

    def _plain(self, request: HttpRequest) -> HttpResponseBase:
        """Have the page made as for anyone: whole, not compressed."""
        asked = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        method, request.method = request.method, "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = method
            request.META.update(asked)


def _key(request: HttpRequest, *, is_old: bool) -> str:
    query = request.META.get("QUERY_STRING", "")
    if not is_old:
        theme = THEME.search(query) if query else None
        query = theme[1] if theme else ""
    host = request.META.get("HTTP_HOST", "")
    return f"{request.scheme}://{host}{request.path}?{query}"


def _may_be_kept(response: HttpResponseBase) -> bool:
    may_not = response.get("Cache-Control", "")
    return response.status_code == 200 and "no-store" not in may_not and not response.cookies


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    if kept.tag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
        _copy(kept, response, only=("cache-control",))
    else:
        is_gzipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        content = kept.gzipped if is_gzipped else kept.body
        response = HttpResponse(b"" if request.method == "HEAD" else content)
        _copy(kept, response)
        if is_gzipped:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(content))
    response.headers["ETag"] = kept.tag
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _copy(kept: Kept, response: HttpResponse, *, only: tuple[str, ...] = ()) -> None:
    for name, value in kept.headers:
        if not only or name.lower() in only:
            response.headers[name] = value
