"""The screens of kiosks: list, form with its preview, copy, statistics; none is deleted while a page shows it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import ReferenceIndex
from wagtail.snippets.views.snippets import (
    CopyView,
    CreateView,
    EditView,
    PreviewOnCreateView,
    PreviewOnEditView,
    SnippetViewSet,
)

from essor.catalogue.services.selections import free_slug
from essor.kiosk.admin.form import FORM, NAMELESS, told
from essor.kiosk.admin.lists import LIST, KioskFilterSet, KioskIndexView, kiosks_listed
from essor.kiosk.admin.statistics import StatisticsTableView, StatisticsView
from essor.kiosk.models import Kiosk
from essor.kiosk.perms import sees_source

LONGEST_NAME = 120


class KioskFormView:
    """A form that can also say, without script, what it would show; it stays open once saved."""

    form: Any
    object: Any
    request: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or only count."""
        if "count" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        self.form = self.get_form()  # type: ignore[attr-defined]
        return self.render_to_response(self.get_context_data(form=self.form))  # type: ignore[attr-defined]

    def get_side_panels(self) -> MediaContainer:
        """Leave out the checks of written pages: a kiosk has no text of its own."""
        panels = super().get_side_panels()  # type: ignore[misc]
        return MediaContainer(one for one in panels if not isinstance(one, ChecksSidePanel))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the page in its first heading, which the framework leaves out here."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**context, "title": context["header_title"]}

    def get_success_url(self) -> str:
        """Stay at the kiosk: the code to copy is there."""
        return str(self.get_edit_url())  # type: ignore[attr-defined]


class KioskCreateView(KioskFormView, CreateView):
    """Makes a kiosk."""


class KioskCopyView(KioskFormView, CopyView):
    """Makes a kiosk out of another: the same choices, another name."""

    def get_initial_form_instance(self) -> Kiosk:
        """Begin with the choices of the other, but for a source that this person may not see."""
        kiosk: Kiosk = super().get_initial_form_instance()
        kiosk.pk, kiosk._state.adding = None, True
        kiosk.name = (_("Copy of %(name)s") % {"name": kiosk.name})[:LONGEST_NAME]
        kiosk.slug = free_slug(Kiosk, kiosk.name, nameless=NAMELESS)
        if kiosk.source and not sees_source(self.request.user, kiosk.source):
            kiosk.basket = kiosk.saved_search = None
        return kiosk


class KioskEditView(KioskFormView, EditView):
    """Changes a kiosk."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead to the statistics."""
        address = reverse(Kiosk.snippet_viewset.get_url_name("statistics"), args=[self.object.pk])
        return [HeaderButton(label=_("Statistics"), url=address, icon_name="view")]


class ContentsOfForm:
    """What the form would show, as a part of the page, while it is being filled."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Understand what is there, whatever else is still missing."""
        form = self.get_form(request.POST)  # type: ignore[attr-defined]
        form.defer_required_fields()
        return render(request, "kiosk/admin/_contents.html", told(form, request.user))


class ContentsOnAdd(ContentsOfForm, PreviewOnCreateView):
    """Counts for a kiosk that is being made."""


class ContentsOnEdit(ContentsOfForm, PreviewOnEditView):
    """Counts for a kiosk that is being changed."""


def keep_what_pages_show(request: HttpRequest, things: Sequence[Any]) -> HttpResponse | None:
    """Refuse to delete a kiosk that a page or a box shows, and tell which ones do."""
    for kiosk in things:
        if isinstance(kiosk, Kiosk) and ReferenceIndex.get_references_to(kiosk).exists():
            said = _("“%(name)s” is shown by what is listed here: take it away from there first.")
            messages.error(request, said % {"name": kiosk.name})
            return redirect(Kiosk.snippet_viewset.get_url_name("usage"), kiosk.pk)
    return None


class KioskViewSet(SnippetViewSet):
    """List, make, change, copy; “usage” tells which pages show the kiosk."""

    model = Kiosk
    icon = "desktop"
    menu_label = gettext_lazy("Kiosks")
    menu_order = 210
    add_to_admin_menu = True
    index_view_class = KioskIndexView
    add_view_class = KioskCreateView
    copy_view_class = KioskCopyView
    edit_view_class = KioskEditView
    list_display = LIST
    filterset_class = KioskFilterSet
    search_fields = ["name"]
    edit_handler = FORM

    def get_queryset(self, request: HttpRequest) -> Any:
        """Give the kiosks with what the list says of them."""
        return kiosks_listed(request)

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the count of the form, and the statistics."""
        on_add = self.construct_view(ContentsOnAdd, form_class=self.get_form_class())
        on_edit = self.construct_view(
            ContentsOnEdit, form_class=self.get_form_class(for_update=True)
        )
        return [
            *super().get_urlpatterns(),
            path("contents/", on_add, name="contents_on_add"),
            path("contents/<int:pk>/", on_edit, name="contents_on_edit"),
            path("statistics/<int:pk>/", StatisticsView.as_view(), name="statistics"),
            path(
                "statistics/<int:pk>/table/", StatisticsTableView.as_view(), name="statistics_table"
            ),
        ]
