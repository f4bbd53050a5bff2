"""A list of numbers, pasted or in a file, that fills a basket."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from essor.catalogue.admin.baskets.one_basket import OfABasket, contents_address
from essor.catalogue.importers.wanted import LARGEST_LIST, UnreadableList
from essor.catalogue.models import Source
from essor.catalogue.services import import_basket
from essor.catalogue.types import BasketImport


class ListForm(forms.Form):
    """Numbers to bring into a basket, pasted or in a file."""

    numbers = forms.CharField(
        label=gettext_lazy("Control numbers or ISBNs, one a line"),
        required=False,
        max_length=LARGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "ISBNs in any form, of 10 or 13 digits, with or without hyphens. Paste a column of a "
            "spreadsheet as it is: the heading is left aside."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        help_text=gettext_lazy("CSV in UTF-8, of one megabyte at most; its first column is read."),
    )
    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=gettext_lazy("Source of the control numbers"),
        required=False,
        empty_label=gettext_lazy("Any"),
        help_text=gettext_lazy("Two library systems may use one number for different records."),
    )

    def clean(self) -> dict[str, Any]:
        """Want one of the two."""
        cleaned = super().clean() or {}
        file, numbers = cleaned.get("file"), cleaned.get("numbers", "")
        if not self.errors and not file and not numbers.strip():
            raise forms.ValidationError(_("Paste some numbers, or choose a file."))
        return cleaned

    @property
    def content(self) -> bytes:
        """The list as bytes, one more than is accepted when the file is larger."""
        file = self.cleaned_data["file"]
        if file:
            return bytes(file.read(LARGEST_LIST + 1))
        return str(self.cleaned_data["numbers"]).encode()


class ListView(OfABasket, WagtailAdminTemplateMixin, FormView):
    """Fills a basket from a list of numbers, and says what was not found."""

    template_name = "catalogue/admin/basket_list.html"
    form_class = ListForm
    page_title = gettext_lazy("Paste a list")

    def get_page_subtitle(self) -> str:
        """Say which basket."""
        return self.basket.name

    def way_here(self) -> list[dict[str, Any]]:
        """Pass by the basket."""
        basket = {"url": contents_address(self.basket), "label": self.basket.name}
        return [basket, {"url": "", "label": self.page_title}]

    def form_valid(self, form: ListForm) -> HttpResponse:
        """Fill, and show the report."""
        try:
            done = self._fill(form)
        except UnreadableList as error:
            form.add_error(None, _(str(error)))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=ListForm(), done=done))

    def _fill(self, form: ListForm) -> BasketImport:
        source = form.cleaned_data["source"]
        return import_basket(
            form.content,
            name=self.basket.name,
            slug=self.basket.slug,
            source_code=source.code if source else "",
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the basket; no report before there is one."""
        context = {"done": None, "basket": self.basket, "address": contents_address(self.basket)}
        return super().get_context_data(**{**context, **kwargs})
