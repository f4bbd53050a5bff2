"""Read a feed, whatever its form: entries that may be shown, and everything that is wrong with it."""

from datetime import datetime

from essor.portal.importers import feed_json
from essor.portal.importers import gettext_noop as _
from essor.portal.importers.feed_entries import ParsedFeed, cleaned_feed
from essor.portal.importers.feed_xml import xml_feed
from essor.portal.importers.links import web_link
from essor.problems import Problem

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)

NOTHING_SENT = (
    _("The site sent an empty document."),
    _("It may be a passing fault: the portal will try again."),
)
NO_ENTRY = (
    _("The feed has no entry."),
    _("Check on the site that it is still used."),
)


def parse_feed(
    content: bytes, *, content_type: str = "", address: str = "", now: datetime
) -> ParsedFeed:
    """Give what these bytes hold; `address` is where they come from, for relative links.

    Never raises on any content. Dates after `now` are not believed.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        return ParsedFeed(fault=Problem("", *NOTHING_SENT))
    document = feed_json.json_document(content)
    if document is not None:
        raws = feed_json.raw_entries(document)
        site = feed_json.home_page(document)
        return _complete(cleaned_feed(raws, address=address, now=now, site_address=site))
    found = xml_feed(content, content_type=content_type, address=address)
    if found.fault:
        return ParsedFeed(fault=found.fault, suggested=web_link(found.suggested, address))
    parsed = cleaned_feed(found.entries, address=address, now=now, site_address=found.site_address)
    return _complete(parsed, *found.problems)


def _complete(feed: ParsedFeed, *earlier: Problem) -> ParsedFeed:
    """Put the problems of the whole before those of the entries, and say when there is none to show."""
    empty = () if feed.entries else (Problem("", *NO_ENTRY),)
    return ParsedFeed(
        entries=feed.entries,
        problems=(*earlier, *empty, *feed.problems),
        site_address=feed.site_address,
    )
