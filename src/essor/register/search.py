"""The structures that readers may find: their documents, read from the vintage that is shown."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from essor import search
from essor.register.documents import KIND, Place, document_of
from essor.register.models import Approval, Establishment, LegalUnit, StructureProfile, Vintage
from essor.search.models import PendingChange

CHUNK = 1_000


class StructureSource:
    """The structures of the vintage that is shown, those without identity included."""

    label = _("Structure of the directory")
    label_plural = _("Structures of the directory")

    def documents(self) -> Iterator[search.Document]:
        """Give every structure, some hundreds at a time, each chunk in a constant number of queries.

        The vintage is looked up for each chunk: another may be shown meanwhile, and the index then
        follows it.
        """
        last = ""
        while chunk := list(
            LegalUnit.objects.current().filter(siren__gt=last).order_by("siren")[:CHUNK]
        ):
            yield from documents_of(chunk)
            last = chunk[-1].siren

    def count(self) -> int:
        """Count the structures, as the vintage says."""
        vintage = Vintage.objects.filter(is_current=True).first()
        return vintage.units if vintage else 0

    def documents_for(self, keys: Sequence[str]) -> Iterator[search.Document]:
        """Give those of these structures that are in the directory."""
        yield from documents_of(list(_among(keys)))

    def visible(self, keys: Sequence[str]) -> set[str]:
        """Say which of these structures are in the directory at this instant.

        One that has lost its identity is not, until the index has followed: to be found by its name
        would tell whose it is, and to be near a place would tell where.
        """
        waiting = PendingChange.objects.filter(kind=KIND).order_by().values("key")
        withheld = StructureProfile.objects.filter(is_withheld=True, siren__in=waiting).order_by()
        known = _among(keys).exclude(is_partial=True, vintage__is_indexed=False)
        return set(
            known.exclude(siren__in=withheld.values("siren")).values_list("siren", flat=True)
        )


def documents_of(units: Sequence[LegalUnit]) -> Iterator[search.Document]:
    """Give the documents of some structures of one vintage; words are those of the portal's first language."""
    if not units:
        return
    sirens = [unit.siren for unit in units]
    places: dict[int, list[Place]] = defaultdict(list)
    held = Establishment.objects.filter(unit__in=units).order_by("siret")
    for key, siret, commune in held.values_list("unit", "siret", "commune__code"):
        places[key].append((siret, commune or ""))
    approvals: dict[str, list[Approval]] = defaultdict(list)
    for approval in Approval.objects.filter(siren__in=sirens):
        approvals[approval.siren].append(approval)
    profiles = {
        profile.siren: profile
        for profile in StructureProfile.objects.filter(siren__in=sirens).prefetch_related("tags")
    }
    today = timezone.localdate()
    for unit in units:
        profile = profiles.get(unit.siren)
        with translation.override(settings.LANGUAGE_CODE):
            document = document_of(
                unit,
                is_hidden=unit.is_partial or bool(profile and profile.is_withheld),
                places=places[unit.pk],
                approvals=approvals[unit.siren],
                tags=profile.tags.all() if profile else (),
                today=today,
            )
        yield document


def _among(keys: Sequence[str]) -> QuerySet[LegalUnit]:
    return LegalUnit.objects.current().filter(siren__in=keys).order_by("siren")


def register_source() -> None:
    """Let the structures be found."""
    search.register(KIND, StructureSource())
