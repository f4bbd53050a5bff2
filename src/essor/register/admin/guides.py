"""The screens of guides: composed with the count of what they hold while one writes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList, TitleFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, DateColumn
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    SnippetViewSet,
)

from essor.presentation.templatetags.typography import number
from essor.register.guides.contents import MOST_STRUCTURES, selection_of
from essor.register.models import Guide
from essor.register.selecting import Selection, named
from essor.search import CannotTellNow


class GuideForm(WagtailAdminModelForm):
    """Keeps of a pasted address what the directory understands."""

    def clean_criteria(self) -> str:
        """Read the selection, and write it as the directory does."""
        return Selection.in_query_string(self.cleaned_data["criteria"]).query_string

    def clean(self) -> dict[str, Any]:
        """Refuse a guide that is no book."""
        cleaned: dict[str, Any] = super().clean()
        if not self.errors:
            held = _held(Guide(criteria=cleaned["criteria"], territory=cleaned.get("territory")))
            if held > MOST_STRUCTURES:
                said = _(
                    "%(count)s structures: a guide holds %(most)s at most. Narrow the selection."
                )
                told = {"count": number(held), "most": number(MOST_STRUCTURES)}
                self.add_error("criteria", said % told)
        return cleaned


def _held(guide: Guide) -> int:
    return named(selection_of(guide).units()).count()


def count_sentence(guide: Guide) -> str:
    """Say how many structures a guide would hold."""
    try:
        held = _held(guide)
    except CannotTellNow:
        return _("The index is being rebuilt: how many structures there are cannot be told now.")
    sentence = ngettext(
        "This guide would hold %(count)s structure.",
        "This guide would hold %(count)s structures.",
        held,
    )
    return sentence % {"count": number(held)}


class GuideFormView:
    """A form that can also say, without script, what it would hold."""

    form: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or only count."""
        if "count" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        self.form = self.get_form()  # type: ignore[attr-defined]
        self.form.is_valid()
        return self.render_to_response(self.get_context_data(form=self.form))  # type: ignore[attr-defined]


class GuideCreateView(GuideFormView, CreateView):
    """Composes a guide."""


class GuideEditView(GuideFormView, EditView):
    """Changes a guide."""


class CountOfForm:
    """What the form would hold, as a part of the page, while it is being filled."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Understand what is there, whatever else is still missing."""
        form = self.get_form()  # type: ignore[attr-defined]
        form.is_valid()  # it has then read what it could
        return render(request, "register/guides/admin/_count.html", {"count": _count_in(form)})


class CountOnAdd(CountOfForm, CreateView):
    """Counts for a guide that is being composed."""


class CountOnEdit(CountOfForm, EditView):
    """Counts for a guide that is being changed."""


def _count_in(form: Any) -> str:
    if form.is_bound:
        held = getattr(form, "cleaned_data", {})
        criteria = held.get("criteria", form.instance.criteria)
        return count_sentence(Guide(criteria=criteria, territory=held.get("territory")))
    return count_sentence(form.instance)


class CountPanel(HelpPanel):
    """How many structures the guide would hold, counted again while one writes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"template": "register/guides/admin/count_panel.html", **kwargs})

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the count, and where it is asked for again."""
            context = super().get_context_data(parent_context)
            return {
                **context,
                "count": _count_in(self.form),
                "address": _count_address(self.instance),
            }


def _count_address(guide: Guide) -> str:
    if guide.pk is None:
        return reverse("wagtailsnippets_register_guide:count_on_add")
    return reverse("wagtailsnippets_register_guide:count_on_edit", args=[guide.pk])


class GuideViewSet(SnippetViewSet):
    """List, compose, publish."""

    model = Guide
    icon = "doc-full"
    menu_label = gettext_lazy("Guides")
    menu_order = 208
    add_to_admin_menu = True
    add_view_class = GuideCreateView
    edit_view_class = GuideEditView
    copy_view_enabled = False
    list_display = [
        "title",
        "territory",
        "grouping",
        BooleanColumn(
            "is_published", label=pgettext_lazy("guide", "Published"), sort_key="is_published"
        ),
        DateColumn("changed_at", label=gettext_lazy("Changed"), sort_key="changed_at"),
    ]
    list_filter = ["is_published", "grouping"]
    search_fields = ["title"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    TitleFieldPanel("title"),
                    FieldPanel("slug"),
                    FieldPanel("introduction"),
                    FieldPanel("cover"),
                ],
                heading=gettext_lazy("Cover and introduction"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("criteria"),
                    FieldPanel("territory"),
                    CountPanel(heading=gettext_lazy("What this makes")),
                    FieldPanel("grouping"),
                ],
                heading=gettext_lazy("What it holds"),
            ),
            FieldPanel("is_published"),
        ],
        base_form_class=GuideForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the count of the form."""
        on_add = self.construct_view(CountOnAdd, form_class=self.get_form_class())
        on_edit = self.construct_view(CountOnEdit, form_class=self.get_form_class(for_update=True))
        return [
            *super().get_urlpatterns(),
            path("count/", on_add, name="count_on_add"),
            path("count/<int:pk>/", on_edit, name="count_on_edit"),
        ]
