"""The settings are safe when nothing is set, and say clearly what they cannot understand."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

import essor

SETTINGS = Path(essor.__file__).parent / "settings.py"
HTTPS = "https://ess.example.org"
READ = ("ESSOR_", "DATABASE_URL", "CACHE_URL", "SEARCH_URL")


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Read the settings anew, with these variables and no other."""
    for name in [name for name in os.environ if name.startswith(READ)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ESSOR_HOME", str(tmp_path / "home"))

    def read(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        return runpy.run_path(str(SETTINGS))

    return read


def test_nothing_set_answers_this_machine_only_and_hides_errors(read):
    settings = read()

    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
    assert settings["DEBUG"] is False
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"


def test_a_public_address_turns_production_on(read):
    settings = read(ESSOR_URL=HTTPS, ESSOR_HOSTS="lille.example.org, roubaix.example.org")

    assert settings["ALLOWED_HOSTS"] == [
        "ess.example.org",
        "lille.example.org",
        "roubaix.example.org",
    ]
    assert settings["CSRF_TRUSTED_ORIGINS"][0] == HTTPS
    assert all(
        settings[name]
        for name in (
            "SECURE_SSL_REDIRECT",
            "SECURE_HSTS_SECONDS",
            "SESSION_COOKIE_SECURE",
            "CSRF_COOKIE_SECURE",
        )
    )


def test_proxy_headers_are_believed_only_on_demand(read):
    assert "SECURE_PROXY_SSL_HEADER" not in read(ESSOR_URL=HTTPS)
    assert "SECURE_PROXY_SSL_HEADER" in read(ESSOR_URL=HTTPS, ESSOR_BEHIND_PROXY="1")


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(read, tmp_path):
    key = read()["SECRET_KEY"]

    assert len(key) >= 50
    assert read()["SECRET_KEY"] == key
    assert (tmp_path / "home/secret_key").stat().st_mode & 0o077 == 0


def test_a_secret_may_be_given_as_a_file(read, tmp_path):
    (tmp_path / "database").write_text("postgresql://essor:x@db.example.org/essor\n")

    database = read(DATABASE_URL_FILE=tmp_path / "database")["DATABASES"]["default"]

    assert (database["ENGINE"], database["HOST"]) == (
        "django.db.backends.postgresql",
        "db.example.org",
    )
    assert database["OPTIONS"]["pool"]["max_size"] == 8


def test_redis_is_shared_by_both_caches_under_different_keys(read):
    caches = read(CACHE_URL="redis://127.0.0.1:6379/0")["CACHES"]

    assert {cache["LOCATION"] for cache in caches.values()} == {"redis://127.0.0.1:6379/0"}
    assert len({cache["KEY_PREFIX"] for cache in caches.values()}) == 2


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"ESSOR_DEBUG": "perhaps"}, r"ESSOR_DEBUG='perhaps': expected yes or no"),
        (
            {"ESSOR_FEED_MINUTES": "1"},
            r"ESSOR_FEED_MINUTES='1': expected a whole number, 5 or more",
        ),
        (
            {"ESSOR_IMPORT_MEGABYTES": "0"},
            r"ESSOR_IMPORT_MEGABYTES='0': expected a whole number, 1 or more",
        ),
        ({"ESSOR_FEED_MINUTES": "soon"}, r"ESSOR_FEED_MINUTES='soon': expected a whole number"),
        ({"ESSOR_URL": "ess.example.org"}, r"ESSOR_URL='ess.example.org': expected the public"),
        ({"ESSOR_SECRET_KEY_FILE": "/nowhere/key"}, r"ESSOR_SECRET_KEY_FILE='/nowhere/key' cannot"),
        (
            {"CACHE_URL": "redis://a", "CACHE_URL_FILE": "/b"},
            r"CACHE_URL and CACHE_URL_FILE are both",
        ),
    ],
)
def test_a_value_that_cannot_be_understood_stops_the_start(read, variables, expected):
    with pytest.raises(ImproperlyConfigured, match=expected):
        read(**variables)


def test_an_empty_secret_file_stops_the_start(read, tmp_path):
    (tmp_path / "key").touch()

    with pytest.raises(ImproperlyConfigured, match="is empty"):
        read(ESSOR_SECRET_KEY_FILE=tmp_path / "key")


@pytest.mark.processes
def test_the_deployment_check_finds_nothing_in_production_mode(tmp_path):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith((*READ, "DJANGO_"))
    }
    own = {"ESSOR_HOME": str(tmp_path), "ESSOR_URL": HTTPS}
    command = [sys.executable, "-m", "essor", "check", "--deploy", "--fail-level=INFO"]

    done = subprocess.run(
        command,
        env={**kept, **own, "DJANGO_SETTINGS_MODULE": "essor.settings"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
