"""The imports and their reports, and the catalogues that are harvested."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.catalogue.models.sources import MappingProfile, Source
from essor.catalogue.types import CodeTable, FileFormat

FILE_FORMATS = [
    (FileFormat.ISO2709.value, "ISO 2709"),
    (FileFormat.MARCXML.value, "MARCXML"),
    (FileFormat.PMB_XML.value, "XML PMB"),
    (FileFormat.DUBLIN_CORE.value, "Dublin Core"),
    (FileFormat.ITEMS_CSV.value, "CSV"),
]
CODE_TABLES = [
    (CodeTable.BRANCH.value, pgettext_lazy("library of a network", "branch")),
    (CodeTable.SECTION.value, pgettext_lazy("place in a library", "section")),
    (CodeTable.DOCUMENT_TYPE.value, _("document type")),
    (CodeTable.STATUS.value, _("status")),
    (CodeTable.AUDIENCE.value, _("audience")),
]


def received_files() -> FileSystemStorage:
    """Give the place of the files that librarians drop in: beside the store, never served."""
    return FileSystemStorage(location=settings.HOME / "imports")


class ImportRun(models.Model):
    """One run of an import: what it reads and how, what changed, what stayed out and why.

    `position` is how far it has come, in bytes of the file once decompressed: what stands before
    is stored, and a run that was killed goes on from there.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("import", "waiting")
        RUNNING = "running", pgettext_lazy("import", "running")
        FINISHED = "finished", pgettext_lazy("import", "finished")
        STOPPED = "stopped", pgettext_lazy("import", "stopped")
        INTERRUPTED = "interrupted", pgettext_lazy("import", "interrupted")
        FAILED = "failed", pgettext_lazy("import", "failed")

    source = models.ForeignKey(
        Source, models.CASCADE, verbose_name=_("source"), related_name="runs"
    )
    profile = models.ForeignKey(
        MappingProfile,
        models.PROTECT,
        null=True,
        verbose_name=_("mapping profile"),
        related_name="runs",
    )
    file_name = models.CharField(_("file"), max_length=255)
    file = models.FileField(
        _("file received"), storage=received_files, max_length=255, blank=True, default=""
    )
    file_format = models.CharField(
        _("format"), max_length=20, choices=FILE_FORMATS, default=FileFormat.ISO2709
    )
    encoding = models.CharField(
        _("encoding imposed"),
        max_length=20,
        blank=True,
        help_text=_("Empty: recognised record by record."),
    )
    decoded = models.JSONField(_("records by encoding"), default=dict, blank=True)
    is_full = models.BooleanField(
        _("whole catalogue"),
        default=False,
        help_text=_("The records of this source that are not in the file are withdrawn."),
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("started by"),
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.RUNNING
    )
    is_asked_to_stop = models.BooleanField(_("asked to stop"), default=False)
    message = models.CharField(_("message"), max_length=500, blank=True)
    started_at = models.DateTimeField(pgettext_lazy("date", "started"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last progress"), auto_now=True)
    elapsed_s = models.FloatField(_("time spent (s)"), default=0)
    position = models.PositiveBigIntegerField(_("position in the file (bytes)"), default=0)
    size = models.PositiveBigIntegerField(_("size of the file (bytes)"), null=True)
    new = models.PositiveIntegerField(pgettext_lazy("records", "new"), default=0)
    changed = models.PositiveIntegerField(pgettext_lazy("records", "changed"), default=0)
    unchanged = models.PositiveIntegerField(pgettext_lazy("records", "unchanged"), default=0)
    repaired = models.PositiveIntegerField(pgettext_lazy("records", "repaired"), default=0)
    rejected = models.PositiveIntegerField(pgettext_lazy("records", "rejected"), default=0)
    withdrawn = models.PositiveIntegerField(pgettext_lazy("records", "withdrawn"), default=0)
    items_new = models.PositiveIntegerField(pgettext_lazy("items", "new"), default=0)
    items_changed = models.PositiveIntegerField(pgettext_lazy("items", "changed"), default=0)
    items_unchanged = models.PositiveIntegerField(pgettext_lazy("items", "unchanged"), default=0)
    items_withdrawn = models.PositiveIntegerField(pgettext_lazy("items", "withdrawn"), default=0)

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

    @property
    def items_read(self) -> int:
        """How many items the file held, so far."""
        return self.items_new + self.items_changed + self.items_unchanged

    @property
    def records_per_s(self) -> float | None:
        """Records read in a second, None before there is something to measure."""
        return self.read / self.elapsed_s if self.elapsed_s else None


class ImportProblem(models.Model):
    """What an import has to tell of a record: its place in the file, its control number, the reason.

    A rejection kept the record out of the catalogue; the others are to be looked at (a barcode on
    two records), and the record is in.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems")
    is_rejection = models.BooleanField(_("kept the record out"), default=True)
    offset = models.PositiveBigIntegerField(_("position in the file (bytes)"))
    control_number = models.CharField(_("control number"), max_length=100, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    what = models.CharField(_("what is wrong"), max_length=300)
    advice = models.CharField(_("what to do"), max_length=300)

    class Meta:
        verbose_name = _("import problem")
        verbose_name_plural = _("import problems")
        ordering = ["offset", "pk"]

    def __str__(self) -> str:
        return f"{self.offset}: {self.what}"


class UnknownCode(models.Model):
    """A code that the mapping profile of an import does not know, and how often it came."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="unknown_codes")
    table = models.CharField(_("table"), max_length=20, choices=CODE_TABLES)
    code = models.CharField(_("code"), max_length=100)
    count = models.PositiveIntegerField(pgettext_lazy("copy of a document", "items"), default=0)

    class Meta:
        verbose_name = _("unknown code")
        verbose_name_plural = _("unknown codes")
        ordering = ["table", "-count", "code"]
        constraints = [
            models.UniqueConstraint(fields=["run", "table", "code"], name="unknown_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_table_display()} {self.code}"


class Harvest(models.Model):
    """A catalogue that is read by OAI-PMH: where, and where it stands.

    `changed_since` is the date of the next harvest (a date of the server, in its own granularity). Of
    the harvest under way, `windows` are the periods that are still to be read (pairs of dates, both
    included, empty where open), `resumption_token` the place in the list of the first of them,
    `began_at` the clock of the server when it began and `pages` how many were read. `read_whole_at`
    is when all records were last read, from the first to the last.
    """

    source = models.OneToOneField(
        Source, models.CASCADE, verbose_name=_("source"), related_name="harvest"
    )
    address = models.URLField(
        _("address of the server"),
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("The base address of OAI-PMH, without its question mark."),
    )
    metadata_prefix = models.CharField(
        _("metadata prefix"),
        max_length=50,
        default="marcxml",
        help_text=_("marcxml for Koha, pmb_xml_unimarc for PMB, oai_dc when there is no other."),
    )
    set_spec = models.CharField(_("set"), max_length=200, blank=True)
    is_active = models.BooleanField(_("harvest each night"), default=True)
    changed_since = models.CharField(_("changes since"), max_length=30, blank=True)
    resumption_token = models.TextField(_("place in the list"), blank=True)
    windows = models.JSONField(_("periods to be read"), default=list, blank=True)
    began_at = models.DateTimeField(pgettext_lazy("date", "begun"), null=True)
    pages = models.PositiveIntegerField(_("pages read"), default=0)
    read_whole_at = models.DateTimeField(pgettext_lazy("date", "read whole"), null=True)
    last_run = models.ForeignKey(
        ImportRun, models.SET_NULL, null=True, verbose_name=_("last import"), related_name="+"
    )

    class Meta:
        verbose_name = pgettext_lazy("OAI-PMH", "harvest")
        verbose_name_plural = pgettext_lazy("OAI-PMH", "harvests")
        ordering = ["source__name"]

    def __str__(self) -> str:
        return str(self.source)
