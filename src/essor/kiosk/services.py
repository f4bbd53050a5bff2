"""Writes of the kiosks: the baskets of the founding portal, under the numbers that snippets name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext

from essor.catalogue.importers.wanted import Wanted
from essor.catalogue.models import Basket, BasketItem, Record
from essor.catalogue.queries import records_numbered
from essor.catalogue.services import add_to_basket, create_basket
from essor.catalogue.services.baskets import SEVERAL_SOURCES, UNKNOWN_NUMBER
from essor.catalogue.services.selections import free_slug
from essor.kiosk.importers import gettext_noop as _
from essor.kiosk.importers.old_baskets import OldBasket
from essor.kiosk.models import OldNumber
from essor.problems import Problem

NUMBER_OF_A_SEARCH = (
    _("This number stands for a saved search, as somebody decided in the staff screens."),
    _("Change it there if the basket must take its place."),
)


class Outcome(StrEnum):
    """What became of a basket."""

    CREATED = "created"
    COMPLETED = "completed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class OldBasketTaken:
    """What taking over a basket did."""

    outcome: Outcome
    is_public: bool
    added: int
    problems: tuple[Problem, ...]


@transaction.atomic
def take_old_basket(old: OldBasket, *, is_public: bool, source_code: str = "") -> OldBasketTaken:
    """Make the basket that an old number stands for, or complete it with what it lacks; twice is once.

    A basket that is there keeps its name, and stays public or not; `is_public` is for a new one.
    """
    known = OldNumber.objects.select_for_update(of=("self",)).select_related("basket")
    number = known.filter(kind=OldNumber.BASKET, number=old.number).first()
    if number and number.basket is None:
        problem = Problem(str(old.line), *NUMBER_OF_A_SEARCH)
        return OldBasketTaken(Outcome.UNCHANGED, is_public=True, added=0, problems=(problem,))
    basket = (number and number.basket) or _new_basket(old, is_public=is_public)
    found = records_numbered((one.number for one in old.wanted), source_code=source_code)
    added = _complete(basket, old.wanted, found)
    outcome = Outcome.COMPLETED if added else Outcome.UNCHANGED
    return OldBasketTaken(
        outcome if number else Outcome.CREATED,
        basket.is_public,
        added,
        tuple(_problems(old.wanted, found)),
    )


def _new_basket(old: OldBasket, *, is_public: bool) -> Basket:
    name = old.title or gettext("Old basket %(number)s") % {"number": old.number}
    basket = create_basket(name, slug=free_slug(Basket, name), is_public=is_public)
    number = OldNumber(kind=OldNumber.BASKET, number=old.number, basket=basket)
    number.full_clean()
    number.save()
    return basket


def _complete(
    basket: Basket, wanted: Sequence[Wanted], found: Mapping[str, Sequence[Record]]
) -> int:
    records = [found[one.number][0] for one in wanted if one.number in found]
    held = set(BasketItem.objects.filter(basket=basket).values_list("record_id", flat=True))
    # A basket that gains nothing does not change: its date is that of its feed.
    lacking = [record for record in records if record.pk not in held]
    return add_to_basket(basket, lacking) if lacking else 0


def _problems(wanted: Sequence[Wanted], found: Mapping[str, Sequence[Record]]) -> Iterator[Problem]:
    for one in dict.fromkeys(wanted):
        records = found.get(one.number, ())
        if not records:
            yield Problem(f"{one.line}, {one.number}", *UNKNOWN_NUMBER)
        elif len({record.source_id for record in records}) > 1:
            yield Problem(f"{one.line}, {one.number}", *SEVERAL_SOURCES)
