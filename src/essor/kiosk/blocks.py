"""The box of a kiosk: a reference, so that changing the kiosk changes every page that shows it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from essor.kiosk.embedding import embedding
from essor.kiosk.queries import kiosks_to_show
from essor.kiosk.showing import shown


class KioskChooserBlock(SnippetChooserBlock):
    """Chooses a kiosk; brings those of a page with what they draw from, in one query."""

    def bulk_to_python(self, values: list[int | None]) -> list[Any]:
        """Give the kiosks of these identifiers, None for one that is gone."""
        found = kiosks_to_show().in_bulk([value for value in values if value])
        return [found.get(value) for value in values]


class KioskBlock(blocks.StructBlock):
    """A kiosk on a page, with the code to show it elsewhere."""

    title = blocks.CharBlock(
        label=_("Title"),
        required=False,
        max_length=120,
        help_text=_("Leave empty for no title above the covers."),
    )
    kiosk = KioskChooserBlock(
        "kiosk.Kiosk",
        label=_("Kiosk"),
        help_text=_("Its records, their order and their number are changed under “Kiosks”."),
    )

    class Meta:
        icon = "image"
        label = _("Kiosk")
        template = "kiosk/blocks/kiosk.html"
        description = _(
            "Books of the library as a strip of covers, which other sites may show too."
        )

    def get_preview_value(self) -> Any:
        """Preview with a kiosk that exists, if there is one."""
        return self.normalize(
            {"title": _("To read and to borrow"), "kiosk": kiosks_to_show().first()}
        )

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add what is shown, and the code to embed."""
        context = super().get_context(value, parent_context)
        kiosk = value.get("kiosk")
        context["kiosk"] = kiosk
        if kiosk:
            request = (parent_context or {}).get("request")
            seen = shown(kiosk)
            context["shown"] = seen.uncounted() if is_preview(request) else seen
            context["embed"] = embedding(kiosk, request)
        return context


def is_preview(request: Any) -> bool:
    """Say whether the page is shown to who writes it: a pattern of the editor, a page not yet published."""
    return request is None or getattr(request, "is_preview", False)
