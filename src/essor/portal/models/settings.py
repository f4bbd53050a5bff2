"""What each portal (site) says of itself: name, colours, and what the law asks a publisher to state."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from essor.portal.rules import MINIMUM_CONTRAST, Theme, contrast_with_grounds
from essor.presentation.templatetags.typography import number


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


class AccessibilityStatus(models.TextChoices):
    """What an audit found. Without a valid audit the law counts a site as not compliant (RGAA 4.1)."""

    NOT_AUDITED = "not_audited", _("not audited yet")
    NOT_COMPLIANT = "none", _("audited: fewer than half of the criteria are met")
    PARTLY_COMPLIANT = "partial", _("audited: at least half of the criteria are met")
    FULLY_COMPLIANT = "full", _("audited: all criteria are met")


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
    accessibility_status = models.CharField(
        _("state of accessibility"),
        max_length=20,
        choices=AccessibilityStatus,
        default=AccessibilityStatus.NOT_AUDITED,
        help_text=_(
            "Only a real audit changes this answer. It is shown at the foot of every page, as the law asks."
        ),
    )
    accessibility_audit = models.TextField(
        _("audit"),
        blank=True,
        help_text=_(
            "Who made the audit, when, against which version of the RGAA, and the share of criteria met."
        ),
    )
    inaccessible_content = models.TextField(
        _("content that is not accessible"),
        blank=True,
        help_text=_(
            "What the audit found, what is exempt, what would be a disproportionate burden."
        ),
    )
    accessibility_plan = models.URLField(
        _("multi-year accessibility plan"),
        blank=True,
        help_text=_("The address of the plan and of the action plan of the year."),
    )
    accessibility_stated_on = models.DateField(
        _("date of the accessibility statement"),
        null=True,
        blank=True,
        help_text=_("The day somebody of the network read the statement and answers for it."),
    )
    log_days = models.PositiveSmallIntegerField(
        _("days that server logs are kept"),
        null=True,
        blank=True,
        help_text=_(
            "Ask whoever runs the server: logs hold network addresses. Shown on the privacy page."
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
            [
                FieldPanel("accessibility_email"),
                FieldPanel("accessibility_status"),
                FieldPanel("accessibility_audit"),
                FieldPanel("inaccessible_content"),
                FieldPanel("accessibility_plan"),
                FieldPanel("accessibility_stated_on"),
            ],
            heading=_("Accessibility statement"),
        ),
        MultiFieldPanel(
            [FieldPanel("privacy_email"), FieldPanel("log_days")], heading=_("Privacy")
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

    @property
    def is_audited(self) -> bool:
        """Say whether the statement rests on an audit."""
        return self.accessibility_status != AccessibilityStatus.NOT_AUDITED

    @property
    def accessibility_mention(self) -> str:
        """Give the words that the law wants on every page."""
        mentions = {
            AccessibilityStatus.PARTLY_COMPLIANT: _("Accessibility: partly compliant"),
            AccessibilityStatus.FULLY_COMPLIANT: _("Accessibility: fully compliant"),
        }
        status = AccessibilityStatus(self.accessibility_status)
        return str(mentions.get(status, _("Accessibility: not compliant")))

    def clean(self) -> None:
        """Refuse a compliance without its audit, and an accent that cannot be read (WCAG 2.2, 1.4.3)."""
        super().clean()
        problems: dict[str, list[Any]] = {}
        if self.is_audited and not self.accessibility_audit:
            problems["accessibility_audit"] = [
                _("Say who made the audit, when, and what it found.")
            ]
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
            "This colour has a contrast of %(ratio)s with the ground of the pages; "
            "%(minimum)s is needed for text to be read by everyone."
        ) % {"ratio": number(ratio, 1), "minimum": number(MINIMUM_CONTRAST, 1)}
