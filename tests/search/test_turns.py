"""Searches that fill a processor take turns."""

import threading

import pytest

from essor.search.engines.turns import Turns


def test_the_others_follow_in_the_order_they_came():
    turns, came, served = Turns(at_once=1), threading.Semaphore(0), []

    def search(place):
        came.release()
        with turns.taken():
            served.append(place)

    with turns.taken():
        threads = []
        for place in range(5):
            threads.append(threading.Thread(target=search, args=(place,)))
            threads[-1].start()
            came.acquire()
            while turns.waiting <= place:
                pass
        assert served == []
    for thread in threads:
        thread.join(10)

    assert served == [0, 1, 2, 3, 4]


def test_who_goes_on_comes_before_those_who_begin():
    turns, served = Turns(at_once=1), []

    def search(name, *, is_going_on):
        with turns.taken(is_going_on=is_going_on):
            served.append(name)

    threads = []
    with turns.taken():
        for place, is_going_on in enumerate((False, False, True)):
            options = {"is_going_on": is_going_on}
            threads.append(threading.Thread(target=search, args=(place,), kwargs=options))
            threads[-1].start()
            while turns.waiting <= place:
                pass
    for thread in threads:
        thread.join(10)

    assert served == [2, 0, 1]


def test_so_many_are_never_exceeded():
    turns, lock, now, most = Turns(at_once=2), threading.Lock(), 0, 0

    def search():
        nonlocal now, most
        for _ in range(200):
            with turns.taken():
                with lock:
                    now += 1
                    most = max(most, now)
                with lock:
                    now -= 1

    threads = [threading.Thread(target=search) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (now, 1 <= most <= 2) == (0, True)


def test_a_failure_gives_the_turn_to_the_next():
    turns = Turns(at_once=1)

    with pytest.raises(ValueError, match="damaged"), turns.taken():
        raise ValueError("damaged")

    with turns.taken():
        pass
