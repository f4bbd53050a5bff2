"""What the portal stores: pages, boxes, pictures, the identity of each site."""

from essor.portal.models.boxes import ReusableBox
from essor.portal.models.feeds import FeedEntry, FeedSource
from essor.portal.models.pages import (
    ArticlePage,
    ArticleTag,
    DossierIndexPage,
    DossierPage,
    DossierTag,
    HomePage,
    PortalPage,
    SectionPage,
)
from essor.portal.models.pictures import Picture, PictureRendition
from essor.portal.models.settings import PortalSettings

__all__ = [
    "ArticlePage",
    "ArticleTag",
    "DossierIndexPage",
    "DossierPage",
    "DossierTag",
    "FeedEntry",
    "FeedSource",
    "HomePage",
    "Picture",
    "PictureRendition",
    "PortalPage",
    "PortalSettings",
    "ReusableBox",
    "SectionPage",
]
