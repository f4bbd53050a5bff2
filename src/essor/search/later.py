"""What cannot be told while the index is being made: machines are asked to come back, not given nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from essor.search.types import CannotTellNow

RETRY_AFTER_S = 120
"""Most indexes are made by then; a million documents take some times as long."""

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def or_later(view: View[P]) -> View[P]:
    """Have a view answer 503 with Retry-After where it raises CannotTellNow.

    It comes before what says how long an answer may be kept: this one never is.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except CannotTellNow:
            return _come_back()

    return answer


def _come_back() -> HttpResponse:
    said = _(
        "The index is being rebuilt: what this search finds cannot be told now."
        " Ask again in a few minutes."
    )
    return HttpResponse(
        f"{said}\n",
        status=503,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"},
    )
