"""What the `demo` command does on a demonstration already built, and what it prints."""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from essor.demo.models import Step
from essor.portal.models import PictureRendition


@pytest.fixture
def home(demo, tmp_path: Path, settings) -> Path:
    settings.HOME = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    return tmp_path


def run() -> str:
    out = StringIO()
    call_command("demo", port=8123, build_only=True, stdout=out)
    return out.getvalue()


def test_addresses_and_accounts_are_printed_at_each_run_until_their_file_is_lost(
    home: Path,
) -> None:
    Step.objects.create(name="sizes")  # the longest step, and not what this test is about
    Step.objects.get(name="accounts").delete()
    User.objects.all().delete()
    first, second = run(), run()
    lines = (home / "demo-accounts.txt").read_text().splitlines()
    assert len(lines) == 4
    for output in (first, second):
        assert "http://127.0.0.1:8123/\n" in output
        assert "http://127.0.0.1:8123/gestion/\n" in output
        assert all(line.split()[1] in output for line in lines)
    (home / "demo-accounts.txt").unlink()
    assert "changepassword" in run()
    assert not (home / "demo-accounts.txt").exists()


def test_pictures_are_ready_before_the_first_reader(home: Path, client) -> None:
    run()
    before = PictureRendition.objects.count()
    for address in ("/", "/dossiers/", "/dossiers/economie-sociale-et-solidaire/preambule/"):
        assert client.get(address).status_code == 200
    assert PictureRendition.objects.count() == before > 40
