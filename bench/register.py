"""The register built from synthetic stock files, beside hand-written SQL for the same rows, in one run.

Each contender works in a process of its own, on files that are already there; its memory is that of its
whole tree of processes. The rows are compared before any time is printed. BENCH_ROWS is the number of
legal units (30 million, with 44 million establishments); BENCH_HOME keeps the files for the next run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench._stock import ESTABLISHMENTS, FULL, LEGAL_UNITS, write_stock

ROWS = int(os.environ.get("BENCH_ROWS", FULL[0]))
HERE = Path(__file__).resolve().parent
RESULTS = ("units", "establishments", "outside", "counts")
DEGREES = 0.000_002
"""How far two computations of the same point may be: both are rounded to a millionth."""
MOST_RATIO, MOST_MB = 1.5, 4_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What a contender took; nothing when it could not run."""

    elapsed_s: float
    memory_mb: float


def main() -> None:
    """Build at a tenth, then whole, and print times, memory, ratios and growth."""
    kept = os.environ.get("BENCH_HOME")
    home = Path(kept or tempfile.mkdtemp(prefix="essor-register-"))
    try:
        _compare_all(home)
    finally:
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def _compare_all(home: Path) -> None:
    tenth, whole = _stock(home, ROWS // 10), _stock(home, ROWS)
    print(f"{ROWS:,} synthetic legal units, DuckDB {duckdb.__version__}, {os.cpu_count()} cores")
    print("                                       seconds   memory, MB")
    small = _beside_by_hand(tenth, "a tenth")
    _peers(tenth)
    large = _beside_by_hand(whole, "all")
    print(f"  all / a tenth{large.elapsed_s / small.elapsed_s:31.1f}   (at most 10)")


def _beside_by_hand(stock: Path, label: str) -> Measured:
    """Run both, compare their rows, print both."""
    by_hand = _measured("by_hand", stock, stock / "by-hand")
    ours = _measured("ours", stock, stock / "ours")
    if not by_hand or not ours:
        raise SystemExit("A contender failed: see above.")
    _refuse_differences(stock / "ours", stock / "by-hand")
    _print(f"SQL by hand, {label}", by_hand)
    _print(f"essor, {label}", ours)
    ratio = ours.elapsed_s / by_hand.elapsed_s
    print(f"    the same rows; {ratio:.2f} times by hand (at most {MOST_RATIO})", end="")
    print(f", {ours.memory_mb:,.0f} MB (at most {MOST_MB:,})")
    return ours


def _peers(stock: Path) -> None:
    for label, name in (
        ("polars, a tenth, no points", "with_polars"),
        ("essor on Spark, a tenth", "on_spark"),
    ):
        if measured := _measured(name, stock, stock / name):
            _print(label, measured)
        else:
            print(f"  SKIPPED: {label} (see above)")


def _stock(home: Path, units: int) -> Path:
    folder = home / f"stock-{units}"
    if not (folder / f"{ESTABLISHMENTS}.json").exists():  # written last
        start = time.perf_counter()
        write_stock(folder, units=units, establishments=units * FULL[1] // FULL[0])
        print(f"made {folder.name} in {time.perf_counter() - start:.0f} s", flush=True)
    return folder


def _print(label: str, measured: Measured) -> None:
    print(f"  {label:<34}{measured.elapsed_s:12.1f} {measured.memory_mb:12,.0f}", flush=True)


def _measured(act: str, stock: Path, to: Path) -> Measured | None:
    """Run one contender in a process, and watch the memory of all that it starts."""
    shutil.rmtree(to, ignore_errors=True)
    command = [
        sys.executable,
        "-c",
        f"from bench.register import {act}; {act}()",
        str(stock),
        str(to),
    ]
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=HERE.parent)
    most = [0.0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            most[0] = max(most[0], _tree_mb(child.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = child.wait()
    elapsed_s = time.perf_counter() - start
    over.set()
    watcher.join()
    return Measured(elapsed_s, most[0]) if code == 0 else None


def _tree_mb(pid: int) -> float:
    """Give the resident memory of a process and of all below it."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGESIZE") / 1e6 + sum(_tree_mb(int(one)) for one in children)


def _refuse_differences(ours: Path, by_hand: Path) -> None:
    """Compare all rows; points may differ by their last figure, since each is computed in its way."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for name in RESULTS:
            one, other = f"'{ours / name}.parquet'", f"'{by_hand / name}.parquet'"
            columns = "* EXCLUDE (longitude, latitude)" if name == "establishments" else "*"
            for left, right in ((one, other), (other, one)):
                rows = f"SELECT {columns} FROM {left} EXCEPT ALL SELECT {columns} FROM {right}"
                (different,) = connection.execute(f"SELECT count(*) FROM ({rows})").fetchall()[0]
                assert different == 0, f"{name}: {different} rows differ"
        (apart,) = connection.execute(
            f"SELECT count(*) FROM '{ours}/establishments.parquet' a JOIN '{by_hand}/establishments.parquet' b"
            f" USING (siret) WHERE NOT (abs(a.longitude - b.longitude) < {DEGREES}"
            f" AND abs(a.latitude - b.latitude) < {DEGREES})"
        ).fetchall()[0]
        assert apart == 0, f"{apart} points differ"


def _arguments() -> tuple[Path, Path]:
    stock, to = map(Path, sys.argv[1:])
    return stock, to


def ours(engine: str = "duckdb") -> None:
    """Build with the package."""
    from essor.register.build.building import Inputs, build
    from essor.register.build.perimeter import read_perimeter
    from essor.register.rules import area_of

    stock, to = _arguments()
    files = stock / LEGAL_UNITS, stock / ESTABLISHMENTS
    build(Inputs(*files, area_of("france"), read_perimeter()), to, engine=engine)


def on_spark() -> None:
    """Build with the same steps on Spark, in one process, and look whether the counts are the same."""
    ours("spark-local")
    stock, to = _arguments()
    with duckdb.connect() as connection:
        for name in RESULTS:
            one, other = (
                connection.execute(f"SELECT count(*) FROM '{folder}/{name}.parquet'").fetchall()
                for folder in (to, stock / "ours")
            )
            assert one == other, name


def by_hand() -> None:
    """Run the script, on the same tables of rules and with the same bound of memory."""
    from essor.register.build import folding
    from essor.register.build.perimeter import read_perimeter

    stock, to = _arguments()
    to.mkdir()
    perimeter = read_perimeter()
    script = (HERE / "_register.sql").read_text(encoding="utf-8")
    with duckdb.connect(
        config={
            "memory_limit": "3GB",
            "temp_directory": str(to / "spilled"),
            "preserve_insertion_order": False,
        }
    ) as connection:
        connection.execute("SET enable_progress_bar = false")
        _add_rules(connection, perimeter)
        connection.execute(
            script.format(
                units=stock / LEGAL_UNITS,
                establishments=stock / ESTABLISHMENTS,
                to=to,
                perimeter=perimeter.version,
                month="2026-10-01",
                marked=_text(folding.FROM),
                plain=_text(folding.TO),
            )
        )


def _text(letters: str) -> str:
    return "'" + letters.replace("'", "''") + "'"


def _add_rules(connection: duckdb.DuckDBPyConnection, perimeter) -> None:  # noqa: ANN001
    from datetime import date

    from essor.register.build.places import places
    from essor.register.rules import BANDS, REVISED_NOMENCLATURES, SECTOR_OF_DIVISION, area_of

    lines = perimeter.categories.values()
    _table(connection, "perimeter", "code BIGINT, family VARCHAR",
           [(int(one.code), str(one.family)) for one in lines if one.family])  # fmt: skip
    in_force = [one for one in perimeter.exclusions if one.is_in_force(date(2026, 10, 1))]
    _table(connection, "exclusions", "code VARCHAR, nomenclature VARCHAR",
           sorted({(one.code, one.nomenclature) for one in in_force}))  # fmt: skip
    _table(connection, "communes", "code VARCHAR, commune VARCHAR, centre_x DOUBLE, centre_y DOUBLE",
           [(one.code, one.commune, *(one.centre or (None, None))) for one in places(area_of("france"))])  # fmt: skip
    _table(connection, "bands", "band VARCHAR, least INT, most INT, is_employer BOOLEAN",
           [(band, least, most, least > 0) for band, (least, most) in BANDS.items()])  # fmt: skip
    _table(connection, "sectors", "nomenclature VARCHAR, division VARCHAR, sector VARCHAR",
           [(one, division, str(sector)) for one in REVISED_NOMENCLATURES
            for division, sector in SECTOR_OF_DIVISION.items()])  # fmt: skip


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[tuple]
) -> None:
    kinds = [column.split()[1] for column in columns.split(", ")]
    lists = ", ".join(f"unnest(?::{kind}[])" for kind in kinds)
    connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
    values = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(f"INSERT INTO {name} SELECT {lists}", values)


def with_polars() -> None:
    """Do the two selections and their joins with polars, installed for the occasion beside the package."""
    stock, to = _arguments()
    with tempfile.TemporaryDirectory() as peers:
        uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
        if not Path(uv).exists():
            uv = str(HERE.parent / ".venv" / "uv" / "bin" / "uv")
        subprocess.run([uv, "pip", "install", "--quiet", "--target", peers, "polars"], check=True)
        sys.path.insert(0, peers)
        _select_with_polars(stock, to)


def _select_with_polars(stock: Path, to: Path) -> None:
    import polars as pl

    from essor.register.build.perimeter import read_perimeter

    perimeter = read_perimeter()
    families = {
        int(one.code): str(one.family) for one in perimeter.categories.values() if one.family
    }
    excluded = [f"{one.code} {one.nomenclature}" for one in perimeter.exclusions]
    statute = pl.col("categorieJuridiqueUniteLegale").replace_strict(
        families, default=None, return_dtype=pl.String
    )
    activity = (
        pl.col("activitePrincipaleUniteLegale")
        + " "
        + pl.col("nomenclatureActivitePrincipaleUniteLegale")
    )
    flagged = pl.col("economieSocialeSolidaireUniteLegale") == "O"
    presumed = pl.col("statute").is_in(["cooperative", "mutual"]) & ~activity.is_in(excluded)
    units = (
        pl.scan_parquet(stock / LEGAL_UNITS)
        .filter(
            pl.col("categorieJuridiqueUniteLegale") != 1000,
            pl.col("etatAdministratifUniteLegale") == "A",
        )
        .with_columns(statute=statute)
        .filter(flagged.fill_null(value=False) | presumed.fill_null(value=False))
    )
    establishments = (
        pl.scan_parquet(stock / ESTABLISHMENTS)
        .filter(pl.col("etatAdministratifEtablissement") == "A")
        .join(units.select("siren", "statute"), on="siren")
        .sort("siret")
    )
    to.mkdir()
    establishments.sink_parquet(to / "establishments.parquet")
    with duckdb.connect() as connection:
        found = [
            connection.execute(f"SELECT count(*) FROM '{folder}/establishments.parquet'").fetchall()
            for folder in (to, stock / "ours")
        ]
    assert found[0] == found[1], found


if __name__ == "__main__":
    main()
