"""Records as a feed, followed from a feed reader: what a search finds, what a list holds, what a kiosk shows.

An entry is named by a tag URI (RFC 4151) made of the site's host and the record's number, which
never change. Its cover goes with it: the picture if there is one, else the drawing.
"""

import json
import mimetypes
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed
from django.utils.html import linebreaks
from django.utils.http import http_date
from django.utils.translation import get_language
from wagtail.models import Site

from essor.catalogue.cover_views import COVER_TYPE
from essor.catalogue.models import Record
from essor.catalogue.templatetags.covers import drawn_cover

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

FEED_LENGTH = 30
BEFORE_ANY = datetime(2026, 1, 1, tzinfo=UTC)
"""The date of a feed without entries, when nothing else gives it one."""

# What XML 1.0 cannot carry, even escaped.
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(55296, 57344), 65534, 65535))


class _Dated(SyndicationFeed):
    """What the three forms share: a date that does not follow the clock when there is no entry."""

    def latest_post_date(self) -> datetime:
        """Give the date of the last change, of an entry or of what chooses them."""
        since = [self.feed["since"]] if self.feed["since"] else []
        changed = [item["updateddate"] for item in self.items]
        return max(since + changed, default=BEFORE_ANY)


class AtomRecords(_Dated, Atom1Feed):
    """Records in Atom."""


class RssRecords(_Dated, Rss201rev2Feed):
    """Records in RSS 2.0."""


class JsonRecords(_Dated):
    """Records in JSON Feed 1.1."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: "SupportsWrite[bytes]", encoding: str) -> None:
        """Write the feed as JSON."""
        told = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"]}],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(told, ensure_ascii=False).encode(encoding))

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        cover = item["enclosures"][0]
        told = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["description"],
            "image": cover.url,
            "date_published": item["pubdate"].isoformat(),
            "date_modified": item["updateddate"].isoformat(),
            "tags": list(item["categories"]),
            "attachments": [
                {
                    "url": cover.url,
                    "mime_type": cover.mime_type,
                    "size_in_bytes": int(cover.length),
                }
            ],
        }
        if item["author_name"]:
            told["authors"] = [{"name": item["author_name"]}]
        return told


FORMS: dict[str, type[AtomRecords | RssRecords | JsonRecords]] = {
    "atom": AtomRecords,
    "rss": RssRecords,
    "json": JsonRecords,
}


def answer_with_feed(
    request: HttpRequest,
    *,
    title: str,
    page: str,
    records: Sequence[Record],
    form: str = "atom",
    since: datetime | None = None,
) -> HttpResponse:
    """Answer with the feed of these records; `page` is the path of the page that shows them.

    `form` is one of `FORMS`; `since` is when what chooses the records last changed, if that is known.
    """
    own = request.build_absolute_uri()
    site = Site.find_for_request(request)
    name = xml_text(site.site_name or site.hostname) if site else request.get_host()
    feed = FORMS[form](
        title=xml_text(title),
        link=request.build_absolute_uri(page),
        description=xml_text(title),
        feed_url=own,
        feed_guid=own,
        language=get_language(),
        author_name=name,
        since=since,
    )
    host = site.hostname if site else request.get_host().partition(":")[0]
    for record in records:
        _add(feed, record, host, request)
    response = HttpResponse(content_type=feed.content_type)
    response.headers["Last-Modified"] = http_date(feed.latest_post_date().timestamp())
    feed.write(response, "utf-8")
    return response


def xml_text(text: str) -> str:
    """Give a text without what XML cannot carry."""
    return text.translate(_NOT_XML)


def _add(feed: SyndicationFeed, record: Record, host: str, request: HttpRequest) -> None:
    by = ", ".join(filter(None, (record.authors, record.publisher, str(record.year or ""))))
    feed.add_item(
        title=xml_text(record.full_title),
        link=request.build_absolute_uri(reverse("record", args=[record.pk])),
        # The framework announces HTML: the words of a record are none, whatever signs they hold.
        description=linebreaks(
            xml_text("\n\n".join(filter(None, (by, record.summary)))), autoescape=True
        ),
        author_name=xml_text(record.authors) or None,
        pubdate=record.added_at,
        updateddate=record.changed_at,
        unique_id=f"tag:{host},2026:record/{record.pk}",
        unique_id_is_permalink=False,
        categories=[xml_text(str(record.get_document_type_display()))],
        enclosures=[_cover(record, request)],
    )


def _cover(record: Record, request: HttpRequest) -> Enclosure:
    """Give the address, size and type of a cover; a picture whose file is gone has a size of 0."""
    cover = record.picture
    if cover is None:
        address = request.build_absolute_uri(reverse("cover_picture", args=[record.pk]))
        return Enclosure(address, str(len(drawn_cover(record).encode())), COVER_TYPE)
    try:
        size = cover.picture.size
    except OSError:
        size = 0
    address = request.build_absolute_uri(cover.picture.url)
    return Enclosure(address, str(size), mimetypes.guess_type(address)[0] or "image/jpeg")
