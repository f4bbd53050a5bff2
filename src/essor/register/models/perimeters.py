"""Perimeters that staff writes: drafts, compared with a build that is kept, then chosen for the next one.

A version is a draft until it is chosen; from then on its lines never change, since builds name it. One at
most is chosen; when none is, the perimeter of the package is applied.
"""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.register.models.directory import Vintage

SILENT_FOR = timedelta(minutes=15)
"""A comparison that runs tells where it is far more often than that."""

VERSION_FORM = RegexValidator(
    r"^[a-z0-9][a-z0-9.-]*\Z",
    _("Small letters, figures, dots and hyphens only, as in 2027-01."),
)


class PerimeterVersion(models.Model):
    """A perimeter in the store: its two tables, as `essor.register.build.perimeter` writes them.

    `fingerprint` is the SHA-256 of the tables. `based_on` names the perimeter it was copied from.
    """

    version = models.CharField(
        _("version"),
        max_length=40,
        unique=True,
        validators=[VERSION_FORM],
        help_text=_("How pages, builds and figures will call it; a month says it well: 2027-01."),
    )
    note = models.TextField(
        _("note"),
        max_length=3_000,
        help_text=_("What changes and why, with its source: readers see it."),
    )
    based_on = models.CharField(_("copied from"), max_length=40, editable=False)
    categories = models.JSONField(_("legal categories"), default=list, editable=False)
    exclusions = models.JSONField(_("excluded activities"), default=list, editable=False)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("author"),
    )
    created_at = models.DateTimeField(pgettext_lazy("date", "created"), auto_now_add=True)
    changed_at = models.DateTimeField(pgettext_lazy("date", "changed"), auto_now=True)
    is_chosen = models.BooleanField(_("for the next build"), default=False, editable=False)
    chosen_at = models.DateTimeField(_("chosen"), null=True, editable=False)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("chosen by"),
    )

    class Meta:
        verbose_name = _("perimeter")
        verbose_name_plural = _("perimeters")
        ordering = ("-created_at", "-pk")
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                fields=("is_chosen",),
                condition=Q(is_chosen=True),
                name="register_one_chosen_perimeter",
            ),
            models.CheckConstraint(
                condition=Q(is_chosen=False) | Q(chosen_at__isnull=False),
                name="register_chosen_perimeter_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def is_draft(self) -> bool:
        """Whether its lines may still change: it was never chosen."""
        return self.chosen_at is None


def kept_comparisons() -> Path:
    """Give the folder of the lists of units that comparisons have found."""
    folder: Path = settings.HOME / "register" / "comparisons"
    return folder


class PerimeterComparison(models.Model):
    """What a draft would change in a build that is kept, from its asking to its end.

    `fingerprint` is that of the draft when it was asked: one that differs today is out of date. The units
    that would move are in a Parquet file of its own, `moves_path`; `counted` holds the counts.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("comparison", "waiting")
        RUNNING = "running", pgettext_lazy("comparison", "running")
        FINISHED = "finished", pgettext_lazy("comparison", "finished")
        FAILED = "failed", pgettext_lazy("comparison", "failed")

    draft = models.ForeignKey(
        PerimeterVersion, models.CASCADE, related_name="comparisons", verbose_name=_("perimeter")
    )
    vintage = models.ForeignKey(
        Vintage, models.SET_NULL, null=True, related_name="+", verbose_name=_("vintage")
    )
    compared_with = models.CharField(_("compared with"), max_length=120)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    message = models.CharField(_("message"), max_length=500, blank=True)
    position = models.PositiveIntegerField(_("groups compared"), default=0)
    groups = models.PositiveIntegerField(_("groups"), default=0)
    counted = models.JSONField(default=dict)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    started_at = models.DateTimeField(pgettext_lazy("date", "started"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last progress"), auto_now=True)

    class Meta:
        verbose_name = _("comparison of a perimeter")
        verbose_name_plural = _("comparisons of perimeters")
        ordering = ("-started_at", "-pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.draft_id}, {self.compared_with}"

    @property
    def moves_path(self) -> Path:
        """The file of the units that would move."""
        return kept_comparisons() / f"{self.pk}.parquet"

    @property
    def is_at_work(self) -> bool:
        """Whether it waits for its turn or runs."""
        is_begun = self.state in (self.State.WAITING, self.State.RUNNING)
        return is_begun and not self.was_killed

    @property
    def was_killed(self) -> bool:
        """Whether it began and has told nothing for too long: its process is gone."""
        is_silent = timezone.now() - self.updated_at > SILENT_FOR
        return self.state == self.State.RUNNING and is_silent

    def is_of(self, draft: PerimeterVersion) -> bool:
        """Say whether it is whole, and tells of the lines that the draft has now."""
        return self.state == self.State.FINISHED and self.fingerprint == draft.fingerprint
