"""Work divided among forks of this process: each has its memory and sends back its results."""

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Generic, NoReturn, TypeVar, cast

from service.storage.compiled_bytes import packed, unpacked

# A fork for fewer costs more than it saves.
MIN_ITEMS_TO_FORK = 500
# So that whoever has more to do with what it makes of a part takes fewer of them.
_PARTS_EACH = 10
_NUMBER_BYTES = 2
_PR_SET_PDEATHSIG = 1
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class ForkEnded(EOFError):
    """A fork that did not come back; `code` as the system tells it, negative where a signal ended
    it."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Fork(Generic[_Result]):
    """A piece of work that a fork has begun. It ends with this process."""

    def __init__(self, work: Callable[[], _Result]) -> None:
        parent, (self._heard, telling) = os.getpid(), os.pipe()
        self._code: int | None = None
        self._process = os.fork()
        if self._process == 0:
            # So that telling fails, and does not wait, once nobody listens any more.
            os.close(self._heard)
            _tell_and_end(work, telling, parent)
        os.close(telling)

    def result(self) -> _Result:
        """What it made, once it has. Raises ForkEnded where it does not come back."""
        with os.fdopen(self._heard, "rb") as pipe:
            content = pipe.read()
        code = self._wait()
        if code or not content:
            raise ForkEnded(code)
        return cast("_Result", unpacked(content))

    def end(self) -> None:
        """Have it end, whatever it is at."""
        if self._code is None:
            os.kill(self._process, signal.SIGKILL)
            self._wait()

    def _wait(self) -> int:
        """Its code; 0 where somebody else who waits for children has taken it."""
        code = 0
        with suppress(ChildProcessError):
            code = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        self._code = code
        return code


class DividedWork(Generic[_Item, _Result]):
    """Work that forks have begun, one for each processor, or a single one for fewer items than are
    `worth_it`. Each begins with a part of its own and takes the next whenever it has done one.
    `here`: one fork less, and this process does the same when it asks what they made."""

    def __init__(
        self,
        work: Callable[[Sequence[_Item]], _Result],
        items: Sequence[_Item],
        *,
        here: bool = False,
        worth_it: int | None = None,
    ) -> None:
        least = MIN_ITEMS_TO_FORK if worth_it is None else worth_it
        processors = len(os.sched_getaffinity(0)) if len(items) >= least else 1
        size = max(1, -(-len(items) // (processors * _PARTS_EACH)))
        self._work = work
        self._parts = [items[at : at + size] for at in range(0, len(items), size)]
        numbers = range(len(self._parts))
        first = list(numbers[:processors])
        self._own = first.pop() if here and first else None
        # Each number of another part is read from here once, by whoever is first.
        self._waiting, numbering = os.pipe()
        with os.fdopen(numbering, "wb") as pipe:
            pipe.writelines(map(_written_number, numbers[processors:]))
        self._forks = [Fork(partial(self._do_parts, number)) for number in first]

    def results(self) -> Iterator[_Result]:
        """What was made of each part, in the order of the items. Raises ForkEnded where a fork does
        not come back."""
        made = {} if self._own is None else self._do_parts(self._own)
        os.close(self._waiting)
        for fork in self._forks:
            made |= fork.result()
        return (made[number] for number in range(len(self._parts)))

    def _do_parts(self, first: int) -> dict[int, _Result]:
        """What is made of a part and of those that nobody else has taken, by their numbers."""
        made = {first: self._work(self._parts[first])}
        while written := os.read(self._waiting, _NUMBER_BYTES):
            number = int.from_bytes(written, "little")
            made[number] = self._work(self._parts[number])
        return made


def _written_number(number: int) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "little")


def end_with(parent: int) -> None:
    """Where the system can: the process that started this one takes it along, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(0)


def _tell_and_end(work: Callable[[], object], telling: int, parent: int) -> NoReturn:
    """The fork: does its work and nothing of what this process would do at its end."""
    code = 1
    try:
        end_with(parent)
        with os.fdopen(telling, "wb") as pipe:
            pipe.write(packed(work()))
        code = 0
    except Exception:  # noqa: BLE001  told where people look, as of any process
        traceback.print_exc()
    finally:
        os._exit(code)
