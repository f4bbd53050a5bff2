"""Records of a list that go into a basket."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.catalogue.admin.selections import policy_of
from essor.catalogue.models import Basket, Record
from essor.catalogue.services import create_basket
from essor.catalogue.services.selections import free_slug


class AddToBasketForm(forms.Form):
    """Some records of a list, and the basket they go into: one that is there, or a new one."""

    all_found = forms.BooleanField(required=False)
    record = forms.ModelMultipleChoiceField(Record.objects.all(), required=False)
    basket = forms.ModelChoiceField(
        Basket.objects.none(),
        label=gettext_lazy("Add the ticked records to the basket"),
        required=False,
        empty_label=gettext_lazy("A new basket"),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the new basket"), required=False, max_length=200
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        changeable = policy_of(Basket).instances_user_has_permission_for(user, "change")
        field = self.fields["basket"]
        field.queryset = changeable  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Want records, and a basket."""
        cleaned = super().clean() or {}
        if not cleaned.get("record") and not cleaned.get("all_found"):
            raise forms.ValidationError(_("Tick the records to add first."))
        if not cleaned.get("basket") and not cleaned.get("name", "").strip():
            raise forms.ValidationError(_("Choose a basket, or name a new one."))
        return cleaned

    def basket_to_fill(self) -> Basket:
        """Give the basket chosen, or make the new one, private and of this person."""
        chosen: Basket | None = self.cleaned_data["basket"]
        if chosen:
            return chosen
        name = self.cleaned_data["name"].strip()
        return create_basket(name, slug=free_slug(Basket, name), owner=self.user)
