"""What the pages may use of the service behind them, filled in by `faces`."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from service.compiled.code_uses import CodeUses
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article
from service.domain.text import Text
from service.rendering.json_parts import Json
from service.storage.cases import CaseRepository
from service.storage.receipts import ReceiptRepository
from service.storage.search import SearchHits
from service.usecases.advice.calendar import CalendarService
from service.usecases.advice.compare import ComparisonService
from service.usecases.following.subscriptions import SubscriptionService
from service.usecases.matching import MatchService
from service.usecases.receipts.memo import MemoService
from service.usecases.reference.feed import CatalogueStep
from service.usecases.tenancy.accounts import AccountService
from service.usecases.tenancy.batches import BatchService
from service.usecases.tenancy.candidates import CandidateService
from service.usecases.tenancy.case_openings import Openings
from service.usecases.tenancy.clients import ClientService
from service.usecases.tenancy.companies import CompanyService
from service.web.questions import Step, essential_facts, steps

if TYPE_CHECKING:
    from service.identity.provider import IdentityProvider


_OF_PLACE = Text("{name}（{place}）", "{name} ({place})")


@dataclass(frozen=True, repr=False)  # the whole catalogue would stand in it
class PageContext:
    """One catalogue in use, with everything that its pages work on.

    `search` gives programmes, best first; `changed` those that are new or other than on a day;
    `changes` the last changes of the rules; `wording` the official text of an article; `key` signs
    forms; `frame_ancestors` are the origins that may embed the self-check; `link_lives` is how long
    a link to a case opens it; `is_open` whether whoever is not logged in may check and read;
    `identity` whom people may log in with instead of a password; `max_upload` bounds a table of
    companies, in bytes.
    """

    compiled: CompiledCatalogue
    matching: MatchService
    comparing: ComparisonService
    scheduling: CalendarService
    memos: MemoService
    stored_receipts: ReceiptRepository
    clock: Clock
    cases: CaseRepository
    search: Callable[[str], SearchHits]
    changed: Callable[[str | date], Container[str]]
    changes: Callable[[], Sequence[CatalogueStep]]
    wording: Callable[[str, Article], Json]
    key: bytes
    accounts: AccountService
    subscriptions: SubscriptionService
    clients: ClientService
    batches: BatchService
    companies: CompanyService
    candidates: CandidateService
    openings: Openings
    max_upload: int
    is_open: bool = True
    identity: "IdentityProvider | None" = None
    frame_ancestors: tuple[str, ...] = ()
    link_lives: timedelta = timedelta(days=30)

    @property
    def catalogue(self) -> Catalogue:
        return self.compiled.catalogue

    @property
    def vocabulary(self) -> Vocabulary:
        return self.compiled.catalogue.vocabulary

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The pages of the self-check's basics."""
        return steps(self.catalogue)

    @cached_property
    def code_uses(self) -> CodeUses:
        """Which codes the programmes name, for whom."""
        return self.compiled.code_uses.value

    @cached_property
    def essential(self) -> tuple[Fact, ...]:
        """The facts without which hardly anything can be judged."""
        return essential_facts(self.catalogue)

    @cached_property
    def departments(self) -> dict[str, Text]:
        """Every department that has to do with a programme, by its Chinese name; with its place,
        where its own name does not tell of which city or province it is."""
        places: dict[Text, set[str]] = {}
        table = self.compiled.table
        for several, theirs in table.of_departments.items():
            found = [p for p, held in table.having["jurisdiction"].items() if held & theirs]
            for department in several:
                places.setdefault(department, set()).update(found)
        return {d.zh: self._with_place(d, several) for d, several in places.items()}

    def _with_place(self, department: Text, places: set[str]) -> Text:
        regions = self.vocabulary.regions
        place = next(iter(places))
        entry = regions.codes.get(place)
        if len(places) > 1 or entry is None or not entry.parents:
            return department  # of several places, or of the whole country
        if entry.label.zh[:-1] in department.zh:  # 上海 in 上海总部
            return department
        return _OF_PLACE.format(name=department, place=entry.label)

    @cached_property
    def titles(self) -> tuple[CodeList, ...]:
        """The lists whose codes are explained in a line, such as certificates."""
        lists = self.vocabulary.lists.values()
        return tuple(found for found in lists if any(c.help for c in found.codes.values()))

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return self.clock.today()
