"""What the pages need from the service behind them. The composition root provides it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.domain.catalogue import Article, Catalogue
from service.domain.vocabulary import Vocabulary
from service.storage.cases import Cases
from service.usecases.comparing import Comparing
from service.usecases.matching import Matching
from service.usecases.memo import Memos
from service.usecases.receipts import Shelf
from service.usecases.rendering import Json
from service.usecases.scheduling import Scheduling
from service.usecases.workbench import Clock, Workbench


@dataclass(frozen=True, repr=False)  # the whole catalogue would stand in it
class Site:
    """One catalogue in use, with everything that its pages work on.

    `shelf` holds the receipts; `search` gives ids of programmes, best first; `wording` the official
    text of an article; `key` signs forms; `frame_ancestors` are the origins that may embed the
    self-check; `link_lives` is how long a link to a case opens it.
    """

    bench: Workbench
    matching: Matching
    comparing: Comparing
    scheduling: Scheduling
    memos: Memos
    shelf: Shelf
    clock: Clock
    cases: Cases
    search: Callable[[str], list[str]]
    wording: Callable[[str, Article], Json]
    key: bytes
    frame_ancestors: tuple[str, ...] = ()
    link_lives: timedelta = timedelta(days=30)

    @property
    def catalogue(self) -> Catalogue:
        return self.bench.catalogue

    @property
    def vocabulary(self) -> Vocabulary:
        return self.bench.catalogue.vocabulary

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return self.clock.today()
