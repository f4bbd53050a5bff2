"""The screen of sources: the library systems that records come from."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from essor.catalogue.models import Source


class SourceViewSet(ModelViewSet):
    """The library systems that records come from: their names are shown to readers."""

    model = Source
    name = "catalogue_sources"
    url_prefix = "catalogue/sources"
    icon = "home"
    menu_label = _("Sources")
    panels = [FieldPanel("name"), FieldPanel("code"), FieldPanel("profile")]
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", "code", "profile"]
