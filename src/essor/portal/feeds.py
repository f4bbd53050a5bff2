"""Feeds out: the portal's publications as Atom and RSS, whole texts, links that lead back here.

An entry is named by a tag URI (RFC 4151) made of the site's host and the page's number: it does not
change when the page is renamed, moved, or the portal goes over to HTTPS. Text is sanitised again on
its way out, and every link in it is absolute: a feed is read far from its page.
"""

import html
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import nh3
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from essor.portal.queries.feeds_out import Publication
from essor.portal.queries.metadata import canonical_address, description_of

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ALLOWED = {
    "a": {"href"},
    **{
        name: set()
        for name in [
            "b",
            "blockquote",
            "br",
            "em",
            "h2",
            "h3",
            "h4",
            "i",
            "li",
            "ol",
            "p",
            "strong",
            "ul",
        ]
    },
}
"""Elements and attributes that leave in the content of an entry."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed: what it is about, where it is, who answers for it, since when."""

    title: str
    description: str
    page_address: str
    own_address: str
    author: str
    since: datetime
    language: str = "fr"


class _Whole(SyndicationFeed):
    """What both forms share: a date that does not follow the clock when there is no entry."""

    def latest_post_date(self) -> datetime:
        """Give the date of the last change."""
        return max((item["updateddate"] for item in self.items), default=self.feed["since"])


class AtomFeed(_Whole, Atom1Feed):
    """Atom, with whole texts and the language of each entry."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Say the language of the entry."""
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the whole text."""
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})
        handler.addQuickElement("content", item["content"], {"type": "html"})


class RssFeed(_Whole, Rss201rev2Feed):
    """RSS 2.0, with whole texts."""

    def rss_attributes(self) -> dict[str, str]:
        """Name the vocabularies of whole texts and of Dublin Core."""
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the whole text, its language, and the date of its last change."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])
        handler.addQuickElement("dc:language", item["language"])
        handler.addQuickElement("atom:updated", item["updateddate"].isoformat())


FORMS: dict[str, type[AtomFeed | RssFeed]] = {"atom": AtomFeed, "rss": RssFeed}


def feed_of(
    channel: Channel, pages: Sequence[Publication], *, form: str, site: Site, request: HttpRequest
) -> AtomFeed | RssFeed:
    """Give the feed of these pages, ready to be written."""
    feed = FORMS[form](
        title=xml_text(channel.title),
        description=xml_text(channel.description),
        subtitle=xml_text(channel.description),
        link=channel.page_address,
        feed_url=channel.own_address,
        feed_guid=channel.own_address,
        language=channel.language,
        author_name=xml_text(channel.author),
        since=channel.since,
    )
    addresses = [canonical_address(page, request) for page in pages]
    for page, address, content in zip(pages, addresses, contents_of(pages, addresses), strict=True):
        feed.add_item(
            title=xml_text(page.title),
            link=address,
            description=xml_text(description_of(page)),
            author_name=xml_text(getattr(page, "byline", "") or channel.author),
            pubdate=page.first_published_at,
            updateddate=page.last_published_at or page.first_published_at or channel.since,
            unique_id=f"tag:{site.hostname},2026:page/{page.pk}",
            unique_id_is_permalink=False,
            categories=[xml_text(tagged.tag.name) for tagged in page.tagged_items.all()],
            content=content,
            language=page.language,
        )
    return feed


def contents_of(pages: Sequence[Publication], addresses: Sequence[str]) -> Iterator[str]:
    """Give the texts of each page as sanitised HTML with absolute links.

    Links to pages and documents are kept in the store as numbers: those of all the texts are
    looked up together, so that the number of queries does not grow with the entries.
    """
    cut = f"[{secrets.token_hex(16)}]"
    stored = cut.join("".join(_texts_of(page)) for page in pages)
    for text, address in zip(expand_db_html(stored).split(cut), addresses, strict=False):
        yield xml_text(sanitised(text, address))


def _texts_of(page: Publication) -> Iterator[str]:
    yield page.introduction
    stream = page.main if hasattr(page, "main") else page.body
    for box in stream.raw_data:
        if box["type"] == "text":
            title = box["value"].get("title")
            yield f"<h2>{html.escape(title)}</h2>" if title else ""
            yield box["value"]["text"]


def sanitised(text: str, address: str) -> str:
    """Give HTML that can do no harm where it is shown, its links made absolute from an address."""

    def absolute(element: str, attribute: str, value: str) -> str | None:
        return urljoin(address, value)

    return nh3.clean(
        text,
        tags=set(ALLOWED),
        attributes=ALLOWED,
        attribute_filter=absolute,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def xml_text(text: str) -> str:
    """Give a text without the control characters that XML cannot carry, even escaped."""
    return _NOT_XML.sub("", text)
