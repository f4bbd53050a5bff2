"""A portal is made by one command; what is no host name is refused before anything is stored."""

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Site

pytestmark = pytest.mark.django_db


def test_a_portal_is_made_once():
    for _ in range(2):
        call_command("create_portal", "À suivre", "ESS.example.org")
    assert [site.hostname for site in Site.objects.all()] == ["ess.example.org"]


@pytest.mark.parametrize(
    "name", ["", "bad host!", "<b>", "a/b", "http://ess.example.org", "ess.example.org:8000", ".."]
)
def test_what_is_no_host_name_is_refused(name):
    before = Site.objects.count()
    with pytest.raises(CommandError, match="nom d’hôte"):
        call_command("create_portal", "À suivre", name)
    assert Site.objects.count() == before
