"""A tile server is asked by readers' browsers only when the administrator names one."""

import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

import essor
from tests.register.mapped import mapped_area, structures_at

SETTINGS = Path(essor.__file__).parent / "settings.py"
HOST = "tiles.example.org"
TILES = f"https://{HOST}/{{z}}/{{x}}/{{y}}.png"
CREDIT = "© contributors of a map"
SIREN = "500000001"
MAPS = ["/annuaire/carte/", "/annuaire/carte/cadre", f"/annuaire/{SIREN}/"]


@pytest.fixture
def administrator_sets(monkeypatch, tmp_path, settings):
    """Read the settings of maps anew, with these variables of the environment."""
    monkeypatch.setenv("ESSOR_HOME", str(tmp_path / "home"))

    def sets(**variables):
        for name in ("ESSOR_TILES", "ESSOR_TILES_CREDIT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        read = runpy.run_path(str(SETTINGS))
        for name in ("MAP_TILES", "MAP_TILES_CREDIT", "CONTENT_SECURITY_POLICY"):
            setattr(settings, name, read[name])

    return sets


@pytest.fixture
def mapped(db):
    mapped_area()
    structures_at([(3.05, 50.63)], siren=SIREN)


def pictures_allowed(response):
    """Give the sources of pictures in the policy of a page."""
    directives = response["Content-Security-Policy"].split(";")
    return next(one.split()[1:] for one in directives if one.strip().startswith("img-src"))


@pytest.mark.parametrize("address", MAPS)
def test_without_a_tile_server_nothing_comes_from_elsewhere(
    client, mapped, administrator_sets, address
):
    administrator_sets(ESSOR_TILES_CREDIT=CREDIT)

    answer = client.get(address)

    assert pictures_allowed(answer) == ["'self'", "data:"]
    content = answer.content.decode()
    assert "<essor-map" in content
    assert "data-tiles" not in content
    assert CREDIT not in content


@pytest.mark.parametrize("address", MAPS)
def test_a_tile_server_is_named_by_the_page_and_allowed_by_its_policy(
    client, mapped, administrator_sets, address
):
    administrator_sets(ESSOR_TILES=TILES, ESSOR_TILES_CREDIT=CREDIT)

    answer = client.get(address)

    assert pictures_allowed(answer) == ["'self'", "data:", f"https://{HOST}"]
    content = answer.content.decode()
    assert f'data-tiles="{TILES}"' in content
    assert CREDIT in content


def test_one_of_several_servers_is_allowed_by_its_pattern(client, mapped, administrator_sets):
    administrator_sets(
        ESSOR_TILES="https://{s}.example.org/{z}/{x}/{y}.png", ESSOR_TILES_CREDIT=CREDIT
    )

    assert "https://*.example.org" in pictures_allowed(client.get(MAPS[0]))


@pytest.mark.parametrize(
    "variables",
    [
        {"ESSOR_TILES": TILES},
        {"ESSOR_TILES": f"https://{HOST}/map.png", "ESSOR_TILES_CREDIT": CREDIT},
        {"ESSOR_TILES": "tiles/{z}/{x}/{y}.png", "ESSOR_TILES_CREDIT": CREDIT},
    ],
    ids=["without credit", "without places", "without server"],
)
def test_an_address_of_tiles_that_cannot_be_is_refused(administrator_sets, variables):
    with pytest.raises(ImproperlyConfigured, match="ESSOR_TILES"):
        administrator_sets(**variables)
