"""The screens of mapping profiles: read as tables, corrected by making a new version."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from essor.catalogue.importers.profiles import (
    ITEM_TAGS,
    LONGEST_CODE,
    LONGEST_MEANING,
    DateOrder,
    Profile,
    UnusableProfile,
    shipped_profile,
    shipped_profiles,
)
from essor.catalogue.models import MappingProfile, Source
from essor.catalogue.models.imports import CODE_TABLES
from essor.catalogue.models.records import AUDIENCES, AVAILABILITIES, DOCUMENT_TYPES
from essor.catalogue.queries import (
    latest_profiles,
    sources_read_by,
    unknown_codes_met,
    versions_of_profile,
)
from essor.catalogue.services.sources import publish_profile
from essor.catalogue.types import CodeTable, Syntax

SYNTAXES = [(Syntax.UNIMARC.value, "UNIMARC"), (Syntax.MARC21.value, "MARC 21")]
DATE_ORDERS = [
    (DateOrder.DAY_FIRST.value, gettext_lazy("day, month, year: 31/12/2026")),
    (DateOrder.MONTH_FIRST.value, gettext_lazy("month, day, year: 12/31/2026")),
    (DateOrder.YEAR_FIRST.value, gettext_lazy("year, month, day: 2026-12-31")),
]
PLACES = {
    "barcode": gettext_lazy("Barcode"),
    "branch": pgettext_lazy("library of a network", "Branch"),
    "section": pgettext_lazy("place in a library", "Section"),
    "call_number": gettext_lazy("Call number"),
    "document_type": gettext_lazy("Document type"),
    "status": gettext_lazy("Status"),
    "audience": pgettext_lazy("whom a document is for", "Audience"),
    "volume": gettext_lazy("Volume"),
    "note": gettext_lazy("Note"),
    "acquired": gettext_lazy("Date of acquisition"),
    "last_loan": gettext_lazy("Date of the last loan"),
    "due": gettext_lazy("Date due back"),
    "loans": gettext_lazy("Number of loans"),
    "price": gettext_lazy("Price"),
}
CHOICES = {
    CodeTable.DOCUMENT_TYPE: DOCUMENT_TYPES,
    CodeTable.STATUS: AVAILABILITIES,
    CodeTable.AUDIENCE: AUDIENCES,
}
MORE_LINES = 10
PLACE = "place_"


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A line of the list of profiles: one kept here, or one that comes with the portal."""

    name: str
    code: str
    version: int | None
    sources: tuple[Source, ...]
    address: str


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code, and what it means in words."""

    code: str
    meaning: str


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table of a profile, ready to be read; `is_in_words` when its codes need no meaning."""

    label: str
    rows: tuple[CodeRow, ...]
    is_in_words: bool


def rows_of(profile: Profile) -> Iterator[TableRows]:
    """Give the tables of a profile as people read them."""
    for value, label in CODE_TABLES:
        table = CodeTable(value)
        words = dict(CHOICES.get(table, ()))
        known = profile.tables.get(table, {})
        rows = tuple(CodeRow(code, str(words.get(mean, mean))) for code, mean in known.items())
        yield TableRows(str(label), rows, table in profile.in_words)


class ProfileScreen(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A screen about profiles, for who may look at them."""

    model = MappingProfile
    any_permission_required: tuple[str, ...] = ("view", "add")
    header_icon = "table"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list of profiles to here."""
        profiles = {"url": reverse("catalogue_profiles:index"), "label": _("Mapping profiles")}
        return [*self.breadcrumbs_items, profiles, {"url": "", "label": self.get_header_title()}]

    @property
    def may_correct(self) -> bool:
        """Whether this person makes new versions."""
        return bool(self.user_has_permission("add"))


class ProfileIndexView(ProfileScreen):
    """The profiles: those of the network first, then those that come with the portal."""

    template_name = "catalogue/admin/profiles.html"
    page_title = gettext_lazy("Mapping profiles")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Begin here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows."""
        kept = latest_profiles()
        used: dict[str, list[Source]] = {}
        for source in Source.objects.exclude(profile=None).select_related("profile"):
            if source.profile:
                used.setdefault(source.profile.code, []).append(source)
        rows = [
            ProfileRow(
                one.name,
                one.code,
                one.version,
                tuple(used.get(one.code, ())),
                reverse("catalogue_profiles:show", args=[one.pk]),
            )
            for one in kept
        ]
        known = {one.code for one in kept}
        rows += [
            ProfileRow(
                one.name, one.code, None, (), reverse("catalogue_profiles:shipped", args=[one.code])
            )
            for one in shipped_profiles()
            if one.code not in known
        ]
        return super().get_context_data(**kwargs, rows=rows)


class OfAProfile(ProfileScreen):
    """A screen of one profile: a version that is kept, or one that comes with the portal."""

    @cached_property
    def version(self) -> MappingProfile | None:
        """The version of the address, None for a profile that comes with the portal."""
        pk = self.kwargs.get("pk")
        return get_object_or_404(MappingProfile, pk=pk) if pk else None

    @cached_property
    def profile(self) -> Profile:
        """The profile itself."""
        if self.version:
            return Profile.of(self.version.definition)
        try:
            return shipped_profile(self.kwargs["code"])
        except UnusableProfile as error:
            raise Http404 from error

    @property
    def is_shipped(self) -> bool:
        """Whether a new version of the portal may bring it again as it was: it is copied, not corrected."""
        return self.profile.code in {one.code for one in shipped_profiles()}

    def get_page_subtitle(self) -> str:
        """Say which, and which version."""
        return str(self.version or self.profile.name)


class ProfileView(OfAProfile):
    """A profile, read as tables."""

    template_name = "catalogue/admin/profile.html"
    page_title = gettext_lazy("Mapping profile")

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Offer to correct it, to who may."""
        if not self.may_correct:
            return []
        label = _("Copy and correct") if self.is_shipped else _("Correct")
        return [HeaderButton(label, url=self._address_of_correction(), icon_name="edit")]

    def _address_of_correction(self) -> str:
        if self.version:
            return reverse("catalogue_profiles:correct", args=[self.version.pk])
        return reverse("catalogue_profiles:correct_shipped", args=[self.profile.code])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the profile in words."""
        profile = self.profile
        return super().get_context_data(
            **kwargs,
            profile=profile,
            version=self.version,
            versions=versions_of_profile(profile.code),
            sources=sources_read_by(profile.code),
            syntax=dict(SYNTAXES)[profile.syntax.value],
            date_order=dict(DATE_ORDERS)[profile.date_order.value],
            without_status=dict(AVAILABILITIES)[profile.without_status.value],
            places=[
                (label, "".join(f"${code}" for code in getattr(profile.places, name).split()))
                for name, label in PLACES.items()
                if getattr(profile.places, name)
            ],
            tables=tuple(rows_of(profile)),
        )


class ProfileForm(forms.Form):
    """A profile but for its tables, and the sources that are read by it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=50,
        help_text=gettext_lazy("Short and stable: its versions are known by it."),
    )
    sources = forms.ModelMultipleChoiceField(
        Source.objects.all(),
        label=gettext_lazy("Sources read by this profile"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "From their next import on. What is already in the catalogue is read again then."
        ),
    )
    syntax = forms.ChoiceField(label=gettext_lazy("Format of the records"), choices=SYNTAXES)
    filing_mark = forms.CharField(
        label=gettext_lazy("Mark after the words that are not filed"),
        required=False,
        max_length=1,
        help_text=gettext_lazy(
            "In UNIMARC, some systems write a sign in titles after the article that sorting passes over: "
            "“@” in “Le @jardin” at Sudoc. It is then not shown, and the title is filed under what "
            "follows it. Empty when there is none: usual articles are passed over all the same."
        ),
    )
    item_tag = forms.ChoiceField(
        label=gettext_lazy("Field of the items"),
        required=False,
        choices=[("", gettext_lazy("none: records only")), *((tag, tag) for tag in ITEM_TAGS)],
    )
    date_order = forms.ChoiceField(label=gettext_lazy("Dates of items"), choices=DATE_ORDERS)
    without_status = forms.ChoiceField(
        label=gettext_lazy("An item without any status is"), choices=AVAILABILITIES
    )
    is_gone_with_items = forms.BooleanField(
        label=gettext_lazy("A record whose items are all gone is deleted"), required=False
    )
    in_words = forms.MultipleChoiceField(
        label=gettext_lazy("Already in words"),
        required=False,
        choices=CODE_TABLES,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Tables whose codes are names that readers understand: they are shown as they come."
        ),
    )

    def __init__(self, *args: Any, profile: Profile, is_code_fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile, self.is_code_fixed = profile, is_code_fixed
        if is_code_fixed:
            self.fields["code"].disabled = True
        if profile.item_tag not in ("", *ITEM_TAGS):
            field = self.fields["item_tag"]
            field.choices = [*field.choices, (profile.item_tag, profile.item_tag)]  # type: ignore[attr-defined]
        for name, label in PLACES.items():
            self.fields[f"{PLACE}{name}"] = forms.CharField(
                label=label, required=False, max_length=20
            )

    @property
    def places(self) -> list[forms.BoundField]:
        """The fields that say where each part of an item is."""
        return [self[f"{PLACE}{name}"] for name in PLACES]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields about all items."""
        names = ("item_tag", "date_order", "without_status", "is_gone_with_items", "in_words")
        return [self[name] for name in names]

    def clean_code(self) -> str:
        """Leave the codes of the profiles that come with the portal to them."""
        code = str(self.cleaned_data["code"])
        if not self.is_code_fixed and (
            code in {one.code for one in shipped_profiles()}
            or MappingProfile.objects.filter(code=code).exists()
        ):
            raise forms.ValidationError(_("Another profile has this code: give yours another one."))
        return code

    def definition(self, tables: dict[str, dict[str, str]]) -> dict[str, Any]:
        """Give what was written, as `Profile.of` reads it."""
        given = self.cleaned_data
        places = {
            name: " ".join(given[f"{PLACE}{name}"].replace("$", " ").split()) for name in PLACES
        }
        return {
            **self.profile.definition(),  # what has no field here stays as it is
            "code": given["code"],
            "name": given["name"],
            "syntax": given["syntax"],
            "filing_mark": given["filing_mark"],
            "item_tag": given["item_tag"],
            "places": {name: codes for name, codes in places.items() if codes},
            "tables": tables,
            "in_words": given["in_words"],
            "date_order": given["date_order"],
            "without_status": given["without_status"],
            "is_gone_with_items": given["is_gone_with_items"],
        }


class CodeForm(forms.Form):
    """A code of a table and what it means; a line without a code, or without a meaning, says nothing."""

    code = forms.CharField(label=gettext_lazy("Code"), required=False, max_length=LONGEST_CODE)
    meaning = forms.CharField(
        label=gettext_lazy("Meaning"), required=False, max_length=LONGEST_MEANING
    )


def code_form_of(table: CodeTable) -> type[CodeForm]:
    """Give the form of a line: the meaning is chosen where there is a list, else written."""
    if table not in CHOICES:
        return CodeForm
    meaning = forms.ChoiceField(
        label=gettext_lazy("Meaning"), required=False, choices=[("", "–"), *CHOICES[table]]
    )
    return type("ChosenCodeForm", (CodeForm,), {"meaning": meaning})


class CodeTableForm(forms.BaseFormSet[CodeForm]):
    """The lines of a table, under its name; `needs_attention` when an import met codes it does not know."""

    label = ""
    needs_attention = False


class CorrectView(OfAProfile):
    """Makes the next version of a profile, or one's own from one that comes with the portal."""

    template_name = "catalogue/admin/profile_form.html"
    page_title = gettext_lazy("Correct a profile")
    any_permission_required = ("add",)
    http_method_names = ["get", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form and its tables."""
        context = {"form": kwargs.get("form") or self._form()}
        context["tables"] = kwargs.get("tables") or self._tables()
        return super().get_context_data(
            **{**kwargs, **context},
            is_copy=self.is_shipped,
            unknown=self._unknown,
            table_labels=dict(CODE_TABLES),
        )

    @cached_property
    def _unknown(self) -> dict[tuple[str, str], int]:
        return unknown_codes_met(self.profile.code)

    def _form(self, data: QueryDict | None = None) -> ProfileForm:
        profile = self.profile
        initial = {
            "name": profile.name,
            "code": f"{profile.code}-2"[:50] if self.is_shipped else profile.code,
            "sources": sources_read_by(profile.code),
            "syntax": profile.syntax.value,
            "filing_mark": profile.filing_mark,
            "item_tag": profile.item_tag,
            "date_order": profile.date_order.value,
            "without_status": profile.without_status.value,
            "is_gone_with_items": profile.is_gone_with_items,
            "in_words": [table.value for table in profile.in_words],
            **{f"{PLACE}{name}": getattr(profile.places, name) for name in PLACES},
        }
        return ProfileForm(
            data, profile=profile, is_code_fixed=not self.is_shipped, initial=initial
        )

    def _tables(self, data: QueryDict | None = None) -> list[CodeTableForm]:
        return [self._table(CodeTable(value), str(label), data) for value, label in CODE_TABLES]

    def _table(self, table: CodeTable, label: str, data: QueryDict | None) -> CodeTableForm:
        lines = [
            {"code": code, "meaning": meaning}
            for code, meaning in self.profile.tables.get(table, {}).items()
        ]
        lines += [{"code": code} for known, code in self._unknown if known == table.value]
        formset = forms.formset_factory(
            code_form_of(table), extra=3, absolute_max=6000, max_num=5000
        )
        made: Any = formset(data, prefix=table.value, initial=lines)
        made.label = label
        made.needs_attention = any(known == table.value for known, _code in self._unknown)
        return made

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Store the version, or say what is wrong with it."""
        if request.POST.get("more"):
            tables = self._tables(_with_more_lines(request.POST))
            return self._again(self._form(request.POST), tables)
        form, tables = self._form(request.POST), self._tables(request.POST)
        if not all([form.is_valid(), *(table.is_valid() for table in tables)]):
            return self._again(form, tables)
        try:
            profile = Profile.of(form.definition(_written(tables)))
        except UnusableProfile as error:
            form.add_error(None, f"{_(error.what)} ({error.detail})")
            return self._again(form, tables)
        version = publish_profile(profile, sources=form.cleaned_data["sources"])
        said = _("Version %(version)s of “%(name)s” is kept. Import again to apply it.")
        messages.success(request, said % {"version": version.version, "name": version.name})
        return redirect("catalogue_profiles:show", version.pk)

    def _again(self, form: ProfileForm, tables: list[CodeTableForm]) -> HttpResponse:
        context = self.get_context_data(form=form, tables=tables)
        return render(self.request, self.template_name, context)


def _with_more_lines(data: QueryDict) -> QueryDict:
    """Give the same form with some more empty lines in the table that asks for them."""
    name = f"{data.get('more')}-TOTAL_FORMS"
    lines = data.get(name, "")
    more = data.copy()
    if lines.isdecimal():
        more[name] = str(int(lines[:6]) + MORE_LINES)
    return more


def _written(tables: list[CodeTableForm]) -> dict[str, dict[str, str]]:
    """Give the lines that say something, by table."""
    written = {}
    for table in tables:
        lines = ((one.get("code"), one.get("meaning")) for one in table.cleaned_data)
        written[str(table.prefix)] = {code: meaning for code, meaning in lines if code and meaning}
    return {table: lines for table, lines in written.items() if lines}


class ProfileViewSet(ModelViewSet):
    """How the records of each library system are read."""

    model = MappingProfile
    name = "catalogue_profiles"
    url_prefix = "catalogue/profils"
    icon = "table"
    menu_label = gettext_lazy("Mapping profiles")
    form_fields = ["name"]
    add_to_reference_index = False
    copy_view_enabled = False

    def get_urlpatterns(self) -> list[URLPattern]:
        """Give the addresses of these screens; a version that is kept never changes."""
        return [
            path("", ProfileIndexView.as_view(), name="index"),
            path("<int:pk>/", ProfileView.as_view(), name="show"),
            path("<int:pk>/correct/", CorrectView.as_view(), name="correct"),
            path("shipped/<slug:code>/", ProfileView.as_view(), name="shipped"),
            path("shipped/<slug:code>/correct/", CorrectView.as_view(), name="correct_shipped"),
        ]
