"""What the catalogue adds to the staff screens."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from essor.catalogue.admin.baskets import BasketChooser
from essor.catalogue.admin.group import CatalogueGroup
from essor.catalogue.admin.records import RecordChooser
from essor.catalogue.admin.searches import SavedSearchChooser
from essor.catalogue.models import (
    Basket,
    Branch,
    ImportRun,
    MappingProfile,
    Record,
    SavedSearch,
    Selection,
    SelectionLogEntry,
    Source,
)
from essor.catalogue.perms import LookAndName, LookAndStart, LookOnly, NoDeletion, Selections
from essor.catalogue.services.selections import GIVEN

register_permission_policy(Record, LookOnly(Record))
register_permission_policy(ImportRun, LookAndStart(ImportRun))
register_permission_policy(MappingProfile, LookAndStart(MappingProfile))
register_permission_policy(Branch, LookAndName(Branch))
register_permission_policy(Source, NoDeletion(Source))
register_permission_policy(Basket, Selections(Basket))
register_permission_policy(SavedSearch, Selections(SavedSearch))


@hooks.register("register_admin_viewset")
def catalogue_screens() -> list[object]:
    """Give the screens, under one entry of the menu, and the choosers."""
    return [
        RecordChooser("record_chooser"),
        BasketChooser("basket_chooser"),
        SavedSearchChooser("saved_search_chooser"),
        CatalogueGroup(),
    ]


@hooks.register("register_log_actions")
def log_of_selections(actions: LogActionRegistry) -> None:
    """Keep the acts on baskets and saved searches where only those who see the thing read of them; name ours."""
    actions.register_model(Selection, SelectionLogEntry)
    actions.register_action(GIVEN, _("Give to the network"), _("Given to the network"))


@hooks.register("insert_global_admin_css")
def look_of_the_screens() -> str:
    """Add the styles of these screens."""
    return format_html('<link rel="stylesheet" href="{}">', static("catalogue/staff.css"))


@hooks.register("insert_global_admin_js")
def scripts_of_the_screens() -> str:
    """Add the module that improves these screens."""
    return format_html('<script type="module" src="{}"></script>', static("catalogue/staff.js"))
