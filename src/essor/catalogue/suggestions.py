"""What a reader may mean while typing: authors and subjects, then titles."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from essor import search
from essor.catalogue.asked import LONGEST_TEXT, Asked
from essor.catalogue.documents import KIND
from essor.catalogue.labels import FACETS
from essor.presentation.templatetags.typography import number

TERMS_SUGGESTED, TITLES_SUGGESTED = 4, 6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that may be meant: its name, what it is, the address that shows it."""

    text: str
    kind: str
    address: str


def suggestions_for(text: str) -> tuple[Suggestion, ...]:
    """Give what begins as this text, without its doubles; nothing for a blank one."""
    typed = text[:LONGEST_TEXT]
    index = search.index()
    terms = index.suggest_terms(typed, limit=TERMS_SUGGESTED)
    titles = index.suggest(typed, filters={"kind": (KIND,)}, limit=TITLES_SUGGESTED)
    found = [*map(_of_term, terms), *map(_of_title, titles)]
    return tuple({(one.text, one.kind): one for one in found}.values())


def _of_term(term: search.Suggestion) -> Suggestion:
    records = ngettext("%(count)s record", "%(count)s records", term.count)
    return Suggestion(
        term.text,
        f"{FACETS[term.kind]}, {records % {'count': number(term.count)}}",
        reverse("catalogue") + Asked().choosing(term.kind, term.text).address,
    )


def _of_title(hit: search.Hit) -> Suggestion:
    by = ", ".join(hit.document.authors[:2])
    return Suggestion(
        hit.document.title,
        by or pgettext("suggestion", "Title"),
        reverse("record", args=[hit.document.key]),
    )
