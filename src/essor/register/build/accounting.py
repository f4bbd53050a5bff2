"""Where every row of the official files went: received = left out, by reason, + kept.

Also what a person should know of the files: values that were not understood, columns that say nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.build.engines import Engine
from essor.register.build.manifest import described
from essor.register.build.perimeter import known_categories
from essor.register.rules import REVISED_NOMENCLATURES
from essor.register.types import BuiltFile

_SAMPLES = 5
_KEPT = "kept"
_NOTED = _(
    "Nothing is to be done: this is said so that figures are not read for more than they are."
)
_REPORT_IT = _("Look at these rows in the official file; the others were taken.")


@dataclass(frozen=True, slots=True)
class Account:
    """Rows received in each file, rows left out by reason, and what is to be known."""

    received: Mapping[str, int]
    set_aside: Mapping[str, int]
    problems: tuple[Problem, ...]


def account_of(engine: Engine, steps: Mapping[str, int], unreadable: Mapping[str, int]) -> Account:
    """Count where the rows went, once all steps are made."""
    units, units_problem = _census(engine, "units")
    establishments, establishments_problem = _census(engine, "establishments")
    set_aside = {
        "units.unreadable": unreadable["source_units"],
        **{f"units.{reason}": rows for reason, rows in units.items() if reason != _KEPT},
        **_units_left_out(engine, steps),
        "establishments.unreadable": unreadable["source_establishments"],
        **{
            f"establishments.{reason}": rows
            for reason, rows in establishments.items()
            if reason != _KEPT
        },
        **_establishments_left_out(engine, steps, active=establishments.get(_KEPT, 0)),
    }
    received = {
        "received_units": sum(units.values()) + unreadable["source_units"],
        "received_establishments": sum(establishments.values())
        + unreadable["source_establishments"],
    }
    problems = (
        *(_malformed(engine, "units", "siren") if "malformed" in units else ()),
        *(_malformed(engine, "establishments", "siret") if "malformed" in establishments else ()),
        *units_problem,
        *establishments_problem,
        *_unread_dates(engine),
        *_unknown_categories(engine),
        *_old_nomenclatures(engine),
    )
    return Account(received, {key: rows for key, rows in set_aside.items() if rows}, problems)


def sources_of(files: tuple[Path, ...], received: Mapping[str, int]) -> tuple[BuiltFile, ...]:
    """Describe the files that were given; the rows of the smaller lists are not counted."""
    rows = [*received.values(), 0, 0]
    return tuple(described(path, count) for path, count in zip(files, rows, strict=False))


def _census(engine: Engine, kind: str) -> tuple[dict[str, int], list[Problem]]:
    rows = engine.ask(
        f"SELECT coalesce(left_out, '{_KEPT}') AS reason, count(*) AS n, count(dead_employer) AS stated"  # noqa: S608
        f" FROM received_{kind} GROUP BY coalesce(left_out, '{_KEPT}') ORDER BY reason"
    )
    problems = []
    if not any(stated for _reason, _rows, stated in rows):
        problems.append(
            Problem(
                f"caractereEmployeur ({kind})",
                _("The column is empty: employers are told by their headcount band."),
                _NOTED,
            )
        )
    return {reason: count for reason, count, _stated in rows}, problems


def _units_left_out(engine: Engine, steps: Mapping[str, int]) -> dict[str, int]:
    outside, listed, distinct = engine.ask(
        "SELECT count(*) FILTER (WHERE status = 'outside'), count(*) FILTER (WHERE status <> 'outside'),"
        " count(DISTINCT CASE WHEN status <> 'outside' THEN siren END) FROM classified"
    )[0]
    active = engine.ask("SELECT count(DISTINCT siren) FROM located")[0][0]
    return {
        "units.outside": outside,
        "units.repeated": listed - distinct,
        "units.without-establishment": distinct - active,
        "units.elsewhere": active - steps["units"],
    }


def _establishments_left_out(
    engine: Engine, steps: Mapping[str, int], *, active: int
) -> dict[str, int]:
    in_area = engine.ask("SELECT count(*) FROM located WHERE is_in_area")[0][0]
    return {
        "establishments.of-other-units": active - steps["located"],
        "establishments.elsewhere": steps["located"] - in_area,
        "establishments.repeated": in_area - steps["establishments"],
    }


def _malformed(engine: Engine, kind: str, key: str) -> list[Problem]:
    rows = engine.ask(
        f"SELECT coalesce({key}, '') AS shown FROM received_{kind} WHERE left_out = 'malformed'"  # noqa: S608
        f" ORDER BY shown LIMIT {_SAMPLES}"
    )
    return [
        Problem(
            f"{key} {shown or '?'}",
            _("The row has no number that can be read, or no known state: it is left out."),
            _REPORT_IT,
        )
        for (shown,) in rows
    ]


def _unread_dates(engine: Engine) -> list[Problem]:
    rows = engine.ask(
        f"""
        SELECT siren, created_text FROM classified
        WHERE status <> 'outside' AND created_text IS NOT NULL
          AND try_cast(substr(created_text, 1, 10) AS DATE) IS NULL
        ORDER BY siren LIMIT {_SAMPLES}
        """  # noqa: S608
    )
    return [
        Problem(
            f"{siren} ({shown})",
            _("The date of creation cannot be read: it is unknown."),
            _REPORT_IT,
        )
        for siren, shown in rows
    ]


def _unknown_categories(engine: Engine) -> list[Problem]:
    known = known_categories()
    rows = engine.ask(
        "SELECT coalesce(category, '') AS shown, count(*) AS n FROM classified"
        " GROUP BY coalesce(category, '') ORDER BY shown"
    )
    return [
        Problem(
            f"{shown or '?'} ({count})",
            _(
                "This legal category is in no nomenclature: its units are of the ESS by their flag only."
            ),
            _("Add a line to the perimeter if it belongs there."),
        )
        for shown, count in rows
        if shown not in known
    ]


def _old_nomenclatures(engine: Engine) -> list[Problem]:
    rows = engine.ask(
        "SELECT nomenclature, count(*) AS n FROM units GROUP BY nomenclature ORDER BY nomenclature"
    )
    return [
        Problem(
            f"{shown or '?'} ({count})",
            _(
                "Units are described in an older nomenclature of activities: their sector is unknown."
            ),
            _NOTED,
        )
        for shown, count in rows
        if shown not in REVISED_NOMENCLATURES
    ]
