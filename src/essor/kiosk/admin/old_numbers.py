"""The screen of the numbers of the founding portal: what each one stands for today."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import DeleteView, EditView, IndexView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView
from wagtail.admin.viewsets.model import ModelViewSet

from essor.catalogue.models import Basket, SavedSearch
from essor.kiosk.models import OldNumber
from essor.kiosk.perms import sources_seen


def numbers_seen_by(user: Any) -> QuerySet[OldNumber]:
    """Give the numbers whose basket or search this person may see: the name of a private one is its owner's."""
    return OldNumber.objects.select_related("basket", "saved_search").filter(
        Q(basket__in=sources_seen(user, Basket))
        | Q(saved_search__in=sources_seen(user, SavedSearch))
    )


class OldNumberForm(WagtailAdminModelForm):
    """A number, and what it stands for, among what this person may see."""

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("basket", Basket), ("saved_search", SavedSearch)):
            self.fields[name].queryset = sources_seen(self.for_user, model)
            self.fields[name].widget.for_user = self.for_user

    def full_clean(self) -> None:
        """Forget what was refused: the form would tell the name of somebody's private basket."""
        super().full_clean()
        refused = {name for name in ("basket", "saved_search") if name in self._errors}
        if refused:
            self.data = self.data.copy()
            self.data.update({self.add_prefix(name): "" for name in refused})


class Seen:
    """Reaches only the numbers of what this person may see."""

    request: Any

    def get_queryset(self) -> QuerySet[OldNumber]:
        """Choose among these (views with a form)."""
        return numbers_seen_by(self.request.user)

    def get_base_object_queryset(self) -> QuerySet[OldNumber]:
        """Choose among these (views that look at one)."""
        return numbers_seen_by(self.request.user)


class OldNumberIndexView(IndexView):
    """The numbers, in their order."""

    def get_base_queryset(self) -> QuerySet[OldNumber]:
        """Leave out those of what this person may not see."""
        return numbers_seen_by(self.request.user)


class OldNumberEditView(Seen, EditView):
    """Changes what a number stands for."""


class OldNumberDeleteView(Seen, DeleteView):
    """Forgets a number: its snippets show nothing any more."""


class OldNumberUsageView(Seen, UsageView):
    """Tells what uses a number."""

    def get_queryset(self) -> Any:
        """List the uses, as the framework does."""
        return super(Seen, self).get_queryset()


class OldNumberHistoryView(Seen, HistoryView):
    """Tells who changed a number, and when."""

    def get_queryset(self) -> Any:
        """List the changes, as the framework does."""
        return super(Seen, self).get_queryset()


class OldNumberViewSet(ModelViewSet):
    """Numbers that snippets pasted years ago still name."""

    model = OldNumber
    name = "kiosk_old_numbers"
    url_prefix = "kiosques/anciens-numeros"
    icon = "link"
    menu_label = _("Old numbers")
    menu_order = 211
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = OldNumberIndexView
    edit_view_class = OldNumberEditView
    delete_view_class = OldNumberDeleteView
    usage_view_class = OldNumberUsageView
    history_view_class = OldNumberHistoryView
    list_display = [
        "number",
        Column("kind", label=_("It was a"), accessor="get_kind_display", sort_key="kind"),
        Column("source", label=_("Stands for"), accessor="source"),
        BooleanColumn("is_public", label=_("Shown to everyone"), accessor="source.is_public"),
    ]
    list_filter = ["kind"]
    search_fields = ["basket__name", "saved_search__name"]
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=_(
                    "Snippets of the old portal name a basket or a dynamic catalogue by a number"
                    " (id_panier=37, id_catalogue=5). Say here what it stands for today: pages that"
                    " show the snippet then show these records, if they are public."
                )
            ),
            FieldPanel("kind"),
            FieldPanel("number"),
            FieldPanel("basket"),
            FieldPanel("saved_search"),
        ],
        base_form_class=OldNumberForm,
    )
