"""What is wrong at one place of a policy file."""

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


class FaultNoted(Exception):
    """A part of the node cannot be compiled, and its fault has been told at its own place."""
