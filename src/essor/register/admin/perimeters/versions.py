"""The list of perimeters, a draft begun from another, and the page of one: its lines, its comparisons, its acts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, UserColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from essor.register.admin.perimeters.comparing import (
    CompareView,
    ComparisonProgressView,
    ComparisonView,
)
from essor.register.admin.perimeters.lines import CategoriesView, ExclusionsView
from essor.register.admin.perimeters.screens import ChangingAVersion, OfAVersion, PerimeterScreen
from essor.register.models import PerimeterVersion
from essor.register.models.perimeters import VERSION_FORM
from essor.register.perimeter_changes import changed_lines
from essor.register.perimeter_queries import (
    known_perimeters,
    perimeter_of_next_build,
    perimeter_of_version,
)
from essor.register.services.perimeters import begin_draft, choose, discard, kept_builds, leave
from essor.register.types import Perimeter

DRAFT = "draft:"


def state_of(version: PerimeterVersion) -> str:
    """Say in words where a version stands."""
    if version.is_chosen:
        return _("chosen for the next build")
    return _("draft") if version.is_draft else _("chosen before")


class PerimeterIndexView(IndexView):
    """The perimeters that staff wrote, the latest first, and which one the next build applies."""

    default_ordering = "-created_at"
    template_name = "register/admin/perimeters.html"

    def get_base_queryset(self) -> Any:
        """Bring the authors along."""
        return PerimeterVersion.objects.select_related("author")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the perimeter of the next build."""
        return super().get_context_data(**kwargs, next_build=perimeter_of_next_build())

    @cached_property
    def add_item_label(self) -> str:
        """Name the button after what it does."""
        return _("Begin a draft")


class DraftForm(forms.Form):
    """How a draft is called, why it is made, and from what."""

    version = forms.CharField(
        label=gettext_lazy("Version"),
        max_length=40,
        validators=[VERSION_FORM],
        help_text=gettext_lazy(
            "How pages, builds and figures will call it; a month says it well: 2027-01."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What changes and why, with its source: readers see it."),
    )

    def __init__(self, *args: Any, bases: dict[str, Perimeter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, perimeter.version) for name, perimeter in bases.items()]
        self.fields["base"] = forms.ChoiceField(label=_("Copied from"), choices=choices)


def bases() -> dict[str, Perimeter]:
    """Give what a draft may be copied from: perimeters that readers see, then the other drafts."""
    known = {one.slug: one.perimeter for one in known_perimeters()}
    drafts = PerimeterVersion.objects.filter(chosen_at=None)
    return known | {f"{DRAFT}{one.pk}": perimeter_of_version(one) for one in drafts}


class BeginView(PerimeterScreen, FormView):
    """Begins a draft from another perimeter."""

    template_name = "register/admin/perimeter_new.html"
    form_class = DraftForm
    page_title = gettext_lazy("Begin a draft")
    any_permission_required = ("add",)

    @cached_property
    def bases(self) -> dict[str, Perimeter]:
        """What may be copied."""
        return bases()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer them."""
        return {**super().get_form_kwargs(), "bases": self.bases}

    def form_valid(self, form: DraftForm) -> HttpResponse:
        """Copy, and open the draft."""
        asked = form.cleaned_data
        try:
            draft = begin_draft(
                asked["version"], asked["note"], base=self.bases[asked["base"]], by=self.person
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return redirect("register_perimeters:edit", draft.pk)


class VersionView(OfAVersion, TemplateView):
    """A version: where it stands, what it changes, its comparisons, and what may be done with it."""

    template_name = "register/admin/perimeter.html"
    page_title = gettext_lazy("Perimeter")

    def way_here(self) -> list[dict[str, str]]:
        """Stand right under the list."""
        return [{"url": "", "label": str(self.version)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add all that is told of it."""
        version = self.version
        comparisons = tuple(version.comparisons.select_related("started_by"))
        applied = next(iter(known_perimeters()))
        perimeter = perimeter_of_version(version)
        return super().get_context_data(
            **kwargs,
            version=version,
            state=state_of(version),
            comparisons=[(one, one.fingerprint != version.fingerprint) for one in comparisons],
            may_change=self.may_change,
            may_be_chosen=not version.is_chosen and any(one.is_of(version) for one in comparisons),
            builds=kept_builds() if self.may_change else (),
            compared_to=applied.perimeter.version,
            changes=changed_lines(applied.perimeter, perimeter),
            retained=sum(1 for line in perimeter.categories.values() if line.family),
            excluded=len(perimeter.exclusions),
        )


class ChooseView(ChangingAVersion, TemplateView):
    """Says what choosing a version means; does it when that is confirmed, and only then."""

    http_method_names = ["get", "post"]
    template_name = "register/admin/perimeter_choose.html"
    page_title = gettext_lazy("Choose this perimeter")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version, its comparison, and what it would replace."""
        comparisons = self.version.comparisons.all()
        return super().get_context_data(
            **kwargs,
            version=self.version,
            comparison=next((one for one in comparisons if one.is_of(self.version)), None),
            replaced=perimeter_of_next_build().version,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose it, and come back to it."""
        try:
            version = choose(self.version, by=self.person)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            said = _("The next build will apply the perimeter %(version)s.")
            messages.success(request, said % {"version": version})
        return redirect("register_perimeters:edit", pk)


class LeaveView(ChangingAVersion, View):
    """Goes back to the perimeter of the package."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, and come back to the version."""
        leave(self.version, by=self.person)
        messages.success(request, _("The next build will apply the perimeter of the package."))
        return redirect("register_perimeters:edit", pk)


class DiscardView(ChangingAVersion, TemplateView):
    """Deletes a draft, once that is confirmed."""

    http_method_names = ["get", "post"]
    template_name = "register/admin/perimeter_discard.html"
    page_title = gettext_lazy("Delete this draft")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version."""
        return super().get_context_data(**kwargs, version=self.version)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it, and come back to the list."""
        try:
            discard(self.version, by=self.person)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("register_perimeters:edit", pk)
        messages.success(request, _("The draft is deleted."))
        return redirect("register_perimeters:index")


class PerimeterViewSet(ModelViewSet):
    """The perimeters: drafts that administrators write, compare and choose; editors look."""

    model = PerimeterVersion
    name = "register_perimeters"
    url_prefix = "annuaire/perimetres"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Perimeters")
    form_fields = ["note"]
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = PerimeterIndexView
    list_display = [
        "version",
        Column("state", label=gettext_lazy("State"), accessor=state_of),
        Column("note", label=gettext_lazy("Note"), accessor=lambda one: one.note[:120]),
        UserColumn("author", label=gettext_lazy("Author")),
        DateColumn("changed_at", label=gettext_lazy("Changed")),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Give the addresses of these screens: none of them edits a version but through its acts."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history-results/<int:pk>/", self.history_results_view, name="history_results"),
            path("usage/<int:pk>/", self.usage_view, name="usage"),
            path("new/", BeginView.as_view(), name="add"),
            path("<int:pk>/", VersionView.as_view(), name="edit"),
            path("<int:pk>/categories/", CategoriesView.as_view(), name="categories"),
            path("<int:pk>/exclusions/", ExclusionsView.as_view(), name="exclusions"),
            path("<int:pk>/compare/", CompareView.as_view(), name="compare"),
            path("<int:pk>/choose/", ChooseView.as_view(), name="choose"),
            path("<int:pk>/leave/", LeaveView.as_view(), name="leave"),
            path("<int:pk>/delete/", DiscardView.as_view(), name="delete"),
            path("comparison/<int:pk>/", ComparisonView.as_view(), name="comparison"),
            path(
                "comparison/<int:pk>/progress/", ComparisonProgressView.as_view(), name="progress"
            ),
        ]
