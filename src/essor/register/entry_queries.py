"""What other directories say: of a structure, of a list, and what is still to be reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from essor.register.models import (
    DirectoryEntry,
    DirectoryImport,
    Establishment,
    ImportedDirectory,
    LegalUnit,
    StructureProfile,
)
from essor.register.models.imports import DirectoryEntryQuerySet

State = DirectoryEntry.State


def entries_of(siren: str) -> tuple[DirectoryEntry, ...]:
    """Give the rows of public directories that are this structure, in two queries at most.

    Nothing of a structure whose identity SIRENE masks, or that was withheld on request.
    """
    rows = DirectoryEntry.objects.present().filter(
        chosen_siren=siren, state=State.MATCHED, directory__is_public=True
    )
    found = tuple(
        rows.select_related("directory", "commune").order_by("directory__name", "line", "pk")
    )
    return () if found and _is_withheld(siren) else found


def _is_withheld(siren: str) -> bool:
    masked = LegalUnit.objects.current().filter(siren=siren, is_partial=True).order_by()
    asked = StructureProfile.objects.filter(siren=siren, is_withheld=True).order_by()
    return masked.values("siren").union(asked.values("siren"), all=True).exists()


def directories_counted() -> QuerySet[ImportedDirectory]:
    """Give the directories by name, with how many of their rows are in each state."""
    present = Q(entries__left_on=None)
    counts = {
        f"{state.value}_count": Count("entries", filter=present & Q(entries__state=state))
        for state in State
    }
    every = Count("entries", filter=present)
    counted = ImportedDirectory.objects.annotate(rows_count=every, **counts)
    without = F("unmatched_count") + F("refused_count")
    return counted.annotate(without_structure=without).order_by("name", "pk")


def public_directories() -> QuerySet[ImportedDirectory]:
    """Give those that readers may see, once an import of them has ended."""
    finished = DirectoryImport.objects.filter(state=DirectoryImport.State.FINISHED)
    return directories_counted().filter(is_public=True, pk__in=finished.values("directory"))


def entries_without_structure(directory: ImportedDirectory) -> DirectoryEntryQuerySet:
    """Give the rows of a directory that are no structure of the register, by place then name.

    Those still in doubt are left out, and those that state a SIREN whose identity is withheld or masked.
    """
    masked = LegalUnit.objects.current().filter(is_partial=True).order_by().values("siren")
    withheld = StructureProfile.objects.filter(is_withheld=True).values("siren")
    rows = DirectoryEntry.objects.present().filter(
        directory=directory, state__in=(State.UNMATCHED, State.REFUSED)
    )
    return (
        rows.exclude(siren__in=withheld)
        .exclude(siren__in=masked)
        .select_related("commune")
        .order_by(F("commune__folded").asc(nulls_last=True), "name", "pk")
    )


def entries_to_review(
    directory: ImportedDirectory, state: str = State.DOUBTFUL
) -> DirectoryEntryQuerySet:
    """Give the rows of a directory in this state, in the order of the list."""
    rows = DirectoryEntry.objects.present().filter(directory=directory, state=state)
    return rows.select_related("commune", "reviewed_by").order_by("line", "pk")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A structure that a row may be, beside it: unknown when the vintage that is shown lacks it."""

    siren: str
    score: float
    unit: LegalUnit | None
    street: str = ""


def proposals_for(entries: list[DirectoryEntry]) -> Mapping[int, tuple[Proposed, ...]]:
    """Give the candidates of each row, by its number, with the street of their head offices, in two queries."""
    sirens = {siren for entry in entries for siren, _score in entry.candidates}
    sirens |= {entry.chosen_siren for entry in entries} - {""}
    units = {
        unit.siren: unit
        for unit in LegalUnit.objects.current()
        .filter(siren__in=sirens)
        .select_related("commune")
        .order_by("siren")
    }
    offices = Establishment.objects.filter(unit__in=units.values(), is_head_office=True)
    streets = dict(offices.order_by("siret").values_list("unit__siren", "street"))
    return {entry.pk: _proposals(entry, units, streets) for entry in entries}


def _proposals(
    entry: DirectoryEntry, units: Mapping[str, LegalUnit], streets: Mapping[str, str]
) -> tuple[Proposed, ...]:
    scores: dict[str, float] = dict(entry.candidates)
    if entry.chosen_siren and entry.chosen_siren not in scores:
        scores = {entry.chosen_siren: 0.0, **scores}
    return tuple(
        Proposed(siren, score, units.get(siren), streets.get(siren, ""))
        for siren, score in scores.items()
    )


def problems_of(run: DirectoryImport) -> list[tuple[str, str, int]]:
    """Give what is wrong with the rows of an import, with how many rows have it, the most frequent first."""
    counts: dict[tuple[str, str], int] = {}
    rows = DirectoryEntry.objects.filter(last_import=run).exclude(problems=[]).order_by()
    for problems in rows.values_list("problems", flat=True).iterator(2000):
        for what, advice in problems:
            counts[what, advice] = counts.get((what, advice), 0) + 1
    found = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [(what, advice, count) for (what, advice), count in found]
