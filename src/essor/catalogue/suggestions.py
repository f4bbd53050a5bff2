"""What a reader may mean while typing: authors and subjects that begin so, titles, other authors and subjects."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from essor import search
from essor.catalogue.asked import Asked
from essor.catalogue.documents import KIND
from essor.catalogue.labels import FACETS
from essor.catalogue.rules import folded
from essor.presentation.templatetags.typography import number
from essor.search.addresses import LONGEST_TEXT

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
    beginning = folded(typed)
    first = [term for term in terms if _begins_so(term.text, beginning)]
    others = [term for term in terms if term not in first]
    found = [*map(_of_term, first), *map(_of_title, titles), *map(_of_term, others)]
    return tuple({(one.text, one.kind): one for one in found}.values())


def _begins_so(heading: str, beginning: str) -> bool:
    """Say whether a heading begins so, « Hugo, Victor » as well as « Victor Hugo »."""
    name, _, forename = heading.partition(", ")
    return any(folded(form).startswith(beginning) for form in (heading, f"{forename} {name}"))


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
