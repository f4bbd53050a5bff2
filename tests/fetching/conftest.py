from collections.abc import Iterator

import pytest

from tests.fetching.web_server import WebServer, running_web_server


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_web_server() as server:
        yield server


@pytest.fixture
def tls_web() -> Iterator[WebServer]:
    with running_web_server(tls=True) as server:
        yield server
