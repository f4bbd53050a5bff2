"""Other directories: lists of structures that somebody else keeps, row by row, and which structure each row is.

A row is kept as it was received, whatever is wrong with it, and is in exactly one state. It is tied to
a structure by the SIREN, and so outlives the vintages; what a person decided is never undone by an
import. A row that has left its list stays, with the day it left.
"""

from typing import Self

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.register.importers.directories import ListKind
from essor.register.matching import Means
from essor.territory.models import Territory

LIST_LABELS = {
    ListKind.SIAE: _("structures for integration through work (SIAE)"),
    ListKind.FINESS: _("health and social establishments (FINESS)"),
    ListKind.OTHER: _("other list"),
}
SIAE_LABELS = {
    "ACI": _("integration workshop or worksite (ACI)"),
    "AI": _("intermediary association (AI)"),
    "EI": _("integration enterprise (EI)"),
    "ETTI": _("temporary-work integration enterprise (ETTI)"),
    "GEIQ": _("employers’ group for integration and qualification (GEIQ)"),
    "EA": _("adapted enterprise (EA)"),
    "EATT": _("temporary-work adapted enterprise (EATT)"),
    "EITI": _("integration enterprise through self-employment (EITI)"),
}
MEANS_LABELS = {
    Means.SIRET: _("by its SIRET"),
    Means.SIREN: _("by its SIREN"),
    Means.NAME: _("by its name and commune"),
    Means.PERSON: _("by a person"),
}


def received_lists() -> FileSystemStorage:
    """Give the place of the lists that staff drop in: beside the store, never served."""
    return FileSystemStorage(location=settings.HOME / "imports" / "directories")


class ImportedDirectory(models.Model):
    """A list of structures that somebody else keeps, with where it comes from and what may be done with it."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=list(LIST_LABELS.items()))
    licence = models.CharField(_("licence"), max_length=250)
    origin = models.CharField(
        _("origin"),
        max_length=500,
        blank=True,
        help_text=_("Who publishes it, and where this file was taken from."),
    )
    source_date = models.DateField(_("date of the list"), null=True, blank=True)
    is_public = models.BooleanField(
        _("shown to readers"),
        default=True,
        help_text=_("Named among the other directories, with its rows that match no structure."),
    )
    columns = models.JSONField(_("meaning of the columns"), default=dict, blank=True)

    class Meta:
        verbose_name = _("other directory")
        verbose_name_plural = _("other directories")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Give the address of its public page."""
        return reverse("register_source", args=[self.slug])


class DirectoryImport(models.Model):
    """One import of a list: the file, how it was read, how far it came, what it changed.

    `position` is how many rows are stored: an import that was killed goes on from there. The counts by
    state are those of the rows of this file.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("import", "to be checked")
        WAITING = "waiting", pgettext_lazy("import", "waiting")
        RUNNING = "running", pgettext_lazy("import", "running")
        FINISHED = "finished", pgettext_lazy("import", "finished")
        INTERRUPTED = "interrupted", pgettext_lazy("import", "interrupted")
        FAILED = "failed", pgettext_lazy("import", "failed")

    directory = models.ForeignKey(
        ImportedDirectory,
        models.CASCADE,
        null=True,
        related_name="imports",
        verbose_name=_("directory"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=list(LIST_LABELS.items()))
    file_name = models.CharField(_("file"), max_length=255)
    file = models.FileField(
        _("file received"), storage=received_lists, max_length=255, blank=True, default=""
    )
    checksum = models.CharField(_("checksum (SHA-256)"), max_length=64)
    source_date = models.DateField(_("date of the list"), null=True, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("separator"), max_length=1, blank=True)
    columns = models.JSONField(_("meaning of the columns"), default=dict, blank=True)
    confirms_departures = models.BooleanField(default=False)
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.WAITING
    )
    message = models.CharField(_("message"), max_length=500, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    started_at = models.DateTimeField(pgettext_lazy("date", "started"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last progress"), auto_now=True)
    position = models.PositiveIntegerField(_("rows stored"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    new = models.PositiveIntegerField(pgettext_lazy("rows", "new"), default=0)
    changed = models.PositiveIntegerField(pgettext_lazy("rows", "changed"), default=0)
    unchanged = models.PositiveIntegerField(pgettext_lazy("rows", "unchanged"), default=0)
    left = models.PositiveIntegerField(pgettext_lazy("rows", "left"), default=0)
    faulty = models.PositiveIntegerField(_("rows with a problem"), default=0)
    matched = models.PositiveIntegerField(pgettext_lazy("rows", "matched"), default=0)
    doubtful = models.PositiveIntegerField(pgettext_lazy("rows", "doubtful"), default=0)
    unmatched = models.PositiveIntegerField(pgettext_lazy("rows", "unmatched"), default=0)
    refused = models.PositiveIntegerField(pgettext_lazy("rows", "refused"), default=0)

    class Meta:
        verbose_name = _("import of a directory")
        verbose_name_plural = _("imports of directories")
        ordering = ("-started_at", "-pk")
        default_permissions = ("view", "add")

    def __str__(self) -> str:
        return self.file_name

    @property
    def read(self) -> int:
        """How many rows were stored so far."""
        return self.new + self.changed + self.unchanged


class DirectoryEntryQuerySet(models.QuerySet["DirectoryEntry"]):
    """Rows of other directories, filtered by the questions asked of them."""

    def present(self) -> Self:
        """Keep those that the last edition of their list holds."""
        return self.filter(left_on=None)


class DirectoryEntry(models.Model):
    """A row of another directory: what was received, what was understood, which structure it is and who says so.

    `siret` and `siren` are those the list states, when they are sound. `candidates` are structures that a
    person may choose, as [SIREN, score]; `chosen_siren` is the structure it is, empty unless matched.
    """

    class State(models.TextChoices):
        MATCHED = "matched", pgettext_lazy("row", "matched")
        DOUBTFUL = "doubtful", pgettext_lazy("row", "to be reviewed")
        UNMATCHED = "unmatched", pgettext_lazy("row", "matches no structure")
        REFUSED = "refused", pgettext_lazy("row", "none of those proposed")

    directory = models.ForeignKey(
        ImportedDirectory, models.CASCADE, related_name="entries", verbose_name=_("directory")
    )
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=32)
    line = models.PositiveIntegerField(_("line"))
    received = models.JSONField(_("row as received"))
    name = models.CharField(_("name"), max_length=250, blank=True)
    usual_name = models.CharField(_("usual name"), max_length=250, blank=True)
    detail = models.CharField(_("detail"), max_length=120, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    commune_text = models.CharField(_("commune as written"), max_length=120, blank=True)
    commune = models.ForeignKey(
        Territory, models.PROTECT, null=True, related_name="+", verbose_name=_("commune")
    )
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    problems = models.JSONField(_("problems"), default=list)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    means = models.CharField(
        _("matched"), max_length=8, choices=list(MEANS_LABELS.items()), blank=True
    )
    chosen_siren = models.CharField(_("structure"), max_length=9, blank=True, db_index=True)
    candidates = models.JSONField(_("candidates"), default=list)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    last_import = models.ForeignKey(
        DirectoryImport, models.SET_NULL, null=True, related_name="+", verbose_name=_("last import")
    )
    left_on = models.DateField(_("left the list"), null=True)

    objects = DirectoryEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of another directory")
        verbose_name_plural = _("rows of other directories")
        ordering = ("directory", "line", "pk")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=("directory", "key"), name="register_entry_once"),
            models.CheckConstraint(
                condition=models.Q(state="matched") & ~models.Q(chosen_siren="")
                | ~models.Q(state="matched") & models.Q(chosen_siren=""),
                name="register_entry_matched_has_a_siren",
            ),
        ]
        indexes = [
            models.Index(fields=("directory", "state", "line"), name="register_entries_by_state")
        ]

    def __str__(self) -> str:
        return self.usual_name or self.name or self.key

    @property
    def kind_in_words(self) -> str:
        """The kind that the list gives it; in words for the kinds of SIAE, which are letters."""
        return str(SIAE_LABELS.get(self.detail, self.detail))

    @property
    def place(self) -> str:
        """The commune, as the COG names it when it is known, else as the list writes it."""
        return self.commune.name if self.commune else self.commune_text
