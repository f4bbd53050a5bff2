"""Permanent links of structures: the letter s and the SIREN, which outlives every vintage."""

from django.http import HttpRequest
from django.utils.text import capfirst

from essor.presentation.permalinks import Destination, Gone, Permalink
from essor.register.labels import family_name
from essor.register.structure_page import current_unit, display_name, has_left, is_hidden


def destination_of_structure(link: Permalink, request: HttpRequest) -> Destination | None:
    """Say where the permanent link of a structure leads, and what a share of it shows.

    Raises Gone for a structure that left the register.
    """
    siren = f"{link.number:09}"
    unit = current_unit(siren) if len(siren) == 9 else None
    if unit is None:
        if has_left(siren):
            raise Gone
        return None
    return Destination(
        address=unit.get_absolute_url(),
        title=display_name(unit, is_hidden=is_hidden(unit)),
        kind=capfirst(family_name(unit.family)),
    )
