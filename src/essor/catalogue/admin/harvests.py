"""The screens of harvests: the health of each at a glance, its form, test, “harvest now”."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BaseColumn, BooleanColumn
from wagtail.admin.views.generic import IndexView, PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from essor.catalogue.importers.oai import OaiError
from essor.catalogue.models import Harvest, ImportRun
from essor.catalogue.queries import run_at_work_on
from essor.catalogue.report import harvest_report
from essor.catalogue.services.harvesting import WHAT_IS_ASKED
from essor.catalogue.services.harvests import forget_place, tested_address
from essor.catalogue.services.imports import STILL_RUNNING
from essor.catalogue.tasks import harvest_task
from essor.fetching import FetchError, Limits, RefusedAddress, checked_url, portal_client

PATIENCE = Limits(total_s=15, size_bytes=1024 * 1024, redirects=5)
"""Somebody waits for the test of an address in front of their screen."""

UNDER_WAY = (ImportRun.State.RUNNING, ImportRun.State.WAITING)


@dataclass(frozen=True, slots=True)
class Health:
    """How a harvest is, in words beside an icon: colour alone says nothing to everybody."""

    words: str
    icon: str


def health_of(held: Harvest) -> Health:
    """Say how a harvest is, the worst first."""
    run = held.last_run
    if run is not None and run.state == ImportRun.State.FAILED:
        return Health(pgettext("harvest", "Failed"), "warning")
    if run is not None and run.state == ImportRun.State.INTERRUPTED:
        return Health(_("Interrupted: tried again within the hour"), "warning")
    if run is not None and run.state in UNDER_WAY:
        return Health(pgettext("harvest", "Under way"), "rotate")
    if not held.is_active:
        return Health(_("By hand only"), "minus")
    if run is None:
        return Health(_("Not harvested yet"), "time")
    if run.state == ImportRun.State.STOPPED:
        return Health(_("Stopped half-way: goes on next night"), "info-circle")
    if run.message:
        return Health(_("Works, with a remark"), "info-circle")
    return Health(pgettext("harvest", "Works"), "circle-check")


class HarvestForm(WagtailAdminModelForm):
    """Refuses at once an address that the portal would never ask; nothing is fetched here."""

    def clean_address(self) -> str:
        """Want an address on the public web, or on a trusted server."""
        address: str = self.cleaned_data["address"]
        try:
            checked_url(address, trusted=settings.TRUSTED_SERVERS)
        except RefusedAddress as refusal:
            raise ValidationError([refusal.what, refusal.advice]) from refusal
        return address

    def save(self, commit: bool = True) -> Harvest:
        """Begin from the first record when something else is asked for."""
        if set(WHAT_IS_ASKED) & set(self.changed_data):
            forget_place(self.instance)
        return super().save(commit)


class HarvestIndexView(IndexView):
    """The list of harvests."""

    def get_base_queryset(self) -> QuerySet[Harvest]:
        """Give the harvests with what the list shows."""
        return Harvest.objects.select_related("source", "last_run")


class HealthColumn(BaseColumn):
    """State, what is wrong, and the way to the report."""

    cell_template_name = "catalogue/admin/harvest_health_cell.html"

    def get_cell_context_data(
        self, instance: Harvest, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        """Add the health."""
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "health": health_of(instance)}


class ActColumn(BaseColumn):
    """The buttons, for those who may."""

    cell_template_name = "catalogue/admin/harvest_act_cell.html"

    def get_cell_context_data(
        self, instance: Harvest, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        """Add where the buttons lead, and the mark that protects them."""
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        may = request.user.has_perm("catalogue.change_harvest")
        address = reverse("catalogue_harvests:act", args=[instance.pk]) if may else ""
        return {**context, "address": address, "csrf_token": get_token(request)}


class ActView(PermissionCheckedMixin, View):
    """Tests the address of a harvest, or has it made in the background."""

    http_method_names = ["post"]
    permission_policy: Any = None
    permission_required = "change"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the button said, and come back to the list."""
        held = get_object_or_404(Harvest.objects.select_related("source"), pk=pk)
        if request.POST.get("act") == "test":
            self._test(request, held)
        elif run_at_work_on(held.source):
            messages.error(request, _(STILL_RUNNING))
        else:
            harvest_task.enqueue(held.pk, is_full=request.POST.get("act") == "all")
            text = _("“%(name)s” is being harvested. Open this list again in a moment.")
            messages.success(request, text % {"name": held.source.name})
        return redirect("catalogue_harvests:index")

    def _test(self, request: HttpRequest, held: Harvest) -> None:
        try:
            tested = tested_address(held.address, client=portal_client(PATIENCE))
        except (FetchError, OaiError) as error:
            messages.error(request, f"{_(error.what)} {_(error.advice)}")
            return
        said = " ".join(harvest_report(tested))
        if held.metadata_prefix in tested.prefixes:
            messages.success(request, said)
        else:
            text = _("%(said)s The prefix “%(prefix)s” is not among them: choose another one.")
            messages.warning(request, text % {"said": said, "prefix": held.metadata_prefix})


class HarvestViewSet(ModelViewSet):
    """List, add, change, test, harvest now."""

    model = Harvest
    name = "catalogue_harvests"
    url_prefix = "catalogue/moissonnages"
    icon = "download"
    menu_label = pgettext_lazy("OAI-PMH", "Harvests")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = HarvestIndexView
    list_display = [
        "source",
        HealthColumn("health", label=gettext_lazy("Health")),
        "address",
        BooleanColumn("is_active", label=gettext_lazy("Each night")),
        ActColumn("act", label=gettext_lazy("Actions")),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("source"),
            FieldPanel("address"),
            FieldPanel("metadata_prefix"),
            FieldPanel("set_spec"),
            FieldPanel("is_active"),
        ],
        base_form_class=HarvestForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the address of the buttons."""
        view = self.construct_view(ActView, permission_policy=self.permission_policy)
        return [*super().get_urlpatterns(), path("act/<int:pk>/", view, name="act")]
