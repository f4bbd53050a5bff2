"""The staff screens of vintages: what each was made from, and the previous one shown again."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command

from essor.register.models import LegalUnit, Vintage
from essor.register.services.loading import load
from tests.portal.builders import a_portal
from tests.register.builds import a_build
from tests.territory.factories import TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_index")]

A, B = "300000001", "300000002"


@pytest.fixture(autouse=True)
def vintages():
    a_portal()
    TerritoryFactory(code="59350", name="Lille")
    return load(a_build(A, month="2026-10")).vintage, load(a_build(B)).vintage


def signed_in(client, *rights):
    user = User.objects.create_user("ada")
    for right in ("access_admin", *rights):
        user.user_permissions.add(*Permission.objects.filter(codename=right))
    client.force_login(user)
    return client


def restore_address(vintage):
    return f"/gestion/annuaire/millesimes/restore/{vintage.pk}/"


def test_the_list_and_the_manifest_are_readable(client, vintages):
    staff = signed_in(client, "view_vintage")
    page = staff.get("/gestion/annuaire/millesimes/").content.decode()
    assert "octobre 2026" in page
    assert restore_address(vintages[0]) not in page
    assert f"/gestion/annuaire/millesimes/inspect/{vintages[0].pk}/" in page

    manifest = staff.get(f"/gestion/annuaire/millesimes/inspect/{vintages[0].pk}/").content.decode()
    assert "units.parquet" in manifest
    assert "Lignes après chaque étape" in manifest


def test_who_may_confirms_and_readers_see_the_previous_vintage_again(client, vintages):
    staff = signed_in(client, "view_vintage", "change_vintage")
    address = restore_address(vintages[0])
    assert address in staff.get("/gestion/annuaire/millesimes/").content.decode()
    assert "2026-10" in staff.get(address).content.decode()
    assert Vintage.objects.get(is_current=True) == vintages[1]

    assert staff.post(address).status_code == 302
    assert Vintage.objects.get(is_current=True) == vintages[0]
    assert LegalUnit.objects.current().get().siren == A


@pytest.mark.parametrize("rights", [(), ("view_vintage",), ("change_structureprofile",)])
def test_nobody_else_may(client, vintages, rights):
    staff = signed_in(client, *rights)
    address = restore_address(vintages[0])

    assert staff.get(address).status_code in (302, 403)
    assert staff.post(address).status_code in (302, 403)
    assert Vintage.objects.get(is_current=True) == vintages[1]


def test_the_one_that_is_shown_cannot_be_shown_again(client, vintages):
    staff = signed_in(client, "view_vintage", "change_vintage")

    assert staff.post(restore_address(vintages[1])).status_code == 404


def test_the_command_lists_them_and_restores_the_previous_one(capsys, vintages):
    call_command("register_vintages")
    listed = capsys.readouterr().out
    assert "novembre 2026" in listed
    assert "octobre 2026" in listed

    call_command("register_vintages", restore=vintages[0].pk)
    assert Vintage.objects.get(is_current=True) == vintages[0]
    with pytest.raises(CommandError):
        call_command("register_vintages", restore=999)


def test_a_folder_that_is_no_build_is_refused_in_words(tmp_path, vintages):
    with pytest.raises(CommandError, match=str(tmp_path)):
        call_command("load_register", tmp_path)

    assert Vintage.objects.get(is_current=True) == vintages[1]
