"""What the screens of baskets and of saved searches share: each person meets those that are theirs to meet."""

from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.permissions import policy_registry

from essor.catalogue.perms import Selections
from essor.catalogue.services.selections import free_slug


def policy_of(model: type[Model]) -> Selections:
    """Give the rule of who may do what with these."""
    policy = policy_registry.get_by_type(model)
    assert isinstance(policy, Selections)  # noqa: S101  # registered in wagtail_hooks
    return policy


def signed_in(request: HttpRequest) -> User:
    """Give the member of staff who asks: these screens let nobody else in."""
    assert request.user.is_authenticated  # noqa: S101  # the admin has seen to it
    return request.user


def the_one(model: type[Model], pk: int, *, user: Any, action: str) -> Any:
    """Give the one of this key if this person may do this to it; another is not found."""
    allowed = policy_of(model).instances_user_has_permission_for(user, action)
    return get_object_or_404(allowed, pk=pk)


class SelectionForm(WagtailAdminModelForm):
    """A name for readers; who may not publish makes private ones, their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        if self.instance.pk is None:
            self.instance.owner = self.for_user
            self.initial["owner"] = self.for_user
        if "owner" in self.fields:
            people = get_user_model().objects.filter(is_active=True).order_by("username")
            self.fields["owner"].queryset = people
            self.fields["owner"].empty_label = _("The whole network")

    def clean(self) -> dict[str, Any]:
        """Make the short name from the name when none is given."""
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("slug") and not self.errors.get("slug"):
            cleaned["slug"] = free_slug(self._meta.model, cleaned.get("name") or "")
        return cleaned


class OwnerColumn(BaseColumn):
    """Whose it is: the network's, or a person's."""

    cell_template_name = "catalogue/admin/owner_cell.html"


class Reached:
    """Reaches only what this person may do what the view needs to."""

    needs: ClassVar[str] = "change"
    model: type[Model]
    request: Any

    def reached(self) -> QuerySet[Any]:
        """Give what can be reached here."""
        policy = policy_of(self.model)
        return policy.instances_user_has_permission_for(self.request.user, self.needs)

    def get_queryset(self) -> QuerySet[Any]:
        """Choose among these (views with a form)."""
        return self.reached()

    def get_base_object_queryset(self) -> QuerySet[Any]:
        """Choose among these (views that look at one)."""
        return self.reached()


class SelectionIndexView(IndexView):
    """A list of what this person may see."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """Leave out the private ones of others."""
        visible = policy_of(self.model).instances_user_has_permission_for(self.request.user, "view")
        return self.rows(visible)

    def rows(self, visible: QuerySet[Any]) -> QuerySet[Any]:
        """Bring with them what the list shows."""
        return visible.select_related("owner")

    def get_edit_url(self, instance: Any) -> str | None:
        """Offer to change only what may be changed."""
        return super().get_edit_url(instance) if self._is_changeable(instance) else None

    def get_delete_url(self, instance: Any) -> str | None:
        """Offer to delete only what may be deleted."""
        return super().get_delete_url(instance) if self._is_changeable(instance) else None

    def _is_changeable(self, instance: Any) -> bool:
        if not hasattr(self, "_changeable"):
            allowed = policy_of(self.model).instances_user_has_permission_for(
                self.request.user, "change"
            )
            self._changeable = set(allowed.values_list("pk", flat=True))
        return instance.pk in self._changeable


class SelectionCreateView(CreateView):
    """Makes one; the next step is what it holds."""


class SelectionEditView(Reached, EditView):
    """Changes one's own, or more by role."""


class SelectionDeleteView(Reached, DeleteView):
    """Deletes one's own, or more by role."""

    needs = "delete"


class SelectionUsageView(Reached, UsageView):
    """Tells what uses it."""

    needs = "view"
    permission_required = "view"

    def get_queryset(self) -> Any:
        """List the uses, as the framework does."""
        return super(Reached, self).get_queryset()


class SelectionHistoryView(Reached, HistoryView):
    """Tells who changed it, and when."""

    def get_queryset(self) -> Any:
        """List the changes, as the framework does."""
        return super(Reached, self).get_queryset()


class Offered:
    """Offers in a chooser only what this person may see."""

    model_class: type[Model]
    request: Any

    def get_object_list(self) -> QuerySet[Any]:
        """Leave out the private ones of others."""
        policy = policy_of(self.model_class)
        return policy.instances_user_has_permission_for(self.request.user, "view")


class SelectionChooseView(Offered, ChooseView):
    """The window in which one is chosen."""


class SelectionChooseResultsView(Offered, ChooseResultsView):
    """The list of that window."""


class SelectionChosenView(ChosenView):
    """Gives the one chosen, if this person may see it."""

    def get_object(self, pk: Any) -> Any:
        """Refuse the private ones of others."""
        if not pk.isdecimal():
            raise Http404
        return the_one(self.model_class, int(pk), user=self.request.user, action="view")


class SelectionChosenMultipleView(ChosenMultipleView):
    """Gives those chosen that this person may see."""

    def get_objects(self, pks: Any) -> Any:
        """Leave out the private ones of others."""
        policy = policy_of(self.model_class)
        visible = policy.instances_user_has_permission_for(self.request.user, "view")
        return visible.filter(pk__in=[pk for pk in pks if pk.isdecimal()])


class NothingMadeHere(View):
    """Stands where the framework would make one from a chooser, which has no form for it."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer that there is nothing here."""
        raise Http404


class SelectionWidget(BaseChooser):
    """The one chosen, by its name only when it is public or when `for_user`, set by the form, sees it."""

    for_user: Any = None
    private_text: Any = _("A private one of somebody else")

    def get_value_data_from_instance(self, instance: Any) -> dict[str, Any]:
        """Say of a private one of somebody else that it is one, and lead nowhere."""
        data: dict[str, Any] = super().get_value_data_from_instance(instance)
        if instance.is_public or self._is_seen(instance):
            return data
        return {**data, "edit_url": "", self.display_title_key: str(self.private_text)}

    def _is_seen(self, instance: Any) -> bool:
        policy = policy_of(type(instance))
        return self.for_user is not None and policy.user_has_permission_for_instance(
            self.for_user, "view", instance
        )


class SelectionChooser(ChooserViewSet):
    """Chooses one in a form, such as that of a kiosk."""

    icon = "list-ul"
    base_widget_class = SelectionWidget
    choose_view_class = SelectionChooseView
    choose_results_view_class = SelectionChooseResultsView
    chosen_view_class = SelectionChosenView
    chosen_multiple_view_class = SelectionChosenMultipleView

    @property
    def create_view(self) -> Any:
        """Make none from here: what is chosen is made on its own screen."""
        return NothingMadeHere.as_view()
