"""One suite for both engines."""

import pytest

from essor import search
from essor.search.engines import engine
from tests.search.builders import Shelf


@pytest.fixture(autouse=True)
def no_source():
    """Let nobody have documents but the test."""
    registered = search.sources()
    for kind in registered:
        search.unregister(kind)
    yield
    for kind in search.sources():
        search.unregister(kind)
    for kind, source in registered.items():
        search.register(kind, source)


@pytest.fixture
def articles() -> Shelf:
    """A registered store of articles."""
    shelf = Shelf()
    search.register("article", shelf)
    return shelf


@pytest.fixture
def tantivy_engine(own_index, db):
    return engine()


@pytest.fixture
def both(each_engine, db):
    """Run the test on each engine."""
    return engine()
