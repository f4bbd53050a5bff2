"""Which perimeter was applied, which are known, and which the next build will apply."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import connection

from essor.register.build.perimeter import (
    fingerprint_of,
    numbered,
    perimeter_of,
    read_perimeter,
    read_written,
)
from essor.register.models import PerimeterVersion, Vintage
from essor.register.types import Perimeter, PerimeterOrigin


@dataclass(frozen=True, slots=True)
class Known:
    """A perimeter that can be shown whole: under which address, and what is known of it.

    `vintages` are those it was applied to; `staff` is what staff wrote of it.
    """

    slug: str
    perimeter: Perimeter
    fingerprint: str
    vintages: tuple[Vintage, ...] = ()
    staff: PerimeterVersion | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether the directory that readers see was made with it."""
        return any(vintage.is_current for vintage in self.vintages)

    @property
    def is_next(self) -> bool:
        """Whether staff chose it for the next build."""
        return bool(self.staff and self.staff.is_chosen)


def perimeter_of_version(version: PerimeterVersion) -> Perimeter:
    """Give what staff wrote as a perimeter. Raises RegisterError when a line cannot be understood."""
    return perimeter_of(
        version.version,
        numbered(version.categories),
        numbered(version.exclusions),
        origin=PerimeterOrigin.STAFF,
    )


def chosen_version() -> PerimeterVersion | None:
    """Give the version that staff chose for the next build; none when that of the package is applied."""
    return PerimeterVersion.objects.filter(is_chosen=True).first()


def perimeter_of_next_build() -> Perimeter:
    """Give the perimeter that a build applies when its command names none.

    A store without the tables of the portal has chosen nothing: a build may run on a machine apart.
    """
    if PerimeterVersion._meta.db_table not in connection.introspection.table_names():
        return read_perimeter()
    chosen = chosen_version()
    return perimeter_of_version(chosen) if chosen else read_perimeter()


def applied_to(vintage: Vintage) -> Perimeter | None:
    """Give the perimeter that a vintage was made with; none when only its name is known.

    A build made before manifests kept their rules has those of the package, when it names them.
    """
    kept = vintage.manifest.get("rules")
    if kept:
        return read_written(vintage.perimeter, kept)
    shipped = read_perimeter()
    return shipped if shipped.version == vintage.perimeter else None


def known_perimeters() -> tuple[Known, ...]:
    """Give the perimeters that readers may see: the one in force first, then those of the other vintages,
    that of the package, and those that staff chose at some time. Drafts are not among them.
    """
    found: dict[tuple[str, str], Known] = {}
    for perimeter, vintage, staff in _sources():
        fingerprint = fingerprint_of(perimeter)
        key = (perimeter.version, fingerprint)
        old = found.get(key) or Known(_free_slug(*key, found), perimeter, fingerprint)
        vintages = (*old.vintages, vintage) if vintage else old.vintages
        found[key] = replace(old, vintages=vintages, staff=staff or old.staff)
    return tuple(found.values())


def _sources() -> Iterator[tuple[Perimeter, Vintage | None, PerimeterVersion | None]]:
    for vintage in Vintage.objects.shown().order_by("-is_current", "-loaded_at", "-pk"):
        perimeter = applied_to(vintage)
        if perimeter:
            yield perimeter, vintage, None
    yield read_perimeter(), None, None
    for version in PerimeterVersion.objects.exclude(chosen_at=None).select_related("author"):
        yield perimeter_of_version(version), None, version


def _free_slug(version: str, fingerprint: str, found: dict[tuple[str, str], Known]) -> str:
    """Give the version as it is called, with the head of its fingerprint when another is called so too."""
    taken = {known.slug for known in found.values()}
    return f"{version}-{fingerprint[:8]}" if version in taken else version
