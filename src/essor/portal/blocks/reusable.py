"""A box written once and shown on several pages."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock


class ReusableBoxBlock(SnippetChooserBlock):
    """A reference to a reusable box; what it shows is changed in one place, for all pages."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__("portal.ReusableBox", **kwargs)

    class Meta:
        icon = "copy"
        label = _("Reusable box")
        description = _("A box kept under “Boxes”, the same on every page that shows it.")
        template = "portal/blocks/reusable.html"
        preview_template = "portal/blocks/reusable_preview.html"
