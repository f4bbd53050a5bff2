"""The second process, which understands records ahead, ends with the import whatever it is doing."""

import os
import signal
from pathlib import Path

from essor.catalogue.importers.profiles import shipped_profile
from essor.catalogue.importers.reading import Reading
from essor.catalogue.second_process import SecondProcess


def children():
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_a_second_process_that_answers_no_more_does_not_fail_the_import():
    before = children()
    with SecondProcess(Reading(shipped_profile("unimarc")), "reseau") as mind:
        mind.ask([], {})
        assert mind.answers() == []
        (second,) = children() - before
        os.kill(int(second), signal.SIGSTOP)

    assert children() == before
