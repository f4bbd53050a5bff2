"""The pages: home, dossiers, articles, sections of libraries.

Content is in the language its editors wrote (`language`), whatever the language of the interface
around it. Every type shares `PortalPage`, an abstract base: Wagtail's own `Page` stays the table
that others refer to.
"""

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from essor.portal.blocks import ArticleBody, MainBoxes, SideBoxes
from essor.portal.queries import pages as questions

CONTENT_LANGUAGES = [
    ("fr", _("French")),
    ("en", _("English")),
    ("nl", _("Dutch")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("pl", _("Polish")),
    ("pt", _("Portuguese")),
    ("ar", _("Arabic")),
]


class PortalPage(Page):
    """What every page of the portal has. Abstract."""

    language = models.CharField(
        _("language of the content"),
        max_length=5,
        choices=CONTENT_LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("The language you write in: screen readers pronounce the page with it."),
    )
    introduction = RichTextField(
        _("introduction"),
        blank=True,
        max_length=2000,
        features=["bold", "italic", "link"],
        help_text=_(
            "Two or three sentences. Shown at the top of the page, in lists and when it is shared."
        ),
    )
    picture = models.ForeignKey(
        "portal.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown with the introduction and in lists. Wide pictures read best."),
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("picture")]
    promote_panels = [*Page.promote_panels, FieldPanel("language")]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        abstract = True

    @property
    def text_direction(self) -> str:
        """Give the direction of the writing: rtl for Arabic, ltr otherwise."""
        return "rtl" if self.language == "ar" else "ltr"


class HomePage(PortalPage):
    """The first page of a portal: what it is for, its dossiers, its latest articles, boxes."""

    main = StreamField(MainBoxes(), verbose_name=_("main zone"), blank=True)
    side = StreamField(SideBoxes(), verbose_name=_("side zone"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("main"), FieldPanel("side")]
    subpage_types = ["portal.DossierIndexPage", "portal.SectionPage"]
    parent_page_types = ["wagtailcore.Page"]
    template = "portal/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Add the dossiers and the latest articles."""
        context = super().get_context(request, *args, **kwargs)
        context["dossiers"] = questions.readable_dossiers(self)[:6]
        context["latest"] = questions.latest_articles(self)[:6]
        return context


class DossierIndexPage(PortalPage):
    """The list of the dossiers, at /dossiers/."""

    subpage_types = ["portal.DossierPage"]
    parent_page_types = ["portal.HomePage"]
    max_count_per_parent = 1
    template = "portal/dossier_index_page.html"

    class Meta:
        verbose_name = _("list of dossiers")
        verbose_name_plural = _("lists of dossiers")

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Add the dossiers that the public may read."""
        context = super().get_context(request, *args, **kwargs)
        context["dossiers"] = questions.readable_dossiers(self)
        return context


class DossierTag(TaggedItemBase):
    """A tag on a dossier."""

    content_object = ParentalKey(
        "portal.DossierPage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class DossierPage(PortalPage):
    """A subject told by the library: a main zone, a side zone, and articles below it."""

    main = StreamField(MainBoxes(), verbose_name=_("main zone"), blank=True)
    side = StreamField(SideBoxes(), verbose_name=_("side zone"), blank=True)
    tags = ClusterTaggableManager(through=DossierTag, blank=True, verbose_name=_("tags"))

    content_panels = [*PortalPage.content_panels, FieldPanel("main"), FieldPanel("side")]
    promote_panels = [*PortalPage.promote_panels, FieldPanel("tags")]
    search_fields = [
        *PortalPage.search_fields,
        index.SearchField("main"),
        index.SearchField("side"),
    ]
    subpage_types = ["portal.ArticlePage"]
    parent_page_types = ["portal.DossierIndexPage"]
    template = "portal/dossier_page.html"

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Add the articles of the dossier that no accordion shows already."""
        context = super().get_context(request, *args, **kwargs)
        context["articles"] = questions.articles_outside_accordions(self)
        return context


class ArticleTag(TaggedItemBase):
    """A tag on an article."""

    content_object = ParentalKey(
        "portal.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class ArticlePage(PortalPage):
    """An article, alone on its page or unfolded in the accordion of a dossier."""

    byline = models.CharField(
        _("signature"),
        max_length=150,
        blank=True,
        help_text=_("Who signs the article: a person, a library, a department."),
    )
    body = StreamField(ArticleBody(), verbose_name=_("content"), blank=True)
    tags = ClusterTaggableManager(through=ArticleTag, blank=True, verbose_name=_("tags"))

    content_panels = [*PortalPage.content_panels, FieldPanel("byline"), FieldPanel("body")]
    promote_panels = [*PortalPage.promote_panels, FieldPanel("tags")]
    search_fields = [
        *PortalPage.search_fields,
        index.SearchField("body"),
        index.SearchField("byline"),
    ]
    subpage_types: list[str] = []
    parent_page_types = ["portal.DossierPage", "portal.SectionPage"]
    template = "portal/article_page.html"

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    @property
    def was_revised(self) -> bool:
        """Say whether it was published again on a later day than the first."""
        first, last = self.first_published_at, self.last_published_at
        return bool(first and last and last.date() > first.date())

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Add the articles before and after in the same dossier."""
        context = super().get_context(request, *args, **kwargs)
        context["neighbours"] = questions.neighbours(self)
        return context


class SectionPage(PortalPage):
    """The space of one library of the network: its editors write here and nowhere else."""

    side = StreamField(SideBoxes(), verbose_name=_("side zone"), blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("side")]
    subpage_types = ["portal.ArticlePage"]
    parent_page_types = ["portal.HomePage"]
    template = "portal/section_page.html"

    class Meta:
        verbose_name = _("section of a library")
        verbose_name_plural = _("sections of libraries")

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Add the articles of the section."""
        context = super().get_context(request, *args, **kwargs)
        context["articles"] = questions.latest_articles(self)
        return context
