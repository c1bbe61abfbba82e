"""Faults while reading, and how they become problems with an RFC 6901 pointer.

A value's reader knows what is wrong but not where it stands; whoever reads around it adds that.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from service.domain.errors import ErrorCode, Problem
from service.domain.text import Text, did_you_mean, nearest

MAX_PROBLEMS = 100
"""No answer lists more problems than this: a hostile body could hold a hundred thousand."""

_MAX_SHOWN_LENGTH = 80
_MAX_COMPARED = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a code, words, the steps from the reader's own place to the fault, and
    optionally where to find a suggestion (only asked for the problems that are shown)."""

    code: ErrorCode
    text: Text
    at: tuple[str | int, ...] = ()
    suggest: Callable[[], str | None] | None = None


class InvalidValue(ValueError):
    """Raised by the reader of one value; carries everything wrong with it. Whoever reads around it
    catches it, here and in `api/queries.py`."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults = faults


def invalid_value(code: ErrorCode, zh: str, en: str, **parts: Text | str) -> InvalidValue:
    """One fault in words; `{name}` places are filled from `parts`."""
    return InvalidValue(Fault(code, Text(zh, en).format(**parts)))


def wrong_type(zh: str, en: str) -> InvalidValue:
    """The value is not of the kind that is named."""
    pattern = Text("应为{what}", "must be {what}")
    return InvalidValue(Fault(ErrorCode.WRONG_TYPE, pattern.format(what=Text(zh, en))))


def pointer_step(token: str | int) -> str:
    """One step of a pointer, escaped, shortened, and free of what UTF-8 cannot carry."""
    return "/" + shown_text(str(token)).replace("~", "~0").replace("/", "~1")


def shown_text(text: str) -> str:
    """A submitted string as it may stand in a message: bounded, printable."""
    text = shortened(text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shortened(text: str) -> str:
    """As much of a submitted string as a message has room for."""
    return text if len(text) <= _MAX_SHOWN_LENGTH else text[:_MAX_SHOWN_LENGTH] + "…"


def nearest_name(given: str, names: Iterable[str]) -> str | None:
    """The known name most like the given one, if any is like it."""
    known = list(names)
    if len(known) > _MAX_COMPARED:
        return None
    by_lower = {name.lower(): name for name in known}
    near = nearest(given.lower(), by_lower)
    return by_lower[near] if near else None


def faults_as_problems(faults: Iterable[Fault], pointer: str) -> tuple[Problem, ...]:
    """Faults as problems under a pointer, in the order of their places, at most MAX_PROBLEMS."""
    ordered = sorted(faults, key=lambda f: [(isinstance(t, str), t) for t in f.at])
    return tuple(_fault_as_problem(fault, pointer) for fault in ordered[:MAX_PROBLEMS])


def _fault_as_problem(fault: Fault, pointer: str) -> Problem:
    suggestion = fault.suggest() if fault.suggest else None
    text = did_you_mean(fault.text, suggestion)
    return Problem(pointer + "".join(pointer_step(t) for t in fault.at), fault.code, text)
