"""What a draft would change in a build that is kept: asked for, followed, then read unit by unit."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from essor.register.admin.perimeters.screens import ChangingAVersion, PerimeterScreen
from essor.register.build.comparison import Moved, Side, Standing, moved
from essor.register.labels import activity_label, category_label
from essor.register.loading_report import problem_in_words
from essor.register.models import (
    FAMILY_LABELS,
    STATUS_LABELS,
    PerimeterComparison,
    StructureProfile,
    Vintage,
)
from essor.register.services.perimeters import ask_comparison
from essor.register.structure_page import grouped
from essor.register.types import RegisterError, Status

UNITS_ON_A_PAGE = 50

SIDE_LABELS = {
    Side.ENTERS: gettext_lazy("would enter"),
    Side.LEAVES: gettext_lazy("would leave"),
    Side.CHANGES: gettext_lazy("would change status or family"),
}


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many units have a status before and after."""

    label: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        """How many more, or fewer when negative."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How many units of a legal category would move, by side, in the order of the sides."""

    code: str
    label: str
    sides: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A unit that would move, as the screen shows it."""

    number: str
    name: str
    category: str
    activity: str
    before: str
    after: str


class CompareView(ChangingAVersion, View):
    """Asks for the comparison with the build of a vintage."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it run in the background, and go where it is followed."""
        asked = request.POST.get("vintage", "")
        vintage = get_object_or_404(Vintage, pk=int(asked) if asked.isdecimal() else 0)
        try:
            comparison = ask_comparison(self.version, vintage, by=self.person)
        except RegisterError as error:
            messages.error(request, problem_in_words(error.problem))
            return redirect("register_perimeters:edit", pk)
        return redirect("register_perimeters:comparison", comparison.pk)


class OfAComparison(PerimeterScreen):
    """A screen of one comparison."""

    any_permission_required: tuple[str, ...] = ("view", "add", "change")

    @cached_property
    def comparison(self) -> PerimeterComparison:
        """The comparison of the address."""
        comparisons = PerimeterComparison.objects.select_related("draft", "started_by")
        return get_object_or_404(comparisons, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Say of what."""
        return f"{self.comparison.draft} / {self.comparison.compared_with}"

    def way_here(self) -> list[dict[str, str]]:
        """Go by the page of the version."""
        draft = self.comparison.draft
        address = reverse("register_perimeters:edit", args=[draft.pk])
        return [{"url": address, "label": str(draft)}, *super().way_here()]


class ComparisonProgressView(OfAComparison, TemplateView):
    """The part that renews itself while the comparison is at work."""

    template_name = "register/admin/_comparison_progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give just that part."""
        return {"comparison": self.comparison}


class ComparisonView(OfAComparison, TemplateView):
    """A comparison: how far it is, then the counts, and the units page by page."""

    template_name = "register/admin/comparison.html"
    page_title = gettext_lazy("What would change")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the counts and a page of units, once there are some."""
        comparison = self.comparison
        context = super().get_context_data(
            **kwargs,
            comparison=comparison,
            draft=comparison.draft,
            is_outdated=comparison.fingerprint != comparison.draft.fingerprint,
        )
        if comparison.state != PerimeterComparison.State.FINISHED:
            return {**context, "statuses": ()}
        return {**context, **counts_of(comparison), **self._units()}

    def _units(self) -> dict[str, Any]:
        totals = totals_of(self.comparison)
        asked = self.request.GET.get("side", "")
        first = next((side for side in Side if totals[side]), Side.ENTERS)
        side = Side(asked) if asked in frozenset(Side) else first
        pages = max(1, -(-totals[side] // UNITS_ON_A_PAGE))
        page = min(_number(self.request.GET.get("p", "")), pages)
        return {
            "sides": [(one, SIDE_LABELS[one], totals[one]) for one in Side],
            "side": side,
            "page": page,
            "pages": pages,
            "units": self._page_of_units(side, page),
        }

    def _page_of_units(self, side: Side, page: int) -> tuple[ShownMove, ...] | None:
        """Give a page of units; none when the file of the comparison is gone."""
        path = self.comparison.moves_path
        if not path.is_file():
            return None
        first = (page - 1) * UNITS_ON_A_PAGE
        return shown(moved(path, side, first=first, most=UNITS_ON_A_PAGE))


def totals_of(comparison: PerimeterComparison) -> dict[Side, int]:
    """Give how many units go each way."""
    moves = comparison.counted["moves"]
    return {side: sum(moves.get(side, {}).values()) for side in Side}


def counts_of(comparison: PerimeterComparison) -> dict[str, Any]:
    """Give the counts by status, and by legal category of the units that move."""
    counted = comparison.counted
    moves = counted["moves"]
    codes = sorted({code for side in Side for code in moves.get(side, {})})
    return {
        "statuses": [
            StatusCount(
                str(capfirst(STATUS_LABELS[status])),
                counted["before"].get(status, 0),
                counted["after"].get(status, 0),
            )
            for status in Status
        ],
        "categories": [
            CategoryCount(
                code,
                category_label(code) if code else _("unknown"),
                tuple(moves.get(side, {}).get(code, 0) for side in Side),
            )
            for code in codes
        ],
        "side_labels": [SIDE_LABELS[side] for side in Side],
    }


def shown(units: tuple[Moved, ...]) -> tuple[ShownMove, ...]:
    """Give units in words; one whose identity is masked or withheld is not named."""
    profiles = StructureProfile.objects.filter(
        is_withheld=True, siren__in=[unit.siren for unit in units]
    )
    withheld = set(profiles.order_by("siren").values_list("siren", flat=True))
    return tuple(
        _shown(unit, is_hidden=unit.is_partial or unit.siren in withheld) for unit in units
    )


def _shown(unit: Moved, *, is_hidden: bool) -> ShownMove:
    return ShownMove(
        number=_("not published") if is_hidden else grouped(unit.siren),
        name=_("Structure whose identity is not published") if is_hidden else unit.name,
        category=f"{unit.category} {category_label(unit.category)}",
        activity=f"{unit.activity} {activity_label(unit.activity, 'NAFRev2')}".strip(),
        before=_in_words(unit.before),
        after=_in_words(unit.after),
    )


def _in_words(standing: Standing) -> str:
    status, family = standing
    words = str(STATUS_LABELS[status])
    return f"{words} ({FAMILY_LABELS[family]})" if family else words


def _number(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 8 else 1
