"""Pages per second of the dossier: computed, kept, and beside them the bare minimum on the same server.

The peer is a WSGI application that only gives the same bytes back: what is above it is ours.
"""

import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from typing import Any

ROUNDS = 7
DOSSIER = "/dossiers/economie-sociale-et-solidaire/"


def main() -> None:
    """Build the demonstration in a temporary home and print three rates and their ratios."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["ESSOR_HOME"] = home
        import django

        django.setup()
        from django.core.cache import caches
        from django.core.management import call_command

        from essor.wsgi import application

        call_command("demo", build_only=True, stdout=io.StringIO())
        body = _asked(application)
        computed = _rate(lambda: (caches["pages"].clear(), _asked(application)), times=10)
        kept = _rate(lambda: _asked(application), times=200)
        bare = _rate(lambda: _asked(_giving(body)), times=2_000)
    print(f"dossier page, {len(body):,} bytes, one process (requests/s, median of {ROUNDS} rounds)")
    print(f"  computed      {computed:10,.0f}")
    print(f"  kept          {kept:10,.0f}   {kept / computed:6.1f} x computed")
    print(f"  bare WSGI     {bare:10,.0f}   kept is {kept / bare:.3f} of it")


def _rate(act: Callable[[], Any], *, times: int) -> float:
    act()
    rates = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            act()
        rates.append(times / (time.perf_counter() - start))
    return statistics.median(rates)


def _asked(application: Callable[..., Iterable[bytes]]) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": DOSSIER,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "127.0.0.1:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "REMOTE_ADDR": "127.0.0.1",
    }
    status = []
    answer = application(environ, lambda line, headers: status.append(line))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    if not status[0].startswith("200"):
        raise RuntimeError(f"{DOSSIER} answered {status[0]}")
    return body


def _giving(body: bytes) -> Callable[..., Iterable[bytes]]:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    return application


if __name__ == "__main__":
    main()
