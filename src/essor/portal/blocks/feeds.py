"""The feed box: what other sites publish about the subject."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from essor.portal.queries import feeds as questions


class FeedBoxBlock(blocks.StructBlock):
    """The latest entries of one or several feeds, merged."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    sources = blocks.ListBlock(
        SnippetChooserBlock("portal.FeedSource"),
        label=_("Feeds"),
        min_num=1,
        max_num=10,
        help_text=_("Several feeds are merged, by date. Add a feed to the portal under “Feeds”."),
    )
    count = blocks.IntegerBlock(label=_("Number of entries"), default=5, min_value=1, max_value=20)
    with_summaries = blocks.BooleanBlock(
        label=_("Show the short texts"), required=False, default=True
    )

    class Meta:
        icon = "rss"
        label = _("Feeds of other sites")
        template = "portal/blocks/feed_box.html"
        preview_template = "portal/blocks/feed_box_preview.html"
        preview_value = {"title": _("In the news of the field")}
        description = _("The latest entries of one or several RSS, Atom or JSON feeds.")

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the entries, as they were last received."""
        context = super().get_context(value, parent_context)
        sources = [source for source in value.get("sources", []) if source]
        context["latest"] = questions.latest_entries(sources, value.get("count") or 5)
        return context
