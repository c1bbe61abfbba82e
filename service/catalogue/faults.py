"""What is wrong at one place of a policy file."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from service.catalogue.yaml_faults import lookalike_in_value
from service.domain.facts.code_lists import CodeList


class ConditionFault(Exception):
    """One node cannot be compiled; the message and what is allowed there. `inside` are the
    innermost mapping that is at fault and the value in it, where that is known more closely."""

    def __init__(self, message: str, allowed: object = ()) -> None:
        super().__init__(message)
        self.message = message
        self.inside: tuple[object, object] | None = None
        self.allowed = sorted(str(a) for a in allowed) if isinstance(allowed, set | dict) else ()


def number_fault(number: object, message: str) -> ConditionFault:
    """The fault of a number that stands somewhere in what is read."""
    fault = ConditionFault(message)
    fault.inside = (None, number)
    return fault


def not_in_list(code: object, codes: CodeList) -> ConditionFault:
    """The fault of a code that a list does not hold: the sign that is in it, or the code that was
    probably meant."""
    near = codes.suggest(str(code))
    hint = f", did you mean {near[0]!r}?" if near else ""
    sign = lookalike_in_value(str(code))
    said = f"{code!r} is not in list {codes.id!r}{': ' + sign if sign else hint}"
    return ConditionFault(said, set(codes.codes))


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A question for the known word that is like an unknown one, or the only one that it begins;
    otherwise nothing.

    >>> did_you_mean("sums", ["sum", "mean"]), did_you_mean("high-tech", ["high-tech-2016", "sme"])
    (", did you mean 'sum'?", ", did you mean 'high-tech-2016'?")
    """
    names = sorted(known)
    near = get_close_matches(str(word), names, n=1)
    begun = [name for name in names if name.startswith(str(word))] if word else []
    meant = near[0] if near else begun[0] if len(begun) == 1 else None
    return f", did you mean {meant!r}?" if meant else ""


class FaultNoted(Exception):
    """A part of the node cannot be compiled, and its fault has been told at its own place."""


def check_keys(raw: Mapping[str, Any], allowed: set[str]) -> None:
    """Raises ConditionFault where a mapping has a key that means nothing in its place."""
    unknown = sorted(str(key) for key in raw.keys() - allowed)
    if unknown:
        raise ConditionFault(f"{unknown[0]!r} cannot stand here", allowed)
