"""A directory of all the structures of France: how long it takes to load, to search, to see on a map.

The structures are synthetic (see `_stock`) but their communes. Each store is filled by the portal's own
loading service, indexed by its own source, and asked the same questions: searches with all facets by
one reader and by twenty, the page of the list, the page of the map, and the views of the map at every
zoom, of a region that holds 100,000 points and of all France.

    BENCH_STORES       among sqlite,postgresql+tantivy,postgresql (all): a store, and the engine of search
    BENCH_STRUCTURES   1400000
    BENCH_SECONDS      length of each measure of a crowd (20), after as much to warm up
    BENCH_HOME         a folder where the files stay, so that a second run need not make them
    BENCH_POSTGRESQL   address of an empty database, or of one that an earlier run has filled (a private one)

What misses its bound is said at the end, and the run fails.
"""

import gzip
import io
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench import _directory, _stock

if TYPE_CHECKING:
    from django.test import Client

STRUCTURES = int(os.environ.get("BENCH_STRUCTURES", "1400000"))
STORES = os.environ.get("BENCH_STORES", "sqlite,postgresql+tantivy,postgresql").split(",")
SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))
USERS, PROCESSES, THINK_S = 20, 2, 1.0
HOST = "127.0.0.1"
LISTED_SHARE = 0.78
"""Of the units that are made, those that are active and of the ESS."""

MOST_SEARCH_MS, MOST_QUERIES = 150, 15
MOST_VIEW_MS, MOST_VIEW_KB = 200, 200
WARM, ALONE = 400, 800
"""Questions of one reader: to warm up, and measured."""
PAGES = 150
REGION_POINTS = 100_000
REGION_CENTRE = (3.06, 50.63)
"""Lille: there are as many points around it in a region of the north."""
VIEWS_BY_ZOOM = 5
LAST_ZOOM = 18
LIMITS = {"all structures": "", "one family": "famille=association", "one word": "q=amicale"}


def main() -> None:
    """Make the build, then fill and measure each store in a process of its own."""
    with _home() as home:
        build = _built(home)
        context = multiprocessing.get_context("spawn")
        missed = False
        for store in STORES:
            child = context.Process(target=run, args=(store, str(home), str(build)))
            child.start()
            child.join()
            missed = missed or child.exitcode != 0
    if missed:
        raise SystemExit("NOT REACHED: see above.")


@contextmanager
def _home() -> Iterator[Path]:
    if kept := os.environ.get("BENCH_HOME"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
    else:
        with tempfile.TemporaryDirectory(prefix="essor-directory-") as home:
            yield Path(home)


def _built(home: Path) -> Path:
    """Make stock files of units of the ESS alone, and build the register from them, unless they are there."""
    from essor.register.build.building import Inputs, build
    from essor.register.build.perimeter import read_perimeter
    from essor.register.rules import area_of

    folder = home / f"register-{STRUCTURES}"
    if (folder / "manifest.json").exists():
        return folder
    start = time.perf_counter()
    units = round(STRUCTURES / LISTED_SHARE)
    files = _stock.write_stock(
        home / f"stock-{STRUCTURES}",
        units=units,
        establishments=units * _stock.FULL[1] // _stock.FULL[0],
        categories=tuple(_of_the_ess()),
    )
    build(Inputs(*files, area_of("france"), read_perimeter()), folder)
    for file in files:
        file.unlink()
    print(f"made {folder.name} in {time.perf_counter() - start:.0f} s", flush=True)
    return folder


def _of_the_ess() -> Iterator[_stock.Category]:
    """Give the categories of the directory: of those that are rarely of the ESS, the part that is."""
    for one in _stock.CATEGORIES:
        if one.flagged > 0.2:
            yield one
        elif one.kind == "company" and one.flagged:
            yield replace(one, units=round(one.units * one.flagged), flagged=0.98)


# One store


def run(store: str, home: str, build: str) -> None:
    """Fill and measure one store; the process fails when a bound is missed."""
    print(f"\n{store}: synthetic structures, {os.cpu_count()} cores,")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)
    own = Path(home) / f"{store}-{STRUCTURES}"
    own.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.settings")
    os.environ.update(ESSOR_HOME=str(own), ESSOR_LOG_LEVEL="ERROR", ESSOR_URL=f"http://{HOST}")
    with _database(store) as address:
        if address is None:
            print("  SKIPPED: no PostgreSQL here, and it cannot be installed.")
            return
        os.environ["DATABASE_URL"] = address
        if store == "postgresql":
            os.environ["SEARCH_URL"] = "postgresql:"
        os.environ["ESSOR_DATABASE_POOL"] = str(USERS // PROCESSES)  # a connection for each user
        import django

        django.setup()
        missed = _measure(Path(build))
    for line in missed:
        print(f"  NOT REACHED: {line}")
    sys.stdout.flush()
    sys.exit(1 if missed else 0)


@contextmanager
def _database(store: str) -> Iterator[str | None]:
    """Give the address of the store; empty for SQLite, None where there is no PostgreSQL."""
    if store == "sqlite":
        yield ""
        return
    if kept := os.environ.get("BENCH_POSTGRESQL"):
        yield kept
        return
    from tests import postgres

    programs = postgres.find_or_get()
    if not programs:
        yield None
        return
    with postgres.private_server(programs) as address:
        yield address


@dataclass(slots=True)
class _Bounds:
    """What missed its bound, in words."""

    missed: list[str]

    def hold(self, what: str, measured: float, most: float, unit: str) -> None:
        """Note what is above its bound."""
        if measured > most:
            self.missed.append(f"{what}: {measured:,.0f} {unit} (at most {most:,.0f})")


def _measure(build: Path) -> list[str]:
    bounds = _Bounds([])
    _fill(build)
    drawn = _directory.drawn_from(build)
    asked = _directory.questions(drawn)
    _measure_searches(asked, bounds)
    _measure_pages(asked, bounds)
    _measure_map(bounds)
    return bounds.missed


# Filling


def _fill(folder: Path) -> None:
    """Make the tables, the territories and a portal; load the build, and have the index follow."""
    from django.core.management import call_command

    from essor.portal.services.sites import create_portal
    from essor.register.build.built import read_build
    from essor.register.models import Vintage
    from essor.register.services.charts import keep_charts
    from essor.register.services.indexing import index_vintage
    from essor.register.services.loading import load
    from essor.search.services import keep_whole

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    build = read_build(folder)
    if not Vintage.objects.filter(is_current=True).exists():
        call_command("import_territories", stdout=io.StringIO())
        create_portal(name="Banc d’essai", hostname=HOST)
        keep_whole()  # the index that a portal has before its directory comes
        with _waiting() as waits:
            start = time.perf_counter()
            loading = load(build)
            elapsed = time.perf_counter() - start
        rows = loading.vintage.units + loading.vintage.establishments
        print(
            f"  {loading.vintage.units:,} units and {loading.vintage.establishments:,} places loaded"
        )
        _say("loading", elapsed, rows)
        print(f"    another writer waited {max(waits, default=0):.1f} s at most")
    start = time.perf_counter()
    keep_charts()
    print(f"  chart of the map made in {time.perf_counter() - start:.0f} s", flush=True)
    vintage = Vintage.objects.get(is_current=True)
    if not vintage.is_indexed:
        start = time.perf_counter()
        if not index_vintage():
            raise RuntimeError("The index has not followed.")
        _say("indexing", time.perf_counter() - start, vintage.units)
    _say_sizes()


def _say(what: str, elapsed: float, rows: int) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {what} took {elapsed:,.0f} s: {rows / elapsed:,.0f} rows/s; {memory:,.0f} MB of memory"
    )
    sys.stdout.flush()


def _say_sizes() -> None:
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        files = Path(settings.DATABASES["default"]["NAME"]).parent.glob("essor.sqlite3*")
        size = sum(file.stat().st_size for file in files)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0]
    index = sum(one.stat().st_size for one in (settings.HOME / "index").rglob("*") if one.is_file())
    print(f"  store {size / 1e6:,.0f} MB, folder of the index {index / 1e6:,.0f} MB", flush=True)


@contextmanager
def _waiting() -> Iterator[list[float]]:
    """Have another connection write something small twice a second; give how long each writing waited."""
    from django.db import OperationalError, connection

    from essor.search.models import PendingChange

    waits: list[float] = []
    over = threading.Event()

    def write() -> None:
        since = time.perf_counter()
        while not over.wait(0.5):
            try:
                PendingChange.objects.create(kind="bench", key="1").delete()
            except OperationalError:  # the lock was not had in time: it goes on waiting
                continue
            waits.append(time.perf_counter() - since - 0.5)
            since = time.perf_counter()
        waits.append(time.perf_counter() - since - 0.5)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield waits
    finally:
        over.set()
        writer.join()


# Searching


def _answering() -> Callable[[str], object]:
    from django.http import QueryDict
    from django.utils import timezone

    from essor.register.answers import answer_to
    from essor.register.asked import Asked

    today = timezone.localdate()
    return lambda asked: answer_to(Asked.in_address(QueryDict(asked)), today=today)


def _measure_searches(asked: Sequence[_directory.Question], bounds: _Bounds) -> None:
    from django.db import connection

    from bench._load import Crowd, Waits, waits_of

    answer = _answering()
    for _kind, question in asked[:WARM]:
        answer(question)
    waits: dict[str, list[float]] = {}
    start = time.perf_counter()
    for kind, question in asked[WARM : WARM + ALONE]:
        waits.setdefault(kind, []).append(_timed(lambda question=question: answer(question)))
    alone = Waits(waits, time.perf_counter() - start)
    alone.print("one reader")
    bounds.hold("search, one reader, 95th percentile", _p95_ms(alone.all), MOST_SEARCH_MS, "ms")
    connection.close()
    if hasattr(connection, "close_pool"):  # the connections of a pool do not go to another process
        connection.close_pool()
    crowd = Crowd(USERS, PROCESSES, think_s=THINK_S, warm_s=SECONDS, seconds=SECONDS)
    together = waits_of(crowd, asked[WARM + ALONE :], _answering)
    together.print(crowd.label)
    sys.stdout.flush()
    bounds.hold(
        f"search, {crowd.label}, 95th percentile", _p95_ms(together.all), MOST_SEARCH_MS, "ms"
    )


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _p95_ms(waits: Sequence[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1] * 1e3


# Pages


def _client() -> "Client":
    from django.test import Client

    return Client(HTTP_HOST=HOST)


def _get(client: "Client", address: str) -> bytes:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return answer.content


def _measure_pages(asked: Sequence[_directory.Question], bounds: _Bounds) -> None:
    """Ask for pages of the list, as cards and as tables, nothing kept by the cache of pages."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _client()
    waits, queries, sizes = [], [], []
    for number, (_kind, question) in enumerate(asked[: PAGES + 20]):
        address = f"/annuaire/?{question}" + ("&vue=tableau" if number % 3 == 0 else "")
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            body = _get(client, address)
            elapsed = time.perf_counter() - start
        if number >= 20:
            waits.append(elapsed)
            queries.append(len(captured))
            sizes.append(len(body))
    p95 = _p95_ms(waits)
    print(
        f"  {PAGES} pages of the list: median {statistics.median(waits) * 1e3:.0f} ms,"
        f" 95th percentile {p95:.0f} ms; {max(queries)} queries at most; {max(sizes) / 1e3:.0f} kB at most",
        flush=True,
    )
    bounds.hold("page of the list, queries", max(queries), MOST_QUERIES, "queries")


# The map


def _measure_map(bounds: _Bounds) -> None:
    from django.core.cache import cache

    from essor.register.models import LegalUnit
    from essor.register.types import PointSource

    located = LegalUnit.objects.current().filter(point_source=PointSource.ADDRESS).order_by()
    points = [
        (longitude, latitude)
        for longitude, latitude in located.values_list("longitude", "latitude")
        if longitude is not None and latitude is not None
    ]
    region = _directory.square_around(points, REGION_CENTRE, REGION_POINTS)
    areas = {f"{REGION_POINTS:,} points": region, "France": (-5.2, 41.3, 9.6, 51.1)}
    client = _client()
    _measure_map_pages(client, bounds)
    for label, limit in LIMITS.items():
        for name, box in areas.items():
            cache.clear()
            _measure_views(client, f"{name}, {label}", limit, box, points, bounds)


def _measure_map_pages(client: "Client", bounds: _Bounds) -> None:
    from django.core.cache import cache, caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    print(
        f"  {'page of the map':<34}{'first, ms':>12}{'again, ms':>12}{'queries':>9}{'kB':>9}{'gzip':>7}"
    )
    for label, limit in (*LIMITS.items(), ("one commune", "commune=59350")):
        address = f"/annuaire/carte/?{limit}"
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            first = _timed(lambda address=address: _get(client, address))
        caches["pages"].clear()
        start = time.perf_counter()
        body = _get(client, address)
        again = (time.perf_counter() - start) * 1e3
        size = len(body) / 1e3
        print(
            f"  {label:<34}{first * 1e3:12.0f}{again:12.0f}{len(captured):9}{size:9.0f}{_gzip_kb(body):7.0f}",
            flush=True,
        )
        bounds.hold(f"page of the map, {label}, queries", len(captured), MOST_QUERIES, "queries")
        bounds.hold(f"page of the map, {label}", size, MOST_VIEW_KB, "kB")


def _measure_views(
    client: "Client",
    label: str,
    limit: str,
    box: _directory.Box,
    points: Sequence[tuple[float, float]],
    bounds: _Bounds,
) -> None:
    """Ask for the views of an area at every zoom, each twice: what the first kept serves the second."""
    print(
        f"  map: {label:<29}{'views':>7}{'first, ms':>12}{'again, ms':>12}{'kB':>9}{'gzip':>7}   (the most)"
    )
    worst_ms = worst_kb = 0.0
    for zoom in range(_first_zoom(box), LAST_ZOOM + 1):
        firsts, agains, sizes, packed = [], [], [], []
        for view in _directory.views(box, points, zoom, VIEWS_BY_ZOOM):
            asked = urlencode({"bbox": ",".join(f"{side:.5f}" for side in view), "z": zoom})
            address = f"/annuaire/carte/points?{limit}&{asked}"
            start = time.perf_counter()
            body = _get(client, address)
            firsts.append((time.perf_counter() - start) * 1e3)
            agains.append(_timed(lambda address=address: _get(client, address)) * 1e3)
            sizes.append(len(body) / 1e3)
            packed.append(_gzip_kb(body))
        print(
            f"    zoom {zoom:<25}{len(firsts):11}{max(firsts):12.0f}{max(agains):12.0f}"
            f"{max(sizes):9.0f}{max(packed):7.0f}",
            flush=True,
        )
        worst_ms, worst_kb = max(worst_ms, *firsts), max(worst_kb, *sizes)
    bounds.hold(f"map, {label}, slowest first view", worst_ms, MOST_VIEW_MS, "ms")
    bounds.hold(f"map, {label}, largest view", worst_kb, MOST_VIEW_KB, "kB")


def _first_zoom(box: _directory.Box) -> int:
    """Give the zoom at which a screen shows the whole area."""
    zoom = 0
    while (box[2] - box[0]) / 360 * 256 * 2 ** (zoom + 1) <= _directory.SCREEN_PX[0]:
        zoom += 1
    return zoom


def _gzip_kb(body: bytes) -> float:
    return len(gzip.compress(body, 6)) / 1e3


if __name__ == "__main__":
    main()
