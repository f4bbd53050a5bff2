"""What the register adds to the staff screens."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from essor.register.admin.group import RegisterGroup
from essor.register.admin.guides import GuideViewSet
from essor.register.admin.initiatives import InitiativeViewSet
from essor.register.entry_perms import SomeActs
from essor.register.models import (
    Contribution,
    DirectoryEntry,
    DirectoryImport,
    LegalUnit,
    PerimeterVersion,
    Vintage,
)
from essor.register.perms import LookOnly
from essor.register.services import perimeters, reviews
from essor.register.services.contributions import ACCEPTED, REFUSED, WITHHELD

register_permission_policy(LegalUnit, LookOnly(LegalUnit))
register_permission_policy(Contribution, LookOnly(Contribution))
register_permission_policy(Vintage, LookOnly(Vintage))
register_snippet(InitiativeViewSet)
register_snippet(GuideViewSet)
register_permission_policy(DirectoryImport, SomeActs(DirectoryImport, allowed=("view", "add")))
register_permission_policy(
    PerimeterVersion, SomeActs(PerimeterVersion, allowed=("view", "add", "change"))
)
register_permission_policy(DirectoryEntry, SomeActs(DirectoryEntry, allowed=("view", "change")))


@hooks.register("register_admin_viewset")
def register_screens() -> RegisterGroup:
    """Give the screens, under one entry of the menu."""
    return RegisterGroup()


@hooks.register("register_log_actions")
def acts_of_the_register(actions: LogActionRegistry) -> None:
    """Name the acts of the history."""
    actions.register_action(ACCEPTED, _("Accept"), _("Accepted"))
    actions.register_action(REFUSED, _("Refuse"), _("Refused"))
    actions.register_action(WITHHELD, _("Withhold the identity"), _("Identity withheld"))


@hooks.register("insert_global_admin_js")
def scripts_of_the_screens() -> str:
    """Add the module that counts while a guide is composed."""
    return format_html(
        '<script type="module" src="{}"></script>', static("presentation/recount.js")
    )


@hooks.register("register_log_actions")
def acts_on_rows_of_directories(actions: LogActionRegistry) -> None:
    """Name the decisions on rows of other directories."""
    for action, label, done in (
        (reviews.CHOSEN, _("Match with a structure"), _("Matched with a structure")),
        (reviews.REFUSED, _("Match with none"), _("Matched with no structure")),
        (reviews.REOPENED, _("Open again"), _("Opened again")),
    ):
        actions.register_action(action, label, done)


@hooks.register("register_log_actions")
def acts_on_perimeters(actions: LogActionRegistry) -> None:
    """Name what is done to perimeters."""
    for action, label, done in (
        (perimeters.BEGUN, _("Begin a draft"), _("Draft begun")),
        (perimeters.WRITTEN, _("Write its lines"), _("Lines written")),
        (perimeters.CHOSEN, _("Choose for the next build"), _("Chosen for the next build")),
        (perimeters.LEFT, _("Go back to that of the package"), _("Left for that of the package")),
    ):
        actions.register_action(action, label, done)
