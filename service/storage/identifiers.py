"""Names of stored things that nobody can guess."""

import base64
import secrets
import time

_BYTES, _TIME_BYTES = 20, 4
# A time is told in units of 2^26 nanoseconds, a fifteenth of a second; it begins anew after nine
# years.
_UNIT_BITS = 26
# The letters and digits of an identifier for those of `base64`, so that what is made of larger
# numbers comes later in a database, which compares by ASCII.
_IN_ORDER = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"234567abcdefghijklmnopqrstuvwxyz"
)


def new_id() -> str:
    """160 random bits as 32 characters of a-z and 2-7.

    Letters and digits only: an identifier that began with "-" would be an option to a command,
    and one that ended with "-" or "_" would lose its end where a mail program finds the link.
    """
    return _written(secrets.token_bytes(_BYTES))


def new_id_in_order() -> str:
    """The same of 128 random bits behind the time. What is stored by the thousand so stands side by
    side in an index; at random each would write a page of its own, and of more pages the more there
    are."""
    now = (time.time_ns() >> _UNIT_BITS).to_bytes(8, "big")[-_TIME_BYTES:]
    return _written(now + secrets.token_bytes(_BYTES - _TIME_BYTES))


def _written(number: bytes) -> str:
    return base64.b32encode(number).translate(_IN_ORDER).decode("ascii")
