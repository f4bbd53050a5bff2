"""Text, pictures, videos, further reading, partners: the boxes an editor fills by hand."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from essor.portal.rules import Video, video_at

FIRST_WRITTEN_LEVEL = 3
"""Editors write headings from h3 down; each place puts them at its own level."""

TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link", "blockquote"]


class PictureChooserBlock(ImageChooserBlock):
    """Chooses a picture; brings those of a whole page, with their sizes, in two queries."""

    def bulk_to_python(self, values: list[int | None]) -> list[Any]:
        """Give the pictures of these identifiers, None for one that is gone."""
        found = self.model_class.objects.prefetch_related("renditions").in_bulk(
            [v for v in values if v]
        )
        return [found.get(value) for value in values]


class TextBlock(blocks.StructBlock):
    """Rich text under an optional title."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    text = blocks.RichTextBlock(
        label=_("Text"),
        features=TEXT_FEATURES,
        help_text=_("Short paragraphs read best. Use the two levels of headings in order."),
    )

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "portal/blocks/text.html"
        description = _("Paragraphs, lists, quotations and links.")
        preview_value = {
            "title": _("What is the social and solidarity economy?"),
            "text": _("<p>A way of doing business that puts people before profit.</p>"),
        }

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the level of the headings, when the place where the box stands does not tell it."""
        context = super().get_context(value, parent_context)
        context.setdefault("heading_level", FIRST_WRITTEN_LEVEL)
        return context


class PictureBlock(blocks.StructBlock):
    """A picture with what it shows, its caption and its credit."""

    picture = PictureChooserBlock(label=_("Picture"))
    alternative = blocks.CharBlock(
        label=_("What the picture shows"),
        required=False,
        max_length=250,
        help_text=_(
            "Read aloud to people who cannot see it. Leave empty to use the description kept with "
            "the picture; tick “decorative” if it says nothing more than the text around it."
        ),
    )
    decorative = blocks.BooleanBlock(label=_("Decorative"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)
    credit = blocks.CharBlock(
        label=_("Credit"),
        required=False,
        max_length=200,
        help_text=_("Leave empty to use the credit kept with the picture."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "portal/blocks/picture.html"
        description = _("A picture with its caption and its credit.")
        preview_value = {"caption": _("The covered market, morning of the book fair")}

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the words to show: those of the box first, else those kept with the picture."""
        context = super().get_context(value, parent_context)
        picture = value.get("picture")
        context["alternative"] = (
            ""
            if value.get("decorative")
            else self._either(value.get("alternative"), picture, "description")
        )
        context["credit"] = self._either(value.get("credit"), picture, "credit")
        return context

    @staticmethod
    def _either(own: str, picture: Any, kept: str) -> str:
        return own or getattr(picture, kept, "")

    def clean(self, value: Any) -> Any:
        """Refuse a picture without credit, and one that nobody could hear described."""
        cleaned = super().clean(value)
        picture, problems = cleaned["picture"], {}
        if not self._either(cleaned["credit"], picture, "credit"):
            problems["credit"] = ValidationError(
                _("Say who made this picture, here or in its own form.")
            )
        if not cleaned["decorative"] and not self._either(
            cleaned["alternative"], picture, "description"
        ):
            problems["alternative"] = ValidationError(
                _("Say what this picture shows, or tick “decorative”.")
            )
        if problems:
            raise StructBlockValidationError(block_errors=problems)
        return cleaned


def plays_here(video: Video) -> bool:
    """Say whether the network allows frames of the host of a video."""
    return urlsplit(video.frame_address).hostname in settings.VIDEO_HOSTS


class VideoValue(blocks.StructValue):
    """A video box: its address as the host would have it."""

    @cached_property
    def video(self) -> Video | None:
        """The video behind the address."""
        return video_at(self.get("address") or "")

    @property
    def may_play_here(self) -> bool:
        """Say whether the network allows frames of that host."""
        return self.video is not None and plays_here(self.video)


class VideoBlock(blocks.StructBlock):
    """A video of another site, of which nothing is loaded before the reader asks for it."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    address = blocks.URLBlock(
        label=_("Address"),
        help_text=_(
            "The page of the video on YouTube, Vimeo or a PeerTube site, as https://www.youtube.com/watch?v=…"
        ),
    )
    picture = PictureChooserBlock(
        label=_("Picture"),
        required=False,
        help_text=_(
            "Shown until the reader starts the video. It must be yours: none is taken from the host."
        ),
    )
    duration = blocks.CharBlock(
        label=_("Duration"), required=False, max_length=20, help_text=_("As in “12 min”.")
    )
    summary = blocks.TextBlock(
        label=_("What is said in it"),
        required=False,
        help_text=_("A summary or the transcript, for those who cannot hear or see the video."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        template = "portal/blocks/video.html"
        value_class = VideoValue
        description = _("A video of YouTube, Vimeo or PeerTube, loaded only when the reader asks.")
        preview_value = {
            "title": _("A morning with the booksellers"),
            "address": "https://peertube.example/w/4bUvT9pQx2",
            "duration": "12 min",
        }

    def clean(self, value: Any) -> Any:
        """Refuse the address of a host that the portal cannot show without loading it first."""
        cleaned = super().clean(value)
        video = video_at(cleaned["address"])
        if not video or not plays_here(video):
            advice = _(
                "This is not the page of a video that the portal knows: YouTube, Vimeo or PeerTube, in https."
            )
            raise StructBlockValidationError(block_errors={"address": ValidationError(advice)})
        return cleaned


READING_KINDS = [
    ("guide", _("Guide")),
    ("book", _("Book")),
    ("article", _("Article")),
    ("video", _("Video")),
    ("sound", _("Recording")),
    ("site", _("Web site")),
    ("data", _("Data")),
]


class ReadingValue(blocks.StructValue):
    """One thing to read: where it is, and what the reader will get."""

    @property
    def href(self) -> str:
        """Where the link leads: a document of the portal, one of its pages, or another site."""
        if self.get("document"):
            return self["document"].url
        if self.get("page"):
            return self["page"].url or ""
        return self.get("address") or ""

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(dict(READING_KINDS).get(self.get("kind"), ""))


class ReadingBlock(blocks.StructBlock):
    """One entry of “further reading”: another site, a page or a document of the portal."""

    title = blocks.CharBlock(label=_("Title"), max_length=160)
    kind = blocks.ChoiceBlock(label=_("Kind"), choices=READING_KINDS, default="site")
    address = blocks.URLBlock(label=_("Address on another site"), required=False)
    page = blocks.PageChooserBlock(label=_("or page of the portal"), required=False)
    document = DocumentChooserBlock(label=_("or document to download"), required=False)
    line = blocks.CharBlock(
        label=_("One line"),
        required=False,
        max_length=250,
        help_text=_("Who made it, when, and why read it."),
    )

    class Meta:
        icon = "link"
        label = _("Reading")
        value_class = ReadingValue

    def clean(self, value: Any) -> Any:
        """Want exactly one of the three places it can lead to."""
        cleaned = super().clean(value)
        chosen = [name for name in ("address", "page", "document") if cleaned.get(name)]
        if len(chosen) != 1:
            raise StructBlockValidationError(
                block_errors={
                    "address": ValidationError(_("Give one address, or one page, or one document."))
                }
            )
        return cleaned


class FurtherReadingBlock(blocks.StructBlock):
    """What to read, watch or download next."""

    title = blocks.CharBlock(
        label=_("Title"), required=False, max_length=120, default=_("Further reading")
    )
    readings = blocks.ListBlock(
        ReadingBlock(), label=_("To read, watch or download"), min_num=1, max_num=20
    )

    class Meta:
        icon = "list-ul"
        label = _("Further reading and downloads")
        template = "portal/blocks/further_reading.html"
        description = _("Links and documents, each with its kind, its size and one line.")
        preview_value = {
            "title": _("Further reading"),
            "readings": [
                {
                    "title": _("Guide to the structures of the territory"),
                    "kind": "guide",
                    "address": "https://example.org/guide",
                    "line": _("Published by the network, 2026."),
                }
            ],
        }


class PartnerBlock(blocks.StructBlock):
    """One partner: name, address, logo, one line."""

    name = blocks.CharBlock(label=_("Name"), max_length=120)
    address = blocks.URLBlock(label=_("Web site"), required=False)
    logo = PictureChooserBlock(
        label=_("Logo"), required=False, help_text=_("Use it only with the partner’s agreement.")
    )
    line = blocks.CharBlock(
        label=_("One line"), max_length=200, help_text=_("What the partner does for the reader.")
    )

    class Meta:
        icon = "group"
        label = _("Partner")


class PartnersBlock(blocks.StructBlock):
    """The partners of a dossier."""

    title = blocks.CharBlock(
        label=_("Title"), required=False, max_length=120, default=_("Partners")
    )
    partners = blocks.ListBlock(PartnerBlock(), label=_("Partners"), min_num=1, max_num=20)

    class Meta:
        icon = "group"
        label = _("Partners")
        template = "portal/blocks/partners.html"
        description = _("Links to partners, each with its logo and one line.")
        preview_value = {
            "title": _("Partners"),
            "partners": [
                {
                    "name": "CRESS Hauts-de-France",
                    "address": "https://www.cresshdf.org",
                    "line": _(
                        "Represents and develops the social and solidarity economy in the region."
                    ),
                }
            ],
        }
