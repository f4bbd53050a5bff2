"""Frames of kiosks: from our own server, from nginx in front of it, and from nginx as a mere file.

All three give the same bytes, compressed, to the same load (Debian `nginx` and `wrk`), in turns within
one run. Then: how long a frame of thirty records takes to make and in how many queries, how soon an
edit shows, and how many frames are made when two thousand visitors ask for the same one at once.
"""

import asyncio
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
SECONDS = 4
CONNECTIONS = 32
BURST = 2_000
RECORDS_SHOWN = 30
SLUG = "banc-d-essai"
FRAME = f"/kiosques/{SLUG}/cadre"
START_LIMIT_S = 60

NGINX = """worker_processes auto;
pid {home}/nginx.pid;
error_log {home}/nginx.log;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {home}/temp;
    proxy_temp_path {home}/temp;
    fastcgi_temp_path {home}/temp;
    uwsgi_temp_path {home}/temp;
    scgi_temp_path {home}/temp;
    proxy_cache_path {home}/nginx-cache levels=1:2 keys_zone=essor:10m;
    server {{
        listen 127.0.0.1:{file_port};
        root {home}/files;
        default_type text/html;
        gzip_static on;
    }}
    server {{
        listen 127.0.0.1:{cache_port};
        proxy_set_header Host $host:{essor_port};
        {locations}
    }}
}}
"""


def main() -> None:
    """Build the demonstration with a kiosk of thirty records, serve it, measure."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)  # nginx reads its files as another user
        ports = [_free_port() for _ in range(3)]
        os.environ |= {
            "ESSOR_HOME": name,
            "ESSOR_URL": f"http://127.0.0.1:{ports[0]}",
            "ESSOR_LOG_LEVEL": "ERROR",
        }
        _essor("demo", "--build-only", f"--port={ports[0]}")
        _set_up_django()
        _open_kiosk()
        _measure_making()
        with _serving(ports[0], home):
            _measure_burst(ports[0], home)
            _measure_edit(ports[0])
            if shutil.which("nginx") and shutil.which("wrk"):
                with _nginx(home, *ports):
                    _measure_rates(*ports)
            else:
                print("nginx and wrk are not installed: rates are not compared.")


def _set_up_django() -> None:
    import django

    django.setup()


def _essor(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "essor", *arguments], check=True, capture_output=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _open_kiosk() -> None:
    from essor.catalogue.queries import current_records
    from essor.catalogue.services.baskets import add_to_basket, create_basket
    from essor.kiosk.models import Kiosk

    basket = create_basket("Banc d’essai", is_public=True)
    add_to_basket(basket, current_records().order_by("pk")[:RECORDS_SHOWN])
    Kiosk.objects.create(name="Banc d’essai", slug=SLUG, basket=basket, limit=RECORDS_SHOWN)


# Making one


def _measure_making() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from essor.kiosk.kept_frames import kept_frames

    client = Client(HTTP_HOST=os.environ["ESSOR_URL"].removeprefix("http://"))
    times = []
    for _ in range(60):
        kept_frames.forget()
        start = time.perf_counter()
        answer = client.get(FRAME)
        times.append((time.perf_counter() - start) * 1e3)
    if answer.status_code != 200:
        raise RuntimeError(f"{FRAME} answered {answer.status_code}")
    kept_frames.forget()
    with CaptureQueriesContext(connection) as queries:
        client.get(FRAME)
    print(
        f"a frame of {RECORDS_SHOWN} records made: {statistics.median(times):.1f} ms (median of 60), "
        f"{len(queries)} queries   (asked: under 15 ms, 6 queries)"
    )


# A burst, an edit


def _measure_burst(port: int, home: Path) -> None:
    from essor.kiosk.kept_frames import NEWS_S, kept_frames

    kept_frames.forget()
    time.sleep(2 * NEWS_S)  # nothing is left of what was made before
    start = time.perf_counter()
    answers = asyncio.run(_burst(port))
    seconds = time.perf_counter() - start
    if answers != {200: BURST}:
        raise RuntimeError(f"The burst was answered {answers}")
    made = (home / "server.log").read_text().count("kiosk.frame.made")
    print(
        f"{BURST:,} first requests at once: {made} frame made, all answered in {seconds:.2f} s   (asked: 1)"
    )


async def _burst(port: int) -> dict[int, int]:
    request = (
        f"GET {FRAME} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    )

    async def ask() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        line = await reader.readline()
        await reader.read()
        writer.close()
        return int(line.split()[1])

    statuses = await asyncio.gather(*(ask() for _ in range(BURST)))
    return {status: statuses.count(status) for status in set(statuses)}


def _measure_edit(port: int) -> None:
    """Change the basket in this process, and ask the server until it shows."""
    from essor.catalogue.models import Basket
    from essor.catalogue.queries import current_records
    from essor.catalogue.services.baskets import add_to_basket
    from essor.catalogue.services.selections import rearrange_basket

    basket = Basket.objects.get(kiosks__slug=SLUG)
    added = list(current_records().order_by("-pk")[:ROUNDS])
    delays = []
    for record in added:
        first = basket.items.order_by("sort_order", "pk").values_list("record_id", flat=True)[0]
        rearrange_basket(basket, places={}, removed=[first])
        add_to_basket(basket, [record])
        edited, wanted = time.perf_counter(), f"/catalogue/{record.pk}/".encode()
        while wanted not in _asked(port):
            time.sleep(0.01)
        delays.append(time.perf_counter() - edited)
    print(f"an edit shows after {max(delays):.2f} s at most in {ROUNDS} trials   (asked: 1 s)")


def _asked(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{FRAME}", timeout=10) as answer:
        return bytes(answer.read())


# Rates


def _measure_rates(essor_port: int, file_port: int, cache_port: int) -> None:
    ways: dict[str, str] = {
        "nginx, a file": f"http://127.0.0.1:{file_port}/frame.html",
        "Essor alone": f"http://127.0.0.1:{essor_port}{FRAME}",
        "nginx keeping Essor's": f"http://127.0.0.1:{cache_port}{FRAME}",
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, address in ways.items():
            rates[way].append(_rate(address))
    file_rate = statistics.median(rates["nginx, a file"])
    print(f"requests/s, {CONNECTIONS} connections, median of {ROUNDS} turns of {SECONDS} s")
    asked = {"Essor alone": "   (asked: 0.15)", "nginx keeping Essor's": "   (asked: 0.8)"}
    for way, found in rates.items():
        rate = statistics.median(found)
        print(f"  {way:<24}{rate:10,.0f}   {rate / file_rate:.2f} of the file{asked.get(way, '')}")


def _rate(address: str) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip"]
    told = subprocess.run([*command, address], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise RuntimeError(told)
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if not found:
        raise RuntimeError(told)
    return float(found[1])


@contextmanager
def _serving(port: int, home: Path) -> Iterator[None]:
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "essor", "serve_web", f"--port={port}", "--workers=2"],
            stdout=log,
            stderr=log,
            env={**os.environ, "ESSOR_LOG_LEVEL": "DEBUG"},
        )
    try:
        _wait_for(lambda: _answers(port))
        yield
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/robots.txt", timeout=5):
            return True
    except OSError:
        return False


def _wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError("The server does not answer.")
        time.sleep(0.1)


@contextmanager
def _nginx(home: Path, essor_port: int, file_port: int, cache_port: int) -> Iterator[None]:
    """Serve the frame as a file, and Essor's own behind the cache that the documentation gives."""
    request = urllib.request.Request(  # our own server
        f"http://127.0.0.1:{essor_port}{FRAME}", headers={"Accept-Encoding": "gzip"}
    )
    (home / "files").mkdir()
    with urllib.request.urlopen(request, timeout=10) as answer:
        (home / "files" / "frame.html.gz").write_bytes(answer.read())
    (home / "files" / "frame.html").write_bytes(_asked(essor_port))
    documented = (ROOT / "docs" / "nginx-kiosks.conf").read_text(encoding="utf-8")
    configuration = NGINX.format(
        home=home,
        essor_port=essor_port,
        file_port=file_port,
        cache_port=cache_port,
        locations=documented.replace("127.0.0.1:8000", f"127.0.0.1:{essor_port}"),
    )
    (home / "nginx.conf").write_text(configuration)
    command = ["nginx", "-c", str(home / "nginx.conf"), "-g", "daemon off;"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait_for(lambda: (home / "nginx.pid").exists())
        yield
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    main()
