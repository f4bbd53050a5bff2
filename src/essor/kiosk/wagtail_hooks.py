"""What the kiosks add to the staff screens."""

from wagtail.snippets.models import register_snippet

from essor.kiosk.admin import KioskViewSet

register_snippet(KioskViewSet)
