"""What a person or body did for a document: the UNIMARC role codes (appendix C of the manual) in words.

The words name the work done, not the worker, so that they suit everybody. Authors (070) have none:
it goes without saying.
"""

from collections.abc import Iterable

from django.utils.translation import pgettext_lazy

ROLES = {
    "010": pgettext_lazy("role", "adaptation"),
    "030": pgettext_lazy("role", "arrangement"),
    "075": pgettext_lazy("role", "afterword"),
    "080": pgettext_lazy("role", "preface"),
    "100": pgettext_lazy("role", "original work"),
    "205": pgettext_lazy("role", "collaboration"),
    "210": pgettext_lazy("role", "commentary"),
    "220": pgettext_lazy("role", "compilation"),
    "230": pgettext_lazy("role", "composition"),
    "250": pgettext_lazy("role", "conducting"),
    "300": pgettext_lazy("role", "film direction"),
    "340": pgettext_lazy("role", "scientific edition"),
    "410": pgettext_lazy("role", "graphic design"),
    "440": pgettext_lazy("role", "illustration"),
    "460": pgettext_lazy("role", "answers"),
    "470": pgettext_lazy("role", "interview"),
    "520": pgettext_lazy("role", "lyrics"),
    "550": pgettext_lazy("role", "narration"),
    "590": pgettext_lazy("role", "performance"),
    "600": pgettext_lazy("role", "photography"),
    "610": pgettext_lazy("role", "printing"),
    "630": pgettext_lazy("role", "production"),
    "650": pgettext_lazy("role", "publishing"),
    "651": pgettext_lazy("role", "direction of the publication"),
    "690": pgettext_lazy("role", "script"),
    "730": pgettext_lazy("role", "translation"),
}


def roles_in_words(codes: Iterable[str]) -> str:
    """Give the roles that have a word, separated by commas; empty when none has."""
    return ", ".join(str(ROLES[code]) for code in codes if code in ROLES)
