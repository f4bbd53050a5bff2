"""Where records come from: library systems, how to read what they send, and their branches."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MappingProfile(models.Model):
    """One version of how to read the records of a library system: where items are, what codes mean.

    A version never changes once stored: a correction makes the next one, so that every import can
    say how it read. `definition` is what `importers.profiles` reads and writes.
    """

    code = models.SlugField(_("code"), max_length=50)
    version = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=200)
    definition = models.JSONField(_("definition"))
    created_at = models.DateTimeField(pgettext_lazy("date", "created"), auto_now_add=True)

    class Meta:
        verbose_name = _("mapping profile")
        verbose_name_plural = _("mapping profiles")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="profile_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"


class Source(models.Model):
    """A library system that records come from; its control numbers are unique within it only."""

    code = models.SlugField(
        _("code"),
        max_length=50,
        unique=True,
        help_text=_("Short and stable: it is part of the identity of each record."),
    )
    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("As readers know it, for instance “Réseau des médiathèques”."),
    )
    profile = models.ForeignKey(
        MappingProfile,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("mapping profile"),
        related_name="sources",
        help_text=_("How its records are read; empty until its first import has chosen one."),
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    """A library of the network, as a source calls it by its code."""

    source = models.ForeignKey(
        Source, models.CASCADE, verbose_name=_("source"), related_name="branches"
    )
    code = models.CharField(_("code"), max_length=100)
    name = models.CharField(_("name"), max_length=200, help_text=_("Readers see it."))

    class Meta:
        verbose_name = pgettext_lazy("library of a network", "branch")
        verbose_name_plural = pgettext_lazy("library of a network", "branches")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="branch_code_once")]

    def __str__(self) -> str:
        return self.name
