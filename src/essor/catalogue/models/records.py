"""Records and items: documents as a source describes them, and their copies on the shelves."""

import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from stdnum import isbn, issn

from essor.catalogue.languages import language_name
from essor.catalogue.models.imports import FILE_FORMATS, ImportRun
from essor.catalogue.models.sources import Branch, Source
from essor.catalogue.roles import roles_in_words
from essor.catalogue.types import (
    Audience,
    Availability,
    DocumentType,
    FileFormat,
    Hand,
    IdentifierKind,
)

if TYPE_CHECKING:
    from essor.catalogue.models.covers import Cover

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
AUDIENCES = [
    (Audience.ADULT.value, pgettext_lazy("audience", "Adults")),
    (Audience.YOUNG.value, pgettext_lazy("audience", "Young people")),
    (Audience.ALL.value, pgettext_lazy("audience", "Everyone")),
    (Audience.UNKNOWN.value, pgettext_lazy("audience", "Unknown")),
]
AVAILABILITIES = [
    (Availability.AVAILABLE.value, pgettext_lazy("item", "Available")),
    (Availability.ON_LOAN.value, pgettext_lazy("item", "On loan")),
    (Availability.ON_SITE.value, pgettext_lazy("item", "On site only")),
    (Availability.UNAVAILABLE.value, pgettext_lazy("item", "Unavailable")),
    (Availability.GONE.value, pgettext_lazy("item", "Gone")),
    (Availability.UNKNOWN.value, pgettext_lazy("item", "Ask the library")),
]


class Work(models.Model):
    """What the editions of one text have in common: the key that brings them together."""

    key = models.CharField(_("key"), max_length=250, unique=True)

    class Meta:
        verbose_name = pgettext_lazy("FRBR", "work")
        verbose_name_plural = pgettext_lazy("FRBR", "works")

    def __str__(self) -> str:
        return self.key


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
    edition = models.TextField(_("edition"), blank=True)
    place = models.TextField(_("place of publication"), blank=True)
    extent = models.TextField(_("extent"), blank=True)
    series = models.JSONField(_("series"), default=list, blank=True)
    subjects = models.JSONField(_("subjects"), default=list, blank=True)
    notes = models.JSONField(_("notes"), default=list, blank=True)
    links = models.JSONField(pgettext_lazy("record", "links"), default=list, blank=True)
    original_languages = models.JSONField(_("translated from"), default=list, blank=True)
    audience = models.CharField(
        _("audience"), max_length=20, choices=AUDIENCES, default=Audience.UNKNOWN
    )
    loans = models.PositiveIntegerField(
        _("loans"), null=True, help_text=_("Of all its items together, ever; empty when unknown.")
    )
    work = models.ForeignKey(
        Work,
        models.SET_NULL,
        null=True,
        verbose_name=pgettext_lazy("FRBR", "work"),
        related_name="editions",
    )
    is_work_chosen = models.BooleanField(
        _("work chosen by staff"),
        default=False,
        help_text=_("Imports leave the work of this record as it is."),
    )
    duplicate_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        verbose_name=_("same edition as"),
        related_name="duplicates",
    )
    is_parted = models.BooleanField(
        _("never linked"),
        default=False,
        help_text=_("Staff has said that it is the duplicate of no other record."),
    )
    withdrawn_at = models.DateTimeField(
        pgettext_lazy("date", "withdrawn"),
        null=True,
        help_text=_("Since when its source has it no more."),
    )
    encoding = models.CharField(_("encoding received"), max_length=20, default="utf-8")
    file_format = models.CharField(
        _("format received"), max_length=20, choices=FILE_FORMATS, default=FileFormat.ISO2709
    )
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
        indexes = [models.Index(fields=["changed_at", "id"], name="record_changed_at")]

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
    def picture(self) -> "Cover | None":
        """Its cover, when there is a picture of it; lists read it with the record (`cover`)."""
        cover: Cover | None = getattr(self, "cover", None)
        return cover if cover and cover.picture else None

    @property
    def languages_in_words(self) -> str:
        """The languages of the document, as readers name them."""
        return ", ".join(map(language_name, self.languages))

    @property
    def original_languages_in_words(self) -> str:
        """The languages it was translated from."""
        return ", ".join(map(language_name, self.original_languages))

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


class HarvestedRecord(models.Model):
    """The name that an OAI-PMH server has for a record: all that it says of one that it deleted.

    A whole harvest that does not see a name again has it forgotten.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="harvested", db_index=False)
    identifier = models.CharField(_("OAI identifier"), max_length=500)
    record = models.ForeignKey(Record, models.CASCADE, related_name="harvested")
    seen_in = models.ForeignKey(
        ImportRun,
        models.SET_NULL,
        null=True,
        verbose_name=_("last harvest that gave it"),
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name = _("harvested record")
        verbose_name_plural = _("harvested records")
        constraints = [
            models.UniqueConstraint(fields=["source", "identifier"], name="harvested_record_once")
        ]

    def __str__(self) -> str:
        return self.identifier


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


class Item(models.Model):
    """A copy of a document: where it stands, whether it can be borrowed, how much it has been.

    Codes are those of the source; `branch` and `availability` are what its mapping profile makes of
    them. `loans` counts all loans ever; unknown is None.
    """

    source = models.ForeignKey(
        Source, models.PROTECT, verbose_name=_("source"), related_name="items", db_index=False
    )
    record = models.ForeignKey(
        Record, models.CASCADE, verbose_name=_("record"), related_name="items"
    )
    barcode = models.CharField(_("barcode"), max_length=100, blank=True)
    branch = models.ForeignKey(
        Branch,
        models.PROTECT,
        null=True,
        verbose_name=pgettext_lazy("library of a network", "branch"),
        related_name="items",
        db_index=False,
    )
    section = models.CharField(
        pgettext_lazy("place in a library", "section"), max_length=200, blank=True
    )
    call_number = models.CharField(_("call number"), max_length=200, blank=True)
    document_type = models.CharField(_("document type"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=200, blank=True)
    audience = models.CharField(_("audience"), max_length=100, blank=True)
    availability = models.CharField(
        _("availability"), max_length=20, choices=AVAILABILITIES, default=Availability.UNKNOWN
    )
    volume = models.CharField(_("volume"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    acquired = models.DateField(pgettext_lazy("date", "acquired"), null=True)
    last_loan = models.DateField(_("last loan"), null=True)
    due = models.DateField(_("due back"), null=True)
    loans = models.PositiveIntegerField(_("loans"), null=True)
    price_cents = models.PositiveIntegerField(_("price (cents)"), null=True)
    withdrawn_at = models.DateTimeField(
        pgettext_lazy("date", "withdrawn"),
        null=True,
        help_text=_("Since when its source has it no more."),
    )

    class Meta:
        verbose_name = pgettext_lazy("copy of a document", "item")
        verbose_name_plural = pgettext_lazy("copy of a document", "items")
        ordering = ["branch__name", "call_number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "barcode"],
                condition=~models.Q(barcode=""),
                name="item_known_by_source_and_barcode",
            )
        ]

    def __str__(self) -> str:
        return self.barcode or self.call_number

    @property
    def back_on(self) -> datetime.date | None:
        """The day it is awaited; None when that is unknown or past: nobody knows when what is late comes back."""
        return self.due if self.due and self.due >= timezone.localdate() else None
