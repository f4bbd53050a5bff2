"""One suite for both engines."""

import pytest
from django.db import connection

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
def tantivy_engine(settings, tmp_path, db):
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"
    return engine()


@pytest.fixture(params=["tantivy", "postgresql"])
def both(request, settings, tmp_path, db):
    """Run the test on each engine."""
    if request.param == "tantivy":
        return request.getfixturevalue("tantivy_engine")
    if connection.vendor != "postgresql":
        pytest.skip("the engine of PostgreSQL needs DATABASE_URL on PostgreSQL")
    settings.SEARCH_URL = "postgresql:"
    return engine()
