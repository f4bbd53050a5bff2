"""The pictures of covers: brought by staff, or found by ISBN; a record without one has a drawn cover."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from essor.catalogue.cover_providers import PROVIDERS, Provider, credit_of
from essor.catalogue.models.records import Record


class Cover(models.Model):
    """The picture of the cover of a record, or the memory that none was found.

    `origin` is `upload` or the code of a provider; one that staff brought is never replaced by another.
    """

    UPLOAD = "upload"

    record = models.OneToOneField(
        Record, models.CASCADE, verbose_name=_("record"), related_name="cover"
    )
    picture = models.ImageField(
        _("picture"),
        upload_to="covers/",
        width_field="width",
        height_field="height",
        blank=True,
    )
    width = models.PositiveSmallIntegerField(_("width (pixels)"), null=True, editable=False)
    height = models.PositiveSmallIntegerField(_("height (pixels)"), null=True, editable=False)
    origin = models.CharField(_("origin"), max_length=40, default=UPLOAD)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    address = models.URLField(_("address it was found at"), max_length=500, blank=True)
    looked_for_at = models.DateTimeField(pgettext_lazy("date", "looked for"), auto_now=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)

    class Meta:
        verbose_name = _("cover")
        verbose_name_plural = _("covers")

    def __str__(self) -> str:
        return str(self.record)

    @property
    def credit(self) -> str:
        """Who is to be thanked for the picture, when it comes from elsewhere; a name and a licence."""
        return "" if self.origin == self.UPLOAD else credit_of(self.origin, self.licence)


class CoverSettingsForm(WagtailAdminModelForm):
    """One box for each provider."""

    providers = forms.MultipleChoiceField(
        label=_("providers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Pictures are fetched by the portal, in the background, and kept here. Read the terms "
            "of a provider before you tick its box: what it lends remains its own or the publisher’s."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["providers"].choices = [
            (each.code, f"{each.name} – {each.terms}") for each in PROVIDERS.values()
        ]


@register_setting(icon="image", order=300)
class CoverSettings(BaseGenericSetting):
    """Which providers of covers the network has chosen to ask: none until it says so."""

    providers = models.JSONField(_("providers"), default=list, blank=True)

    base_form_class = CoverSettingsForm
    panels = [FieldPanel("providers")]

    class Meta:
        verbose_name = _("covers of books")

    @property
    def chosen(self) -> tuple[Provider, ...]:
        """Give the providers to ask, in their order."""
        return tuple(each for code, each in PROVIDERS.items() if code in self.providers)
