"""The screens of the kiosks."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from essor.kiosk.models import Kiosk
from essor.kiosk.queries import kiosks_to_show


class KioskViewSet(SnippetViewSet):
    """List, make, change, copy; “usage” tells which pages show the kiosk."""

    model = Kiosk
    icon = "desktop"
    menu_label = _("Kiosks")
    menu_order = 210
    add_to_admin_menu = True
    list_display = ["name", "display", "limit", UpdatedAtColumn()]
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        MultiFieldPanel(
            [
                FieldPanel("basket"),
                FieldPanel("saved_search"),
                FieldPanel("order"),
                FieldPanel("limit"),
                FieldPanel("draw"),
                FieldPanel("pool"),
                FieldPanel("only_with_cover"),
                FieldPanel("branch"),
            ],
            heading=_("What it shows"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("display"),
                FieldPanel("autoplay_s"),
                FieldPanel("theme"),
                FieldPanel("names_portal"),
            ],
            heading=_("How it looks"),
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Kiosk]:
        """Give the kiosks with what they draw from."""
        return kiosks_to_show()
