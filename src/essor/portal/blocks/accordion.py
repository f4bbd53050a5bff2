"""Articles folded one under the other: open one, read it there."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from essor.portal.queries.pages import articles_to_unfold


class AccordionBlock(blocks.StructBlock):
    """Articles shown in full on this page, each behind its title."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    articles = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="portal.ArticlePage"),
        label=_("Articles"),
        min_num=1,
        max_num=15,
        help_text=_("In the order of reading. Each keeps a page of its own; drafts are not shown."),
    )

    class Meta:
        icon = "collapse-down"
        label = _("Articles as an accordion")
        template = "portal/blocks/accordion.html"
        preview_template = "portal/blocks/accordion_preview.html"
        preview_value = {"title": _("Understand")}
        description = _("Several articles folded under their titles, to be opened one by one.")

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the articles that the public may read."""
        context = super().get_context(value, parent_context)
        context["unfolded"] = articles_to_unfold(
            [page.pk for page in value.get("articles", []) if page]
        )
        return context
