"""The screens of vintages: what each was made from, and the previous one shown again once that is confirmed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView, PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet

from essor.presentation.templatetags.typography import number
from essor.register.labels import month_label
from essor.register.loading_report import problem_in_words
from essor.register.models import Vintage
from essor.register.queries import area_of_vintage
from essor.register.services.loading import restorable, restore
from essor.register.types import RegisterError

RESTORING_RIGHT = "register.change_vintage"


class RestoreColumn(BaseColumn):
    """The way to show the previous vintage again, for who may."""

    cell_template_name = "register/admin/restore_cell.html"

    def get_cell_context_data(self, instance: Vintage, parent_context: Any) -> dict[str, Any]:
        """Give the address, or nothing."""
        context = super().get_cell_context_data(instance, parent_context)
        may = parent_context["request"].user.has_perm(RESTORING_RIGHT)
        can = may and instance.pk == getattr(restorable(), "pk", None)
        address = reverse("register_vintages:restore", args=[instance.pk]) if can else ""
        return {**context, "address": address}


class VintageIndexView(IndexView):
    """The vintages that are kept, the latest first."""

    default_ordering = "-loaded_at"

    def get_base_queryset(self) -> QuerySet[Vintage]:
        """Leave out one that is being loaded."""
        return Vintage.objects.shown()


class VintageInspectView(InspectView):
    """What a vintage was made from: files, checksums, steps, what was left out."""

    def get_month_display_value(self) -> str:
        """Name the month."""
        return month_label(self.object.month)

    def get_area_display_value(self) -> str:
        """Name the territory; its code is in the manifest."""
        return area_of_vintage(self.object)

    def get_units_display_value(self) -> str:
        """Write the number as people read it."""
        return number(self.object.units)

    def get_establishments_display_value(self) -> str:
        """Write the number as people read it."""
        return number(self.object.establishments)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the manifest, and the way to show the vintage again for who may."""
        kept = restorable()
        may = self.request.user.has_perm(RESTORING_RIGHT) and kept == self.object
        return super().get_context_data(
            **kwargs,
            manifest=self.object.manifest,
            month=month_label(self.object.month),
            restore_address=reverse("register_vintages:restore", args=[self.object.pk])
            if may
            else "",
        )


class RestoreView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Says what showing a vintage again means; does it when that is confirmed, and only then."""

    http_method_names = ["get", "post"]
    template_name = "register/admin/restore.html"
    page_title = gettext_lazy("Show this vintage again")
    header_icon = "undo"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may decide which vintage readers see."""
        if not request.user.has_perm(RESTORING_RIGHT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def vintage(self) -> Vintage:
        """The vintage to show again."""
        return get_object_or_404(Vintage, pk=self.kwargs["pk"], is_current=False)

    def get_page_subtitle(self) -> str:
        """Say which."""
        return str(self.vintage)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add it, and the one that it would replace."""
        shown = Vintage.objects.filter(is_current=True).first()
        return super().get_context_data(
            **kwargs, vintage=self.vintage, shown=shown, back=reverse("register_vintages:index")
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it again, and come back to the list."""
        try:
            vintage = restore(self.vintage.pk)
        except RegisterError as error:
            messages.error(request, problem_in_words(error.problem))
        else:
            said = _(
                "Readers see the vintage %(vintage)s again; the search follows in a few minutes."
            )
            messages.success(request, said % {"vintage": vintage})
        return redirect("register_vintages:index")


class VintageViewSet(ModelViewSet):
    """Vintages come from the command line: staff look, and show the previous one again."""

    model = Vintage
    name = "register_vintages"
    url_prefix = "annuaire/millesimes"
    icon = "history"
    menu_label = gettext_lazy("Vintages")
    form_fields = ["month"]
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = VintageIndexView
    inspect_view_class = VintageInspectView
    inspect_template_name = "register/admin/vintage.html"
    inspect_view_fields = ["month", "area", "perimeter", "units", "establishments", "loaded_at"]
    list_display = [
        TitleColumn(
            "month",
            label=gettext_lazy("Vintage"),
            accessor=lambda one: month_label(one.month),
            url_name="register_vintages:inspect",
        ),
        Column("area", label=gettext_lazy("Territory"), accessor=area_of_vintage),
        "perimeter",
        Column("units", label=gettext_lazy("Structures"), accessor=lambda one: number(one.units)),
        Column(
            "establishments",
            label=gettext_lazy("Establishments"),
            accessor=lambda one: number(one.establishments),
        ),
        BooleanColumn("is_current", label=gettext_lazy("Shown")),
        BooleanColumn("is_synthetic", label=gettext_lazy("Made-up data")),
        DateColumn("loaded_at", label=gettext_lazy("Loaded")),
        RestoreColumn("restore", label=gettext_lazy("Actions")),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the address of the act."""
        view = self.construct_view(RestoreView)
        return [*super().get_urlpatterns(), path("restore/<int:pk>/", view, name="restore")]
