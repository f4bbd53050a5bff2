"""The entry of the menu that holds all the screens of the register."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from essor.register.admin.contributions import ContributionViewSet
from essor.register.admin.directories import ImportedDirectoryViewSet
from essor.register.admin.initiatives import ThemeViewSet
from essor.register.admin.perimeters import PerimeterViewSet
from essor.register.admin.profiles import ProfileViewSet, TagViewSet
from essor.register.admin.structures import StructureViewSet
from essor.register.admin.vintages import VintageViewSet


class RegisterGroup(ModelViewSetGroup):
    """One entry of the menu for the whole register."""

    items = (
        StructureViewSet,
        ProfileViewSet,
        ContributionViewSet,
        TagViewSet,
        ThemeViewSet,
        VintageViewSet,
        PerimeterViewSet,
        ImportedDirectoryViewSet,
    )
    menu_label = _("Directory")
    menu_icon = "group"
    menu_name = "register"
    menu_order = 206
    add_to_admin_menu = True
