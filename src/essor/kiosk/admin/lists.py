"""The list of kiosks: what each draws from, how it shows it, how often it was seen."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BaseColumn, DateColumn, NumberColumn
from wagtail.snippets.views.snippets import IndexView

from essor.kiosk.models import DISPLAYS, DailyCount, Kiosk
from essor.kiosk.perms import telling_seen_sources
from essor.kiosk.queries import kiosks_to_show

LATELY_DAYS = 30


def kiosks_listed(request: HttpRequest) -> QuerySet[Kiosk]:
    """Give the kiosks with what the list says of each, in one query."""
    since = timezone.localdate() - timedelta(days=LATELY_DAYS)
    counts = DailyCount.objects.filter(kiosk=OuterRef("pk"), day__gt=since).order_by()
    seen = counts.values("kiosk").annotate(total=Sum("displays")).values("total")
    kiosks = kiosks_to_show().annotate(seen_lately=Coalesce(Subquery(seen), 0))
    return telling_seen_sources(kiosks, request.user)


class SourceColumn(BaseColumn):
    """What a kiosk draws from, by its name for who may know it."""

    cell_template_name = "kiosk/admin/source_cell.html"


class KioskFilterSet(WagtailFilterSet):
    """Few questions: how it shows, where from, whether readers see anything."""

    display = django_filters.MultipleChoiceFilter(
        label=pgettext_lazy("kiosk", "Display"),
        choices=DISPLAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    source = django_filters.ChoiceFilter(
        label=gettext_lazy("Draws from"),
        method="drawing_from",
        choices=[("basket", gettext_lazy("a basket")), ("search", gettext_lazy("a saved search"))],
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    readers = django_filters.ChoiceFilter(
        label=gettext_lazy("Readers"),
        method="seen_by_readers",
        choices=[
            ("see", gettext_lazy("see it")),
            ("nothing", gettext_lazy("see nothing: its source is private")),
        ],
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Kiosk
        fields: list[str] = []

    def drawing_from(self, kiosks: QuerySet[Kiosk], name: str, value: str) -> QuerySet[Kiosk]:
        """Keep those that draw from one kind of source."""
        return kiosks.filter(basket=None) if value == "search" else kiosks.exclude(basket=None)

    def seen_by_readers(self, kiosks: QuerySet[Kiosk], name: str, value: str) -> QuerySet[Kiosk]:
        """Keep those whose source is public, or those whose source is not."""
        is_public = Q(basket__is_public=True) | Q(saved_search__is_public=True)
        return kiosks.filter(is_public if value == "see" else ~is_public)


class KioskIndexView(IndexView):
    """The list, with the way to the statistics of each kiosk and to the pages that show it."""

    def get_list_more_buttons(self, instance: Kiosk) -> list[Any]:
        """Add where it is used, and how often it is seen."""
        screens = Kiosk.snippet_viewset
        buttons = super().get_list_more_buttons(instance)
        if self.user_has_permission("change"):
            usage = reverse(screens.get_url_name("usage"), args=[instance.pk])
            buttons.append(MenuItem(_("Where it is used"), usage, icon_name="link", priority=22))
        statistics = reverse(screens.get_url_name("statistics"), args=[instance.pk])
        buttons.append(MenuItem(_("Statistics"), statistics, icon_name="view", priority=24))
        return buttons


LIST = [
    "name",
    SourceColumn("source", label=gettext_lazy("Draws from")),
    "display",
    NumberColumn("seen_lately", label=gettext_lazy("Seen in 30 days"), sort_key="seen_lately"),
    DateColumn("changed_at", label=pgettext_lazy("list", "Changed"), sort_key="changed_at"),
]
