"""The screen of sources: the library systems that records come from."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet

from essor.catalogue.models import Source


class SourceForm(WagtailAdminModelForm):
    """The code of a source is given once: it is part of the identity of its records."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = bool(self.instance.pk)


class SourceViewSet(ModelViewSet):
    """The library systems that records come from: their names are shown to readers."""

    model = Source
    name = "catalogue_sources"
    url_prefix = "catalogue/sources"
    icon = "home"
    menu_label = _("Sources")
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("code"), FieldPanel("profile")], base_form_class=SourceForm
    )
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", "code", "profile"]
