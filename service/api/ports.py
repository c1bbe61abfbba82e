"""What the API needs from the service behind it. The composition root provides it."""

from collections.abc import Sequence
from typing import Protocol

from service.domain.catalogue import Article
from service.usecases.browsing import ProgrammeQuery
from service.usecases.comparing import Comparing
from service.usecases.matching import Matching
from service.usecases.memo import Memos
from service.usecases.receipts import Keeping
from service.usecases.rendering import Json
from service.usecases.scheduling import Scheduling
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

    @property
    def comparing(self) -> Comparing: ...

    @property
    def scheduling(self) -> Scheduling: ...

    @property
    def keeping(self) -> Keeping: ...

    @property
    def memos(self) -> Memos: ...

    def list_programmes(self, query: ProgrammeQuery) -> Json:
        """One page of programmes. Raises InvalidInput for a foreign cursor."""
        ...

    def wording(self, measure: str, article: Article) -> Json:
        """The imported official text of an article, as its answer shows it; nulls for none."""
        ...

    def check_ready(self) -> None:
        """Raises HuiceError where a request could not be answered now."""
        ...
