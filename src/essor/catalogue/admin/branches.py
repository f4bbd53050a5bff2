"""The screen of branches: the libraries of the network, which staff give their names."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import NumberColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from essor.catalogue.models import Branch


class BranchIndexView(IndexView):
    """The branches, with how many items each holds."""

    def get_base_queryset(self) -> QuerySet[Branch]:
        """Give the branches with their sources."""
        return Branch.objects.select_related("source").annotate(held=Count("items"))


class BranchViewSet(ModelViewSet):
    """Branches come with the items of an import; a code is not a name for readers."""

    model = Branch
    name = "catalogue_branches"
    url_prefix = "catalogue/bibliotheques"
    icon = "site"
    menu_label = pgettext_lazy("libraries of a network", "Branches")
    panels = [
        FieldPanel("name"),
        FieldPanel("code", read_only=True),
        FieldPanel("source", read_only=True),
    ]
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = BranchIndexView
    search_fields = ["name", "code"]
    list_display = [
        "name",
        "code",
        "source",
        NumberColumn("held", label=_("Items"), sort_key="held"),
    ]
    list_filter = ["source"]
