"""What another perimeter would change in a build, told before it is applied.

Every active legal person of the build is classified again by `rules.classify`, in groups that share all
that a status depends on; those whose status or family would change are counted, with examples.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from essor.register.build.built import OUTSIDE, UNITS, Build, reading
from essor.register.rules import classify
from essor.register.types import Family, Perimeter, Status, UnitFacts

MOST_EXAMPLES = 3
_GROUPS = """
    SELECT category, flag, activity, nomenclature, is_listed, status, family, count(*),
      min(siren), arg_min(name, siren)
    FROM (
      SELECT siren, name, category, flag, activity, nomenclature, is_listed, status, family
      FROM read_parquet(?)
      UNION ALL
      SELECT siren, name, category, flag, activity, nomenclature, is_listed, status, family
      FROM read_parquet(?)
    )
    GROUP BY ALL ORDER BY min(siren)
"""

Standing = tuple[Status, Family | None]


@dataclass(slots=True)
class Change:
    """Units that would go from one status and family to others; examples are SIREN numbers with names."""

    before: Standing
    after: Standing
    units: int = 0
    examples: tuple[tuple[str, str], ...] = ()


def changes(build: Build, perimeter: Perimeter) -> list[Change]:
    """Give what would change, the largest change first; nothing when the perimeters agree.

    The units outside the area of the build are counted too, as the build keeps them.
    """
    found: dict[tuple[Standing, Standing], Change] = {}
    for facts, before, units, example in _groups(build):
        verdict = classify(facts, perimeter, on=date.fromisoformat(f"{build.manifest.vintage}-01"))
        after = (verdict.status, verdict.family)
        if after == before:
            continue
        change = found.setdefault((before, after), Change(before, after))
        change.units += units
        change.examples = (*change.examples, example)[:MOST_EXAMPLES]
    return sorted(found.values(), key=lambda change: (-change.units, str(change.before)))


def _groups(build: Build) -> Iterator[tuple[UnitFacts, Standing, int, tuple[str, str]]]:
    with reading() as connection:
        paths = [str(build.folder / name) for name in (UNITS, OUTSIDE)]
        rows = connection.execute(_GROUPS, paths).fetchall()
    for category, flag, activity, nomenclature, is_listed, status, family, units, *example in rows:
        facts = UnitFacts(
            category or None, flag, activity or None, nomenclature or None, is_listed=is_listed
        )
        before = (Status(status), Family(family) if family else None)
        yield facts, before, units, (example[0], example[1])
