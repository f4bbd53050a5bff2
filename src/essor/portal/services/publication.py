"""What follows from publishing: readers see it at once."""

from django.core.cache import caches
from django.db import transaction


def forget_public_pages() -> None:
    """Drop every kept page once the current transaction is committed, so that readers see the change."""
    transaction.on_commit(caches["pages"].clear)
