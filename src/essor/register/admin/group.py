"""The entry of the menu that holds all the screens of the register."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from essor.register.admin.directories import ImportedDirectoryViewSet


class RegisterGroup(ModelViewSetGroup):
    """One entry of the menu for the whole register."""

    items = (ImportedDirectoryViewSet,)
    menu_label = _("Directory")
    menu_icon = "group"
    menu_name = "register"
    menu_order = 206
    add_to_admin_menu = True
