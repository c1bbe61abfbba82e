"""What is wrong at one place of a policy file."""


class ConditionFault(Exception):
    """One node cannot be compiled; the message and what is allowed there."""

    def __init__(self, message: str, allowed: object = ()) -> None:
        super().__init__(message)
        self.message = message
        self.allowed = sorted(str(a) for a in allowed) if isinstance(allowed, set | dict) else ()


class FaultNoted(Exception):
    """A part of the node cannot be compiled, and its fault has been told at its own place."""
