"""The map and the list of the directory in the pages of other sites."""

import re

import pytest

from essor.register.models import StructureProfile
from essor.search.services import rebuild
from tests.register.mapped import mapped_area, structures_at, structures_without_address

FRAMES = ["/annuaire/carte/cadre", "/annuaire/cadre"]
LILLE = (3.05, 50.63)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory():
    mapped_area()
    structures_at([LILLE], name="Les Amis du livre", siren="500000001", family="association")
    structures_at([(3.15, 50.65)], name="Scop des tilleuls", family="cooperative")


@pytest.mark.parametrize("address", FRAMES)
def test_any_site_may_frame_it_and_no_cookie_is_read_or_set(client, admin_user, address):
    anonymous = client.get(address)
    client.force_login(admin_user)
    signed_in = client.get(address)

    for answer in (anonymous, signed_in):
        assert answer.status_code == 200
        assert "X-Frame-Options" not in answer
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert not answer.cookies
    assert "no-cache" not in signed_in.get("Cache-Control", "")


@pytest.mark.parametrize("address", ["/annuaire/carte/"])
def test_no_other_page_may_be_framed(client, address):
    answer = client.get(address)

    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("address", FRAMES)
def test_nothing_comes_from_elsewhere_and_it_is_light(client, address):
    content = client.get(address).content.decode()

    assert len(content) < 60_000
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!testserver)', content)
    assert "<style" not in content
    assert " style=" not in content


def test_a_frame_keeps_the_state_of_its_address(client):
    listed = client.get("/annuaire/cadre", {"famille": "cooperative"}).content.decode()
    mapped = client.get("/annuaire/carte/cadre", {"famille": "cooperative"}).content.decode()

    assert "Scop des tilleuls" in listed
    assert "Les Amis du livre" not in listed
    assert "/annuaire/carte/points?famille=cooperative" in mapped


@pytest.mark.parametrize("address", FRAMES)
def test_its_links_open_in_the_page_around_it(client, address):
    content = client.get(address).content.decode()

    links = re.findall(r"<a [^>]*>", content)
    assert links
    assert all('target="_parent"' in link for link in links)


@pytest.mark.parametrize(("asked", "theme"), [("clair", "light"), ("sombre", "dark")])
@pytest.mark.parametrize("address", FRAMES)
def test_its_colours_may_be_forced(client, address, asked, theme):
    assert f'data-theme="{theme}"' in client.get(address, {"theme": asked}).content.decode()
    assert "data-theme" not in client.get(address, {"theme": "rose"}).content.decode()


def test_what_is_not_published_is_not_in_the_list(client):
    structures_without_address(1, siren="500000009")
    StructureProfile.objects.create(siren="500000001", is_withheld=True)

    content = client.get("/annuaire/cadre").content.decode()

    assert "500000009" not in content
    assert "500000001" not in content
    assert "Les Amis du livre" not in content


@pytest.mark.usefixtures("own_index")
@pytest.mark.parametrize("address", ["/annuaire/carte/", "/annuaire/"])
def test_a_page_gives_the_code_of_its_frame(client, address):
    list(rebuild())
    content = client.get(address, {"famille": "cooperative"}).content.decode()

    assert f"&lt;iframe src=&quot;http://testserver{address}cadre?famille=cooperative" in content
