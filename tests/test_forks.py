"""Work divided among forks."""

import os
import time
from collections.abc import Sequence

import pytest

from service.forks import MIN_ITEMS_TO_FORK, DividedWork


def test_what_forks_make_comes_in_the_order_of_the_items() -> None:
    """Each part is done by a process of its own, which has what this one has."""
    base = 7

    def work(part: Sequence[int]) -> list[tuple[int, int]]:
        return [(os.getpid(), base * item) for item in part]

    made = [pair for part in DividedWork(work, range(MIN_ITEMS_TO_FORK)).results() for pair in part]
    assert [value for _, value in made] == [base * item for item in range(MIN_ITEMS_TO_FORK)]
    assert os.getpid() not in {process for process, _ in made}


def test_whoever_has_time_takes_the_next_part() -> None:
    """This process takes parts, too, where it has time, and what all made keeps its order."""
    this = os.getpid()

    def work(part: Sequence[int]) -> list[tuple[int, int]]:
        if os.getpid() != this:
            time.sleep(0.2)
        return [(os.getpid(), item) for item in part]

    items = range(MIN_ITEMS_TO_FORK)
    parts = list(DividedWork(work, items, here=True).results())
    assert [item for part in parts for _, item in part] == list(items)
    own = [part for part in parts if part[0][0] == this]
    assert len(own) > len(parts) / 2


def test_a_fork_that_dies_is_noticed() -> None:
    """Nobody waits for an answer that cannot come."""
    with pytest.raises(EOFError):
        list(DividedWork(lambda _: os._exit(3), [1]).results())


def test_nothing_to_do_makes_nothing() -> None:
    """No items, no parts."""
    assert list(DividedWork(len, []).results()) == []
