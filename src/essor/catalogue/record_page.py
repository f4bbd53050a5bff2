"""All that the page of a record shows, read in a number of queries that does not grow with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from essor import search
from essor.catalogue.asked import Asked
from essor.catalogue.exports import FORMATS, Published
from essor.catalogue.exports.coins import coins_of
from essor.catalogue.finding import find
from essor.catalogue.linked_data import described
from essor.catalogue.models import Item, Record
from essor.catalogue.queries import (
    as_published,
    current_records,
    items_on_shelves,
    records_to_show,
    same_editions_as,
)
from essor.catalogue.roles import roles_in_words
from essor.catalogue.types import Availability, Creator
from essor.presentation.templatetags.typography import long_date

MOST_EDITIONS = 12
MOST_NEIGHBOURS = 6
CITED_IN = ("txt", "ris", "bib", "csl.json")
"""The formats shown in the page, to be copied, the one for people first."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Words that lead to a search; `said` is what is told of them (a role)."""

    label: str
    address: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The items of one branch; the name is empty when the branch is unknown."""

    branch: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class SameEdition:
    """The record of another source for the same edition, with its items."""

    record: Record
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Other records that have the same creator or subject."""

    lead: Lead
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A record in one format: to be copied when it has a text, downloaded at its address."""

    extension: str
    label: Promise | str
    content_type: str
    address: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What the page shows beside the record itself."""

    record: Record
    published: Published
    creators: tuple[Lead, ...]
    subjects: tuple[Lead, ...]
    publisher: Lead
    shelves: tuple[Shelf, ...]
    where: str
    same_editions: tuple[SameEdition, ...]
    editions: tuple[Record, ...]
    by_creator: Neighbours | None
    on_subject: Neighbours | None
    citations: tuple[Way, ...]
    downloads: tuple[Way, ...]
    coins: str
    linked_data: SafeString


def record_page(pk: int, *, root: str) -> RecordPage | None:
    """Read a record and all that surrounds it; None when there is no such record.

    `root` is what whole addresses begin with.
    """
    record = _with_items(records_to_show()).filter(pk=pk).first()
    if record is None:
        return None
    published = as_published(record, root=root)
    same = tuple(_with_items(same_editions_as(record))[:MOST_EDITIONS])
    editions = tuple(_other_editions(record)[:MOST_EDITIONS])
    known = {record.pk, *(one.pk for one in same), *(one.pk for one in editions)}
    by_creator, on_subject = _neighbours(published, known)
    ways = tuple(_ways(published))
    return RecordPage(
        record=record,
        published=published,
        creators=tuple(_creator(hand) for hand in published.creators),
        subjects=tuple(_lead("subject", subject.label) for subject in published.subjects),
        publisher=_lead("publisher", record.publisher),
        shelves=_shelves(record),
        where=where_to_find(_standing(record, *same)),
        same_editions=tuple(SameEdition(one, _shelves(one)) for one in same),
        editions=editions,
        by_creator=by_creator,
        on_subject=on_subject,
        citations=tuple(sorted((way for way in ways if way.text), key=_place_of_citation)),
        downloads=tuple(way for way in ways if way.extension != "txt"),
        coins=coins_of(published),
        linked_data=described(published, editions=editions, root=root, picture=_picture(record)),
    )


def _with_items(records: QuerySet[Record]) -> QuerySet[Record]:
    return records.prefetch_related(items_on_shelves())


def _other_editions(record: Record) -> QuerySet[Record]:
    """Give the other editions of the work, the latest first; each once, whatever its sources."""
    if record.work_id is None:
        return Record.objects.none()
    first = record.duplicate_of_id or record.pk
    others = records_to_show().filter(
        work=record.work_id, withdrawn_at=None, duplicate_of__isnull=True
    )
    return others.exclude(pk__in={first, record.pk}).order_by(F("year").desc(nulls_last=True), "pk")


def _picture(record: Record) -> str:
    return record.picture.picture.url if record.picture else ""


# Items


def _standing(*records: Record) -> list[Item]:
    """Give the items of these records; a withdrawn one has none any more."""
    return [item for one in records if not one.withdrawn_at for item in one.items.all()]


def _shelves(record: Record) -> tuple[Shelf, ...]:
    """Give the items branch by branch, in the order of their names, the unknown one last."""
    items = sorted(_standing(record), key=lambda item: (item.branch is None, _branch(item)))
    return tuple(Shelf(branch, tuple(held)) for branch, held in groupby(items, key=_branch))


def _branch(item: Item) -> str:
    return item.branch.name if item.branch else ""


def where_to_find(items: list[Item]) -> str:
    """Say in one line whether the document can be had now; empty when that is not known."""
    here = {_branch(item) for item in items if item.availability == Availability.AVAILABLE}
    if len(here) == 1 and (name := here.copy().pop()):
        return gettext("Available: %(branch)s.") % {"branch": name}
    if here:
        said = ngettext(
            "Available in %(count)s library.", "Available in %(count)s libraries.", len(here)
        )
        return said % {"count": len(here)}
    if any(item.availability == Availability.ON_SITE for item in items):
        return gettext("To be read on site.")
    if items and all(item.availability == Availability.ON_LOAN for item in items):
        return _when_back(items)
    return ""


def _when_back(items: list[Item]) -> str:
    days = [item.back_on for item in items if item.back_on]
    if not days:
        return gettext("All items are on loan.")
    return gettext("All items are on loan; the first one is due back on %(day)s.") % {
        "day": long_date(min(days))
    }


# What surrounds it


def _lead(facet: str, value: str, *, label: str = "", said: str = "") -> Lead:
    asked = Asked().choosing(facet, value)
    return Lead(label or value, f"{reverse('catalogue')}{asked.address}", said)


def _creator(hand: Creator) -> Lead:
    filed = hand.filing_name or hand.name
    return _lead("creator", filed, label=hand.name, said=roles_in_words(hand.roles))


def _neighbours(
    published: Published, known: set[int]
) -> tuple[Neighbours | None, Neighbours | None]:
    """Give more by the first creator and on the first subject, none of them twice."""
    creator = next((hand for hand in published.creators if hand.filing_name), None)
    subject = next(iter(published.subjects), None)
    by_creator = _numbers_with("creator", creator.filing_name, known) if creator else []
    known = known | set(by_creator)
    on_subject = _numbers_with("subject", subject.label, known) if subject else []
    records = _records_shown(by_creator + on_subject)
    return (
        _gathered(_creator(creator), by_creator, records) if creator else None,
        _gathered(_lead("subject", subject.label), on_subject, records) if subject else None,
    )


def _numbers_with(facet: str, value: str, known: set[int]) -> list[int]:
    """Ask the index for the records that have this value, but for those already known."""
    asked = Asked().choosing(facet, value).sorted_by(search.Sort.BORROWED)
    numbers = find(asked, MOST_NEIGHBOURS + len(known)).numbers
    return [number for number in numbers if number not in known][:MOST_NEIGHBOURS]


def _records_shown(numbers: list[int]) -> dict[int, Record]:
    shown = current_records().select_related("source", "cover")
    return shown.in_bulk(numbers)


def _gathered(lead: Lead, numbers: list[int], records: dict[int, Record]) -> Neighbours | None:
    shown = tuple(records[number] for number in numbers if number in records)
    return Neighbours(lead, shown) if shown else None


def _place_of_citation(way: Way) -> int:
    return CITED_IN.index(way.extension)


def _ways(published: Published) -> Iterator[Way]:
    for each in FORMATS.values():
        address = reverse("record_in_format", args=[published.number, each.extension])
        text = each.one(published).decode().strip() if each.extension in CITED_IN else ""
        yield Way(each.extension, each.label, each.content_type, address, text)
