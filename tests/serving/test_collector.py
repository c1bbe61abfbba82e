"""What the garbage collector of a worker looks at."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from service.serving.collector import MANY_VALUES, leave_what_is_there


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The collector is the whole process's."""
    threshold, enabled, told = gc.get_threshold(), gc.isenabled(), list(gc.callbacks)
    yield
    gc.callbacks[:] = told
    gc.set_threshold(*threshold)
    gc.unfreeze()
    if not enabled:
        gc.disable()


class Ring:
    """Refers to itself."""

    def __init__(self) -> None:
        self.ring = self


def is_looked_at(value: object) -> bool:
    return any(other is value for other in gc.get_objects())


def test_what_is_in_use_is_looked_at_once() -> None:
    """As programmes are that come to be shown: walking through all of them held a request up."""
    leave_what_is_there()
    shown = [["a programme"] for _ in range(MANY_VALUES)]
    assert is_looked_at(shown)
    gc.collect()
    assert not is_looked_at(shown)


def test_what_a_request_has_in_use_is_found_once_it_is_answered() -> None:
    """Left alone after each look, a little of every request stayed for ever."""
    leave_what_is_there()
    in_use = Ring()
    gone = weakref.ref(in_use)
    gc.collect()
    del in_use
    gc.collect()
    assert gone() is None


def test_what_refers_to_itself_is_found() -> None:
    leave_what_is_there()
    leave_what_is_there()  # a worker that is opened again
    gone = weakref.ref(Ring())
    assert gone() is not None
    gc.collect(0)
    assert gone() is None
