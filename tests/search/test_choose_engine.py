"""The engine is chosen by one address, and a wrong one is refused in words."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from essor import search
from essor.search.engines import engine, engine_at


def test_a_folder_is_for_tantivy(tmp_path):
    assert engine_at(f"tantivy://{tmp_path}").name == "tantivy"


def test_the_engine_is_the_one_of_the_settings(settings, tmp_path):
    settings.SEARCH_URL = f"tantivy://{tmp_path}"

    assert engine() is search.index().engine is engine_at(f"tantivy://{tmp_path}")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs DATABASE_URL on PostgreSQL")
def test_the_database_of_the_portal_can_be_the_engine():
    assert engine_at("postgresql:").name == "postgresql"


@pytest.mark.skipif(connection.vendor == "postgresql", reason="needs another store")
def test_postgresql_needs_a_store_on_postgresql():
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        engine_at("postgresql:")


@pytest.mark.parametrize(
    "url", ["", "tantivy:", "tantivy://host/folder", "postgresql://elsewhere/base", "solr://x"]
)
def test_another_address_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="SEARCH_URL"):
        engine_at(url)


def test_a_kind_has_one_source(articles):
    with pytest.raises(search.SearchError, match="twice"):
        search.register("article", articles)
