"""What follows from an edit: readers see it within a second, here and in other sites."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Site

from essor.catalogue.models import Basket, BasketItem, Branch, Cover, SavedSearch
from essor.kiosk.kept_frames import forget_kiosks
from essor.kiosk.models import Kiosk, OldNumber

SEEN_IN_KIOSKS: frozenset[type[Model]] = frozenset(
    {Basket, BasketItem, Branch, Cover, Kiosk, OldNumber, SavedSearch, Site}
)


@receiver([post_save, post_delete])
def forget_after_change(sender: type[Model], **kwargs: Any) -> None:
    """Make anew what a change may touch; what an import changes, or a provider gives, shows within a minute."""
    if sender not in SEEN_IN_KIOSKS or kwargs.get("raw") is True:
        return
    if not _is_answer_of_a_provider(kwargs["instance"]):
        forget_kiosks()


def _is_answer_of_a_provider(instance: Model) -> bool:
    """Tell what the search for covers writes, minute after minute for weeks, from what staff brings or takes away."""
    return isinstance(instance, Cover) and instance.origin != Cover.UPLOAD
