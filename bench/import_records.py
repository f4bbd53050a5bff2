"""Records imported per second with items and index, beside a bare pymarc parse of the same file, in one run.

The file is made of real records, copied with new control numbers, ISBNs and barcodes. The import
decodes, understands, stores with all its indexes (SQLite) and feeds the search index, by its two
processes. The other work of the machine counts against both.
"""

import io
import os
import re
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.marc_files import models, write_copies

RECORDS = int(os.environ.get("BENCH_RECORDS", "200000"))
ENDS = RECORDS // 10


def main() -> None:
    """Import into a new SQLite base, twice, and print the rates and their ratios."""
    if not models():
        print("SKIPPED: the real files of records are not here (BENCH_MARC says where they are).")
        return
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(ESSOR_HOME=home, ESSOR_LOG_LEVEL="ERROR")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("rebuild_search", stdout=io.StringIO())
        path = Path(home) / "records.mrc"
        write_copies(path, RECORDS)
        _compare(path)


def _compare(path: Path) -> None:
    parsed = _Measured(lambda: _parse(path))
    progress: list[tuple[float, int]] = []
    memory: list[float] = []

    def note(position: int) -> None:
        progress.append((time.perf_counter(), position))
        if len(progress) % 20 == 0:
            memory.append(_memory_mb())

    first = _Measured(lambda: _import(path, note))
    again = _Measured(lambda: _import(path, lambda position: None))
    size = path.stat().st_size
    start, end = _rates_of_ends(progress, size / RECORDS)
    print(f"{RECORDS:,} records, {size / 1e6:.0f} MB, items and index, SQLite, 2 processes")
    print("                        records/s    user+sys, µs a record")
    print(f"  bare pymarc parse    {parsed.rate:10,.0f} {parsed.cpu_us:10.0f}")
    print(f"  first import         {first.rate:10,.0f} {first.cpu_us:10.0f}", end="")
    print(f"   {first.rate / parsed.rate:6.3f} of the parse (at least 0.25)")
    print(f"  same file again      {again.rate:10,.0f} {again.cpu_us:10.0f}", end="")
    print(f"   {again.rate / first.rate:5.1f} times the first (at least 5)")
    print(f"  its first {ENDS:,}      {start:10,.0f}")
    print(
        f"  its last {ENDS:,}       {end:10,.0f}{'':14}{end / start:5.2f} of its first (at least 0.8)"
    )
    print(f"  memory at most       {max(memory):10,.0f} MB, both processes (at most 500)")


class _Measured:
    """What an act took: the rate by the clock, and the work of all its threads and processes."""

    def __init__(self, act: Any) -> None:
        before, start = _worked_s(), time.perf_counter()
        act()
        self.rate = RECORDS / (time.perf_counter() - start)
        self.cpu_us = (_worked_s() - before) / RECORDS * 1e6


def _worked_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _memory_mb() -> float:
    """Give the largest memory of this process and of its children so far, added up."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    status = [Path(f"/proc/{pid}/status").read_text() for pid in ("self", *children)]
    return sum(int(re.search(r"VmHWM:\s+(\d+)", text)[1]) for text in status) / 1024


def _parse(path: Path) -> None:
    from pymarc import MARCReader

    with path.open("rb") as stream:
        for record in MARCReader(stream, force_utf8=True):
            assert record is not None


def _import(path: Path, on_progress: Callable[[int], object]) -> None:
    from essor.catalogue.importers.profiles import shipped_profile
    from essor.catalogue.services import import_file, stored_profile

    with path.open("rb") as stream:
        run = import_file(
            stream,
            source_code="bench",
            file_name=path.name,
            profile=stored_profile(shipped_profile("koha-france")),
            on_progress=on_progress,
        )
    assert run.read == RECORDS
    assert run.rejected == 0


def _rates_of_ends(progress: list[tuple[float, int]], record_size: float) -> tuple[float, float]:
    """Give the rates of the first and of the last tenth of the import."""
    first = [point for point in progress if point[1] <= ENDS * record_size]
    last = [point for point in progress if point[1] >= (RECORDS - ENDS) * record_size]

    def rate(points: list[tuple[float, int]]) -> float:
        return (points[-1][1] - points[0][1]) / record_size / (points[-1][0] - points[0][0])

    return rate(first), rate(last)


if __name__ == "__main__":
    main()
