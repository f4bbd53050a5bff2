"""JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from essor.portal.importers.feed_entries import RawEntry

MOST_ITEMS = 2_000


def json_document(content: bytes) -> dict[str, Any] | None:
    """Give the JSON Feed in these bytes, or None when they hold none."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    is_feed = isinstance(document, dict) and isinstance(document.get("items"), list)
    return document if is_feed else None


def raw_entries(document: dict[str, Any]) -> Iterator[RawEntry]:
    """Give the items of a JSON Feed; an item that is no object is passed over."""
    for item in document["items"][:MOST_ITEMS]:
        if isinstance(item, dict):
            date, has_unreadable_date = _date(item)
            yield RawEntry(
                guid=_text(item, "id"),
                title=_text(item, "title"),
                link=_text(item, "url", "external_url"),
                summary=_text(item, "summary", "content_text", "content_html"),
                author=_author(item),
                published=date,
                has_unreadable_date=has_unreadable_date,
            )


def home_page(document: dict[str, Any]) -> str:
    """Give the address of the site, if the feed tells it."""
    return _text(document, "home_page_url")


def _text(item: dict[str, Any], *names: str) -> str:
    for name in names:
        value = item.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**18 else ""
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    names = (_text(author, "name") for author in listed if isinstance(author, dict))
    return ", ".join(name for name in names if name)


def _date(item: dict[str, Any]) -> tuple[datetime | None, bool]:
    text = _text(item, "date_published", "date_modified")
    try:
        date = datetime.fromisoformat(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC), False
    except (ValueError, OverflowError):
        return None, bool(text)
