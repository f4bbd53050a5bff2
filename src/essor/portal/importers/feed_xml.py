"""RSS 0.9x, 1.0, 2.0 and Atom, sound or damaged, read by feedparser once the document is made safe.

Before it is read the document is put in UTF-8, its DOCTYPE is taken away (an entity declared there
can unfold to gigabytes) and its size in tags and attributes is bounded.
"""

import calendar
import codecs
import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

import feedparser
from feedparser.encodings import convert_to_utf8, parse_content_type

from essor.portal.importers import gettext_noop as _
from essor.portal.importers.feed_entries import RawEntry
from essor.problems import Problem

MOST_TAGS = 100_000
MOST_REFERENCES = 500_000
MOST_ITEMS = 2_000
MOST_ATTRIBUTES = 200
MOST_NAMESPACES = 100
HEAD_OF_PAGE = 100_000

ENTITIES = (
    _("The document declares entities, which could unfold without limit."),
    _("It was not read. Its publisher should remove them: a feed needs none."),
)
TOO_COMPLEX = (
    _("The document is too large or too complex for a feed."),
    _("It was not read. Its publisher should offer the latest entries only."),
)
WEB_PAGE = (
    _("This is the address of a web page, not of a feed."),
    _("Look on that page for a link named RSS, Atom or feed, and use its address."),
)
NO_FEED = (
    _("The document is not a feed."),
    _("Check the address: it should lead to an RSS, Atom or JSON feed."),
)
DAMAGED_EMPTY = (
    _("The feed is damaged, and nothing could be read in it."),
    _("Its publisher should repair it; the portal will try again."),
)
DAMAGED = (
    _("The feed is damaged."),
    _("What could be read was taken. Its publisher should repair it."),
)
WRONG_ENCODING = (
    _("The feed is not written in the encoding that it declares."),
    _("Check the accents of its entries. Its publisher should correct the declaration."),
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^<>\[]*>", re.I)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_FIRST_ELEMENT = re.compile(rb"<[\w:]")
_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)\b", re.I)
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_DATES = ("published_parsed", "updated_parsed", "created_parsed")
_DATE_TEXTS = ("published", "updated", "created")


@dataclass(frozen=True, slots=True)
class XmlFeed:
    """What feedparser found: entries, the address of the site, and what is wrong."""

    entries: tuple[RawEntry, ...] = ()
    site_address: str = ""
    problems: tuple[Problem, ...] = ()
    fault: Problem | None = None
    suggested: str = ""


def xml_feed(content: bytes, *, content_type: str, address: str) -> XmlFeed:
    """Read a feed in XML; says what is wrong with a document that is none."""
    text, problems = _in_utf8(content, content_type)
    if refusal := _refusal(text):
        return XmlFeed(fault=Problem("", *refusal))
    text = _DECLARATION.sub(lambda found: found[0].lower(), _DOCTYPE.sub(b"", text))
    if not _is_bearable(text):
        return XmlFeed(fault=Problem("", *TOO_COMPLEX))
    found = _parsed(text, address)
    entries = tuple(_raw_entries(found))
    if not entries and (fault := _fault(found, text)):
        return XmlFeed(fault=Problem("", *fault), suggested=_announced_feed(text))
    if found.get("bozo"):
        problems.append(Problem("", *DAMAGED))
    site_address = str(found["feed"].get("link") or "")
    return XmlFeed(entries, site_address, tuple(problems))


def _in_utf8(content: bytes, content_type: str) -> tuple[bytes, list[Problem]]:
    """Give the document in UTF-8, and say when its declared encoding is wrong.

    A byte order mark is believed; what is sound UTF-8 is UTF-8, whatever is declared: no other text
    has that form by chance. What is UTF-8 but for a few bytes is repaired, where feedparser would
    take it all for Windows-1252. It judges the rest: declarations, and documents without any.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _declared_utf8(content.decode(encoding, "replace").encode()), []
    if b"\0" not in content[:400] and not content.isascii():
        wrong = len(content) - len(content.decode("utf-8", "ignore").encode())
        if 2 * wrong <= len(_UTF8_SEQUENCE.findall(content)):
            text = content.decode("utf-8", "replace").encode()
            return _declared_utf8(text), [Problem("", *WRONG_ENCODING)] if wrong else []
    result: dict[str, Any] = {}
    charset = parse_content_type(content_type)[1]
    headers = {"content-type": f"application/xml; charset={charset}"}
    text = convert_to_utf8(headers, content, result)
    is_override = isinstance(result.get("bozo_exception"), feedparser.CharacterEncodingOverride)
    return text, [Problem("", *WRONG_ENCODING)] if is_override else []


def _declared_utf8(text: bytes) -> bytes:
    return re.sub(rb"^\s*<\?xml[^>]*?>", b"<?xml version='1.0' encoding='utf-8'?>", text)


def _refusal(text: bytes) -> tuple[str, str] | None:
    if text.count(b"<") > MOST_TAGS or text.count(b"&") > MOST_REFERENCES:
        return TOO_COMPLEX
    if len(_ITEM.findall(text)) > MOST_ITEMS:
        return TOO_COMPLEX
    first = _FIRST_ELEMENT.search(text)
    prolog = text[: first.start()] if first else text
    return ENTITIES if b"<!entity" in prolog.lower() else None


@dataclass(slots=True)
class _Bounds:
    """Attributes and namespaces of the elements: feedparser takes their square in time."""

    namespaces: set[str] = field(default_factory=set)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.namespaces.update(a for a in attributes if a.startswith("xmlns"))
        if len(attributes) > MOST_ATTRIBUTES or len(self.namespaces) > MOST_NAMESPACES:
            raise OverflowError(name)


def _is_bearable(text: bytes) -> bool:
    parser = expat.ParserCreate()
    parser.StartElementHandler = _Bounds().start
    try:
        parser.Parse(text, True)
    except OverflowError:
        return False
    except (expat.ExpatError, ValueError):
        pass  # feedparser stops at the same place, and goes on with its tolerant parser
    return True


def _parsed(text: bytes, address: str) -> Any:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    try:
        return feedparser.parse(
            io.BytesIO(text),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,  # nothing is kept as HTML: see plain_text
        )
    except Exception as error:  # its tolerant parser has faults of its own on hostile input
        return {"bozo": True, "bozo_exception": error, "entries": [], "feed": {}, "version": ""}


def _fault(found: Any, text: bytes) -> tuple[str, str] | None:
    """Say why there is no entry; None for a sound feed that is simply empty."""
    if _WEB_PAGE.search(text[:HEAD_OF_PAGE]) and not found.get("version"):
        return WEB_PAGE
    if not found.get("version"):
        return NO_FEED
    return DAMAGED_EMPTY if found.get("bozo") else None


def _raw_entries(found: Any) -> Iterator[RawEntry]:
    for entry in found["entries"]:
        date, has_unreadable_date = _date(entry)
        contents = [part.get("value") for part in entry.get("content") or [] if part.get("value")]
        yield RawEntry(
            guid=_string(entry.get("id")),
            title=_string(entry.get("title")),
            link=_link(entry),
            summary=_string(entry.get("summary")) or _string(next(iter(contents), "")),
            author=_string(entry.get("author")),
            published=date,
            has_unreadable_date=has_unreadable_date,
        )


def _link(entry: Any) -> str:
    """Give the link; feedparser puts the identifier in its place when there is none (urn:…, tag:…)."""
    link = _string(entry.get("link"))
    is_identifier = link == entry.get("id") and not link.lower().startswith(("http:", "https:"))
    return "" if is_identifier and ":" in link else link


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _date(entry: Any) -> tuple[datetime | None, bool]:
    # dict.get: feedparser's own would give, with a warning, one date in place of another.
    for name in _DATES:
        if parsed := dict.get(entry, name):
            try:
                return datetime.fromtimestamp(calendar.timegm(parsed), UTC), False
            except (ValueError, OverflowError, OSError):
                return None, True
    return None, any(dict.get(entry, name) for name in _DATE_TEXTS)


class _AnnouncedFeeds(HTMLParser):
    """Finds the feeds that a web page announces in its head."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the address of an alternate version that is a feed."""
        given = dict(attrs)
        if (
            tag == "link"
            and "alternate" in (given.get("rel") or "").lower().split()
            and (given.get("type") or "").lower() in _FEED_TYPES
        ):
            self.addresses.append(given.get("href") or "")


def _announced_feed(text: bytes) -> str:
    finder = _AnnouncedFeeds()
    with contextlib.suppress(AssertionError):  # how html.parser refuses <![nonsense[
        finder.feed(text[:HEAD_OF_PAGE].decode("utf-8", "replace"))
    return next((address for address in finder.addresses if address), "")
