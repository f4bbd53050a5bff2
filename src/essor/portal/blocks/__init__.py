"""The boxes of the portal, and which page may hold which (one short list per place)."""

from essor.portal.blocks.streams import ArticleBody, MainBoxes, ReusableContent, SideBoxes

__all__ = ["ArticleBody", "MainBoxes", "ReusableContent", "SideBoxes"]
