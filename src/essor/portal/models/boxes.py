"""Boxes written once and shown on several pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from essor.portal.blocks import ReusableContent


class ReusableBox(
    WorkflowMixin, PreviewableMixin, DraftStateMixin, RevisionMixin, index.Indexed, models.Model
):
    """A box that several pages show; published like a page, so that a draft is not seen."""

    name = models.CharField(
        _("name"),
        max_length=120,
        help_text=_("To find it again in the staff screens; readers do not see it."),
    )
    content = StreamField(ReusableContent(), verbose_name=_("box"), help_text=_("Exactly one box."))

    panels = [FieldPanel("name"), FieldPanel("content"), PublishingPanel()]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("reusable box")
        verbose_name_plural = _("reusable boxes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_preview_template(self, request: object, mode_name: str) -> str:
        """Show the box in the width of a side zone and of a main zone."""
        return "portal/reusable_box_preview.html"
