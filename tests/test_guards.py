"""The guards of conftest.py do guard."""

import socket
import warnings
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.template import Context, Origin, Template
from django_tasks import task
from django_tasks.base import TaskResult

from tests.strict_templates import PACKAGE

OURS = Origin(f"{PACKAGE}portal/templates/portal/_example.html")
THEIRS = Origin("/elsewhere/wagtailadmin/home.html")


def render(source: str, *, origin: Origin = OURS, **values: object) -> str:
    return Template(source, origin=origin).render(Context(values))


@pytest.mark.parametrize(
    "source",
    [
        "{{ missing }}",
        "{{ page.missing }}",
        "{{ missing|upper }}",
        "{% if missing %}{% endif %}",
        "{% if page and not missing %}{% endif %}",
        "{% for thing in missing %}{% endfor %}",
        "{% with thing=missing %}{% endwith %}",
    ],
)
def test_an_undefined_variable_of_our_templates_fails(source: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"_example.html: .*missing.* is not defined"):
        render(source, page={"title": "Essor"})


@pytest.mark.parametrize(
    "source",
    [
        '{{ missing|default:"" }}',
        "{% if page.missing %}{% endif %}",
        "{{ page.title.title|slice:0 }}",
    ],
)
def test_what_a_template_declares_optional_may_be_absent(source: str) -> None:
    assert render(source, page={"title": "Essor"}) == ""


def test_an_undefined_variable_of_a_foreign_template_is_left_alone() -> None:
    assert render("{{ missing }}", origin=THEIRS) == ""


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443)])
def test_the_outside_network_is_closed(address: tuple[str, int]) -> None:
    with pytest.raises(pytest.fail.Exception, match="outside network"):
        socket.create_connection(address, timeout=1)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_a_name_under_invalid_is_unknown_rather_than_forbidden() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("nulle-part.invalid", 80))


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning):
        warnings.warn("careful", stacklevel=1)


def test_everything_is_written_in_a_temporary_home() -> None:
    folders = [settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.CACHES["pages"]["LOCATION"]]
    assert all(settings.HOME in Path(folder).parents for folder in folders)
    assert "essor-tests-" in settings.HOME.name


@pytest.mark.parametrize("time", ["first", "second"])
def test_no_value_stays_in_the_cache_from_one_test_to_the_next(time: str) -> None:
    assert cache.add("visited", time)


@task
def break_down() -> None:
    raise ValueError("out of order")


def test_a_failed_task_is_reported(failed_tasks: list[TaskResult]) -> None:
    break_down.enqueue()

    assert "out of order" in failed_tasks[0].errors[0].traceback
    failed_tasks.clear()
