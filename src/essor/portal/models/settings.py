"""What each portal (site) says of itself: name, colours, and what the law asks a publisher to state."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from essor.portal.rules import MINIMUM_CONTRAST, Theme, contrast_with_grounds


def validate_colour(value: str) -> None:
    """Refuse what is not a colour written #rrggbb."""
    if (
        len(value) != 7
        or value[0] != "#"
        or any(c not in "0123456789abcdefABCDEF" for c in value[1:])
    ):
        raise ValidationError(
            _("Write the colour as # followed by six digits or letters from a to f, as in #9c3420.")
        )


@register_setting(icon="site", order=100)
class PortalSettings(BaseSiteSetting):
    """The identity of one portal and the statements it must publish."""

    name = models.CharField(
        _("name of the portal"),
        max_length=80,
        blank=True,
        help_text=_("Shown at the top of every page. Without it, the name of the site is shown."),
    )
    baseline = models.CharField(
        _("baseline"),
        max_length=120,
        blank=True,
        help_text=_("One line under the name, as the network’s name."),
    )
    logo = models.ForeignKey(
        "portal.Picture",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A square picture reads best. Without one, Essor’s own mark is shown."),
    )
    accent_light = models.CharField(
        _("accent colour, light theme"),
        max_length=7,
        blank=True,
        validators=[validate_colour],
        help_text=_(
            "Links and buttons, as #9c3420. The contrast with the ground is checked when you save."
        ),
    )
    accent_dark = models.CharField(
        _("accent colour, dark theme"),
        max_length=7,
        blank=True,
        validators=[validate_colour],
        help_text=_("The same on a dark ground, as #f2937a."),
    )
    publisher = models.CharField(
        _("publisher"),
        max_length=200,
        blank=True,
        help_text=_(
            "The body that publishes the portal, as in the legal notice: “Métropole Européenne de Lille”."
        ),
    )
    publisher_address = models.TextField(_("address of the publisher"), blank=True)
    publication_director = models.CharField(
        _("director of publication"), max_length=120, blank=True
    )
    contact_email = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_("Public: readers write there about the content."),
    )
    host_name = models.CharField(
        _("hosting company"),
        max_length=200,
        blank=True,
        help_text=_("Who hosts the portal: name and address."),
    )
    accessibility_email = models.EmailField(
        _("accessibility contact"),
        blank=True,
        help_text=_(
            "Where a person who cannot reach a content may write. Without it, the contact address is shown."
        ),
    )
    privacy_email = models.EmailField(
        _("data protection contact"),
        blank=True,
        help_text=_("The data protection officer, or who answers for them."),
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("baseline"), FieldPanel("logo")],
            heading=_("Identity"),
        ),
        MultiFieldPanel(
            [FieldPanel("accent_light"), FieldPanel("accent_dark")], heading=_("Colours")
        ),
        MultiFieldPanel(
            [
                FieldPanel("publisher"),
                FieldPanel("publisher_address"),
                FieldPanel("publication_director"),
                FieldPanel("contact_email"),
                FieldPanel("host_name"),
            ],
            heading=_("Legal notice"),
        ),
        MultiFieldPanel(
            [FieldPanel("accessibility_email"), FieldPanel("privacy_email")],
            heading=_("Accessibility and privacy"),
        ),
    ]

    class Meta:
        verbose_name = _("portal")

    def __str__(self) -> str:
        return self.name or str(self.site)

    @property
    def has_own_colours(self) -> bool:
        """Say whether the network replaced an accent colour."""
        return bool(self.accent_light or self.accent_dark)

    def clean(self) -> None:
        """Refuse an accent that cannot be read on the portal's grounds (WCAG 2.2, 1.4.3)."""
        super().clean()
        problems = {}
        advices: tuple[tuple[Theme, Promise], ...] = (
            ("light", _("Choose a darker one.")),
            ("dark", _("Choose a lighter one.")),
        )
        for theme, advice in advices:
            colour = getattr(self, f"accent_{theme}")
            ratio = contrast_with_grounds(colour, theme=theme) if colour else None
            if ratio is not None and ratio < MINIMUM_CONTRAST:
                problems[f"accent_{theme}"] = [self._too_pale(ratio), advice]
        if problems:
            raise ValidationError(problems)

    @staticmethod
    def _too_pale(ratio: float) -> str:
        return _(
            "This colour has a contrast of %(ratio).1f with the ground of the pages; "
            "%(minimum).1f is needed for text to be read by everyone."
        ) % {"ratio": ratio, "minimum": MINIMUM_CONTRAST}
