"""What the screens of imports share: their rights, the way back to the list, codes without a meaning."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from essor.catalogue.models import ImportRun
from essor.catalogue.models.imports import CODE_TABLES

CODES_SHOWN = 50


class ImportScreen(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A screen about imports."""

    model = ImportRun
    header_icon = "download"
    any_permission_required: tuple[str, ...] = ("add",)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list of imports to here."""
        imports = {"url": reverse("catalogue_imports:index"), "label": _("Imports")}
        here = self.get_page_subtitle() or self.get_page_title()
        return [*self.breadcrumbs_items, imports, {"url": "", "label": here}]


@dataclass(frozen=True, slots=True)
class UnknownIn:
    """The codes of a table that have no meaning, with how many items have each."""

    table: str
    label: str
    codes: tuple[tuple[str, int], ...]
    more: int


def in_tables(codes: Iterable[tuple[str, str, int]]) -> list[UnknownIn]:
    """Group unknown codes by table, the most frequent first."""
    grouped: dict[str, list[tuple[str, int]]] = {}
    for table, code, count in codes:
        grouped.setdefault(table, []).append((code, count))
    return [
        UnknownIn(
            table,
            str(label),
            tuple(grouped[table][:CODES_SHOWN]),
            len(grouped[table][CODES_SHOWN:]),
        )
        for table, label in CODE_TABLES
        if table in grouped
    ]
