"""How often a kiosk was seen: two charts, the same numbers in a table, the sites that show it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from babel.dates import format_date
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import dates, timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from essor.kiosk.audience import Audience, Period, Step, audience_of, counts_of
from essor.kiosk.charts import Chart, bar_chart
from essor.kiosk.hosts import OTHERS, PORTAL, readable
from essor.kiosk.models import Kiosk
from essor.presentation.spreadsheets import csv_response
from essor.presentation.templatetags.typography import long_date, number

PERIODS = {
    Period.DAYS: pgettext_lazy("period", "30 days"),
    Period.MONTHS: pgettext_lazy("period", "12 months"),
}
EVERY_DAYS = 7
"""Days between two labels of the chart, counted back from today."""


class OfAKiosk(PermissionCheckedMixin):
    """A screen of one kiosk, for who may see kiosks."""

    model = Kiosk
    any_permission_required = ("add", "change", "delete", "view")
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def kiosk(self) -> Kiosk:
        """The kiosk of the address."""
        return get_object_or_404(Kiosk, pk=self.kwargs["pk"])

    @cached_property
    def period(self) -> Period:
        """The period asked for; the days when none is, or none that is known."""
        asked = self.request.GET.get("periode", "")
        return Period(asked) if asked in set(Period) else Period.DAYS


class StatisticsView(OfAKiosk, WagtailAdminTemplateMixin, TemplateView):
    """Shows how often a kiosk was seen and its records opened."""

    template_name = "kiosk/admin/statistics.html"
    page_title = gettext_lazy("Statistics")
    header_icon = "view"

    def get_page_subtitle(self) -> str:
        """Say which kiosk."""
        return self.kiosk.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list of kiosks to here."""
        way = {"url": reverse(_name("list")), "label": _("Kiosks")}
        kiosk = {"url": self._form_address(), "label": self.kiosk.name}
        here = {"url": "", "label": self.page_title, "sublabel": self.kiosk.name}
        return [*self.breadcrumbs_items, way, *([kiosk] if kiosk["url"] else []), here]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead to the form, for who may change the kiosk."""
        address = self._form_address()
        return [HeaderButton(label=_("Edit"), url=address, icon_name="edit")] if address else []

    def _form_address(self) -> str:
        may = self.user_has_permission_for_instance("change", self.kiosk)
        return reverse(_name("edit"), args=[self.kiosk.pk]) if may else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the numbers, and the charts of them."""
        audience = audience_of(self.kiosk.pk, self.period, today=timezone.localdate())
        table = reverse(_name("statistics_table"), args=[self.kiosk.pk])
        return {
            **super().get_context_data(**kwargs),
            "kiosk": self.kiosk,
            "audience": audience,
            "periods": [(one, label, one is self.period) for one, label in PERIODS.items()],
            "rows": [(_in_full(audience.period, step.day), step) for step in audience.steps],
            "sites": [(site_name(site.host), site) for site in audience.sites],
            "charts": [
                (_("Displays"), _displays_chart(audience)),
                (_("Records opened"), _clicks_chart(audience)),
            ],
            "table_address": f"{table}?periode={self.period}",
        }


class StatisticsTableView(OfAKiosk, View):
    """Gives the counts of a kiosk as a table for spreadsheets: one line a day and a site."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Give them, in the order of days."""
        heading = [_("Day"), _("Embedding site"), _("Displays"), _("Records opened")]
        counts = counts_of(self.kiosk.pk, self.period, today=timezone.localdate())
        name = f"kiosque-{self.kiosk.slug}-{self.period}"
        return csv_response(name, heading, _table_rows(counts.iterator(500)))


def _table_rows(counts: Iterator[Any]) -> Iterator[list[object]]:
    for count in counts:
        yield [count.day.isoformat(), site_name(count.host), count.displays, count.clicks]


def site_name(host: str) -> str:
    """Give an embedding site in words, or its name as people write it."""
    if host == PORTAL:
        return _("The portal itself")
    if host == OTHERS:
        return _("Sites that do not say their name")
    return readable(host)


def _displays_chart(audience: Audience) -> Chart:
    return _chart(
        audience,
        lambda step: step.displays,
        lambda n: ngettext("%(count)s display", "%(count)s displays", n) % {"count": number(n)},
    )


def _clicks_chart(audience: Audience) -> Chart:
    return _chart(
        audience,
        lambda step: step.clicks,
        lambda n: (
            ngettext("%(count)s record opened", "%(count)s records opened", n)
            % {"count": number(n)}
        ),
    )


def _chart(
    audience: Audience, value: Callable[[Step], int], in_words: Callable[[int], str]
) -> Chart:
    values = [value(step) for step in audience.steps]
    return bar_chart(
        values,
        labels=[_label(audience, place) for place in range(len(values))],
        says=[
            _("%(when)s: %(what)s")
            % {"when": _in_full(audience.period, step.day), "what": in_words(value(step))}
            for step in audience.steps
        ],
    )


def _label(audience: Audience, place: int) -> str:
    day, language = audience.steps[place].day, get_language() or "fr"
    if audience.period is Period.MONTHS:
        return str(format_date(day, "MMM", locale=language))
    is_labelled = (len(audience.steps) - 1 - place) % EVERY_DAYS == 0
    return str(format_date(day, "d MMM", locale=language)) if is_labelled else ""


def _in_full(period: Period, day: date) -> str:
    return long_date(day) if period is Period.DAYS else f"{dates.MONTHS[day.month]} {day.year}"


def _name(view: str) -> str:
    return str(Kiosk.snippet_viewset.get_url_name(view))
