"""The first screen of the staff: what one most often comes for, as far as one may."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from essor.portal.models import DossierIndexPage, SectionPage
from essor.presentation.templatetags.typography import number
from essor.register.models import Contribution


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to do: the words of the link, its address, and one line of help."""

    label: str
    address: str
    help: str


class ErrandsPanel(Component):
    """Links to what this person may do, in their words."""

    name = "errands"
    order = 50
    template_name = "portal/admin/errands.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Give the errands of the signed-in person."""
        return {"errands": errands_of(parent_context["request"].user)}


def errands_of(user: AbstractBaseUser) -> list[Errand]:
    """Give what a person may do from the first screen, pages first."""
    return [*_pages_to_add(user), *_screens(user)]


def _pages_to_add(user: AbstractBaseUser) -> list[Errand]:
    errands = []
    for index in DossierIndexPage.objects.order_by("path"):
        if index.permissions_for_user(user).can_add_subpage():
            address = reverse("wagtailadmin_pages:add", args=["portal", "dossierpage", index.pk])
            help_text = _("A subject told by the library, with its boxes and its articles.")
            errands.append(Errand(_("Write a dossier"), address, help_text))
            break
    for section in SectionPage.objects.order_by("path"):
        if section.permissions_for_user(user).can_add_subpage():
            address = reverse("wagtailadmin_pages:add", args=["portal", "articlepage", section.pk])
            label = _("Write an article for “%(section)s”") % {"section": section.title}
            errands.append(
                Errand(
                    label,
                    address,
                    _("News, a selection, a report: shown in the space of the library."),
                )
            )
    return errands[:5]


def _screens(user: Any) -> list[Errand]:
    screens = []
    if user.has_perm("portal.change_reusablebox"):
        screens.append(
            Errand(
                _("Change a box shown on several pages"),
                reverse("wagtailsnippets_portal_reusablebox:list"),
                _("Partners, contacts, opening hours: written once, changed everywhere."),
            )
        )
    if user.has_perm("portal.change_feedsource"):
        screens.append(
            Errand(
                _("See how the feeds of other sites are"),
                reverse("wagtailsnippets_portal_feedsource:list"),
                _("Which ones answer, which ones fail and what to do; add one."),
            )
        )
    if user.has_perm("register.change_contribution"):
        screens.append(
            Errand(
                _("Read what is said of the structures of the directory"),
                reverse("register_contributions:index"),
                _contributions_waiting(),
            )
        )
    if user.has_perm("portal.change_portalsettings"):
        screens.append(
            Errand(
                _("Name, colours and legal notice of the portal"),
                reverse("wagtailsettings:edit", args=["portal", "portalsettings"]),
                _("What every page shows, and what the law asks you to state."),
            )
        )
    return screens


def _contributions_waiting() -> str:
    waiting = Contribution.objects.filter(state=Contribution.State.PENDING).count()
    if not waiting:
        return _("Claims, corrections and requests to take data away: none is waiting.")
    sentence = ngettext("%(count)s message is waiting.", "%(count)s messages are waiting.", waiting)
    return sentence % {"count": number(waiting)}
