"""Feeds of other sites: where they are, how they are, and what they last gave.

What a feed gave is kept until it gives something else: a site that no longer answers leaves its last
good entries, dated. Every failure is told in words, with the time of the next try.
"""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ADDRESS_LENGTH = 500
WORDS_LENGTH = 300


class FeedSource(models.Model):
    """A feed that the portal reads, and its health."""

    name = models.CharField(
        _("name"),
        max_length=120,
        help_text=_("Readers see it beside each entry: the name of the site."),
    )
    address = models.URLField(
        _("address of the feed"),
        max_length=ADDRESS_LENGTH,
        unique=True,
        help_text=_(
            "The address of the RSS, Atom or JSON feed, not that of the site’s first page."
        ),
    )
    site_address = models.URLField(
        _("address of the site"),
        max_length=ADDRESS_LENGTH,
        blank=True,
        help_text=_("Left empty, the feed’s own is used."),
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        default="fr",
        help_text=_("Code of the language it is written in (fr, en, nl): screen readers need it."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("An inactive feed keeps its entries but is no longer read."),
    )

    last_attempt = models.DateTimeField(_("last attempt"), null=True, blank=True, editable=False)
    last_success = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    next_attempt = models.DateTimeField(
        _("next attempt"), null=True, blank=True, editable=False, db_index=True
    )
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    problem = models.CharField(
        _("what is wrong"), max_length=WORDS_LENGTH, blank=True, editable=False
    )
    advice = models.CharField(_("what to do"), max_length=WORDS_LENGTH, blank=True, editable=False)
    etag = models.CharField(max_length=255, blank=True, editable=False)
    last_modified = models.CharField(max_length=255, blank=True, editable=False)
    is_sample = models.BooleanField(
        _("sample entries"),
        default=False,
        editable=False,
        help_text=_("What is shown comes with the demonstration, until the feed first answers."),
    )

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_failing(self) -> bool:
        """Say whether the last attempt brought nothing."""
        return self.failures > 0


class FeedEntry(models.Model):
    """One entry of a feed: plain texts, and a link that leads to the web or nowhere."""

    source = models.ForeignKey(
        FeedSource, on_delete=models.CASCADE, related_name="entries", verbose_name=_("feed")
    )
    key = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=300)
    link = models.URLField(_("link"), max_length=2000, blank=True)
    link_key = models.CharField(max_length=2000, blank=True)
    summary = models.TextField(_("short text"), blank=True)
    author = models.CharField(_("author"), max_length=150, blank=True)
    published = models.DateTimeField(pgettext_lazy("entry", "published"), null=True, blank=True)
    first_seen = models.DateTimeField(_("first seen"))

    class Meta:
        verbose_name = _("entry of a feed")
        verbose_name_plural = _("entries of feeds")
        ordering = ["-first_seen", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="entry_once_in_a_feed")
        ]
        indexes = [models.Index(fields=["source", "-first_seen"], name="entry_recent_of_feed")]

    def __str__(self) -> str:
        return self.title

    @property
    def placed_at(self) -> datetime:
        """When it counts as new: its own date, or the day it was first seen when it has none."""
        return self.published or self.first_seen
