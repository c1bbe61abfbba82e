"""Work divided among forks of this process: each has all that this one has, and does a part."""

import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar, cast

from service.storage.compiled_bytes import packed, unpacked

# A fork for fewer costs more than it saves.
MIN_ITEMS_TO_FORK = 500
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Divided(Generic[_Item, _Result]):
    """Work that forks have begun; there are as many as processors, or one for a few items. `here`:
    one fork less, and this process does the last part when it asks what they made."""

    def __init__(
        self,
        work: Callable[[Sequence[_Item]], _Result],
        items: Sequence[_Item],
        *,
        here: bool = False,
    ) -> None:
        processors = len(os.sched_getaffinity(0)) if len(items) >= MIN_ITEMS_TO_FORK else 1
        size = max(1, -(-len(items) // processors))
        parts = [items[at : at + size] for at in range(0, len(items), size)]
        self._work, self._own = work, parts[-1:] if here else []
        self._forks = [_fork(work, part) for part in parts[: len(parts) - len(self._own)]]

    def results(self) -> Iterator[_Result]:
        """What each fork made, in the order of the items. Raises EOFError where one does not come
        back."""
        own = [self._work(part) for part in self._own]
        for fork, answer in self._forks:
            yield cast("_Result", unpacked(answer.recv_bytes()))
            fork.join()
        yield from own


def _fork(work: Callable[[Any], object], part: object) -> tuple[BaseProcess, Connection]:
    context = get_context("fork")
    answer, told = context.Pipe(duplex=False)
    fork = context.Process(target=_tell, args=(answer, told, work, part))
    fork.start()
    told.close()
    return fork, answer


def _tell(
    answer: Connection, told: Connection, work: Callable[[Any], object], part: object
) -> None:
    answer.close()  # so that telling fails, and does not wait, once nobody listens any more
    told.send_bytes(packed(work(part)))
