"""Which boxes each place takes. Short lists: each addition makes a migration and one more choice to learn."""

from wagtail import blocks

from essor.kiosk.blocks import KioskBlock
from essor.observatory.blocks import KeyFiguresBlock
from essor.portal.blocks.accordion import AccordionBlock
from essor.portal.blocks.feeds import FeedBoxBlock
from essor.portal.blocks.reusable import ReusableBoxBlock
from essor.portal.blocks.text import (
    FurtherReadingBlock,
    PartnersBlock,
    PictureBlock,
    TextBlock,
    VideoBlock,
)
from essor.register.blocks import NewStructuresBlock, StructuresBlock


class ArticleBody(blocks.StreamBlock):
    """What an article is made of."""

    text = TextBlock()
    picture = PictureBlock()
    video = VideoBlock()
    key_figures = KeyFiguresBlock()
    kiosk = KioskBlock()
    structures = StructuresBlock()
    further_reading = FurtherReadingBlock()


class SharedBoxes(blocks.StreamBlock):
    """The boxes that stand anywhere on a page, wide or narrow."""

    text = TextBlock()
    key_figures = KeyFiguresBlock()
    kiosk = KioskBlock()
    structures = StructuresBlock()
    new_structures = NewStructuresBlock()
    feed = FeedBoxBlock()
    partners = PartnersBlock()
    further_reading = FurtherReadingBlock()


class ReusableContent(SharedBoxes):
    """The one box of a reusable box."""

    class Meta:
        min_num = 1
        max_num = 1


class SideBoxes(SharedBoxes):
    """The side zone."""

    reusable = ReusableBoxBlock()


class MainBoxes(SideBoxes):
    """The main zone."""

    picture = PictureBlock()
    video = VideoBlock()
    accordion = AccordionBlock()
