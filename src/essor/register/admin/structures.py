"""The screen of structures: found by name or number, each with the way to its profile."""

import re
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from essor.register.models import LegalUnit
from essor.search.words import clean, folded

PROFILE_RIGHT = "register.change_structureprofile"
_BETWEEN_FIGURES = re.compile(r"[\s.\-\u00a0\u202f]+")
_SIREN_OR_SIRET = re.compile(r"([0-9]{9})(?:[0-9]{5})?")


def structures_named(units: QuerySet[LegalUnit], text: str) -> QuerySet[LegalUnit]:
    """Keep those that have this SIREN, SIRET or RNA number, or all these words in their name."""
    number = _BETWEEN_FIGURES.sub("", text).upper()
    if found := _SIREN_OR_SIRET.fullmatch(number):
        return units.filter(siren=found[1])
    if re.fullmatch("W[0-9A-Z]{9}", number):
        return units.filter(rna=number)
    for word in folded(clean(text)).split():
        units = units.filter(filing_name__contains=word)
    return units


class ProfileColumn(BaseColumn):
    """The way to the profile of a structure, for who may change it."""

    cell_template_name = "register/admin/profile_cell.html"

    def get_cell_context_data(self, instance: LegalUnit, parent_context: Any) -> dict[str, Any]:
        """Give the address, or nothing."""
        context = super().get_cell_context_data(instance, parent_context)
        may = parent_context["request"].user.has_perm(PROFILE_RIGHT)
        address = reverse("register_profiles:of", args=[instance.siren]) if may else ""
        return {**context, "address": address}


class StructureIndexView(IndexView):
    """The structures of the vintage that is shown."""

    def get_base_queryset(self) -> QuerySet[LegalUnit]:
        """Leave the other vintages out."""
        return LegalUnit.objects.current().select_related("commune")

    def search_queryset(self, queryset: QuerySet[LegalUnit]) -> QuerySet[LegalUnit]:
        """Find by name or number."""
        return structures_named(queryset, self.search_query) if self.is_searching else queryset


class StructureViewSet(ModelViewSet):
    """Structures to look at: what is said of them here comes from SIRENE."""

    model = LegalUnit
    name = "register_structures"
    url_prefix = "annuaire/structures"
    icon = "group"
    menu_label = _("Structures")
    form_fields = ["name"]
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = StructureIndexView
    search_fields = ["name", "siren"]
    ordering = ["filing_name", "siren"]
    list_display = [
        Column("name", label=_("Name"), accessor="__str__", sort_key="filing_name"),
        "siren",
        Column("commune", label=_("Commune"), accessor="commune.name"),
        Column("family", label=_("Family"), accessor="get_family_display"),
        Column("status", label=_("Status"), accessor="get_status_display"),
        ProfileColumn("profile", label=_("Profile")),
    ]
    list_filter = ["family", "status"]
    list_per_page = 50
