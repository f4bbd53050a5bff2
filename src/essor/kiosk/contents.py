"""What the source of a kiosk holds, and how much of it the kiosk shows: what staff is told while choosing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from essor.catalogue.asked import Asked
from essor.catalogue.finding import count_found
from essor.catalogue.models import SavedSearch
from essor.catalogue.queries import records_in_basket
from essor.kiosk.choosing import Source, count_candidates
from essor.kiosk.types import MOST_CANDIDATES, Choice, Draw
from essor.presentation.templatetags.typography import number


@dataclass(frozen=True, slots=True)
class Contents:
    """Numbers of records: in the source, with a picture, shown. `total` is None while the index cannot tell.

    Those with a picture are counted among the first `MOST_CANDIDATES`, where a kiosk chooses.
    """

    is_search: bool
    is_public: bool
    total: int | None
    pictured: int
    shown: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say the numbers."""
        if self.total is None:
            return (
                _(
                    "What the search finds cannot be counted now: the index of the catalogue is being "
                    "rebuilt. Nothing is lost: look again in a few minutes."
                ),
            )
        if self.total == 0:
            return (
                _("The search finds nothing.") if self.is_search else _("The basket is empty."),
            )
        return (self._counted, *self._of_the_first)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say what readers would not see, and why."""
        said = []
        if not self.is_public:
            said.append(
                _("Readers see nothing: the saved search is private.")
                if self.is_search
                else _("Readers see nothing: the basket is private.")
            )
        if self.total and not self.shown:
            said.append(_("No record passes the rules on pictures and libraries."))
        return tuple(said)

    @property
    def _counted(self) -> str:
        total = self.total or 0
        if self.is_search:
            said = ngettext(
                "The search finds %(total)s record, %(pictured)s with a picture; the kiosk shows %(shown)s.",
                "The search finds %(total)s records, %(pictured)s with a picture; the kiosk shows %(shown)s.",
                total,
            )
        else:
            said = ngettext(
                "The basket holds %(total)s record, %(pictured)s with a picture; the kiosk shows %(shown)s.",
                "The basket holds %(total)s records, %(pictured)s with a picture; the kiosk shows %(shown)s.",
                total,
            )
        counted = {"total": total, "pictured": self.pictured, "shown": self.shown}
        return said % {name: number(value) for name, value in counted.items()}

    @property
    def _of_the_first(self) -> tuple[str, ...]:
        if (self.total or 0) <= MOST_CANDIDATES:
            return ()
        said = _("It chooses among the first %(most)s, and pictures are counted among these.")
        return (said % {"most": number(MOST_CANDIDATES)},)


def contents_of(source: Source, choice: Choice) -> Contents:
    """Count what a source holds and what is shown of it, whoever may see it."""
    candidates = count_candidates(source, choice)
    among = candidates if choice.draw is Draw.NONE else min(candidates, choice.pool)
    return Contents(
        is_search=isinstance(source, SavedSearch),
        is_public=source.is_public,
        total=_total(source),
        pictured=count_candidates(source, Choice(only_with_cover=True)),
        shown=min(among, choice.limit),
    )


def _total(source: Source) -> int | None:
    if isinstance(source, SavedSearch):
        return count_found(Asked.in_criteria(source.criteria))
    return records_in_basket(source).count()
