"""What the portal adds to the staff screens."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from essor.portal.admin.boxes import ReusableBoxViewSet
from essor.portal.admin.dashboard import ErrandsPanel
from essor.portal.admin.feeds import FeedSourceViewSet

register_snippet(ReusableBoxViewSet)
register_snippet(FeedSourceViewSet)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Add the drawings that Wagtail has not."""
    return [*icons, "portal/icons/rss.svg"]


@hooks.register("construct_homepage_panels")
def offer_errands(request: HttpRequest, panels: list[Component]) -> None:
    """Open the staff screens on what the person may do."""
    panels.append(ErrandsPanel())
