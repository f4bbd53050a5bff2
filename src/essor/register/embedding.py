"""The code by which other sites show the map or the list of the directory, in the state of a search."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.presentation.framing import FrameCode

MAP_HEIGHT_PX, LIST_HEIGHT_PX = 560, 480


def map_frame(request: HttpRequest, query: str) -> FrameCode:
    """Give the frame of the map of what a query string finds."""
    address = reverse("directory-map-frame") + query
    return FrameCode(request.build_absolute_uri(address), _("Map of the directory"), MAP_HEIGHT_PX)


def list_frame(request: HttpRequest, query: str) -> FrameCode:
    """Give the frame of the list of what a query string finds."""
    address = reverse("directory-frame") + query
    return FrameCode(request.build_absolute_uri(address), _("Directory of the ESS"), LIST_HEIGHT_PX)
