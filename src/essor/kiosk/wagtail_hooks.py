"""What the kiosks add to the staff screens."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from essor.kiosk.admin import KioskViewSet
from essor.kiosk.old_numbers_admin import OldNumberViewSet

register_snippet(KioskViewSet)


@hooks.register("register_admin_viewset")
def old_numbers_screen() -> OldNumberViewSet:
    """Give the screen of the numbers of the founding portal."""
    return OldNumberViewSet()
