"""What the API needs from the service behind it. The composition root provides it."""

from collections.abc import Sequence
from typing import Protocol

from service.storage.receipts import Receipt
from service.usecases.browsing import ProgrammeQuery
from service.usecases.matching import Matching
from service.usecases.rendering import Json
from service.usecases.workbench import Workbench


class Limits(Protocol):
    """Bounds that an operator sets."""

    @property
    def max_body(self) -> int:
        """Largest request body in bytes."""
        ...

    @property
    def trusted_hosts(self) -> Sequence[str]:
        """Host names a request may be addressed to; none given means any."""
        ...


class Service(Protocol):
    """One catalogue in use, with everything that works on it."""

    @property
    def settings(self) -> Limits: ...

    @property
    def bench(self) -> Workbench: ...

    @property
    def matching(self) -> Matching: ...

    def list_programmes(self, query: ProgrammeQuery) -> Json:
        """One page of programmes. Raises InvalidInput for a foreign cursor."""
        ...

    def receipt(self, receipt_id: str) -> Receipt:
        """Raises NotFound."""
        ...

    def check_ready(self) -> None:
        """Raises HuiceError where a request could not be answered now."""
        ...
