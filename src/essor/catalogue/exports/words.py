"""Words of records made inert: what a field, a cell or an XML document can hold of them."""

import re

from essor.catalogue.types import Creator

# Controls, the separators of lines that some programs obey, and what XML 1.0 refuses.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_SPACES = re.compile(" {2,}")
_OBEYED_BY_SPREADSHEETS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def one_line(text: str) -> str:
    """Give a text on one line, with nothing that a reader does not see."""
    return _SPACES.sub(" ", _BREAKS.sub(" ", text)).strip()


def cell(text: str) -> str:
    """Give a text that a spreadsheet shows and does not run."""
    shown = one_line(text)
    return f"'{shown}" if shown.startswith(_OBEYED_BY_SPREADSHEETS) else shown


def family_and_given(creator: Creator) -> tuple[str, str]:
    """Give the two parts of a person's filing name; a body, or a name of one word, has no second part."""
    family, _, given = one_line(creator.filing_name or creator.name).partition(", ")
    return family, given
