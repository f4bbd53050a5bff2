"""The answer of a file whose selection the index cannot tell now: that one comes back later."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from essor.register.queries import CannotTellNow

RETRY_AFTER_S = 60


def or_later(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Have a view answer 503 with Retry-After where it raises CannotTellNow."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except CannotTellNow:
            return _come_back()

    return answer


def _come_back() -> HttpResponse:
    said = _(
        "The index of the directory is being rebuilt: what this selection finds cannot be told now."
        " Ask again in a few minutes."
    )
    return HttpResponse(
        f"{said}\n",
        status=503,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"},
    )
