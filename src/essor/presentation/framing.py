"""What other sites may show of the portal in a frame, and the code that they copy."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

THEMES = {"clair": "light", "sombre": "dark"}
"""What the address of a frame may ask for (`?theme=sombre`); without it, the device of the reader chooses."""


@dataclass(frozen=True, slots=True)
class FrameCode:
    """The frame that other sites copy: whole address, title, height in pixels, width as in HTML."""

    address: str
    title: str
    height: int
    width: str = "100%"

    @property
    def may_be_too_wide(self) -> bool:
        """Whether its width, in pixels, may be more than a phone has."""
        return not self.width.endswith("%")


def framable(view: View[P]) -> View[P]:
    """Let the page of any site show the answer of a view in a frame. It is made without the reader's cookies."""

    @wraps(view)
    @xframe_options_exempt
    @csp_replace({"frame-ancestors": ["*"]})
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        return view(request, *args, **kwargs)

    return answer
