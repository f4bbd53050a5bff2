"""The pages of structures as search engines are told of them: cut into files, by SIREN, read by parts.

A structure whose identity is hidden is in none. It counts for the length of its file all the same, so
that the files are known from the number of structures that the vintage says.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from essor.register.models import LegalUnit, Vintage
from essor.register.selecting import withheld

MOST_IN_FILE = 50_000
"""Addresses of one file, at most. Source: the protocol of sitemaps."""
CHUNK = 5_000

Told = tuple[str, date | None]
"""A structure: its SIREN, and the day when SIRENE last changed it."""


def files_for(vintage: Vintage) -> int:
    """Say how many files its structures take."""
    return -(-vintage.units // MOST_IN_FILE)


def structures_of_file(number: int, vintage: Vintage) -> Iterator[Told]:
    """Give the structures of one file, the first being 1, that have an identity to show."""
    hidden = set(withheld().values_list("siren", flat=True))
    for siren, updated_on, is_partial in islice(_from(number, vintage), MOST_IN_FILE):
        if not is_partial and siren not in hidden:
            yield siren, updated_on


def _from(number: int, vintage: Vintage) -> Iterator[tuple[str, date | None, bool]]:
    units = LegalUnit.objects.filter(vintage=vintage).order_by("siren")
    before = (number - 1) * MOST_IN_FILE
    first = units.values_list("siren", flat=True)[before : before + 1]
    following = units.filter(siren__gte=first[0]) if first else units.none()
    while chunk := list(following.values_list("siren", "updated_on", "is_partial")[:CHUNK]):
        yield from chunk
        following = units.filter(siren__gt=chunk[-1][0])
