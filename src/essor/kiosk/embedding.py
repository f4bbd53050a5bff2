"""How a kiosk is shown by other sites: what the code to copy says."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from essor.kiosk.models import Kiosk
from essor.kiosk.types import frame_height_px


@dataclass(frozen=True, slots=True)
class Embedding:
    """The whole address of the frame, the title it is announced with, its height in pixels."""

    address: str
    title: str
    height: int


def embedding(kiosk: Kiosk, request: HttpRequest | None) -> Embedding:
    """Give what the code to copy says; without a request (a preview), the address has no host."""
    address = reverse("kiosk_frame", args=[kiosk.slug])
    whole = request.build_absolute_uri(address) if request else address
    height = frame_height_px(kiosk.look.display, kiosk.limit)
    return Embedding(address=whole, title=kiosk.name, height=height)
