"""The directory: the units and establishments of one area, vintage after vintage.

Rows belong to a vintage and are never changed: a new vintage is written beside the one that is read,
then takes its place in one transaction. What people add (profiles, approvals, corrections) is tied to
the SIREN, and so outlives every vintage.
"""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.register.types import ApprovalKind, Family, PointSource, Sector, Status
from essor.search.words import clean, folded
from essor.territory.models import Territory

FAMILY_LABELS = {
    Family.ASSOCIATION: _("associations"),
    Family.COOPERATIVE: _("cooperatives"),
    Family.MUTUAL: _("mutuals"),
    Family.FOUNDATION: _("foundations"),
    Family.COMMERCIAL: _("commercial enterprises of the ESS"),
}
STATUS_LABELS = {
    Status.RECOGNISED: pgettext_lazy("status of a structure", "recognised"),
    Status.DECLARED: pgettext_lazy("status of a structure", "declared"),
    Status.PRESUMED: pgettext_lazy("status of a structure", "presumed"),
    Status.OUTSIDE: pgettext_lazy("status of a structure", "outside the ESS"),
}
APPROVAL_LABELS = {
    ApprovalKind.ESUS: _("solidarity enterprise of social utility (ESUS)"),
    ApprovalKind.SIAE: _("structure for integration through work (SIAE)"),
}

PERMALINK_LETTER = "s"
"""A structure's permanent link is this letter and its SIREN, without the zeros before it."""


LONGEST_FILING = 120
FILED_LAST = "zzzzzzzz"
"""The filing form of what has no name: after all names of our alphabet."""


def filing_form(name: str) -> str:
    """Give what a structure is sorted by: its name in plain words; those without one come last."""
    return folded(clean(name))[:LONGEST_FILING] or FILED_LAST


class VintageQuerySet(models.QuerySet["Vintage"]):
    """Vintages, filtered by the questions asked of them."""

    def shown(self) -> Self:
        """Keep those that readers see or have seen; the others are being loaded, or were never whole."""
        return self.exclude(shown_at=None)


class Vintage(models.Model):
    """One build of the register, loaded for one area. One vintage at most is the current one.

    `manifest` is that of the build: files, checksums, dates, rows after each step. `folder` is where
    the build was read from, on the machine that loaded it; it may be gone since. `shown_at` is the
    last time it took the place of another; without it, the rows are not all there. `is_indexed` says
    that the search index has followed, `is_matched` that the rows of other directories have.
    """

    area = models.CharField(_("area"), max_length=40)
    month = models.CharField(
        _("vintage"), max_length=7, help_text=_("Month of the official files.")
    )
    perimeter = models.CharField(_("perimeter"), max_length=40)
    manifest = models.JSONField(_("manifest"))
    folder = models.CharField(_("folder of the build"), max_length=500, blank=True, editable=False)
    units = models.PositiveIntegerField(_("legal units"), default=0)
    establishments = models.PositiveIntegerField(_("establishments"), default=0)
    is_synthetic = models.BooleanField(_("made of synthetic data"), default=False)
    is_current = models.BooleanField(_("shown"), default=False)
    is_indexed = models.BooleanField(default=False, editable=False)
    is_matched = models.BooleanField(default=False, editable=False)
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)
    shown_at = models.DateTimeField(_("shown since"), null=True, editable=False)

    objects = VintageQuerySet.as_manager()

    class Meta:
        verbose_name = _("vintage of the register")
        verbose_name_plural = _("vintages of the register")
        ordering = ("-loaded_at", "-pk")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=("is_current",),
                condition=models.Q(is_current=True),
                name="register_one_current_vintage",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} ({self.area})"


def _current() -> models.QuerySet[Vintage, int]:
    """Give the key of the vintage that is shown, as one value: joined by it, a store would read every row."""
    return Vintage.objects.filter(is_current=True).order_by().values_list("pk", flat=True)[:1]


class LegalUnitQuerySet(models.QuerySet["LegalUnit"]):
    """Legal units, filtered by the questions asked of them."""

    def current(self) -> Self:
        """Keep those of the vintage that is shown."""
        return self.filter(vintage=_current())


class LegalUnit(models.Model):
    """A legal unit of the ESS, as SIRENE describes it, with its status and the reasons for it.

    `name` is empty when SIRENE masks it. `created_on` and the headcount band are empty when unknown.
    `commune`, `longitude`, `latitude` and `point_source` are those of its head office, or of its first
    establishment of the area.
    """

    vintage = models.ForeignKey(Vintage, models.CASCADE, related_name="legal_units")
    siren = models.CharField("SIREN", max_length=9)
    name = models.CharField(_("name"), max_length=250, blank=True)
    acronym = models.CharField(_("acronym"), max_length=120, blank=True)
    usual_name = models.CharField(_("usual name"), max_length=250, blank=True)
    filing_name = models.CharField(max_length=120, blank=True, editable=False)
    rna = models.CharField(_("RNA number"), max_length=14, blank=True)
    category = models.CharField(_("legal category"), max_length=4)
    activity = models.CharField(_("activity code (APE)"), max_length=6, blank=True)
    nomenclature = models.CharField(max_length=8, blank=True)
    activity25 = models.CharField(_("activity code (NAF 2025)"), max_length=6, blank=True)
    sector = models.CharField(_("sector"), max_length=20, default=Sector.UNKNOWN)
    created_on = models.DateField(_("created"), null=True, blank=True)
    headcount_band = models.CharField(_("headcount band"), max_length=2, blank=True)
    headcount_year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_partial = models.BooleanField(_("partially diffusible"), default=False)
    flag = models.CharField(_("flag of SIRENE"), max_length=1, blank=True)
    is_listed = models.BooleanField(_("on the list of ESS France"), default=False)
    family = models.CharField(_("family"), max_length=20, choices=list(FAMILY_LABELS.items()))
    status = models.CharField(_("status"), max_length=12, choices=list(STATUS_LABELS.items()))
    reasons = models.JSONField(_("reasons"), default=list)
    head_office = models.CharField(_("head office"), max_length=14, blank=True)
    updated_on = models.DateField(_("changed in SIRENE"), null=True, blank=True)
    commune = models.ForeignKey(
        Territory, models.PROTECT, null=True, related_name="+", verbose_name=_("commune")
    )
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    point_source = models.CharField(max_length=8, default=PointSource.NONE)

    objects = LegalUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("structure")
        verbose_name_plural = _("structures")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=("vintage", "siren"), name="register_siren_once")
        ]
        indexes = [
            models.Index(fields=("vintage", "filing_name", "siren"), name="register_by_name"),
            models.Index(fields=("vintage", "created_on"), name="register_by_creation"),
            models.Index(fields=("vintage", "latitude", "longitude"), name="register_by_place"),
            # The map counts points, and those placed at their commune, from the index alone.
            models.Index(
                fields=("vintage", "point_source", "latitude", "longitude", "commune"),
                name="register_on_map",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.siren

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("structure", args=[self.siren])

    @property
    def permalink_id(self) -> str:
        """The end of its permanent link."""
        return f"{PERMALINK_LETTER}{int(self.siren)}"


class EstablishmentQuerySet(models.QuerySet["Establishment"]):
    """Establishments, filtered by the questions asked of them."""

    def current(self) -> Self:
        """Keep those of the vintage that is shown."""
        return self.filter(vintage=_current())


class Establishment(models.Model):
    """A place where a unit of the register works, in the area. Never located when SIRENE masks it."""

    vintage = models.ForeignKey(Vintage, models.CASCADE, related_name="places")
    unit = models.ForeignKey(LegalUnit, models.CASCADE, related_name="establishments")
    siret = models.CharField("SIRET", max_length=14)
    is_head_office = models.BooleanField(_("head office"), default=False)
    name = models.CharField(_("name"), max_length=250, blank=True)
    complement = models.CharField(max_length=120, blank=True)
    street = models.CharField(_("street"), max_length=250, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    commune = models.ForeignKey(
        Territory, models.PROTECT, null=True, related_name="+", verbose_name=_("commune")
    )
    headcount_band = models.CharField(_("headcount band"), max_length=2, blank=True)
    headcount_year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_employer = models.BooleanField(_("employer"), null=True)
    activity = models.CharField(_("activity code (APE)"), max_length=6, blank=True)
    nomenclature = models.CharField(max_length=8, blank=True)
    activity25 = models.CharField(_("activity code (NAF 2025)"), max_length=6, blank=True)
    created_on = models.DateField(_("created"), null=True, blank=True)
    is_partial = models.BooleanField(_("partially diffusible"), default=False)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    point_source = models.CharField(max_length=8, default=PointSource.NONE)

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("establishment")
        verbose_name_plural = _("establishments")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=("vintage", "siret"), name="register_siret_once")
        ]
        indexes = [
            # What is near is answered by the index alone: a SIRET begins with its SIREN.
            models.Index(
                fields=("vintage", "latitude", "longitude", "siret"), name="register_near"
            ),
            models.Index(fields=("vintage", "commune"), name="register_communes"),
        ]

    def __str__(self) -> str:
        return self.siret


class Approval(models.Model):
    """What an authority has said of a structure, with its dates; none makes it a structure of the ESS."""

    kind = models.CharField(_("kind"), max_length=8, choices=list(APPROVAL_LABELS.items()))
    detail = models.CharField(_("detail"), max_length=60, blank=True)
    siren = models.CharField("SIREN", max_length=9, db_index=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=250)
    source_date = models.DateField(_("date of the source"), null=True, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ("siren", "kind", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "detail", "siren", "siret", "starts_on"),
                name="register_approval_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.siren}"
