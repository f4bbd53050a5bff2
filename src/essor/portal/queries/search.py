"""What a reader searches, and what is shown of the answer: the whole state is in the address.

The hits are pages. Records of the catalogue and structures of the directory are a thousand times as
many: they have searches of their own, and here a line each that says how many it finds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from essor import search
from essor.catalogue.asked import Asked as AskedOfCatalogue
from essor.catalogue.documents import KIND as RECORD
from essor.catalogue.finding import count_found
from essor.register.asked import Asked as AskedOfDirectory
from essor.register.documents import KIND as STRUCTURE
from essor.register.queries import count_found as count_structures
from essor.search import Match

LONGEST_TEXT = 200
HITS_PER_PAGE = 10
LAST_PAGE = search.FURTHEST_HIT // HITS_PER_PAGE


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a search says."""

    text: str
    kind: str = ""
    page: int = 1

    @classmethod
    def in_address(cls, parameters: Mapping[str, str]) -> "Asked":
        """Read the parameters of an address; what they cannot mean is left out."""
        kind, page = parameters.get("type", ""), parameters.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 10 else 1
        return cls(
            text=" ".join(parameters.get("q", "").split())[:LONGEST_TEXT],
            kind=kind if kind in page_kinds() else "",
            page=min(max(number, 1), LAST_PAGE),
        )

    def address(self, *, kind: str | None = None, page: int = 1) -> str:
        """Give the address of this search, for another kind or on another page."""
        state = {
            "q": self.text,
            "type": self.kind if kind is None else kind,
            "page": page if page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in state.items() if value})


@dataclass(frozen=True, slots=True)
class KindChoice:
    """One kind that the hits can be limited to, or all of them when the name is empty."""

    name: str
    label: str
    count: int
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One hit as it is shown: the label of its kind, its address in this language."""

    hit: search.Hit
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of the answer to a search.

    `records` and `structures` are None when they cannot be counted now.
    """

    asked: Asked
    results: search.Results
    hits: tuple[ShownHit, ...]
    kinds: tuple[KindChoice, ...]
    records: int | None = 0
    structures: int | None = 0

    @property
    def records_address(self) -> str:
        """Give the address of the same search in the catalogue."""
        return reverse("catalogue") + AskedOfCatalogue(self.asked.text).address

    @property
    def structures_address(self) -> str:
        """Give the address of the same search in the directory."""
        return reverse("directory") + AskedOfDirectory(self.asked.text).address

    @property
    def is_found_elsewhere(self) -> bool:
        """Say whether the catalogue or the directory answers, though no page may."""
        return bool(self.records or self.structures)

    @property
    def pages(self) -> int:
        """Count the pages that can be turned to."""
        return min(-(-self.results.total // HITS_PER_PAGE), LAST_PAGE)

    @property
    def previous_address(self) -> str:
        """Give the address of the page before; empty on the first one."""
        return self.asked.address(page=self.asked.page - 1) if self.asked.page > 1 else ""

    @property
    def next_address(self) -> str:
        """Give the address of the page after; empty on the last one."""
        return self.asked.address(page=self.asked.page + 1) if self.asked.page < self.pages else ""

    @property
    def all_kinds_address(self) -> str:
        """Give the address of this search among all kinds, when only other ones have hits."""
        found_elsewhere = self.asked.kind and not self.results.total and self.kinds
        return self.asked.address(kind="") if found_elsewhere else ""

    @property
    def is_corrected(self) -> bool:
        """Say whether it answers other words than those typed."""
        return bool(self.results.corrected)

    @property
    def is_partial(self) -> bool:
        """Say whether some words only are in the hits."""
        return self.results.match is Match.SOME_WORDS

    @property
    def corrected_address(self) -> str:
        """Give the address of the search that was understood."""
        return Asked(self.results.corrected, self.asked.kind).address()

    @property
    def is_incomplete(self) -> bool:
        """Say whether there may be other pages, other records or other structures."""
        return self.results.is_incomplete or None in (self.records, self.structures)

    @property
    def missing(self) -> tuple[str, ...]:
        """Name what cannot be found for the moment."""
        sources = search.sources()
        counts = {RECORD: self.records, STRUCTURE: self.structures}
        uncounted = (kind for kind, count in counts.items() if count is None)
        missing = (*self.results.missing, *uncounted)
        return tuple(str(sources[kind].label_plural) for kind in missing)


def answer_to(asked: Asked, site: Site) -> Answer:
    """Search this site and what is common to all."""
    filters = search.on_site(site.pk) | {"kind": (asked.kind,) if asked.kind else page_kinds()}
    query = search.Query(
        asked.text,
        filters,
        facets=("kind",),
        offset=(asked.page - 1) * HITS_PER_PAGE,
        limit=HITS_PER_PAGE,
    )
    results = search.index().search(query)
    sources = search.sources()
    hits = tuple(
        ShownHit(hit, str(sources[hit.document.kind].label), address_of(hit.document))
        for hit in results.hits
        if hit.document.kind in sources
    )
    records = count_found(AskedOfCatalogue(asked.text))
    structures = count_structures(AskedOfDirectory(asked.text))
    return Answer(asked, results, hits, _kinds(asked, results), records, structures)


def page_kinds() -> tuple[str, ...]:
    """Name the kinds of documents that are pages of the portal."""
    return tuple(kind for kind in search.sources() if kind not in (RECORD, STRUCTURE))


def _kinds(asked: Asked, results: search.Results) -> tuple[KindChoice, ...]:
    """Give the kinds that have hits, and all of them first; none when there is no choice."""
    counts = {facet.value: facet.count for facet in results.facets.get("kind", ())}
    sources = search.sources()
    labels = {kind: str(sources[kind].label_plural) for kind in page_kinds() if kind in counts}
    if not set(labels) - {asked.kind}:
        return ()
    everything = translation.pgettext("kinds of documents", "All")
    return tuple(
        KindChoice(
            name=kind,
            label=label,
            count=counts[kind] if kind else sum(counts[found] for found in labels),
            address=asked.address(kind=kind),
            is_current=kind == asked.kind,
        )
        for kind, label in {"": everything, **labels}.items()
    )


def suggestions_for(text: str, site: Site) -> tuple[str, ...]:
    """Give the titles that what is being typed may begin."""
    filters = search.on_site(site.pk) | {"kind": page_kinds()}
    hits = search.index().suggest(text[:LONGEST_TEXT], filters=filters)
    return tuple(dict.fromkeys(hit.document.title for hit in hits))


def address_of(document: search.Document) -> str:
    """Give the address of a document in the language of the interface (docs/decisions/006)."""
    if translation.get_language() == "en" and document.address.startswith("/"):
        return f"/en{document.address}"
    return document.address
