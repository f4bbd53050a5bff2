"""The same records and questions on Zebra, the engine of Koha (Debian `idzebra-2.0`, `yaz`).

The records are given to it with their index entries written out, so that nothing is lost in a
mapping. One question is three requests, as a catalogue makes them: the search, the first ten
records, and the facets. Zebra finds the values of its facets among the first records of the answer
only, then counts them: what it gives is less than what our engines give, and is printed beside them.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast
from xml.sax.saxutils import escape, quoteattr

from bench._load import Crowd, waits_of
from bench._records import FACETS, record

BUILD_LIMIT_S = 1_800
START_LIMIT_S = 20
SPACE_BYTES = "40G"

CONFIGURATION = """profilePath: {home}:/usr/share/idzebra-2.0/tab
attset: bib1.att
recordType: dom.{home}/dom.xml
register: {home}/register:{space}
isam: b
"""
FILTER = """<dom xmlns="http://indexdata.com/zebra-2.0">
  <input><xmlreader level="1"/></input>
  <extract name="index"><xslt stylesheet="identity.xsl"/></extract>
  <retrieve name="index"/>
</dom>
"""
IDENTITY = """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>
</xsl:stylesheet>
"""
FACETS_OF_ZEBRA = "zebra::facet::" + ",".join(f"{name}:0" for name in FACETS)


class Missing(Exception):
    """Zebra is not here and cannot be installed."""


def measure(
    home: Path, asked: list[tuple[str, dict]], *, records: int, crowds: list[Crowd]
) -> None:
    """Build the index of Zebra within its time, serve it, and ask."""
    _install()
    folder = home / "zebra"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "register").mkdir(parents=True)
    start = time.perf_counter()
    _write_records(folder, records)
    made = time.perf_counter()
    _build(folder)
    built = time.perf_counter() - made
    print(f"  records written out in {made - start:,.0f} s, indexed in {built:,.0f} s:", end="")
    print(f" {records / built:,.0f} records/s", flush=True)
    with _served(folder) as address:
        pqf = [(kind, _pqf(**what)) for kind, what in asked]
        for crowd in crowds:
            waits_of(crowd, pqf, lambda: _client(address)).print(crowd.label)


def _install() -> None:
    from tests import debian

    if not (shutil.which("zebraidx") and shutil.which("yaz-client")):
        debian.install("idzebra-2.0", "yaz")
    if not (shutil.which("zebraidx") and shutil.which("yaz-client")):
        raise Missing("no idzebra-2.0 and yaz here, and they cannot be installed.")


def _write_records(folder: Path, records: int) -> None:
    (folder / "zebra.cfg").write_text(CONFIGURATION.format(home=folder, space=SPACE_BYTES))
    (folder / "dom.xml").write_text(FILTER)
    (folder / "identity.xsl").write_text(IDENTITY)
    with (folder / "records.xml").open("w", encoding="utf-8") as file:
        file.write("<records>")
        for n in range(records):
            file.write(_xml(n))
        file.write("</records>")


def _xml(n: int) -> str:
    document = record(n)
    entries = [("any:w title:w", document.title), ("any:w", document.body)]
    entries += [("any:w author:w", name) for name in document.authors]
    entries += [("any:w subject:w", word) for word in document.keywords]
    entries += [("number:0", number) for number in document.numbers]
    entries += [(f"{n}:0", value) for n, values in document.all_facets.items() for value in values]
    entries += [("year:n", str(document.year)), ("title:s", document.title)]
    lines = "".join(f'<z:index name="{name}">{escape(text)}</z:index>' for name, text in entries)
    return f'<z:record xmlns:z="http://indexdata.com/zebra-2.0" z:id={quoteattr(document.key)}>{lines}</z:record>'


def _build(folder: Path) -> None:
    zebraidx = ["zebraidx", "-c", str(folder / "zebra.cfg"), "-v", "none"]
    for action in (["init"], ["update", str(folder / "records.xml")]):
        subprocess.run(
            [*zebraidx, *action],
            check=True,
            cwd=folder,
            timeout=BUILD_LIMIT_S,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    address = f"unix:{folder / 'socket'}"
    server = subprocess.Popen(
        ["zebrasrv", "-c", str(folder / "zebra.cfg"), "-v", "none", address],
        cwd=folder,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + START_LIMIT_S
        while not (folder / "socket").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)


def _pqf(
    text: str = "",
    filters: dict[str, tuple[str, ...]] | None = None,
    years: tuple[int, int] | None = None,
    sort: str = "",
) -> str:
    """Write the question in the prefix notation that Zebra reads."""
    words = re.findall(r"\w+", text)
    if len(words) == 1 and words[0].isdigit() and len(words[0]) == 13:
        wanted = [f'@attr 1=number @attr 4=3 "{words[0]}"']
    else:
        wanted = [f"@attr 1=any @attr 2=102 {word}" for word in words]
    if wanted and not filters and len(words) == 1:
        wanted[-1] = f"@attr 5=1 {wanted[-1]}"  # the last word may be unfinished
    for name, values in (filters or {}).items():
        ways = [f'@attr 1={name} @attr 4=3 "{value}"' for value in values]
        wanted.append(_joined("@or", ways))
    if years:
        wanted.append(f"@attr 1=year @attr 4=109 @attr 2=4 {years[0]}")
        wanted.append(f"@attr 1=year @attr 4=109 @attr 2=2 {years[1]}")
    query = _joined("@and", wanted)
    return f"@or {query} @attr 1=title @attr 4=2 @attr 7=1 0" if sort else query


def _joined(operator: str, parts: list[str]) -> str:
    return f"{operator} " * (len(parts) - 1) + " ".join(parts)


def _client(address: str) -> Callable[[Any], None]:
    """Give a user's connection, which stays open as those of a catalogue do."""
    client = subprocess.Popen(
        ["yaz-client", address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
    )
    said, heard = cast("IO[str]", client.stdin), cast("IO[str]", client.stdout)
    _read_answers(heard, 1)
    said.write("querytype prefix\nformat xml\n")

    def ask(pqf: Any) -> None:
        said.write(f"find {pqf}\n")
        said.flush()
        if _read_answers(heard, 1) == 0:
            return  # nothing to show: one request
        said.write(f"elements index\nshow 1+10\nelements {FACETS_OF_ZEBRA}\nshow 1+1\n")
        said.flush()
        _read_answers(heard, 2)

    return ask


def _read_answers(output: IO[str], answers: int) -> int | None:
    """Read until so many answers have ended, and give the number of hits if it was said."""
    hits = None
    while answers:
        line = output.readline()
        if not line:
            raise RuntimeError("yaz-client has ended.")
        if found := re.search(r"Number of hits: (\d+)", line):
            hits = int(found[1])
        answers -= line.startswith("Elapsed:")
    return hits
