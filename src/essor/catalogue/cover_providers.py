"""Who has pictures of covers, found by ISBN: what to ask, what may be done with the answer.

A provider is a line here and a box to tick: none is asked before the network administrator, who
answers for its terms, has switched it on. The portal fetches pictures itself and keeps them: the
reader's browser never calls a provider.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Provider:
    """Where to ask for the cover of an ISBN.

    `address` holds `{isbn}` (13 digits). `licence` is shown beside the picture; `terms` is where its
    rules are written. `asked_a_minute` is how often it may be asked.
    """

    code: str
    name: str
    address: str
    licence: Promise | str
    terms: str
    asked_a_minute: int


PROVIDERS: dict[str, Provider] = {
    each.code: each
    for each in (
        # It allows 100 pictures by ISBN in five minutes. `default=false` answers 404 when it has
        # none, instead of an empty picture.
        Provider(
            "open_library",
            "Open Library",
            "https://covers.openlibrary.org/b/isbn/{isbn}-L.jpg?default=false",
            _("rights of the publisher"),
            "https://openlibrary.org/dev/docs/api/covers",
            asked_a_minute=15,
        ),
        Provider(
            "google_books",
            "Google Books",
            "https://books.google.com/books/content?vid=ISBN{isbn}&printsec=frontcover&img=1&zoom=1",
            _("rights of the publisher"),
            "https://developers.google.com/books/terms",
            asked_a_minute=10,
        ),
    )
}


def credit_of(code: str, licence: str) -> str:
    """Say where a picture comes from, and under what terms (words of a provider, as they were stored)."""
    provider = PROVIDERS.get(code)
    said = gettext("Picture: %(name)s") % {"name": provider.name if provider else code}
    return f"{said} ({gettext(licence)})" if licence else said
