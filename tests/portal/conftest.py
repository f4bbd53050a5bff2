"""Resources of the portal's tests."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.fetching.web_server import WebServer, running_web_server


@pytest.fixture
def queries_of(client) -> Callable[[str], int]:
    """Count the queries of one page that is not kept, the site and its settings being known."""

    def count(address: str) -> int:
        client.get(address)
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A site on this machine; nothing trusts it yet."""
    with running_web_server() as server:
        yield server
