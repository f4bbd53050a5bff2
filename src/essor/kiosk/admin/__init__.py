"""The screens of the kiosks, and of the numbers of the founding portal."""

from essor.kiosk.admin.kiosks import KioskViewSet
from essor.kiosk.admin.old_numbers import OldNumberViewSet

__all__ = ["KioskViewSet", "OldNumberViewSet"]
