"""The innovation catalogue: places, services, experiments that editors describe, tied to structures by SIREN."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from stdnum.fr import siren as siren_numbers
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, PreviewableMixin

from essor.search.words import clean, folded
from essor.territory.models import Territory

INITIATIVE_LETTER = "i"
"""An initiative's permanent link is this letter and its number."""

WRITING = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "blockquote"]
FIRST_YEAR = 1800


class InitiativeTheme(models.Model):
    """What an initiative is about. A portal starts with a dozen; editors change them as they like."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name in French"), max_length=80)
    name_en = models.CharField(
        _("name in English"),
        max_length=80,
        blank=True,
        help_text=_("Empty: the French name is shown."),
    )

    class Meta:
        verbose_name = _("theme of initiatives")
        verbose_name_plural = _("themes of initiatives")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Give the name in the reader's language."""
        is_english = (get_language() or "").startswith("en")
        return self.name_en if is_english and self.name_en else self.name


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    """Initiatives, filtered by the questions asked of them."""

    def published(self) -> "InitiativeQuerySet":
        """Keep those that everyone may read."""
        return self.filter(is_published=True)


class Initiative(PreviewableMixin, ClusterableModel):
    """A place, a service, an experiment: what it does, where, since when, with whom."""

    class Kind(models.TextChoices):
        PLACE = "lieu", pgettext_lazy("initiative", "place")
        SERVICE = "service", pgettext_lazy("initiative", "service")
        EXPERIMENT = "experimentation", pgettext_lazy("initiative", "experiment")

    class Stage(models.TextChoices):
        PLANNED = "projet", pgettext_lazy("stage of an initiative", "being prepared")
        TRIED = "essai", pgettext_lazy("stage of an initiative", "being tried")
        RUNNING = "en-marche", pgettext_lazy("stage of an initiative", "up and running")
        SPREADING = "essaimage", pgettext_lazy("stage of an initiative", "taken up elsewhere")
        ENDED = "terminee", pgettext_lazy("stage of an initiative", "ended")

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("The end of the address of its page; do not change it once it is known."),
    )
    summary = models.CharField(
        _("summary"),
        max_length=300,
        help_text=_("One or two sentences: in lists, and when the page is shared."),
    )
    description = RichTextField(_("description"), blank=True, features=WRITING)
    picture = models.ForeignKey(
        get_image_model_string(),
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    theme = models.ForeignKey(
        InitiativeTheme, models.PROTECT, related_name="+", verbose_name=_("theme")
    )
    stage = models.CharField(
        pgettext_lazy("of an initiative", "stage"), max_length=20, choices=Stage
    )
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("territory"),
    )
    since = models.PositiveSmallIntegerField(
        _("since (year)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(2200)],
    )
    web_site = models.URLField(_("web site"), max_length=500, blank=True)
    is_published = models.BooleanField(
        _("published"), default=False, help_text=_("Readers see it only when this is ticked.")
    )
    searched = models.TextField(editable=False, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(pgettext_lazy("date", "changed"), auto_now=True)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ("title", "pk")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the words by which it is found, folded."""
        words = f"{self.title} {self.summary} {strip_tags(self.description)}"
        self.searched = folded(clean(words))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("initiative", args=[self.slug])

    @property
    def permalink_id(self) -> str:
        """The end of its permanent link."""
        return f"{INITIATIVE_LETTER}{self.pk}"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show it to who writes it."""
        from essor.register.initiatives.views import preview  # the model is asked for a page

        return preview(request, self)


class InitiativeStructure(Orderable):
    """A structure that takes part in an initiative; tied to the SIREN, it outlives vintages."""

    initiative = ParentalKey(Initiative, on_delete=models.CASCADE, related_name="structures")
    siren = models.CharField(
        "SIREN", max_length=11, help_text=_("Nine figures, as on the page of the structure.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("structure of an initiative")
        verbose_name_plural = _("structures of an initiative")
        constraints = [
            models.UniqueConstraint(
                fields=("initiative", "siren"), name="register_structure_once_an_initiative"
            )
        ]

    def __str__(self) -> str:
        return self.siren

    def clean(self) -> None:
        """Take a SIREN as people write it; refuse what is none."""
        self.siren = siren_numbers.compact(self.siren or "").replace("\u00a0", "")
        if not siren_numbers.is_valid(self.siren):
            raise ValidationError(
                {"siren": _("This is no SIREN: nine figures, the last of which checks the others.")}
            )
