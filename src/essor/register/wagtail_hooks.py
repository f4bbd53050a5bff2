"""What the register adds to the staff screens."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from essor.register.admin.group import RegisterGroup
from essor.register.models import DirectoryEntry, DirectoryImport
from essor.register.entry_perms import SomeActs
from essor.register.services.reviews import CHOSEN, REFUSED, REOPENED

register_permission_policy(DirectoryImport, SomeActs(DirectoryImport, allowed=("view", "add")))
register_permission_policy(DirectoryEntry, SomeActs(DirectoryEntry, allowed=("view", "change")))


@hooks.register("register_admin_viewset")
def register_screens() -> list[object]:
    """Give the screens, under one entry of the menu."""
    return [RegisterGroup()]


@hooks.register("register_log_actions")
def log_of_reviews(actions: LogActionRegistry) -> None:
    """Name the decisions on rows of other directories in the history."""
    actions.register_action(CHOSEN, _("Match with a structure"), _("Matched with a structure"))
    actions.register_action(REFUSED, _("Match with none"), _("Matched with no structure"))
    actions.register_action(REOPENED, _("Open again"), _("Opened again"))
