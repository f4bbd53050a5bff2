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
    """Make anew what a change may touch; what an import changes shows within a minute."""
    if sender not in SEEN_IN_KIOSKS or kwargs.get("raw") is True:
        return
    if not _is_memory_of_absence(kwargs["instance"]):
        forget_kiosks()


def _is_memory_of_absence(instance: Model) -> bool:
    """Tell the note that no provider has a picture, written by the hundred, from a picture or its removal."""
    return isinstance(instance, Cover) and not instance.picture and instance.origin != Cover.UPLOAD
