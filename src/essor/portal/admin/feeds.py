"""The screens of the feeds: the health of each at a glance, its form, and “read it now”."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import BaseColumn, Column, NumberColumn
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from essor.fetching import RefusedAddress, checked_url
from essor.portal.models import FeedSource
from essor.portal.services.feeds import bring_forward
from essor.portal.tasks import read_feed


@dataclass(frozen=True, slots=True)
class Health:
    """How a feed is, in words beside an icon: colour alone says nothing to everybody."""

    words: str
    icon: str


def health_of(source: FeedSource) -> Health:
    """Say how a feed is, the worst first."""
    if not source.is_active:
        return Health(_("Stopped"), "minus")
    if source.is_failing:
        words = ngettext("%(n)d failure", "%(n)d failures in a row", source.failures)
        return Health(words % {"n": source.failures}, "warning")
    if source.is_sample:
        return Health(_("Not read yet: shows sample entries"), "time")
    if source.last_success is None:
        return Health(_("Not read yet"), "time")
    if source.problem:
        return Health(_("Works, with a remark"), "info-circle")
    return Health(_("Works"), "circle-check")


class FeedSourceForm(WagtailAdminModelForm):
    """Refuses at once an address that the portal would never ask; nothing is fetched here."""

    def clean_address(self) -> str:
        """Want the address of a document on the public web, or on a trusted server."""
        address = self.cleaned_data["address"]
        try:
            checked_url(address, trusted=settings.TRUSTED_SERVERS)
        except RefusedAddress as refusal:
            raise ValidationError([refusal.what, refusal.advice]) from refusal
        return address

    def save(self, commit: bool = True) -> FeedSource:
        """Forget the health of the address that was there before."""
        if {"address", "is_active"} & set(self.changed_data):
            source = self.instance
            source.etag = source.last_modified = source.problem = source.advice = ""
            source.failures, source.next_attempt = 0, None
        return super().save(commit)


class ReadWhenSaved:
    """Reads a feed in the background as soon as its address is known, or known again."""

    form: FeedSourceForm

    def save_instance(self) -> FeedSource:
        """Save, and ask for a reading when something that matters to it has changed."""
        source = super().save_instance()  # type: ignore[misc]
        if source.is_active and {"address", "is_active"} & set(self.form.changed_data):
            transaction.on_commit(partial(read_feed.enqueue, source.pk))
        return source


class FeedSourceCreateView(ReadWhenSaved, CreateView):
    """Adds a feed."""


class FeedSourceEditView(ReadWhenSaved, EditView):
    """Changes a feed."""


class ReadNowView(PermissionCheckedMixin, View):
    """Asks for a reading in the background, out of turn."""

    http_method_names = ["post"]
    permission_policy: Any = None
    permission_required = "change"
    index_url_name = ""

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Enqueue the reading, and come back to the list."""
        source = get_object_or_404(FeedSource, pk=unquote(pk))
        if source.is_active:
            bring_forward(source, timezone.now())
            read_feed.enqueue(source.pk)
            text = _("“%(name)s” is being read. Open this list again in a moment.")
            messages.success(request, text % {"name": source.name})
        else:
            text = _("“%(name)s” is stopped: make it active in its form first.")
            messages.warning(request, text % {"name": source.name})
        return redirect(self.index_url_name)


class HealthColumn(BaseColumn):
    """State, what is wrong, what to do."""

    cell_template_name = "portal/admin/feed_health_cell.html"

    def get_cell_context_data(
        self, instance: FeedSource, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        """Add the health."""
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "health": health_of(instance)}


class MomentColumn(Column):
    """A day and a time, or words when there is none."""

    cell_template_name = "portal/admin/feed_moment_cell.html"

    def __init__(self, name: str, *, none: Any, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.none = none

    def get_cell_context_data(
        self, instance: FeedSource, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        """Add the words."""
        return {**super().get_cell_context_data(instance, parent_context), "none": self.none}


class NextReadingColumn(MomentColumn):
    """When a feed is next read; a stopped one is not."""

    def get_cell_context_data(
        self, instance: FeedSource, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        """Say so of a stopped one."""
        context = super().get_cell_context_data(instance, parent_context)
        stopped = {"raw_value": None, "none": _("none while it is stopped")}
        return context if instance.is_active else {**context, **stopped}


class ReadNowColumn(BaseColumn):
    """The button “read now”, for those who may."""

    cell_template_name = "portal/admin/feed_read_now_cell.html"

    def get_cell_context_data(
        self, instance: FeedSource, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        """Add where the button leads, and the mark that protects it."""
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        may = instance.is_active and request.user.has_perm("portal.change_feedsource")
        address = reverse(FeedSourceViewSet.read_now_name, args=[instance.pk]) if may else ""
        return {**context, "address": address, "csrf_token": get_token(request)}


class HealthPanel(HelpPanel):
    """The health of the feed, above its form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"template": "portal/admin/feed_health_panel.html", **kwargs})

    class BoundPanel(HelpPanel.BoundPanel):
        def is_shown(self) -> bool:
            """Say nothing of a feed that is being added."""
            return self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the health."""
            context = super().get_context_data(parent_context)
            return {**context, "source": self.instance, "health": health_of(self.instance)}


class FeedSourceViewSet(SnippetViewSet):
    """List, add, change, read now; “usage” tells which pages show the feed."""

    model = FeedSource
    icon = "rss"
    menu_label = gettext_lazy("Feeds")
    menu_name = "feeds"
    menu_order = 210
    add_to_admin_menu = True
    add_view_class = FeedSourceCreateView
    edit_view_class = FeedSourceEditView
    search_fields = ["name", "address"]
    list_filter = ["is_active"]
    list_display = [
        "name",
        HealthColumn("health", label=gettext_lazy("Health")),
        MomentColumn(
            "last_success",
            label=gettext_lazy("Last received"),
            sort_key="last_success",
            none=gettext_lazy("never"),
        ),
        NextReadingColumn(
            "next_attempt",
            label=gettext_lazy("Next reading"),
            sort_key="next_attempt",
            none=gettext_lazy("as soon as possible"),
        ),
        NumberColumn("entry_count", label=gettext_lazy("Entries"), sort_key="entry_count"),
        ReadNowColumn("read_now", label=gettext_lazy("Read now")),
    ]
    edit_handler = ObjectList(
        [
            HealthPanel(),
            FieldPanel("name"),
            FieldPanel("address"),
            FieldPanel("site_address"),
            FieldPanel("language"),
            FieldPanel("is_active"),
        ],
        base_form_class=FeedSourceForm,
    )
    read_now_name = "wagtailsnippets_portal_feedsource:read_now"

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeedSource]:
        """Give the feeds with the number of their entries."""
        return FeedSource.objects.annotate(entry_count=Count("entries")).order_by("name", "pk")

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the address of “read now”."""
        view = self.construct_view(ReadNowView, permission_policy=self.permission_policy)
        return [*super().get_urlpatterns(), path("read-now/<str:pk>/", view, name="read_now")]
