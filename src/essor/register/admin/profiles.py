"""The screens of profiles and tags: what editors add to the page of a structure, or keep off it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList, TitleFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from essor.register.admin.structures import PROFILE_RIGHT, structures_named
from essor.register.models import LegalUnit, StructureProfile, StructureTag
from essor.register.structure_page import current_unit


class ProfileForm(WagtailAdminModelForm):
    """The profile of one structure, which is chosen once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["siren"].disabled = True

    def clean_siren(self) -> str:
        """Take a SIREN as people write it. Refuse one that the register has never had."""
        siren = "".join(str(self.cleaned_data["siren"]).split())
        if not self.instance.pk and not LegalUnit.objects.filter(siren=siren).exists():
            raise ValidationError(
                _("No structure of the register has this number: look for it by name first.")
            )
        return siren


class NamedProfile:
    """Says which structure a profile is of."""

    object: Any

    def get_page_subtitle(self) -> str:
        """Give its name, or its number alone once it has left the register."""
        siren = self.object.siren if self.object else ""
        unit = current_unit(siren) if siren else None
        return f"{unit} ({siren})" if unit else siren


class ProfileCreateView(NamedProfile, CreateView):
    """Makes the profile of the structure that the address names."""

    def get_initial_form_instance(self) -> StructureProfile:
        """Begin with its number."""
        siren = self.request.GET.get("siren", "")
        return StructureProfile(siren=siren if siren.isdecimal() and len(siren) == 9 else "")


class ProfileEditView(NamedProfile, EditView):
    """Changes what is said of a structure."""


class ProfileIndexView(IndexView):
    """The profiles, with the names of their structures."""

    def get_base_queryset(self) -> QuerySet[StructureProfile]:
        """Add the name that each structure has in the vintage that is shown."""
        named = LegalUnit.objects.current().filter(siren=OuterRef("siren")).order_by("pk")
        names = Subquery(named.values("name")[:1])
        return StructureProfile.objects.annotate(structure_name=names)

    def search_queryset(self, queryset: QuerySet[StructureProfile]) -> QuerySet[StructureProfile]:
        """Find by the name or the number of the structure."""
        if not self.is_searching:
            return queryset
        found = structures_named(LegalUnit.objects.current(), self.search_query)
        return queryset.filter(siren__in=found.order_by().values("siren"))


class ProfileOfView(View):
    """Leads from a structure to its profile, made if it has none."""

    def get(self, request: HttpRequest, siren: str) -> HttpResponse:
        """Open the profile, or the form of a new one."""
        if not request.user.has_perm(PROFILE_RIGHT):
            raise PermissionDenied
        profile = StructureProfile.objects.filter(siren=siren).first()
        if profile:
            return redirect("register_profiles:edit", profile.pk)
        return redirect(f"{reverse('register_profiles:add')}?siren={siren}")


class ProfileViewSet(ModelViewSet):
    """What editors say of structures; it is tied to the SIREN, and outlives the vintages."""

    model = StructureProfile
    name = "register_profiles"
    url_prefix = "annuaire/fiches"
    icon = "form"
    menu_label = gettext_lazy("Profiles")
    copy_view_enabled = False
    index_view_class = ProfileIndexView
    add_view_class = ProfileCreateView
    edit_view_class = ProfileEditView
    search_fields = ["siren"]
    list_display = [
        Column("structure_name", label=gettext_lazy("Structure"), accessor="structure_name"),
        "siren",
        BooleanColumn(
            "is_withheld", label=gettext_lazy("Identity withheld"), sort_key="is_withheld"
        ),
        DateColumn("updated_at", label=gettext_lazy("Changed"), sort_key="updated_at"),
    ]
    list_filter = ["is_withheld", "tags"]
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=gettext_lazy(
                    "The name, the address and the activity come from SIRENE and are not changed here."
                    " What you write stays when a new vintage is loaded."
                )
            ),
            FieldPanel("siren"),
            FieldPanel("description"),
            FieldPanel("logo"),
            MultiFieldPanel(
                [FieldPanel("web_site"), FieldPanel("opening_hours")],
                heading=gettext_lazy("Get in touch"),
            ),
            FieldPanel("tags", widget=CheckboxSelectMultiple),
            FieldPanel("is_withheld"),
        ],
        base_form_class=ProfileForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Give the addresses of these screens, and that which leads from a structure to its profile."""
        return [
            *super().get_urlpatterns(),
            path("de/<slug:siren>/", ProfileOfView.as_view(), name="of"),
        ]


class TagViewSet(ModelViewSet):
    """The words by which readers look for structures that SIRENE cannot tell."""

    model = StructureTag
    name = "register_tags"
    url_prefix = "annuaire/etiquettes"
    icon = "tag"
    menu_label = gettext_lazy("Tags of structures")
    copy_view_enabled = False
    search_fields = ["name", "slug"]
    list_display = [
        "name",
        "slug",
        BooleanColumn("is_support", label=gettext_lazy("Supports people with a project")),
    ]
    list_filter = ["is_support"]
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("is_support"),
    ]
