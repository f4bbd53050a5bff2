"""What another perimeter would change in a build, told before it is applied.

Every active legal person of the build is classified again by `rules.classify`, in groups that share all
that a status depends on; those whose status or family would change are counted, with examples, and may
be listed one by one. Natural persons are in no build, and are left out here again.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from essor.register.build.built import OUTSIDE, UNITS, Build, reading
from essor.register.build.engines.embedded import quoted
from essor.register.build.tables import write_table
from essor.register.rules import NATURAL_PERSON, classify
from essor.register.types import Family, Perimeter, Status, UnitFacts

MOST_EXAMPLES = 3
_TOLD_EVERY = 500
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


class Side(StrEnum):
    """Which way a unit would go: into the register, out of it, or to another status or family within it."""

    ENTERS = "enters"
    LEAVES = "leaves"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit that would move. The name is empty when SIRENE masks it (`is_partial`)."""

    siren: str
    name: str
    category: str
    activity: str
    is_partial: bool
    before: Standing
    after: Standing


@dataclass(slots=True)
class Counted:
    """How many active legal persons have each status before and after, and how many move, by legal category."""

    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    moves: dict[Side, Counter[str]] = field(
        default_factory=lambda: {side: Counter() for side in Side}
    )

    def total(self, side: Side) -> int:
        """Give how many units go this way."""
        return self.moves[side].total()


Say = Callable[[int, int], object]
"""Told how many groups are classified again, and of how many."""


def compare(build: Build, perimeter: Perimeter, moves: Path, *, say: Say) -> Counted:
    """Count what would change in a build, and write the units that would move to the Parquet file `moves`."""
    counted, moving = Counted(), []
    groups = _keyed_groups(build)
    on = date.fromisoformat(f"{build.manifest.vintage}-01")
    for position, (key, facts, before, units) in enumerate(groups, start=1):
        verdict = classify(facts, perimeter, on=on)
        after = (verdict.status, verdict.family)
        counted.before[before[0]] += units
        counted.after[after[0]] += units
        if after != before:
            side = side_of(before[0], after[0])
            counted.moves[side][facts.category or ""] += units
            moving.append((key, side, *map(_text, after)))
        if position % _TOLD_EVERY == 0:
            say(position, len(groups))
    _write_moves(build, moving, moves)
    say(len(groups), len(groups))
    return counted


def side_of(before: Status, after: Status) -> Side:
    """Say which way a unit goes from one status to another."""
    if before is Status.OUTSIDE and after is not Status.OUTSIDE:
        return Side.ENTERS
    if after is Status.OUTSIDE and before is not Status.OUTSIDE:
        return Side.LEAVES
    return Side.CHANGES


def moved(moves: Path, side: Side, *, first: int, most: int) -> tuple[Moved, ...]:
    """Give the units that go one way, by SIREN, from the `first` (0) on."""
    sql = f"""
        SELECT siren, name, category, activity, is_partial, status, family, new_status, new_family
        FROM read_parquet({quoted(moves)}) WHERE side = ? ORDER BY siren LIMIT ? OFFSET ?
        """  # noqa: S608
    with reading() as connection:
        rows = connection.execute(sql, [side, most, first]).fetchall()
    return tuple(
        Moved(
            siren,
            name or "",
            category or "",
            activity or "",
            bool(is_partial),
            _standing(status, family),
            _standing(new_status, new_family),
        )
        for siren, name, category, activity, is_partial, status, family, new_status, new_family in rows
    )


def _standing(status: str, family: str | None) -> Standing:
    return Status(status), Family(family) if family else None


def _text(value: object) -> str:
    return str(value) if value else ""


_KEY = """
    concat_ws('|', coalesce(category, ''), coalesce(flag, ''), coalesce(activity, ''),
      coalesce(nomenclature, ''), is_listed, status, coalesce(family, ''))
"""


def _persons(build: Build) -> str:
    """Give the SQL of the legal persons of a build, each with the key of its group."""
    columns = (
        "siren, name, category, activity, nomenclature, flag, is_partial, is_listed, status, family"
    )
    parts = (
        f"SELECT {columns}, {_KEY} AS key FROM read_parquet({quoted(build.folder / name)})"  # noqa: S608
        f" WHERE category IS DISTINCT FROM '{NATURAL_PERSON}'"
        for name in (UNITS, OUTSIDE)
    )
    return " UNION ALL ".join(parts)


def _keyed_groups(build: Build) -> list[tuple[str, UnitFacts, Standing, int]]:
    sql = f"""
        SELECT key, any_value(category), any_value(flag), any_value(activity), any_value(nomenclature),
          any_value(is_listed), any_value(status), any_value(family), count(*)
        FROM ({_persons(build)}) GROUP BY key ORDER BY key
        """  # noqa: S608
    with reading() as connection:
        rows = connection.execute(sql).fetchall()
    return [
        (
            key,
            UnitFacts(
                category or None, flag, activity or None, nomenclature or None, is_listed=is_listed
            ),
            _standing(status, family),
            units,
        )
        for key, category, flag, activity, nomenclature, is_listed, status, family, units in rows
    ]


def _write_moves(build: Build, moving: list[tuple[str, ...]], moves: Path) -> None:
    moves.parent.mkdir(parents=True, exist_ok=True)
    keys = moves.with_suffix(".keys.parquet")
    write_table(keys, ["key", "side", "new_status", "new_family"], moving)
    sql = f"""
        COPY (
          SELECT siren, name, category, activity, is_partial, status, family, new_status, new_family, side
          FROM ({_persons(build)}) JOIN read_parquet({quoted(keys)}) USING (key)
          ORDER BY side, siren
        ) TO {quoted(moves)} (FORMAT parquet)
        """  # noqa: S608
    try:
        with reading() as connection:
            connection.execute(sql)
    finally:
        keys.unlink()
