"""A large file of records for the benchmarks: real ones, copied with numbers of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

SHARED = Path(os.environ.get("BENCH_MARC", Path(__file__).parents[2] / "shared" / "data" / "marc"))
MODELS = ("unimarc/roubaix_700_utf8.mrc", "unimarc/koha_fr_3500_utf8.mrc")
NUMBER, ISBN, BARCODE = b"N" * 10, b"I" * 13, b"B" * 14


def models() -> tuple[Path, ...]:
    """Give the real files to copy from; empty when they are not here."""
    paths = tuple(SHARED / name for name in MODELS)
    return paths if all(path.exists() for path in paths) else ()


def write_copies(path: Path, count: int) -> None:
    """Write so many records, with new control numbers, ISBNs and barcodes, all of fixed width."""
    made = [_Model(raw) for model in models() for raw in _records(model)]
    with path.open("wb") as file:
        for n in range(count):
            file.write(made[n % len(made)].copied(n))


def _records(path: Path) -> Iterator[bytes]:
    for chunk in path.read_bytes().split(b"\x1d"):
        if chunk.strip():
            yield chunk + b"\x1d"


class _Model:
    """A record with holes where its numbers were."""

    def __init__(self, raw: bytes) -> None:
        from pymarc import Record

        record = Record(data=raw, force_utf8=True)
        record["001"].data = NUMBER.decode()
        self.items = 0
        for field in record.get_fields("010"):
            if field.get("a"):
                field["a"] = ISBN.decode()
        for field in record.get_fields("995"):
            if field.get("f"):
                field["f"] = BARCODE.decode()
        written = record.as_marc()
        self.parts = []
        while written:
            places = [(written.find(hole), hole) for hole in (NUMBER, ISBN, BARCODE)]
            found = min((place for place in places if place[0] >= 0), default=None)
            end = found[0] if found else len(written)
            self.parts.append((written[:end], found[1] if found else b""))
            written = written[end + len(found[1]) :] if found else b""

    def copied(self, n: int) -> bytes:
        out = []
        item = 0
        for text, hole in self.parts:
            out.append(text)
            if hole is NUMBER:
                out.append(b"%010d" % n)
            elif hole is ISBN:
                out.append(isbn(n * 7 + item))
                item += 1
            elif hole is BARCODE:
                out.append(b"%012d%02d" % (n, item % 100))
                item += 1
        return b"".join(out)


def isbn(n: int) -> bytes:
    """Give the nth right ISBN of a range that no publisher has."""
    digits = f"979{n % 10**9:09d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}".encode()
