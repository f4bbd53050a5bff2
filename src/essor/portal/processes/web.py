"""The web process: granian in WSGI mode, several workers (docs/decisions/003-server.md)."""

import os
import signal

from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS_PER_WORKER = 4
STOP_LIMIT_S = 10
MOST_WORKERS_UNASKED = 4


def usual_worker_count() -> int:
    """Give one worker for each processor, within reason."""
    return min(os.cpu_count() or 1, MOST_WORKERS_UNASKED)


def serve_web(*, host: str, port: int, workers: int) -> None:
    """Serve the portal until SIGINT or SIGTERM. Exits with 1 when the workers keep failing."""
    # Ctrl-C reaches every process of the terminal: only the main one may hear it, since a worker
    # that is told twice to stop never does.
    os.register_at_fork(after_in_child=_be_deaf_to_ctrl_c)
    # The workers are forks: none may inherit an open connection to the database.
    connections.close_all()
    Granian(
        "essor.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS_PER_WORKER,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_LIMIT_S,
    ).serve()


def _be_deaf_to_ctrl_c() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
