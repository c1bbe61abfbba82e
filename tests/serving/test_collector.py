"""What the garbage collector of a worker looks at."""

import gc
import sys
import weakref
from collections.abc import Iterator
from threading import Event, Thread

import pytest

from service.serving import collector
from service.serving.collector import (
    COLLECTED_AFTER,
    leave_what_is_there,
    look_for_what_goes,
)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The collector is the whole process's, and so is how often threads take turns. What it leaves
    alone stays so: else each batch of all later tests walks through what was collected and read."""
    enabled, interval = gc.isenabled(), sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)
    if enabled:
        gc.enable()


class Ring:
    """Refers to itself."""

    def __init__(self) -> None:
        self.ring = self


def is_looked_at(value: object) -> bool:
    return any(other is value for other in gc.get_objects())


def make_much(*, to_stay: bool) -> list[list[str]]:
    """As many values as a look follows on."""
    made = [["a programme"] for _ in range(2 * COLLECTED_AFTER)]
    return made if to_stay else []


def test_nothing_is_looked_at_in_the_midst_of_a_request() -> None:
    """A match paid for it with a tenth of its time."""
    leave_what_is_there()
    gone = weakref.ref(Ring())
    in_use = make_much(to_stay=True)
    assert in_use
    assert gone() is not None


def test_what_refers_to_itself_is_found_between_requests() -> None:
    leave_what_is_there()
    leave_what_is_there()  # a worker that is opened again
    gone = weakref.ref(Ring())
    in_use = make_much(to_stay=True)
    look_for_what_goes()
    assert in_use
    assert gone() is None


def test_where_little_was_made_nothing_is_looked_at() -> None:
    leave_what_is_there()
    gone = weakref.ref(Ring())
    look_for_what_goes()
    assert gone() is not None


def test_what_is_in_use_is_looked_at_once() -> None:
    """As programmes are that come to be shown: walking through all of them held a request up."""
    leave_what_is_there()
    shown = make_much(to_stay=True)
    assert is_looked_at(shown)
    look_for_what_goes()
    assert not is_looked_at(shown)


def test_what_a_request_has_in_use_is_found_once_it_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Left alone after each look, a little of every request stayed for ever."""
    monkeypatch.setattr(collector, "COLLECTED_AFTER", 0)
    leave_what_is_there()
    in_use = Ring()
    gone = weakref.ref(in_use)
    look_for_what_goes()
    del in_use
    look_for_what_goes()
    assert gone() is None


def test_another_thread_s_values_are_let_grow() -> None:
    """A list of all values is an owner more of the tuple that another thread is filling, and Python
    refuses to let that grow: readers of receipts were told of an internal error."""
    leave_what_is_there()
    sys.setswitchinterval(1e-6)
    refused, ended = list[SystemError](), Event()

    def fill_tuples() -> None:
        try:
            while not ended.is_set():
                tuple([number] for number in range(40))
        except SystemError as error:
            refused.append(error)

    threads = [Thread(target=fill_tuples, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    shown = []
    for _ in range(25):
        shown.append(make_much(to_stay=True))
        look_for_what_goes()
    ended.set()
    for thread in threads:
        thread.join()
    assert refused == []
