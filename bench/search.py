"""How long readers wait for an answer with all facets, from a catalogue of a million records.

Each engine is built from the same synthetic records (see `_records`), then asked the same questions
by the same users. Three ways of asking: without a pause, where every user asks again as soon as
answered (the hardest, and what no library sees), and with a pause of a quarter of a second or of one
second on average before the next question.

    BENCH_ENGINES   among tantivy,postgresql,zebra (all)
    BENCH_RECORDS   1000000
    BENCH_SECONDS   length of each measure (20), after as much to warm up
    BENCH_HOME      a folder where the indexes stay, so that a second run need not build them
"""

import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench._load import Crowd
    from essor.search import Index

RECORDS = int(os.environ.get("BENCH_RECORDS", "1000000"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))
ENGINES = os.environ.get("BENCH_ENGINES", "tantivy,postgresql,zebra").split(",")
USERS = 20
PROCESSES = 2
QUESTIONS = 40_000
"""More than are asked in one measure: what is asked twice is what the draw gives twice."""
SIZES = {"creator": 20, "subject": 20, "publisher": 20, "class": 20, "year": 50}
CHUNK = 500
AHEAD = 8
"""Chunks prepared before they are written: more would only fill the memory."""


def main() -> None:
    """Build each engine's index, then ask."""
    with _home() as home:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.settings")
        os.environ.update(ESSOR_HOME=str(home / "essor"), ESSOR_LOG_LEVEL="ERROR")
        (home / "essor").mkdir(parents=True, exist_ok=True)
        for engine in ENGINES:
            if len(ENGINES) > 1:  # each in a process of its own: none warms or fills the next
                context = multiprocessing.get_context("spawn")
                child = context.Process(target=run, args=(engine, str(home)))
                child.start()
                child.join()
            else:
                run(engine, str(home))


def run(engine: str, home: str) -> None:
    """Measure one engine."""
    from bench._records import stock

    words = "real records" if stock().is_real else "the records of the demonstration"
    print(f"\n{engine}: {RECORDS:,} synthetic records made of {words}, {os.cpu_count()} cores,")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)
    try:
        {"tantivy": _tantivy, "postgresql": _postgresql, "zebra": _zebra}[engine](Path(home))
    except Unavailable as reason:
        print(f"  SKIPPED: {reason}")


class Unavailable(Exception):
    """This engine cannot be had here."""


@contextmanager
def _home() -> Iterator[Path]:
    if kept := os.environ.get("BENCH_HOME"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
    else:
        with tempfile.TemporaryDirectory(prefix="essor-bench-") as home:
            yield Path(home)


# Questions


def questions() -> list[tuple[str, dict]]:
    """Draw what readers ask, always the same; all facets are counted for each."""
    from bench._records import record
    from essor.search.words import STOP_WORDS, terms

    chance = random.Random("questions")
    frequent: dict[str, int] = {}
    for n in range(3_000):
        for word in terms(record(n).title):
            if len(word) > 3 and word not in STOP_WORDS:
                frequent[word] = frequent.get(word, 0) + 1
    common = sorted(frequent, key=lambda word: -frequent[word])[:150]

    def some() -> "object":
        return record(chance.randrange(RECORDS))

    def filters() -> dict:
        asked = some()
        chosen = {
            "document_type": asked.facets["document_type"],
            "branch": asked.facets["branch"][:2],
            "availability": ("available",),
        }
        names = chance.sample(sorted(chosen), k=chance.choice((1, 2)))
        return {"filters": {name: chosen[name] for name in names}}

    def typo(word: str) -> str:
        at = chance.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    makers: dict[str, tuple[int, Callable[[], dict]]] = {
        "known title": (24, lambda: {"text": some().title}),
        "author": (14, lambda: {"text": some().authors[0].replace(",", "")}),
        "frequent word": (10, lambda: {"text": chance.choice(common)}),
        "two words": (16, lambda: {"text": " ".join(chance.sample(common, 2))}),
        "ISBN": (8, lambda: {"text": some().numbers[0]}),
        "unfinished word": (6, lambda: {"text": some().authors[0].split(",")[0][:4].lower()}),
        "typing error": (4, lambda: {"text": typo(chance.choice(common))}),
        "word and filters": (10, lambda: {"text": chance.choice(common), **filters()}),
        "filters alone": (4, filters),
        "range of years, by title": (
            4,
            lambda: {"text": chance.choice(common), "years": (1990, 2005), "sort": "title"},
        ),
    }
    kinds = [kind for kind, (weight, _) in makers.items() for _ in range(weight)]
    drawn = [chance.choice(kinds) for _ in range(QUESTIONS)]
    return [(kind, makers[kind][1]()) for kind in drawn]


# Our engines


def _answering() -> Callable[[dict], object]:
    from bench._records import FACETS
    from essor import search

    index = _index_alone()

    def answer(asked: dict) -> object:
        options = {"facets": FACETS, "facet_sizes": SIZES, **asked}
        options["sort"] = search.Sort(options.get("sort", "relevance"))
        return index.search(search.Query(**options))

    return answer


def _index_alone() -> "Index":
    """Give the index without what it asks of the store: whether hits may be seen."""
    from essor import search

    for kind in search.sources():
        search.unregister(kind)
    return search.index()


def _tantivy(home: Path) -> None:
    os.environ["SEARCH_URL"] = f"tantivy://{home / 'tantivy'}"
    import django

    django.setup()
    _build(home / "tantivy.json")
    _measure()
    _measure_without_memory()
    _measure_suggestions()


def _postgresql(home: Path) -> None:
    from tests import postgres

    programs = postgres.find_or_get()
    if not programs:
        raise Unavailable("no PostgreSQL here, and it cannot be installed.")
    with postgres.private_server(programs) as address:
        pool = str(USERS // PROCESSES)  # a connection for each user
        os.environ.update(DATABASE_URL=address, SEARCH_URL="postgresql:", ESSOR_DATABASE_POOL=pool)
        import django

        django.setup()
        _build(None)
        _measure()
        _measure_suggestions()


def _build(kept: Path | None) -> None:
    """Write every record, prepared by as many processes as there are cores."""
    from essor import search

    if (
        kept
        and kept.exists()
        and json.loads(kept.read_text()) == RECORDS
        and _index_alone().engine.state()
    ):
        print("  index kept from an earlier run")
        return
    start = time.perf_counter()
    sections = [("record", _prepared())]
    for _ in search.index().replace_all(sections, expected=RECORDS):
        pass
    elapsed = time.perf_counter() - start
    print(
        f"  written in {elapsed:,.0f} s: {RECORDS / elapsed:,.0f} records/s, making them included;",
        end="",
    )
    print(
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory", flush=True
    )
    if kept:
        kept.write_text(json.dumps(RECORDS))


def _prepared() -> Iterator:
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        starts = range(0, RECORDS, CHUNK)
        waiting = deque(pool.apply_async(_prepare, [start]) for start in starts[:AHEAD])
        for start in (*starts[AHEAD:], *[None] * AHEAD):
            if not waiting:
                return
            ready = waiting.popleft().get()
            if start is not None:
                waiting.append(pool.apply_async(_prepare, [start]))
            yield from ready


def _prepare(start: int) -> list:
    from bench._records import record
    from essor import search

    prepare = search.index().prepare
    return [prepare(record(n)) for n in range(start, min(start + CHUNK, RECORDS))]


def _crowds() -> list["Crowd"]:
    from bench._load import Crowd

    return [
        Crowd(USERS, PROCESSES, think_s=think_s, warm_s=SECONDS, seconds=SECONDS)
        for think_s in (0.0, 0.25, 1.0)
    ]


def _measure() -> None:
    from django.db import connection

    from bench._load import waits_of

    asked = questions()
    for crowd in _crowds():
        connection.close()
        if hasattr(
            connection, "close_pool"
        ):  # the connections of a pool do not go to another process
            connection.close_pool()
        waits_of(crowd, asked, _answering).print(crowd.label)
        sys.stdout.flush()


def _measure_without_memory() -> None:
    """Measure the hardest crowd again, where no process remembers the answers it gave."""
    from bench._load import waits_of
    from essor.search import engines
    from essor.search.engines import tantivy

    tantivy.COUNTS_KEPT = tantivy.COSTLY_COUNTS_KEPT = 0
    engines.engine_at.cache_clear()
    _index_alone()  # one for all users of a process, as in a server: they are forks of this one
    crowd = _crowds()[0]
    waits_of(crowd, questions(), _answering).print(f"{crowd.label}, none remembered")


def _measure_suggestions() -> None:
    """Time what is given while one types, for one user."""
    from bench._load import Waits
    from bench._records import record

    chance, index = random.Random("typed"), _index_alone()
    waits: dict[str, list[float]] = {"titles": [], "creators and subjects": []}
    for _ in range(100):
        some = record(chance.randrange(RECORDS))
        for length in (2, 3, 5, 8):
            for kind, text, suggest in (
                ("titles", some.title, index.suggest),
                ("creators and subjects", some.authors[0], index.suggest_terms),
            ):
                start = time.perf_counter()
                suggest(text[:length])
                waits[kind].append(time.perf_counter() - start)
    Waits(waits, 1.0).print("suggestions while typing, one user")


# Zebra


def _zebra(home: Path) -> None:
    from bench import _zebra as zebra

    try:
        zebra.measure(home, questions(), records=RECORDS, crowds=_crowds())
    except zebra.Missing as reason:
        raise Unavailable(reason) from reason


if __name__ == "__main__":
    main()
