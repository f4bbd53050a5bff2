"""The screens of the kiosks."""

from essor.kiosk.admin.kiosks import KioskViewSet

__all__ = ["KioskViewSet"]
