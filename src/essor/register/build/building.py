"""The build: official files in, a folder of Parquet files with a manifest out.

The steps are the files of `steps/`, in the order of their names; those of VIEWS are only named, the
others keep their rows. The manifest is written last, then the folder takes its place at once.
"""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from essor.problems import Problem
from essor.register.build import accounting, folding
from essor.register.build import gettext_noop as _
from essor.register.build.approvals import COLUMNS as APPROVAL_COLUMNS
from essor.register.build.approvals import approval_values, read_approvals
from essor.register.build.built import Build
from essor.register.build.engines import DEFAULT, Engine, engine_named
from essor.register.build.engines.embedded import connected, quoted
from essor.register.build.manifest import described, write_manifest
from essor.register.build.official_files import (
    ESS_LIST,
    ESTABLISHMENTS,
    LEGAL_UNITS,
    Published,
    opened,
)
from essor.register.build.perimeter import written
from essor.register.build.places import places
from essor.register.build.points import Located, located
from essor.register.build.publishing import new_folder
from essor.register.build.tables import Value, write_table
from essor.register.rules import BANDS, EMPLOYER_BANDS, REVISED_NOMENCLATURES, SECTOR_OF_DIVISION
from essor.register.types import Area, BuiltFile, Manifest, Perimeter, RegisterError
from essor.territory.types import Kind

STEPS = Path(__file__).resolve().parent / "steps"
VIEWS = ("received_units", "received_establishments")
POINTS_BEFORE = "establishments"
OUTPUTS = ("units", "establishments", "outside", "counts")
VINTAGE = "VINTAGE"
SYNTHETIC = "synthetic"
"""The word in the name of a file that says that its rows are made up."""

_BATCH = 50_000

Say = Callable[[str, int], None]
"""Told the name of each step and its rows, as soon as it is done."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build is made from. Without a vintage (`2026-11`), the files tell it."""

    legal_units: Path
    establishments: Path
    area: Area
    perimeter: Perimeter
    ess_list: Path | None = None
    esus: Path | None = None
    vintage: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were given."""
        files = (self.legal_units, self.establishments, self.ess_list, self.esus)
        return tuple(one for one in files if one)


@dataclass(slots=True)
class _Course:
    """What is known of a build while it runs."""

    steps: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: list[BuiltFile] = field(default_factory=list)


def build(
    inputs: Inputs,
    output: Path,
    *,
    engine: str = DEFAULT,
    today: date | None = None,
    say: Say = lambda _step, _rows: None,
) -> Build:
    """Build the register in the folder `output`, and give it; VINTAGE in its name stands for the month.

    What stood there before is replaced when all is done, and untouched when anything fails. Raises
    RegisterError when a file is missing, wrong, damaged or cut short, or when the engine cannot go on.
    """
    started = time.monotonic()
    with new_folder(output) as making:
        work = making.folder / "work"
        work.mkdir()
        running = engine_named(engine, work)
        try:
            manifest = _built(inputs, running, work, today or datetime.now(tz=UTC).date(), say)
        finally:
            running.close()
        for file in manifest.files:
            (work / file.name).rename(making.folder / file.name)
        shutil.rmtree(work)
        manifest = replace(manifest, duration_s=round(time.monotonic() - started, 1))
        write_manifest(making.folder, manifest)
        making.place = output.with_name(output.name.replace(VINTAGE, manifest.vintage))
    return Build(making.place, manifest)


def step_files() -> list[Path]:
    """Give the SQL files of the steps, in order."""
    return sorted(STEPS.glob("*.sql"))


def _built(inputs: Inputs, engine: Engine, work: Path, today: date, say: Say) -> Manifest:
    course = _Course()
    _open_sources(inputs, engine, work, course)
    vintage = inputs.vintage or _vintage_of(engine, today)
    _add_rules(inputs, engine, work, vintage)
    for path in step_files():
        table = path.stem.partition("_")[2]
        if table == POINTS_BEFORE:
            course.steps["points"] = _add_points(engine, work)
            say("points", course.steps["points"])
        sql = path.read_text(encoding="utf-8")
        if table in VIEWS:
            engine.define(table, sql)
        else:
            course.steps[table] = engine.make(table, sql)
            say(table, course.steps[table])
    account = accounting.account_of(engine, course.steps, course.unreadable)
    course.files += [described(engine.path_of(name), course.steps[name]) for name in OUTPUTS]
    _add_approvals(inputs, work, course)
    return Manifest(
        vintage=vintage,
        area=str(inputs.area),
        perimeter=inputs.perimeter.version,
        engine=engine.name,
        essor=version("essor"),
        sources=accounting.sources_of(inputs.files, account.received),
        files=tuple(course.files),
        steps={**account.received, **course.steps},
        set_aside=account.set_aside,
        problems=(*course.problems, *account.problems),
        is_synthetic=any(SYNTHETIC in file.name.lower() for file in inputs.files),
        built_at=datetime.now(tz=UTC).isoformat(timespec="seconds"),
        rules=written(inputs.perimeter),
    )


def _open_sources(inputs: Inputs, engine: Engine, work: Path, course: _Course) -> None:
    def add(table: str, path: Path, published: Published) -> None:
        file = opened(path, published, work)
        engine.add_file(table, file.path, file.select)
        course.unreadable[table] = file.unreadable
        course.problems += file.problems

    add("source_units", inputs.legal_units, LEGAL_UNITS)
    add("source_establishments", inputs.establishments, ESTABLISHMENTS)
    if inputs.ess_list:
        add("source_list", inputs.ess_list, ESS_LIST)
        # Spreadsheets take the zeros off the beginning of a SIREN.
        engine.make("ess_list", "SELECT DISTINCT lpad(siren, 9, '0') AS siren FROM source_list")
    else:
        _add_table(engine, work, "ess_list", ["siren"], [])


def _vintage_of(engine: Engine, today: date) -> str:
    """Give the month of the files: their last change is of the day before their publication."""
    last = engine.ask(
        f"""
        SELECT max(day) FROM (
          SELECT try_cast(substr(dateDernierTraitementUniteLegale, 1, 10) AS DATE) AS day
          FROM source_units
        ) AS days
        WHERE day <= CAST('{today}' AS DATE)
        """  # noqa: S608
    )[0][0]
    if last is None:
        raise RegisterError(
            Problem(
                "dateDernierTraitementUniteLegale",
                _("No row says when it was last changed, so the month of the files is not known."),
                _("Give it with --vintage, as in --vintage 2026-11."),
            )
        )
    return f"{last + timedelta(days=1):%Y-%m}"


def _add_rules(inputs: Inputs, engine: Engine, work: Path, vintage: str) -> None:
    month = date.fromisoformat(f"{vintage}-01")
    _add_table(
        engine,
        work,
        "build",
        ["perimeter", "month", "year_before", "is_country", "marked_letters", "plain_letters"],
        [
            (
                inputs.perimeter.version,
                month.isoformat(),
                month.replace(year=month.year - 1).isoformat(),
                int(inputs.area.kind is Kind.COUNTRY),
                folding.FROM,
                folding.TO,
            )
        ],
    )
    add_perimeter(engine, work, inputs.perimeter, on=month)
    _add_table(
        engine,
        work,
        "communes",
        ["code", "commune", "department", "is_in_area", "longitude", "latitude"],
        (
            (one.code, one.commune, one.department, int(one.is_in_area), *(one.centre or ("", "")))
            for one in places(inputs.area)
        ),
    )
    _add_table(
        engine,
        work,
        "bands",
        ["band", "least", "most", "is_employer"],
        ((band, least, most, int(band in EMPLOYER_BANDS)) for band, (least, most) in BANDS.items()),
    )
    _add_table(
        engine,
        work,
        "sectors",
        ["nomenclature", "division", "sector"],
        (
            (nomenclature, division, sector)
            for nomenclature in REVISED_NOMENCLATURES
            for division, sector in SECTOR_OF_DIVISION.items()
        ),
    )


def add_perimeter(engine: Engine, work: Path, perimeter: Perimeter, *, on: date) -> None:
    """Make a perimeter readable by the steps, with the exclusions in force on a day."""
    families = ((line.code, line.family) for line in perimeter.categories.values() if line.family)
    _add_table(engine, work, "perimeter", ["code", "family"], families)
    excluded = {(one.code, one.nomenclature) for one in perimeter.exclusions if one.is_in_force(on)}
    _add_table(engine, work, "exclusions", ["code", "nomenclature"], sorted(excluded))


def _add_table(
    engine: Engine, work: Path, table: str, columns: list[str], rows: Iterable[Sequence[Value]]
) -> None:
    path = work / f"{table}.rules.parquet"
    write_table(path, columns, rows)
    engine.add_file(table, path)


def _add_points(engine: Engine, work: Path) -> int:
    """Project the points of the area, batch after batch."""
    rows = (
        (siret, f"{longitude:.6f}", f"{latitude:.6f}")
        for siret, longitude, latitude in _projected(engine.path_of("located"), work)
    )
    _add_table(engine, work, "points", ["siret", "longitude", "latitude"], rows)
    return int(engine.ask("SELECT count(*) FROM points")[0][0])


def _projected(path: Path, work: Path) -> Iterator[Located]:
    sql = f"""
        SELECT DISTINCT ON (siret) siret, department, easting, northing
        FROM read_parquet({quoted(path)})
        WHERE is_in_area AND easting IS NOT NULL AND northing IS NOT NULL AND department IS NOT NULL
        """  # noqa: S608
    with connected(work) as connection:
        result = connection.execute(sql)
        while batch := result.fetchmany(_BATCH):
            yield from located(batch)


def _add_approvals(inputs: Inputs, work: Path, course: _Course) -> None:
    if not inputs.esus:
        return
    rows, problems = read_approvals(inputs.esus)
    course.problems += problems
    path = work / "approvals.parquet"
    write_table(path, APPROVAL_COLUMNS, map(approval_values, rows))
    course.files.append(described(path, len(rows)))
