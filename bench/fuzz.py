"""Damaged files through the reader: a hundred thousand and more, from real records, none may crash or hang it.

Each case is a small file: some real records, damaged at random (bytes changed, cut, doubled, mixed with
another set, lengths and marks altered), wrapped or not. It must be refused in words, or give
records and problems, within two seconds of processor. The same seed makes the same cases.
"""

import faulthandler
import gzip
import io
import os
import random
import re
import resource
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

CASES = int(os.environ.get("BENCH_CASES", "120000"))
SEED = int(os.environ.get("BENCH_SEED", "2709"))
SHARED = Path(os.environ.get("BENCH_MARC", Path(__file__).parents[2] / "shared" / "data" / "marc"))
SHIPPED = Path(__file__).parents[1] / "src" / "essor" / "demo" / "data"
CASES_AT_ONCE = 500
SLOWEST_S = 2.0
HUNG_S = 120
LARGEST_MB = 500
FAILURES_SHOWN = 5
PROFILES = ("koha-france", "pmb", "sudoc", "koha-marc21", "unimarc-lrm", "marc21")

XML_RECORD = re.compile(
    rb"<(?:[\w.-]+:)?(?:record|notice)[\s>].*?</(?:[\w.-]+:)?(?:record|notice)>", re.DOTALL
)
MARKS = (
    b"\x1d",
    b"\x1e",
    b"\x1f",
    b"\x1b",
    b"<",
    b"&#0;",
    b"&x;",
    b"<!--",
    b"]]>",
    b'"',
    b"\x00",
    b"\xff",
    b"\xc2\x98",
)


def main() -> None:
    """Run all cases on every core, print what came of them, and fail if any crashed or was slow."""
    started = time.perf_counter()
    sets = list(_sets())
    print(
        f"{CASES:,} damaged files made from {sum(len(one) for one in sets):,} real records, seed {SEED}"
    )
    total: Counter[str] = Counter()
    failures: list[str] = []
    slowest, memory = (0.0, 0), 0.0
    with ProcessPoolExecutor(initializer=_begin, initargs=(sets,)) as pool:
        for counts, failed, slow, held in pool.map(_run, range(0, CASES, CASES_AT_ONCE)):
            total += counts
            failures += failed
            slowest, memory = max(slowest, slow), max(memory, held)
    elapsed = time.perf_counter() - started
    for name in ("records understood", "items apart", "problems", "files refused"):
        print(f"  {name:<22}{total[name]:10,}")
    print(f"  {'crashes':<22}{len(failures):10,}")
    took, case = slowest
    print(
        f"  slowest case {took * 1000:.0f} ms of processor, number {case} (at most {SLOWEST_S * 1000:.0f} ms)"
    )
    print(f"  memory of a process {memory:.0f} MB (at most {LARGEST_MB} MB)")
    print(f"  {elapsed:.0f} s, {CASES / elapsed:,.0f} files/s")
    for failure in failures[:FAILURES_SHOWN]:
        print(failure)
    if failures or took > SLOWEST_S or memory > LARGEST_MB:
        sys.exit(1)


def _sets() -> "list[list[bytes]]":
    """Give the real records, a list for each file; the ones shipped when the others are not here."""
    paths = [path for path in sorted(SHARED.rglob("*")) if path.suffix in (".mrc", ".pan", ".xml")]
    if not paths:
        print(f"{SHARED} is not here: only the records shipped are damaged.")
    return [records for path in paths or [SHIPPED / "records.mrc"] if (records := _records(path))]


def _records(path: Path) -> list[bytes]:
    content = path.read_bytes()
    if path.suffix == ".xml":
        return XML_RECORD.findall(content)
    return [chunk + b"\x1d" for chunk in content.split(b"\x1d") if chunk.strip()]


_real: list[list[bytes]] = []


def _begin(sets: list[list[bytes]]) -> None:
    _real.extend(sets)
    _read(b"", PROFILES[0])  # so that the first case does not wait for the imports


def _run(first: int) -> tuple[Counter[str], list[str], tuple[float, int], float]:
    counts: Counter[str] = Counter()
    failures, slowest = [], (0.0, first)
    faulthandler.dump_traceback_later(HUNG_S, exit=True)
    for case in range(first, min(first + CASES_AT_ONCE, CASES)):
        content, profile = _case(random.Random(SEED * 1_000_003 + case))
        start = time.process_time()
        try:
            counts += _read(content, profile)
        except Exception:
            failures.append(f"case {case}: {content[:200]!r}\n{traceback.format_exc()}")
        slowest = max(slowest, (time.process_time() - start, case))
    faulthandler.cancel_dump_traceback_later()
    return counts, failures, slowest, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _read(content: bytes, profile: str) -> Counter[str]:
    """Read a file as an import does, and count what comes of it."""
    from essor.catalogue.importers.opening import NotRecords, opened
    from essor.catalogue.importers.profiles import shipped_profile
    from essor.catalogue.importers.reading import Reading, unknown_codes
    from essor.catalogue.types import BadRecord, HeldItems

    reading = Reading(shipped_profile(profile))
    counts: Counter[str] = Counter()
    try:
        for received in opened(io.BytesIO(content)).received():
            value = received if isinstance(received, BadRecord) else reading.understood(received)
            if isinstance(value, BadRecord):
                counts["problems"] += 1
                continue
            list(unknown_codes(value, reading.profile))
            counts["items apart" if isinstance(value, HeldItems) else "records understood"] += 1
    except NotRecords:
        counts["files refused"] += 1
    return counts


def _case(chance: random.Random) -> tuple[bytes, str]:
    records = chance.choice(_real)
    start = chance.randrange(len(records))
    content = b"".join(records[start : start + chance.randint(1, 3)])
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8, 40))):
        content = chance.choice(DAMAGES)(chance, content)
    return _wrapped(chance, content), chance.choice(PROFILES)


def _wrapped(chance: random.Random, content: bytes) -> bytes:
    kind = chance.random()
    if kind < 0.02:
        return gzip.compress(content, 1)
    if kind < 0.04:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a", content)
        return _flipped(chance, packed.getvalue())
    if kind < 0.06:
        return content.decode("latin-1").encode("utf-16")
    if kind < 0.08:
        return b"barcode;issues;price\n" + content
    return content


def _place(chance: random.Random, content: bytes) -> int:
    return chance.randint(0, len(content))


def _flipped(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 10, 100))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(chance: random.Random, content: bytes) -> bytes:
    start = _place(chance, content)
    return content[:start] + content[start + chance.choice((1, 5, 50, 5000)) :]


def _grown(chance: random.Random, content: bytes) -> bytes:
    start = _place(chance, content)
    added = chance.choice((*MARKS, chance.randbytes(20), b"9" * 30, b"\xc3\xa9" * 200))
    return content[:start] + added * chance.choice((1, 1, 1, 20, 500)) + content[start:]


def _doubled(chance: random.Random, content: bytes) -> bytes:
    start = _place(chance, content)
    end = start + chance.randint(0, 300)
    return content[:end] + content[start:end] * chance.choice((1, 2, 30)) + content[end:]


def _mixed(chance: random.Random, content: bytes) -> bytes:
    other = chance.choice(chance.choice(_real))
    return content[: _place(chance, content)] + other[_place(chance, other) :]


def _renumbered(chance: random.Random, content: bytes) -> bytes:
    """Change digits of the leader and of the directory, where lengths and places are."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 12))):
        place = chance.randrange(min(400, len(changed)) or 1)
        if place < len(changed) and chr(changed[place]).isdigit():
            changed[place] = chance.choice(b"0123456789")
    return bytes(changed)


def _recoded(chance: random.Random, content: bytes) -> bytes:
    text = content.decode(chance.choice(("utf-8", "latin-1", "cp1252")), "replace")
    return text.encode(chance.choice(("utf-8", "latin-1", "cp1252", "utf-16", "utf-7")), "replace")


DAMAGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flipped,
    _cut,
    _grown,
    _doubled,
    _mixed,
    _renumbered,
    _recoded,
)
