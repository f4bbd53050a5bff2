"""One process at a time, and no file left behind."""

import fcntl
import os

import pytest

from essor.alone import alone


def test_one_is_alone_and_leaves_no_file(tmp_path):
    file = tmp_path / "a.lock"
    with alone(file), pytest.raises(BlockingIOError), alone(file):
        pass
    assert not file.exists()
    with alone(file):
        assert file.exists()


def test_the_file_of_one_who_died_is_taken_by_the_next(tmp_path):
    file = tmp_path / "a.lock"
    file.touch()
    with alone(file):
        pass
    assert not file.exists()


def test_who_waited_on_a_file_that_was_removed_takes_the_new_one(tmp_path, monkeypatch):
    file = tmp_path / "a.lock"
    lock, removed = fcntl.flock, []

    def slow(number, operation):
        lock(number, operation)
        if not removed:
            removed.append(os.fstat(number).st_ino)
            file.unlink()

    monkeypatch.setattr(fcntl, "flock", slow)
    with alone(file):
        assert file.exists()
    assert not file.exists()
