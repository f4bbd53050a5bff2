"""A source that another import holds, as a test wants."""

from contextlib import contextmanager
from threading import Event, Thread

from django.db import connection

from essor.catalogue.locks import alone_on


@contextmanager
def held_elsewhere(source):
    """Let another thread, which has a connection of its own, be alone on a source."""
    taken, over = Event(), Event()

    def hold():
        with alone_on(source):
            taken.set()
            over.wait(30)
        connection.close()

    other = Thread(target=hold)
    other.start()
    assert taken.wait(30)
    try:
        yield
    finally:
        over.set()
        other.join()
