"""Published figures: each with its territory, its date, its source and its perimeter.

They are kept as the source states them: "nearly 4,000" is not 4,000. Counts are whole numbers below
10^13 and shares have at most eight decimals, which every store of Django keeps exactly.
"""

from decimal import Decimal
from typing import Any

from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from essor.observatory.rules import SHARES, UNITS_OF, year_of
from essor.observatory.types import Measure, Qualifier, ShownValue, Unit
from essor.presentation.templatetags.typography import (
    bounds,
    number,
    percent,
    percent_bounds,
)
from essor.register.models import FAMILY_LABELS
from essor.territory.models import Territory

MEASURE_LABELS = {
    Measure.ESTABLISHMENTS: _("establishments"),
    Measure.EMPLOYEES: _("employees or jobs"),
    Measure.ENTERPRISES: _("enterprises"),
    Measure.LEGAL_UNITS_FLAGGED: _("legal units flagged in SIRENE"),
    Measure.LEGAL_UNITS_LISTED: _("legal units on the list of ESS France"),
    Measure.SHARE_OF_EMPLOYMENT: _("share of employment"),
    Measure.SHARE_OF_SALARIED_EMPLOYMENT: _("share of salaried employment"),
}
UNIT_LABELS = {
    Unit.EMPLOYEES: _("employees"),
    Unit.JOBS: _("jobs"),
    Unit.FULL_TIME_EQUIVALENTS: _("full-time equivalents"),
    Unit.ESTABLISHMENTS: _("establishments"),
    Unit.EMPLOYER_ESTABLISHMENTS: _("establishments with employees"),
    Unit.ENTERPRISES: _("enterprises"),
    Unit.EMPLOYER_ENTERPRISES: _("enterprises with employees"),
    Unit.LEGAL_UNITS: _("legal units"),
    Unit.SHARE: pgettext_lazy("unit", "share"),
}
QUALIFIER_LABELS = {
    Qualifier.EXACT: pgettext_lazy("value", "exact"),
    Qualifier.ROUNDED: _("rounded by the source"),
    Qualifier.ABOUT: pgettext_lazy("value", "about"),
    Qualifier.NEARLY: pgettext_lazy("value", "nearly"),
    Qualifier.MORE_THAN: pgettext_lazy("value", "more than"),
}

QUALIFIED_VALUES = {
    Qualifier.NEARLY: _("nearly %(value)s"),
    Qualifier.ABOUT: _("about %(value)s"),
    Qualifier.MORE_THAN: _("more than %(value)s"),
}


class PublishedFigureManager(models.Manager["PublishedFigure"]):
    """A figure always comes with its territory: it is never shown without it."""

    def get_queryset(self) -> models.QuerySet["PublishedFigure"]:
        """Bring the territory in the same query."""
        return super().get_queryset().select_related("territory")


class HttpURLField(models.URLField):
    """An address of the web that a reader may follow."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def formfield(self, **kwargs: Any) -> Any:
        """Read an address typed without its scheme as a secure one."""
        return super().formfield(**{"assume_scheme": "https", **kwargs})


def _amount(label: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(
        label,
        max_digits=21,
        decimal_places=8,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10) ** 13 - 1)],
    )


class PublishedFigure(models.Model):
    """A figure of the social and solidarity economy that somebody has published."""

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="published_figures", verbose_name=_("territory")
    )
    territory_as_published = models.CharField(
        _("territory as published"),
        max_length=120,
        blank=True,
        help_text=_(
            "Only if the source names another territory, as a former region. Shown with the figure."
        ),
    )
    measure = models.CharField(_("measure"), max_length=40, choices=list(MEASURE_LABELS.items()))
    family = models.CharField(
        _("family"),
        max_length=20,
        blank=True,
        choices=list(FAMILY_LABELS.items()),
        help_text=_("Leave empty when the figure counts the whole of the ESS."),
    )
    unit = models.CharField(
        _("unit"),
        max_length=40,
        choices=list(UNIT_LABELS.items()),
        help_text=_("What the source counts: employees, jobs and full-time equivalents differ."),
    )
    value = _amount(_("value"))
    qualifier = models.CharField(
        _("how surely"),
        max_length=20,
        choices=list(QUALIFIER_LABELS.items()),
        default=Qualifier.EXACT,
    )
    low = _amount(_("lower bound"))
    high = _amount(_("upper bound"))
    vintage = models.CharField(
        _("date"),
        max_length=60,
        help_text=_("As the source says it, with a year: “fin 2021”, “vers 2013”, “2019”."),
    )
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    source = models.CharField(
        _("source"), max_length=250, help_text=_("Who published the figure, and in what.")
    )
    address = HttpURLField(
        _("address"), max_length=500, blank=True, help_text=_("The page where a reader can check.")
    )
    perimeter = models.CharField(
        _("perimeter"),
        max_length=250,
        blank=True,
        help_text=_(
            "What the source counts as ESS: INSEE leaves out commercial enterprises, SIRENE does not."
            " Leave empty if it does not say."
        ),
    )
    note = models.CharField(
        _("detail"), max_length=250, blank=True, help_text=_("For the staff: not shown to readers.")
    )
    as_stated = models.BooleanField(
        _("as stated by another page"),
        default=False,
        help_text=_("Tick for a figure taken over from a page that does not give its own source."),
    )
    provenance = models.CharField(
        _("provenance"),
        max_length=250,
        blank=True,
        help_text=_("Which page, and what it leaves unsaid. Required if the box above is ticked."),
    )
    imported_as = models.CharField(max_length=64, blank=True, editable=False)

    objects = PublishedFigureManager()

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ("-year", "territory__name", "measure", "family", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("territory", "measure", "family", "unit", "vintage", "source"),
                name="published_figure_stated_once",
                violation_error_message=_(
                    "This figure is already there: same territory, measure, family, unit, date and source."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False)
                | models.Q(low__isnull=False, high__isnull=False),
                name="published_figure_has_a_value",
                violation_error_message=_("Give a value, or both bounds."),
            ),
            models.CheckConstraint(
                condition=models.Q(low__isnull=True)
                | models.Q(high__isnull=True)
                | models.Q(low__lte=models.F("high")),
                name="published_figure_bounds_in_order",
                violation_error_message=_("The lower bound is above the upper bound."),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(
            part
            for part in (
                str(self.shown_value),
                str(self.get_measure_display()),
                str(self.get_family_display()),
                self.territory.name,
                self.vintage,
                self.source,
            )
            if part
        )

    @property
    def is_share(self) -> bool:
        """Say whether the value is a part of the whole, 0 to 1."""
        return self.measure in SHARES

    @property
    @display(description=_("value"))
    def shown_value(self) -> ShownValue:
        """The value as its source states it: a range in words, "nearly 4,000", or the number."""
        if self.low is not None and self.high is not None:
            show_range = percent_bounds if self.is_share else bounds
            return ShownValue(show_range(self.low, self.high))
        shown = percent(self.value) if self.is_share else number(self.value)
        template = str(QUALIFIED_VALUES.get(Qualifier(self.qualifier), "%(value)s"))
        before, _placeholder, after = template.partition("%(value)s")
        return ShownValue(shown, before, after)

    def clean(self) -> None:
        """Refuse a figure that a reader could not understand: no year, odd unit, no provenance."""
        problems: dict[str, Any] = {}
        self.year = year_of(self.vintage) or 0
        if not self.year:
            problems["vintage"] = _("Write the year in four digits, as in “fin 2021”.")
        if self.unit not in UNITS_OF.get(self.measure, ()):
            problems["unit"] = _("This unit does not go with the measure.")
        if self.as_stated and not self.provenance:
            problems["provenance"] = _("Say which page states this figure.")
        problems |= self._wrong_amounts()
        if problems:
            raise ValidationError(problems)

    def _wrong_amounts(self) -> dict[str, Any]:
        amounts = {"value": self.value, "low": self.low, "high": self.high}
        wrong = {}
        for name, amount in amounts.items():
            if amount is None:
                continue
            if self.is_share and amount > 1:
                wrong[name] = _("Write a share between 0 and 1: 0.112 for 11.2%.")
            elif not self.is_share and amount != amount.to_integral_value():
                wrong[name] = _("A count is a whole number.")
        if self.value is not None and (
            (self.low is not None and self.value < self.low)
            or (self.high is not None and self.value > self.high)
        ):
            wrong["value"] = _("The value is outside its bounds.")
        return wrong
