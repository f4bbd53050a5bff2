"""Harvests in the staff screens: who sees them, what is set up, tested and started there."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import gettext

from essor.catalogue.admin.harvests import health_of
from essor.catalogue.models import Harvest, ImportRun, Record
from essor.catalogue.services.imports import STILL_RUNNING
from essor.portal.services.roles import ADMINISTRATORS, EDITORS, MODERATORS
from tests.catalogue import oai_pages
from tests.catalogue.builders import SourceFactory
from tests.catalogue.oai_server import running_oai_server
from tests.portal.builders import a_member, a_portal

pytestmark = pytest.mark.django_db

LIST = "/gestion/catalogue/moissonnages/"
State = ImportRun.State


@pytest.fixture
def server(settings):
    with running_oai_server() as running:
        settings.TRUSTED_SERVERS = list(running.web.trusted)
        running.has("1", "Germinal")
        yield running


@pytest.fixture
def held(server):
    return Harvest.objects.create(source=SourceFactory(), address=server.address)


@pytest.fixture
def administrator(client):
    a_portal()
    client.force_login(a_member(ADMINISTRATORS))
    return client


def said(response):
    return response.content.decode()


def form_of(server, **changed):
    fields = {
        "source": SourceFactory().pk,
        "address": server.address,
        "metadata_prefix": "marcxml",
        "set_spec": "",
        "is_active": "on",
    }
    return {**fields, **changed}


def with_prefixes(server, *prefixes):
    listed = "".join(
        f"<metadataFormat><metadataPrefix>{one}</metadataPrefix></metadataFormat>"
        for one in prefixes
    )
    body = oai_pages.answer(f"<ListMetadataFormats>{listed}</ListMetadataFormats>")
    server.instead = lambda asked: body if asked["verb"] == "ListMetadataFormats" else None


def test_a_harvest_is_set_up_and_made(administrator, server):
    assert administrator.post(f"{LIST}new/", form_of(server)).status_code == 302
    held = Harvest.objects.get()

    after = administrator.post(f"{LIST}act/{held.pk}/", {"act": "now"}, follow=True)

    assert Record.objects.get().title == "Germinal"
    assert "Report of" not in said(after)  # in French
    assert f"/gestion/catalogue/imports/inspect/{ImportRun.objects.get().pk}/" in said(after)


@pytest.mark.parametrize("address", ["http://10.0.0.1/oai", "http://localhost/oai", "ftp://x.fr"])
def test_an_address_of_an_inner_machine_is_refused(administrator, server, address):
    response = administrator.post(f"{LIST}new/", form_of(server, address=address))

    assert response.status_code == 200
    assert not Harvest.objects.exists()


def test_another_address_begins_from_the_first_record(administrator, held, server):
    Harvest.objects.update(changed_since="2026-01-01", resumption_token="t", windows=[["", ""]])

    changed = form_of(server, set_spec="jeunesse")
    assert administrator.post(f"{LIST}edit/{held.pk}/", changed).status_code == 302

    held.refresh_from_db()
    assert (held.changed_since, held.resumption_token, held.windows) == ("", "", [])


def test_stopping_the_nights_keeps_the_place(administrator, held, server):
    Harvest.objects.update(changed_since="2026-01-01")

    administrator.post(f"{LIST}edit/{held.pk}/", form_of(server, is_active=""))

    held.refresh_from_db()
    assert (held.is_active, held.changed_since) == (False, "2026-01-01")


def test_everything_can_be_read_again(administrator, held, server):
    administrator.post(f"{LIST}act/{held.pk}/", {"act": "now"})
    administrator.post(f"{LIST}act/{held.pk}/", {"act": "all"})

    assert ["from" in one for one in server.lists()] == [False, False]


def test_a_source_that_is_being_imported_is_not_harvested_at_the_same_time(
    administrator, held, server
):
    ImportRun.objects.create(source=held.source, state=State.RUNNING)

    after = administrator.post(f"{LIST}act/{held.pk}/", {"act": "now"}, follow=True)

    (message,) = after.context["messages"]
    assert (message.level_tag, str(message).strip()) == ("error", gettext(STILL_RUNNING))
    assert not server.asked


def test_the_test_of_an_address_says_who_answers_and_what_it_has(administrator, held, server):
    with_prefixes(server, "oai_dc", "marcxml")

    after = administrator.post(f"{LIST}act/{held.pk}/", {"act": "test"}, follow=True)

    assert "Médiathèque" in said(after)
    assert "oai_dc, marcxml" in said(after)
    assert not ImportRun.objects.exists()


def test_the_test_warns_of_a_prefix_that_the_server_lacks(administrator, held, server):
    with_prefixes(server, "oai_dc")

    after = administrator.post(f"{LIST}act/{held.pk}/", {"act": "test"}, follow=True)

    (message,) = after.context["messages"]
    assert message.level_tag == "warning"
    assert "marcxml" in str(message)


def test_the_test_of_what_is_no_server_says_so(administrator, held, server):
    server.instead = lambda asked: b"<html>Bienvenue</html>"

    after = administrator.post(f"{LIST}act/{held.pk}/", {"act": "test"}, follow=True)

    (message,) = after.context["messages"]
    assert message.level_tag == "error"
    assert "OAI-PMH" in str(message)


@pytest.mark.parametrize("group", [EDITORS, MODERATORS, None])
@pytest.mark.parametrize("address", ["", "new/", "edit/{}/", "delete/{}/", "act/{}/"])
def test_harvests_are_the_business_of_administrators(client, held, server, group, address):
    a_portal()
    if group:
        client.force_login(a_member(group))
    address = LIST + address.format(held.pk)

    for response in (client.get(address), client.post(address, {"act": "now"})):
        assert response.status_code in (302, 405)
        assert response.get("Location", "/gestion/") != LIST
    assert Harvest.objects.exists()
    assert not server.asked


def test_the_list_asks_as_many_queries_whatever_it_holds(
    administrator, server, django_assert_max_num_queries
):
    counts = []
    for size in (2, 8):
        for number in range(size):
            source = SourceFactory(code=f"s{size}-{number}")
            run = ImportRun.objects.create(source=source, state=State.FINISHED)
            Harvest.objects.create(source=source, address=server.address, last_run=run)
        administrator.get(LIST)
        with django_assert_max_num_queries(60) as queries:
            assert administrator.get(LIST).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize("is_active", [True, False])
def test_every_harvest_has_a_health_in_words(state, is_active):
    run = None if state is None else ImportRun(state=state, message="")

    assert health_of(Harvest(is_active=is_active, last_run=run)).words


# The command


def test_the_command_sets_up_and_harvests(server, capsys):
    call_command("harvest", "koha", address=server.address, source_name="Réseau")

    assert Record.objects.get().source.name == "Réseau"
    assert server.address in capsys.readouterr().out


def test_the_command_harvests_all_that_is_active(held, server):
    call_command("harvest")

    assert Record.objects.get().title == "Germinal"


def test_the_command_tests_an_address(server, capsys):
    with_prefixes(server, "marcxml")

    call_command("harvest", address=server.address, test=True)

    assert "Médiathèque" in capsys.readouterr().out
    assert not Harvest.objects.exists()


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], {}),
        (["inconnu"], {}),
        ([], {"address": "http://127.0.0.1:9/oai"}),
        (["koha"], {"address": "ceci"}),
        ([], {"address": "http://127.0.0.1:9/oai", "test": True}),
    ],
)
def test_the_command_says_what_it_wants(words, options):
    with pytest.raises(CommandError) as error:
        call_command("harvest", *words, **options)

    assert str(error.value)


def test_the_command_fails_when_a_harvest_does(held, server, capsys):
    server.instead = lambda asked: b"<html/>"

    with pytest.raises(CommandError):
        call_command("harvest")

    assert "OAI-PMH" in capsys.readouterr().out


def test_the_nightly_task_harvests_what_is_due(held, server):
    from essor.catalogue.tasks import harvest_due

    harvest_due.enqueue()
    harvest_due.enqueue()

    assert ImportRun.objects.count() == 1
