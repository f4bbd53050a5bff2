"""The second process, which understands records ahead, ends with the import whatever it is doing."""

import os
import signal
from datetime import date
from pathlib import Path

import pytest

from essor.catalogue.importers.profiles import shipped_profile
from essor.catalogue.importers.reading import Reading
from essor.catalogue.second_process import AT_ONCE, SecondProcess, SecondProcessLost
from essor.catalogue.types import Received
from essor.catalogue.understanding import Asked, Understanding
from tests.catalogue.builders import a_book


def children():
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def a_second_process():
    return SecondProcess(Understanding(Reading(shipped_profile("unimarc")), "reseau"))


def asked(n):
    content = a_book(str(n), f"Titre {n}")
    received = Received(0, str(n), content)
    return Asked(received, n, date(2026, 1, 31))


def test_a_second_process_that_answers_no_more_does_not_fail_the_import():
    before = children()
    with a_second_process() as mind:
        mind.ask([], {})
        assert mind.answers() == []
        (second,) = children() - before
        os.kill(int(second), signal.SIGSTOP)

    assert children() == before


def test_when_it_is_late_the_first_process_understands_too_and_the_order_is_kept():
    before = children()
    with a_second_process() as mind:
        mind.ask([asked(0)], {})
        assert [one.row.title for one in mind.answers()] == ["Titre 0"]
        (second,) = children() - before
        os.kill(int(second), signal.SIGSTOP)
        for n in range(1, AT_ONCE + 3):
            mind.ask([asked(n)], {})
        assert not mind.is_ready()
        os.kill(int(second), signal.SIGCONT)
        titles = [one.row.title for _ in range(1, AT_ONCE + 3) for one in mind.answers()]

    assert titles == [f"Titre {n}" for n in range(1, AT_ONCE + 3)]


def test_a_second_process_that_dies_ends_the_import_with_an_error():
    before = children()
    with a_second_process() as mind:
        mind.ask([], {})
        mind.answers()
        (second,) = children() - before
        os.kill(int(second), signal.SIGKILL)
        mind.ask([asked(1)], {})
        with pytest.raises(SecondProcessLost):
            mind.answers()


def test_asked_to_stop_it_leaves_that_to_the_first_process():
    before = children()
    with a_second_process() as mind:
        mind.ask([], {})
        mind.answers()
        (second,) = children() - before
        os.kill(int(second), signal.SIGTERM)
        mind.ask([asked(1)], {})

        assert [one.row.title for one in mind.answers()] == ["Titre 1"]
