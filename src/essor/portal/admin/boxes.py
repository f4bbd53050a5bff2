"""The screens of the reusable boxes."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from essor.portal.models import ReusableBox


class ReusableBoxViewSet(SnippetViewSet):
    """List, write, preview, publish; “usage” tells which pages show the box."""

    model = ReusableBox
    icon = "copy"
    menu_label = _("Boxes")
    menu_order = 200
    add_to_admin_menu = True
    list_display = ["name", UpdatedAtColumn()]
    search_fields = ["name"]
