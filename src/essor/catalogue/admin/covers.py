"""The screen of the cover of a record: bring a picture, or take it away for good."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy

from essor.catalogue.covers.pictures import UnfitPicture
from essor.catalogue.models import Cover, Record
from essor.catalogue.queries import records_to_show
from essor.catalogue.services.covers import forget_cover, keep_uploaded_cover


class CoverForm(forms.Form):
    """A file, unless the drawn cover is wanted."""

    file = forms.FileField(
        label=gettext_lazy("Picture of the cover"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG, WebP or AVIF, 90 pixels at least on each side, 10 MB at most. "
            "Make sure that your network may show it."
        ),
    )
    is_forgotten = forms.BooleanField(
        label=gettext_lazy("Show the drawn cover"),
        required=False,
        help_text=gettext_lazy("Any picture is taken away, and no provider is asked for another."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a form that asks for both, or for nothing."""
        cleaned = super().clean() or {}
        if "file" not in self.errors and bool(cleaned.get("file")) == bool(
            cleaned.get("is_forgotten")
        ):
            raise forms.ValidationError(
                _("Choose a picture, or ask for the drawn cover: one of the two.")
            )
        return cleaned


class CoverView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Shows the cover of a record and changes it."""

    template_name = "catalogue/admin/cover.html"
    form_class = CoverForm
    page_title = gettext_lazy("Cover")
    header_icon = "image"
    permission_policy = ModelPermissionPolicy(Cover)
    permission_required = "change"
    _show_breadcrumbs = True

    @cached_property
    def record(self) -> Record:
        """The record whose cover it is."""
        found: Record = get_object_or_404(records_to_show(), pk=self.kwargs["pk"])
        return found

    def get_page_subtitle(self) -> str:
        """Give the title of the record."""
        return self.record.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the record."""
        return super().get_context_data(**kwargs, record=self.record)

    def form_valid(self, form: CoverForm) -> HttpResponse:
        """Keep the picture, or take it away; stay here, so that the result is seen."""
        if form.cleaned_data["is_forgotten"]:
            forget_cover(self.record)
            messages.success(self.request, _("The drawn cover is shown again."))
            return redirect(self.request.path)
        try:
            keep_uploaded_cover(self.record, form.cleaned_data["file"])
        except UnfitPicture as error:
            form.add_error("file", str(error.why))
            return self.form_invalid(form)
        messages.success(self.request, _("The picture is kept."))
        return redirect(self.request.path)
