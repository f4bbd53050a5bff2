"""What the catalogue stores: records as received and as understood, the imports that brought them, baskets.

A record is known by its source and the control number its source gave it; the bytes received are
kept as they were, so that what is understood can be understood anew.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from stdnum import isbn, issn
from wagtail.models import Orderable

from essor.catalogue.roles import roles_in_words
from essor.catalogue.types import DocumentType, Hand, IdentifierKind

PERMALINK_LETTER = "n"
"""Permanent links of records are /p/n<number>."""

DOCUMENT_TYPES = [
    (DocumentType.BOOK.value, _("Book")),
    (DocumentType.SERIAL.value, _("Periodical")),
    (DocumentType.SCORE.value, _("Score")),
    (DocumentType.MAP.value, _("Map")),
    (DocumentType.FILM.value, _("Film")),
    (DocumentType.SPEECH.value, _("Spoken recording")),
    (DocumentType.MUSIC.value, _("Music")),
    (DocumentType.PICTURE.value, _("Picture")),
    (DocumentType.DIGITAL.value, _("Digital document")),
    (DocumentType.OBJECT.value, _("Game or object")),
    (DocumentType.OTHER.value, _("Other document")),
]


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

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One run of an import: what it read, what changed, what stayed out and why."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("import", "running")
        FINISHED = "finished", pgettext_lazy("import", "finished")
        INTERRUPTED = "interrupted", pgettext_lazy("import", "interrupted")

    source = models.ForeignKey(
        Source, models.CASCADE, verbose_name=_("source"), related_name="runs"
    )
    file_name = models.CharField(_("file"), max_length=255)
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.RUNNING
    )
    started_at = models.DateTimeField(pgettext_lazy("date", "started"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last progress"), auto_now=True)
    new = models.PositiveIntegerField(pgettext_lazy("records", "new"), default=0)
    changed = models.PositiveIntegerField(pgettext_lazy("records", "changed"), default=0)
    unchanged = models.PositiveIntegerField(pgettext_lazy("records", "unchanged"), default=0)
    repaired = models.PositiveIntegerField(pgettext_lazy("records", "repaired"), default=0)
    rejected = models.PositiveIntegerField(pgettext_lazy("records", "rejected"), default=0)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def read(self) -> int:
        """How many records the file held, so far."""
        return self.new + self.changed + self.unchanged + self.rejected


class ImportProblem(models.Model):
    """A record that stayed out of the catalogue: its place in the file, its control number, the reason."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems")
    offset = models.PositiveBigIntegerField(_("position in the file (bytes)"))
    control_number = models.CharField(_("control number"), max_length=100, blank=True)
    what = models.CharField(_("what is wrong"), max_length=300)
    advice = models.CharField(_("what to do"), max_length=300)

    class Meta:
        verbose_name = _("import problem")
        verbose_name_plural = _("import problems")
        ordering = ["offset", "pk"]

    def __str__(self) -> str:
        return f"{self.offset}: {self.what}"


class RecordManager(models.Manager["Record"]):
    """Leaves the bytes received in the store: lists never need them."""

    def get_queryset(self) -> models.QuerySet["Record"]:
        """Give all records, without what was received."""
        return super().get_queryset().defer("received", "checksum")


class Record(models.Model):  # type: ignore[django-manager-missing]  # BasketItem has an untyped base
    """A bibliographic record: a document, as a source describes it."""

    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name=_("source"),
        related_name="records",
        db_index=False,  # the constraint below has one that begins with it
    )
    control_number = models.CharField(_("control number"), max_length=100)
    title = models.TextField(_("title"))
    filing_title = models.CharField(_("filing title"), max_length=200, db_index=True)
    subtitle = models.TextField(_("subtitle"), blank=True)
    statement = models.TextField(_("statement of responsibility"), blank=True)
    creators = models.JSONField(_("creators"), default=list, blank=True)
    publisher = models.TextField(_("publisher"), blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    document_type = models.CharField(_("document type"), max_length=20, choices=DOCUMENT_TYPES)
    classification = models.CharField(pgettext_lazy("Dewey", "class"), max_length=100, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    received = models.BinaryField(_("record as received"))
    checksum = models.BinaryField(_("checksum of what was received"), max_length=32)
    seen_in = models.ForeignKey(
        ImportRun,
        models.SET_NULL,
        null=True,
        verbose_name=_("last import that held it"),
        related_name="+",
        db_index=False,
    )
    added_at = models.DateTimeField(pgettext_lazy("date", "added"), db_index=True)
    changed_at = models.DateTimeField(pgettext_lazy("date", "changed"))

    objects = RecordManager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["filing_title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "control_number"], name="record_known_by_source_and_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} – {self.authors}" if self.authors else self.title

    def get_absolute_url(self) -> str:
        """Give the address of its page, which never changes."""
        return reverse("record", args=[self.pk])

    @cached_property
    def hands(self) -> tuple[Hand, ...]:
        """Every person and body named by the record, in its order, with what they did."""
        return tuple(
            Hand(entry["name"], roles_in_words(entry["roles"]), entry["is_primary"])
            for entry in self.creators
        )

    @property
    def authors(self) -> str:
        """Those named first by the record, else the others it names, else what its title page says."""
        primary = [hand.name for hand in self.hands if hand.is_primary]
        names = primary or [hand.name for hand in self.hands]
        return ", ".join(names[:3]) or self.statement

    @property
    def full_title(self) -> str:
        """Title and subtitle."""
        return f"{self.title} : {self.subtitle}" if self.subtitle else self.title

    @property
    def identity(self) -> str:
        """What never changes from one installation to the next: its source and control number."""
        return f"{self.source.code}:{self.control_number}"

    @property
    def permalink_id(self) -> str:
        """The end of its permanent link."""
        return f"{PERMALINK_LETTER}{self.pk}"


class RecordIdentifier(models.Model):
    """A standard number of a record; a wrong one is kept, marked, and never used to find the record."""

    KINDS: ClassVar[list[tuple[str, str]]] = [
        (IdentifierKind.ISBN.value, "ISBN"),
        (IdentifierKind.ISSN.value, "ISSN"),
        (IdentifierKind.EAN.value, "EAN"),
    ]

    record = models.ForeignKey(Record, models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    value = models.CharField(pgettext_lazy("identifier", "number"), max_length=40)
    is_valid = models.BooleanField(pgettext_lazy("identifier", "valid"), default=True)

    class Meta:
        verbose_name = _("standard number")
        verbose_name_plural = _("standard numbers")
        ordering = ["pk"]
        indexes = [models.Index(fields=["value", "kind"], name="identifier_value")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.as_printed}"

    @property
    def as_printed(self) -> str:
        """The number with its hyphens, when it is right."""
        if not self.is_valid:
            return self.value
        if self.kind == IdentifierKind.ISBN:
            return isbn.format(self.value)
        return issn.format(self.value) if self.kind == IdentifierKind.ISSN else self.value


class Basket(ClusterableModel):
    """An ordered list of records that somebody chose, public or not."""

    name = models.CharField(_("name"), max_length=200, help_text=_("Readers see it."))
    slug = models.SlugField(
        _("short name"),
        max_length=100,
        unique=True,
        help_text=_("Used by addresses and imports: do not change it once the basket is in use."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("owner"),
        related_name="baskets",
        help_text=_("Who looks after it; empty when it belongs to the whole network."),
    )
    is_public = models.BooleanField(
        _("public"),
        default=False,
        help_text=_(
            "A kiosk shows a public basket only; a private one never leaves these screens."
        ),
    )
    changed_at = models.DateTimeField(pgettext_lazy("date", "changed"), auto_now=True)

    class Meta:
        verbose_name = _("basket")
        verbose_name_plural = _("baskets")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class BasketItem(Orderable):
    """The place of a record in a basket."""

    basket = ParentalKey(Basket, related_name="items", on_delete=models.CASCADE)
    record = models.ForeignKey(
        Record, models.CASCADE, verbose_name=_("record"), related_name="basket_items"
    )

    class Meta(Orderable.Meta):
        verbose_name = _("record of the basket")
        verbose_name_plural = _("records of the basket")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["basket", "record"], name="record_once_in_a_basket")
        ]

    def __str__(self) -> str:
        return str(self.record)
