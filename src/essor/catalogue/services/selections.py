"""Writes on what is there: the order of a basket and what leaves it; copies and gifts of baskets and searches."""

from collections.abc import Collection, Mapping
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, SlugField
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from essor.catalogue.models import Basket, BasketItem, SavedSearch, Selection
from essor.catalogue.services.sets import date_anew

GIVEN = "catalogue.give"
"""The name, in the log, of what gives something to the network."""
LONGEST_NAME = 200


@transaction.atomic
def rearrange_basket(
    basket: Basket, *, places: Mapping[int, int], removed: Collection[int] = ()
) -> int:
    """Take some records out of a basket, then move others to these places, which begin at 1.

    Records are given by their keys; a place past an end is that end; one that the basket does not
    hold is left aside. Gives how many were taken out.
    """
    is_public = Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk).is_public
    leaving = BasketItem.objects.filter(basket=basket, record__in=removed)
    if is_public:
        date_anew(leaving)
    taken_out, _by_model = leaving.delete()
    items = list(BasketItem.objects.filter(basket=basket).order_by("sort_order", "pk"))
    moving = {item.record_id: item for item in items if item.record_id in places}
    order = [item for item in items if item.record_id not in moving]
    for record, item in sorted(moving.items(), key=lambda one: places[one[0]]):
        order.insert(max(places[record] - 1, 0), item)
    _number(order)
    basket.save(update_fields=["changed_at"])
    return taken_out


def _number(items: list[BasketItem]) -> None:
    changed = [item for place, item in enumerate(items) if item.sort_order != place]
    for place, item in enumerate(items):
        item.sort_order = place
    BasketItem.objects.bulk_update(changed, ["sort_order"], batch_size=500)


@transaction.atomic
def copy_basket(basket: Basket, *, owner: User) -> Basket:
    """Make a private basket of this person that holds the same records in the same order."""
    name = (_("Copy of %(name)s") % {"name": basket.name})[:LONGEST_NAME]
    copy = Basket(name=name, slug=free_slug(Basket, name), owner=owner)
    copy.full_clean()
    copy.save()
    records = basket.items.order_by("sort_order", "pk").values_list("record_id", flat=True)
    BasketItem.objects.bulk_create(
        BasketItem(basket=copy, record_id=record, sort_order=place)
        for place, record in enumerate(records)
    )
    return copy


def free_slug(model: type[Model], name: str, *, nameless: str = "liste") -> str:
    """Give a short name made from this one that no other has; `nameless` when it has no letter to make one of."""
    longest = cast("SlugField[str, str]", model._meta.get_field("slug")).max_length or 0
    base = slugify(name)[: longest - 5] or nameless
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


@transaction.atomic
def copy_search(saved: SavedSearch, *, owner: User) -> SavedSearch:
    """Make a private saved search of this person that asks the same."""
    name = (_("Copy of %(name)s") % {"name": saved.name})[:LONGEST_NAME]
    copy = SavedSearch(
        name=name, slug=free_slug(SavedSearch, name), owner=owner, criteria=saved.criteria
    )
    copy.full_clean()
    copy.save()
    return copy


@transaction.atomic
def give_to_network(thing: Selection, *, giver: User) -> bool:
    """Hand over to the network what is this person's; twice is once. Tells whether it was theirs still."""
    theirs = type(thing)._default_manager.select_for_update(of=("self",)).filter(owner=giver)
    held = theirs.filter(pk=thing.pk).first()
    if held is None:
        return False
    held.owner = None
    held.save(update_fields=["owner", "changed_at"])
    log(held, GIVEN, user=giver)
    return True
