"""Numbers as they were written: exact, and of a length and size somebody could have meant."""

from decimal import Decimal, InvalidOperation

MAX_NUMBER_LENGTH = 64
MAX_EXPONENT = 308


class Scientific(Decimal):
    """A number that was written with an exponent."""


def read_exact(literal: str) -> Decimal:
    """The exact value of a JSON number with a fraction or an exponent.

    Raises ValueError where it has over 64 characters or is beyond 10^±308.
    """
    if len(literal) > MAX_NUMBER_LENGTH:
        raise ValueError("too many digits")
    kind = Scientific if "e" in literal or "E" in literal else Decimal
    try:
        value = kind(literal)
    except InvalidOperation:
        raise ValueError("the exponent is beyond reach") from None
    if abs(value.adjusted()) > MAX_EXPONENT:
        raise ValueError("the exponent is beyond reach")
    return value


def read_whole(literal: str) -> int:
    """The value of a JSON integer. Raises ValueError where it has over 64 characters."""
    if len(literal) > MAX_NUMBER_LENGTH:
        raise ValueError("too many digits")
    return int(literal)
