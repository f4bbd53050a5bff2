"""What the kiosks add to the staff screens."""

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from essor.kiosk.admin import KioskViewSet, OldNumberViewSet
from essor.kiosk.admin.kiosks import keep_what_pages_show

register_snippet(KioskViewSet)
hooks.register("before_delete_snippet", keep_what_pages_show)


@hooks.register("register_admin_viewset")
def old_numbers_screen() -> OldNumberViewSet:
    """Give the screen of the numbers of the founding portal."""
    return OldNumberViewSet()


@hooks.register("insert_global_admin_css")
def look_of_the_screens() -> str:
    """Add the styles of these screens."""
    return format_html('<link rel="stylesheet" href="{}">', static("kiosk/staff.css"))


@hooks.register("insert_global_admin_js")
def scripts_of_the_screens() -> str:
    """Add the modules that improve these screens."""
    scripts = ["presentation/recount.js", "presentation/copy.js"]
    return format_html_join(
        "", '<script type="module" src="{}"></script>', ((static(script),) for script in scripts)
    )
