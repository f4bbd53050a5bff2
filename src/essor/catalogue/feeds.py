"""Records as an Atom feed: what a search finds, or what a list holds, followed from a feed reader.

An entry is named by a tag URI (RFC 4151) made of the site's host and the record's number, which
never change.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.http import http_date
from django.utils.translation import get_language
from wagtail.models import Site

from essor.catalogue.models import Record

FEED_LENGTH = 30
BEFORE_ANY = datetime(2026, 1, 1, tzinfo=UTC)
"""The date of a feed without entries."""

# What XML 1.0 cannot carry, even escaped.
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(55296, 57344), 65534, 65535))


class RecordFeed(Atom1Feed):
    """Atom, with a date that does not follow the clock when there is no entry."""

    def latest_post_date(self) -> datetime:
        """Give the date of the last change."""
        return max((item["updateddate"] for item in self.items), default=BEFORE_ANY)


def answer_with_feed(
    request: HttpRequest, *, title: str, page: str, records: Sequence[Record]
) -> HttpResponse:
    """Answer with the feed of these records; `page` is the path of the page that shows them."""
    own = request.build_absolute_uri()
    site = Site.find_for_request(request)
    name = xml_text(site.site_name or site.hostname) if site else request.get_host()
    feed = RecordFeed(
        title=xml_text(title),
        link=request.build_absolute_uri(page),
        description="",
        feed_url=own,
        feed_guid=own,
        language=get_language(),
        author_name=name,
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


def _add(feed: RecordFeed, record: Record, host: str, request: HttpRequest) -> None:
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
    )
