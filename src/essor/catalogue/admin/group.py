"""The entry of the menu that holds all the screens of the catalogue."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from essor.catalogue.admin.baskets import BasketViewSet
from essor.catalogue.admin.branches import BranchViewSet
from essor.catalogue.admin.harvests import HarvestViewSet
from essor.catalogue.admin.imports import ImportRunViewSet
from essor.catalogue.admin.profiles import ProfileViewSet
from essor.catalogue.admin.records import RecordViewSet
from essor.catalogue.admin.searches import SavedSearchViewSet
from essor.catalogue.admin.sources import SourceViewSet


class CatalogueGroup(ModelViewSetGroup):
    """One entry of the menu for the whole catalogue."""

    items = (
        RecordViewSet,
        BasketViewSet,
        SavedSearchViewSet,
        ImportRunViewSet,
        HarvestViewSet,
        SourceViewSet,
        ProfileViewSet,
        BranchViewSet,
    )
    menu_label = _("Catalogue")
    menu_icon = "folder-open-inverse"
    menu_name = "catalogue"
    menu_order = 205
    add_to_admin_menu = True
