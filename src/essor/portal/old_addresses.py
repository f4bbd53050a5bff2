"""Wagtail's redirects, kept in the portal's own language.

When a page is renamed or moved, Wagtail keeps its old address as it reads in the language of the
person at work: for a member of staff whose screens are in English it would be `/en/...` only, and
the French address would be lost.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from wagtail.contrib.redirects.apps import WagtailRedirectsAppConfig


class OldAddressesConfig(WagtailRedirectsAppConfig):
    """Wagtail's application of redirects, with its two receivers replaced."""

    def ready(self) -> None:
        """Take Wagtail's receivers over, with the language held."""
        super().ready()
        from wagtail.contrib.redirects import signal_handlers
        from wagtail.signals import page_slug_changed, post_page_move

        for signal, receiver in (
            (post_page_move, signal_handlers.autocreate_redirects_on_page_move),
            (page_slug_changed, signal_handlers.autocreate_redirects_on_slug_change),
        ):
            signal.disconnect(receiver)
            signal.connect(_in_language_of_the_portal(receiver), weak=False)


def _in_language_of_the_portal(receiver: Callable[..., None]) -> Callable[..., None]:
    def held(*args: Any, **kwargs: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            receiver(*args, **kwargs)

    return held
