"""One entry of a feed, from what its publisher wrote to what the portal may show.

Texts are plain (no tag survives), links lead to the web only, and each entry has a key that stays
the same from one reading to the next: its identifier, else its link, else its title.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from essor.portal.importers import gettext_noop as _
from essor.portal.importers.links import link_key, web_link
from essor.portal.importers.plain_text import plain_text, shortened
from essor.problems import Problem

MAX_ENTRIES = 200
TITLE_LENGTH = 250
SUMMARY_LENGTH = 400
AUTHOR_LENGTH = 120
LONGEST_TITLE_FROM_SUMMARY = 90
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before the first feeds: an earlier date is a zero that a program wrote."""
CLOCK_ERROR = timedelta(days=1)
"""A date that far ahead is a clock or a time zone set wrong, and is taken for now."""

NOTHING_TO_SHOW = (
    _("An entry has neither title, nor text, nor link."),
    _("It was left out. Its publisher should complete it."),
)
NOT_A_WEB_LINK = (
    _("The link of an entry does not lead to the web."),
    _("The entry is shown without its link. Its publisher should correct it."),
)
UNREADABLE_DATE = (
    _("The date of an entry cannot be read."),
    _("The entry is placed at the day when the portal first saw it."),
)
FUTURE_DATE = (
    _("The date of an entry is in the future."),
    _("The entry is placed at the day when the portal first saw it."),
)
TOO_MANY = (
    _("The feed has more entries than the portal keeps."),
    _("The 200 most recent ones were taken."),
)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as its publisher wrote it; texts may be HTML, once or twice encoded."""

    guid: str = ""
    title: str = ""
    link: str = ""
    summary: str = ""
    author: str = ""
    published: datetime | None = None
    has_unreadable_date: bool = False


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """An entry as the portal may show it. `published` is None when unknown or not believable."""

    key: str
    title: str
    link: str
    link_key: str
    summary: str
    author: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a document gave. With a `fault` it is no feed that can be read, and there is no entry.

    `suggested` is the address of the feed that a web page announces, when it is such a page.
    """

    entries: tuple[ParsedEntry, ...] = ()
    problems: tuple[Problem, ...] = ()
    fault: Problem | None = None
    site_address: str = ""
    suggested: str = ""


def cleaned_feed(
    raws: Iterable[RawEntry], *, address: str, now: datetime, site_address: str = ""
) -> ParsedFeed:
    """Give the entries that can be shown, without doubles, the most recent when they are too many."""
    entries: dict[str, ParsedEntry] = {}
    problems: list[Problem] = []
    for raw in raws:
        for result in _cleaned(raw, address=address, now=now):
            if isinstance(result, Problem):
                problems.append(result)
            else:
                entries.setdefault(result.key, result)
    kept = _without_doubles(entries.values())
    if len(kept) > MAX_ENTRIES:
        kept = _most_recent(kept)
        problems.append(Problem("", *TOO_MANY))
    return ParsedFeed(tuple(kept), tuple(problems), site_address=web_link(site_address, address))


def _cleaned(raw: RawEntry, *, address: str, now: datetime) -> Iterator[ParsedEntry | Problem]:
    title = plain_text(raw.title, TITLE_LENGTH)
    summary = plain_text(raw.summary, SUMMARY_LENGTH)
    link = web_link(raw.link, address)
    shown = title or shortened(summary, LONGEST_TITLE_FROM_SUMMARY) or link[:TITLE_LENGTH]
    if not shown:
        yield Problem("", *NOTHING_TO_SHOW)
        return
    if raw.link.strip() and not link:
        yield Problem(shown, *NOT_A_WEB_LINK)
    published, problem = _believable(raw, now)
    if problem:
        yield Problem(shown, *problem)
    yield ParsedEntry(
        key=_key(raw.guid, link, shown),
        title=shown,
        link=link,
        link_key=link_key(link),
        summary="" if summary in (title, shown) else summary,
        author=plain_text(raw.author, AUTHOR_LENGTH),
        published=published,
    )


def _believable(raw: RawEntry, now: datetime) -> tuple[datetime | None, tuple[str, str] | None]:
    if raw.published is None:
        return None, UNREADABLE_DATE if raw.has_unreadable_date else None
    if raw.published < OLDEST:
        return None, UNREADABLE_DATE
    if raw.published > now + CLOCK_ERROR:
        return None, FUTURE_DATE
    return min(raw.published, now), None


def _key(guid: str, link: str, title: str) -> str:
    """Give 64 letters that name the entry: from its identifier, else its link, else its title."""
    for kind, value in (("id", guid.strip()), ("link", link_key(link)), ("title", title)):
        if value:
            return sha256(f"{kind} {value}".encode("utf-8", "replace")).hexdigest()
    raise ValueError("an entry without identifier, link or title has no key")


def _without_doubles(entries: Iterable[ParsedEntry]) -> list[ParsedEntry]:
    """Drop the same article under two identifiers: same link and same title.

    The link alone is not enough: some feeds give every entry the link of the home page. Nor is the
    title: a newsletter has the same one each week.
    """
    found: dict[tuple[str, str], ParsedEntry] = {}
    for entry in entries:
        found.setdefault((entry.link_key or entry.key, entry.title), entry)
    return list(found.values())


def _most_recent(entries: list[ParsedEntry]) -> list[ParsedEntry]:
    """Keep the order of the feed among equals; an undated entry is taken for a recent one."""
    newest_first = sorted(entries, key=_recency, reverse=True)[:MAX_ENTRIES]
    kept = {entry.key for entry in newest_first}
    return [entry for entry in entries if entry.key in kept]


def _recency(entry: ParsedEntry) -> tuple[bool, float]:
    published = entry.published
    return published is None, published.timestamp() if published else 0.0
