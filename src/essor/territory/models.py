"""The territories of France as one edition of the COG states them, with their outlines.

The key is kind and code: a delegated commune may bear the code of the commune that it joined. A
territory is never deleted, since figures refer to it: one that a later edition leaves out is no
longer in force, and no longer offered.
"""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from essor.presentation.templatetags.typography import number
from essor.territory.types import PARENT_KINDS, RANKING_ORDER, Kind

KIND_LABELS = {
    Kind.COUNTRY: _("country"),
    Kind.REGION: _("region"),
    Kind.DEPARTMENT: _("department"),
    Kind.EPCI: _("intermunicipal body (EPCI)"),
    Kind.EPT: _("territorial body of Greater Paris (EPT)"),
    Kind.COMMUNE: _("commune"),
    Kind.MUNICIPAL_ARRONDISSEMENT: _("municipal arrondissement"),
    Kind.FORMER_COMMUNE: _("former commune"),
}

NATURE_LABELS = {
    "CC": _("community of communes"),
    "CA": _("urban-area community"),
    "CU": _("urban community"),
    "METRO": _("metropolis"),
    "MET69": _("metropolis with a special status"),
    "EPT": _("territorial public body"),
    "commune-deleguee": _("delegated commune"),
    "commune-associee": _("associated commune"),
}

KIND_RANK = models.Case(
    *(models.When(kind=kind, then=models.Value(rank)) for rank, kind in enumerate(RANKING_ORDER)),
    output_field=models.IntegerField(),
)


class Edition(models.Model):
    """One year of the COG, with the sources that a territory's figures must carry."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    source = models.CharField(_("source"), max_length=250)
    licence = models.CharField(_("licence"), max_length=100)
    population_source = models.CharField(_("source of populations"), max_length=250)
    population_year = models.PositiveSmallIntegerField(_("year of populations"), null=True)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Territories, filtered by the questions asked of them."""

    def in_force(self) -> Self:
        """Keep those of the latest edition."""
        return self.filter(in_force=True)

    def current(self) -> Self:
        """Keep those in force that are not former communes."""
        return self.in_force().exclude(kind=Kind.FORMER_COMMUNE)

    def with_parents(self) -> Self:
        """Bring the parents in the same query."""
        return self.select_related(*PARENT_KINDS)

    def ranked(self, *first: str) -> Self:
        """Put the likeliest first: the most populous, then the commune before its department."""
        population = models.F("population").desc(nulls_last=True)
        return self.order_by(*first, population, KIND_RANK, "name", "code")


def _parent(label: Any) -> "models.ForeignKey[Territory | None, Territory | None]":
    return models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class Territory(models.Model):
    """A place with a code: a commune, a group of communes, a department, a region, France.

    A parent is empty when there is none, or when the territory straddles several.
    """

    kind = models.CharField(_("kind"), max_length=24, choices=list(KIND_LABELS.items()))
    code = models.CharField(_("code"), max_length=9)
    name = models.CharField(_("name"), max_length=120)
    nature = models.CharField(_("legal nature"), max_length=24, blank=True)
    folded = models.CharField(max_length=160, db_index=True, editable=False)
    population = models.PositiveIntegerField(_("municipal population"), null=True)
    commune = _parent(_("commune"))
    ept = _parent(_("EPT"))
    epci = _parent(_("EPCI"))
    department = _parent(_("department"))
    region = _parent(_("region"))
    in_force = models.BooleanField(_("in force"), default=True)
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("edition"))

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=("kind", "code"), name="territory_kind_and_code_unique")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def successor(self) -> "Territory":
        """The territory that stands for this one today: itself, but for a former commune."""
        return self.commune if self.kind == Kind.FORMER_COMMUNE and self.commune else self

    @property
    def nature_label(self) -> str:
        """The legal nature in words, or the kind where there is none."""
        return str(NATURE_LABELS.get(self.nature) or KIND_LABELS[Kind(self.kind)])

    @property
    def population_with_source(self) -> str:
        """The population with what makes it readable: its source, its year, and who publishes it."""
        if self.population is None:
            return pgettext("population", "unknown")
        edition = self.edition
        year = edition.population_year or gettext("year not stated by the source")
        return f"{number(self.population)} ({edition.population_source}, {year}, {edition.name})"


class Alias(models.Model):
    """Another name people type for a territory, folded (MEL, HdF, the EPCI without "CC")."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="aliases")
    folded = models.CharField(max_length=160, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("territory", "folded"), name="territory_alias_unique")
        ]

    def __str__(self) -> str:
        return self.folded


class Contour(models.Model):
    """The outline of a territory, apart from it so that lists stay light."""

    territory = models.OneToOneField(
        Territory, models.CASCADE, primary_key=True, related_name="contour"
    )
    polygons = models.JSONField()
    source = models.CharField(max_length=200)
    is_complete = models.BooleanField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"contour {self.territory_id}"
