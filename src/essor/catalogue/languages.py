"""Languages in words: the codes of records (ISO 639-2) as readers name them, from the CLDR."""

from functools import lru_cache

from babel import Locale
from babel.core import get_global
from django.utils import translation


def language_name(code: str) -> str:
    """Give the name of a language in the language of the interface; the code itself when it has none."""
    return _name(code, translation.get_language() or "fr")


@lru_cache(maxsize=2_000)
def _name(code: str, interface: str) -> str:
    known = code.strip().lower()
    # Libraries use the bibliographic codes (fre, ger), which the CLDR knows as aliases.
    return Locale.parse(interface, sep="-").languages.get(
        get_global("language_aliases").get(known, known), code
    )
