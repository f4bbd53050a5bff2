"""Records imported per second, beside a bare pymarc parse of the same file, in the same run.

The file is the records shipped for the demonstration, copied with new control numbers until there
are enough. The import decodes, understands, keeps the original and stores, with its indexes.
"""

import io
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COPIES = int(os.environ.get("BENCH_COPIES", "125"))
PARTS = 4
SHIPPED = Path(__file__).parents[1] / "src" / "essor" / "demo" / "data" / "records.mrc"


def main() -> None:
    """Import into a new SQLite base, twice, and print the rates and their ratios."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(ESSOR_HOME=home, ESSOR_LOG_LEVEL="ERROR")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        content = _copied(SHIPPED.read_bytes())
        count = content.count(b"\x1d")
        parsed = count / _elapsed_s(lambda: _parse(content))
        before_mb = _memory_mb()
        progress: list[tuple[float, int]] = [(time.perf_counter(), 0)]
        first = count / _elapsed_s(lambda: _import(content, progress))
        again = count / _elapsed_s(lambda: _import(content, []))
    start, end = _rates_of_ends(progress, len(content) / count)
    print(f"{count:,} records, {len(content) / 1e6:.1f} MB, one process, SQLite (records/s)")
    print(f"  bare pymarc parse   {parsed:10,.0f}")
    print(f"  first import        {first:10,.0f}   {first / parsed:6.2f} of the parse")
    print(f"  same file again     {again:10,.0f}   {again / first:6.1f} x the first")
    print(f"  last quarter        {end:10,.0f}   {end / start:6.2f} of the first quarter")
    print(f"  memory taken by the import: {_memory_mb() - before_mb:.0f} MB")


def _copied(content: bytes) -> bytes:
    from pymarc import Record

    records = [
        Record(data=chunk + b"\x1d", force_utf8=True) for chunk in content.split(b"\x1d") if chunk
    ]
    written = io.BytesIO()
    for copy in range(COPIES):
        for record in records:
            number = record["001"].data
            record["001"].data = f"{copy}-{number}"
            written.write(record.as_marc())
            record["001"].data = number
    return written.getvalue()


def _parse(content: bytes) -> None:
    from pymarc import MARCReader

    for record in MARCReader(content, force_utf8=True):
        assert record is not None


def _import(content: bytes, progress: list[tuple[float, int]]) -> None:
    from essor.catalogue.services import import_file

    import_file(
        io.BytesIO(content),
        source_code="bench",
        file_name="bench.mrc",
        on_progress=lambda offset: progress.append((time.perf_counter(), offset)),
    )


def _rates_of_ends(progress: list[tuple[float, int]], record_size: float) -> tuple[float, float]:
    """Give the rates of the first and of the last part of the import."""
    part = max(1, len(progress) // PARTS)

    def rate(start: tuple[float, int], end: tuple[float, int]) -> float:
        return (end[1] - start[1]) / record_size / (end[0] - start[0])

    return rate(progress[0], progress[part]), rate(progress[-1 - part], progress[-1])


def _elapsed_s(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
