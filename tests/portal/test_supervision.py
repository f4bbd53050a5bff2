"""Several programs live and die together, with everything that they start."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from essor.portal.processes.supervision import Outcome, Program, run_together
from tests.processes import descendants, is_alive

LIMIT_S = 30
SUPERVISOR = """
import os, sys
from essor.portal.processes import supervision
supervision.STOP_LIMIT_S = 1
programs = [
    supervision.Program(script, [sys.executable, "-c", script]) for script in sys.argv[1:]
]
outcome = supervision.run_together(programs, environment=os.environ)
sys.exit(outcome.code)
"""
PATIENT = "import os, time; os.write(1, b'ready\\n'); time.sleep(600)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {PATIENT!r}])"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {PATIENT}"

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes in /proc, as on Linux"
)


def _as_in_a_terminal():
    # Under `nohup` the tests would hand down a SIGHUP that the supervisor ignores, as it should.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@contextlib.contextmanager
def supervised(*scripts):
    """Run the scripts under a supervisor, once each of them is ready."""
    command = [sys.executable, "-c", SUPERVISOR, *scripts]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, preexec_fn=_as_in_a_terminal
    ) as supervisor:
        try:
            for _ in scripts:
                assert supervisor.stdout.readline() == "ready\n"
            yield supervisor
        finally:
            left = descendants(supervisor.pid)
            supervisor.kill()
            for pid in filter(is_alive, left):
                os.kill(pid, signal.SIGKILL)


def wait_until_gone(processes):
    deadline = time.monotonic() + LIMIT_S
    while alive := [pid for pid in processes if is_alive(pid)]:
        assert time.monotonic() < deadline, f"still running: {alive}"
        time.sleep(0.05)


@needs_proc
@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_order_to_stop_ends_all_and_is_no_failure(order):
    with supervised(PARENT, PATIENT) as supervisor:
        family = descendants(supervisor.pid)
        assert len(family) == 3

        supervisor.send_signal(order)

        assert supervisor.wait(LIMIT_S) == 0
        wait_until_gone(family)


@needs_proc
def test_the_end_of_one_program_is_the_end_of_all_and_a_failure():
    with supervised(PARENT, PATIENT) as supervisor:
        family = descendants(supervisor.pid)

        os.kill(family[0], signal.SIGKILL)

        assert supervisor.wait(LIMIT_S) != 0
        wait_until_gone(family)


@needs_proc
def test_a_program_that_will_not_stop_is_killed():
    with supervised(STUBBORN, PATIENT) as supervisor:
        family = descendants(supervisor.pid)

        supervisor.terminate()

        assert supervisor.wait(LIMIT_S) == 0
        wait_until_gone(family)


@needs_proc
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells the programs")
def test_no_program_outlives_a_supervisor_that_is_killed():
    with supervised(PATIENT, PATIENT) as supervisor:
        family = descendants(supervisor.pid)

        supervisor.kill()
        supervisor.wait(LIMIT_S)

        wait_until_gone(family)


def test_a_program_that_ends_by_itself_gives_its_exit_code():
    failing = Program("failing", [sys.executable, "-c", "raise SystemExit(7)"])
    lasting = Program("lasting", [sys.executable, "-c", PATIENT])

    outcome = run_together([lasting, failing], environment=os.environ)

    assert outcome == Outcome("failing", 7)


def test_a_program_that_ends_in_peace_is_an_end_all_the_same():
    brief = Program("brief", [sys.executable, "-c", ""])

    assert run_together([brief], environment=os.environ) == Outcome("brief", 1)


def test_a_program_that_cannot_start_leaves_none_of_the_others(tmp_path):
    told = tmp_path / "pid"
    first = (
        f"import os, pathlib; pathlib.Path({str(told)!r}).write_text(str(os.getpid())); {PATIENT}"
    )
    programs = [
        Program("first", [sys.executable, "-c", first]),
        Program("absent", [str(tmp_path / "absent")]),
    ]

    with pytest.raises(FileNotFoundError):
        run_together(programs, environment=os.environ)

    assert not told.exists() or not is_alive(int(told.read_text()))
