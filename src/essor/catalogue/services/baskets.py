"""Writes of baskets: made by hand, completed from lists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from essor.catalogue.importers import gettext_noop
from essor.catalogue.importers.wanted import Wanted, wanted_records
from essor.catalogue.models import Basket, BasketItem, Record
from essor.catalogue.queries import records_numbered
from essor.catalogue.services.sets import date_anew
from essor.catalogue.types import BasketImport
from essor.problems import Problem

UNKNOWN_NUMBER = (
    gettext_noop("No record has this number."),
    gettext_noop("Check it, or import the record first."),
)
SEVERAL_SOURCES = (
    gettext_noop("Records of several sources have this number: the oldest was taken."),
    gettext_noop("Say which source the list comes from."),
)


@transaction.atomic
def create_basket(
    name: str,
    *,
    slug: str = "",
    owner: User | None = None,
    is_public: bool = False,
) -> Basket:
    """Make an empty basket; its short name comes from its name when none is given.

    Raises ValidationError when a name is empty or too long, or when the short one is taken.
    """
    slug = slug or slugify(name)[:100]
    basket = Basket(name=name.strip(), slug=slug, owner=owner, is_public=is_public)
    basket.full_clean()
    basket.save()
    return basket


@transaction.atomic
def add_to_basket(basket: Basket, records: Iterable[Record]) -> int:
    """Add records at the end of a basket, in this order; those it holds stay where they are.

    Gives how many were added.
    """
    is_public = Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk).is_public
    held = set(BasketItem.objects.filter(basket=basket).values_list("record_id", flat=True))
    last = BasketItem.objects.filter(basket=basket).aggregate(last=Max("sort_order"))["last"]
    first = (last if last is not None else -1) + 1
    new = [record for record in dict.fromkeys(records) if record.pk not in held]
    BasketItem.objects.bulk_create(
        BasketItem(basket=basket, record=record, sort_order=place)
        for place, record in enumerate(new, start=first)
    )
    if is_public:
        date_anew(BasketItem.objects.filter(basket=basket, sort_order__gte=first))
    basket.save(update_fields=["changed_at"])
    return len(new)


@transaction.atomic
def import_basket(
    content: bytes, *, name: str, slug: str = "", is_public: bool = False, source_code: str = ""
) -> BasketImport:
    """Make a basket of this name from a list of numbers, or complete the one that has its short name.

    Raises UnreadableList when the list is none, ValidationError when the name is not one.
    """
    lines = tuple(wanted_records(content))
    wanted = [line for line in lines if isinstance(line, Wanted)]
    basket = Basket.objects.filter(slug=slug or slugify(name)[:100]).first()
    basket = basket or create_basket(name, slug=slug, is_public=is_public)
    found = records_numbered((line.number for line in wanted), source_code=source_code)
    problems = [line for line in lines if isinstance(line, Problem)]
    problems += _not_found(wanted, found)
    records = [found[line.number][0] for line in wanted if line.number in found]
    added = add_to_basket(basket, records)
    held = len({record.pk for record in records}) - added
    return BasketImport(basket.name, added, held, tuple(problems))


def _not_found(wanted: Sequence[Wanted], found: Mapping[str, list[Record]]) -> Iterator[Problem]:
    for line in wanted:
        records = found.get(line.number, [])
        if not records:
            yield Problem(str(line.line), *UNKNOWN_NUMBER)
        elif len({record.source_id for record in records}) > 1:
            yield Problem(str(line.line), *SEVERAL_SOURCES)
