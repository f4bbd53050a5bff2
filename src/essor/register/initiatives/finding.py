"""The list of initiatives: its state, as an address says it, what it finds, and what may still be chosen.

There are hundreds at most: those that have the words are read once, light, and counted here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from essor.register.models import Initiative, InitiativeTheme
from essor.search.words import clean, folded

PER_PAGE = 24
LONGEST_TEXT = 200
LAST_PAGE = 500

PARAMETERS = {"theme": "theme", "kind": "type", "stage": "etape", "territory": "territoire"}
"""What the list is narrowed by, and the names in addresses; one value of each at a time."""

Light = dict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the list: words, one value of each limit, a page."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    page: int = 1

    @classmethod
    def in_address(cls, parameters: QueryDict) -> "Asked":
        """Read the parameters of an address; what cannot be meant is left out."""
        chosen = {
            limit: clean(parameters.get(name, "")).strip()[:LONGEST_TEXT]
            for limit, name in PARAMETERS.items()
        }
        page = parameters.get("page", "")
        is_number = page.isascii() and page.isdecimal() and len(page) < 6
        return cls(
            text=" ".join(clean(parameters.get("q", "")).split())[:LONGEST_TEXT].strip(),
            chosen={limit: value for limit, value in chosen.items() if value},
            page=min(max(int(page), 1), LAST_PAGE) if is_number else 1,
        )

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Give the limits as the hidden fields of a form carry them."""
        return tuple((PARAMETERS[limit], value) for limit, value in self.chosen.items())

    @property
    def address(self) -> str:
        """Give the query string, with its question mark."""
        state = [("q", self.text), *self.pairs, ("page", str(self.page) if self.page > 1 else "")]
        return "?" + urlencode([pair for pair in state if pair[1]])

    @property
    def is_blank(self) -> bool:
        """Say whether nothing is asked."""
        return not (self.text or self.chosen)

    def choosing(self, limit: str, value: str) -> "Asked":
        """Give the same question with this value of a limit, or without the limit when empty."""
        others = {name: held for name, held in self.chosen.items() if name != limit}
        return replace(self, chosen={**others, **({limit: value} if value else {})}, page=1)

    def on_page(self, page: int) -> "Asked":
        """Give another page of the same question."""
        return replace(self, page=page)


@dataclass(frozen=True, slots=True)
class Value:
    """A value that may be chosen, or taken away when it is chosen: its words, how many, where it leads."""

    label: str
    count: int
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A limit of the list, with its values."""

    name: str
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of what is found, and the ways to narrow it."""

    asked: Asked
    initiatives: tuple[Initiative, ...]
    total: int
    pages: int
    facets: tuple[Facet, ...]

    @property
    def previous_address(self) -> str:
        """Give the address of the page before; empty on the first."""
        return self.asked.on_page(self.asked.page - 1).address if self.asked.page > 1 else ""

    @property
    def next_address(self) -> str:
        """Give the address of the page after; empty on the last."""
        is_last = self.asked.page >= self.pages
        return "" if is_last else self.asked.on_page(self.asked.page + 1).address


def answer_to(asked: Asked) -> Answer:
    """Answer what is asked: initiatives by title, counts of each limit as the others leave them."""
    light = _with_words(asked.text)
    found = [one["pk"] for one in light if _holds(one, asked.chosen)]
    first = (asked.page - 1) * PER_PAGE
    return Answer(
        asked=asked,
        initiatives=tuple(_whole(found[first : first + PER_PAGE])),
        total=len(found),
        pages=-(-len(found) // PER_PAGE),
        facets=tuple(_facets(asked, light)),
    )


def latest(asked: Asked, most: int) -> tuple[Initiative, ...]:
    """Give the last initiatives that were described, among those asked for."""
    found = [one["pk"] for one in _with_words(asked.text) if _holds(one, asked.chosen)]
    return tuple(_shown().filter(pk__in=found).order_by("-created_at", "-pk")[:most])


def _shown() -> QuerySet[Initiative]:
    return Initiative.objects.published().select_related("theme", "territory", "picture")


def _whole(found: list[str]) -> QuerySet[Initiative]:
    shown = _shown().filter(pk__in=found).prefetch_related("picture__renditions")
    return shown.order_by("title", "pk")


def _with_words(text: str) -> list[Light]:
    initiatives = Initiative.objects.published().order_by("title", "pk")
    for word in folded(text).split()[:8]:
        initiatives = initiatives.filter(searched__contains=word)
    rows = initiatives.values_list(
        "pk",
        "kind",
        "stage",
        "theme__slug",
        "territory__kind",
        "territory__code",
        "territory__name",
    )
    return [
        {
            "pk": pk,
            "kind": kind,
            "stage": stage,
            "theme": theme,
            "territory": f"{sort}:{code}" if code else "",
            "place": name or "",
        }
        for pk, kind, stage, theme, sort, code, name in rows
    ]


def _holds(one: Light, chosen: Mapping[str, str]) -> bool:
    return all(one[limit] == value for limit, value in chosen.items())


def _facets(asked: Asked, light: list[Light]) -> Iterator[Facet]:
    themes = {theme.slug: theme.label for theme in InitiativeTheme.objects.all()}
    places = {one["territory"]: one["place"] for one in light}
    named: dict[str, tuple[str, Callable[[str], str]]] = {
        "theme": (_("Theme"), lambda value: themes.get(value, value)),
        "kind": (pgettext("of an initiative", "Kind"), _label_of(Initiative.Kind)),
        "stage": (pgettext("of an initiative", "Stage"), _label_of(Initiative.Stage)),
        "territory": (_("Territory"), lambda value: places.get(value, value)),
    }
    for limit, (label, words) in named.items():
        others = {name: value for name, value in asked.chosen.items() if name != limit}
        counts = Counter(one[limit] for one in light if one[limit] and _holds(one, others))
        if limit in asked.chosen:
            counts.setdefault(asked.chosen[limit], 0)
        values = sorted(_values(asked, limit, counts, words), key=lambda one: folded(one.label))
        if values:
            yield Facet(limit, label, tuple(values))


def _values(
    asked: Asked, limit: str, counts: Mapping[str, int], words: Callable[[str], str]
) -> Iterator[Value]:
    for value, count in counts.items():
        is_chosen = asked.chosen.get(limit) == value
        address = asked.choosing(limit, "" if is_chosen else value).address
        yield Value(words(value), count, address, is_chosen)


def _label_of(choices: type[Initiative.Kind] | type[Initiative.Stage]) -> Callable[[str], str]:
    labels = {value: str(label) for value, label in choices.choices}
    return lambda value: labels.get(value, value)
