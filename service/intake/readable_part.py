"""What can still be read of a kept request: without the answers that the vocabulary no longer has
words for."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any, TypeVar

from service.domain.errors import InvalidInput, Problem

T = TypeVar("T")
# What points at one of these of a project speaks of the whole of it.
_OF_THE_WHOLE: tuple[list[str], ...] = ([], ["kind"], ["ref"])


def removal_order(problems: Iterable[Problem]) -> list[str]:
    """Where the problems are, from the last to the first: a project that goes moves those behind
    it."""

    def place(pointer: str) -> list[str]:
        return [part.zfill(6) if part.isdigit() else part for part in pointer.split("/")]

    return sorted({problem.pointer for problem in problems}, key=place, reverse=True)


def read_readable(read: Callable[[Any], T], raw: Any) -> tuple[T, Any, tuple[Problem, ...]]:
    """What a reader makes of a request without the answers it cannot read, each taken out whole;
    the request as it was read; and the problems with what was taken out. Raises InvalidInput for
    what is no answer of a profile."""
    left, problems = deepcopy(raw), list[Problem]()
    while True:
        try:
            return read(left), left, tuple(problems)
        except InvalidInput as error:
            taken = [_take_out(left, pointer) for pointer in removal_order(error.problems)]
            if not any(taken):
                raise
            problems += error.problems


def _take_out(request: Any, pointer: str) -> bool:
    """Take the answer out that a pointer leads to or into; whether there was one."""
    parts = pointer.strip("/").split("/")
    if len(parts) < 3 or parts[0] != "profile":
        return False
    where, rest = parts[1], parts[2:]
    profile = request["profile"]
    if where == "projects":
        projects, inside = profile["projects"], rest[1:]
        if inside in _OF_THE_WHOLE:
            del projects[int(rest[0])]
            return True
        return projects[int(rest[0])].pop(inside[0], None) is not None
    if where == "provenance":
        return profile[where].pop("/".join(rest), None) is not None
    return where == "company" and profile[where].pop(rest[0], None) is not None
