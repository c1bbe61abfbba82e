"""How many self-checks are opened: from one address, and by one form."""

import math
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text
from service.storage.call_counts import CallCounts

if TYPE_CHECKING:
    from limits import RateLimitItem

# Whoever goes back in his browser, or opens a second tab, sends the form once more.
MAX_PER_FORM: Final = "20/day"
# What one subscriber has of the newer addresses (RFC 6177).
_SUBSCRIBER_BITS: Final = 64
_WORN_OUT = Text(
    "这张表单已提交过多次，请刷新页面后再试",
    "this form was sent too often: load its page again",
)
_TOO_MANY = Text(
    "短时间内打开的自测太多，请稍后再试",
    "too many self-checks were opened in a short time: try again later",
)


class Openings:
    """Counted by all processes that share the state. What is filled in afterwards is not counted:
    whoever answers questions is never told to wait."""

    def __init__(self, counts: CallCounts, rate: str) -> None:
        """`rate`: of one address, such as 600/hour. Many people may share one."""
        # Imported late: the command line opens no self-checks.
        from limits import parse  # noqa: PLC0415

        self._counts = counts
        self._of_form, self._of_address = parse(MAX_PER_FORM), parse(rate)

    def count(self, address: str, form: str) -> None:
        """Count one that is to be opened. Raises Refused (rate limited): the form is worn out, or
        there are too many of the address."""
        self._count(self._of_form, f"form:{form}", _WORN_OUT)
        self._count(self._of_address, f"checks:{_subscriber(address)}", _TOO_MANY)

    def _count(self, rate: "RateLimitItem", owner: str, refusal: Text) -> None:
        window = self._counts.hit(rate, owner)
        if not window.allowed:
            raise Refused(refusal, ErrorCode.RATE_LIMITED, math.ceil(window.seconds_left))


def _subscriber(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ip_network((found, _SUBSCRIBER_BITS), strict=False))
