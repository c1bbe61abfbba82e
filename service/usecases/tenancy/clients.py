"""A tenant's companies as its people see them: how each stands, what changed, all in numbers."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.advice.combination import awards_of, best_combination
from service.domain.cache import BoundedCache
from service.domain.clock import Clock
from service.domain.errors import InvalidInput
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.evaluation.evaluator import PROMISING, Status
from service.domain.facts.profile import Profile
from service.domain.index.status_index import evaluate_readings
from service.domain.principal import Principal, Scope
from service.intake.tenancy import read_company_code
from service.storage.companies import CompanyOrder, CompanyRepository, CompanySearch, StoredCompany
from service.storage.seen_statuses import SeenStatuses, SeenStatusRepository
from service.usecases.tenancy.portfolio_totals import Overview, PortfolioTotals

PAGE = 50
_AT_ONCE = 200
# Of how many companies the states are remembered.
CACHE_SIZE = 50_000
# A page of numbers is made in so many seconds, of as many companies as that allows; it asks again.
OVERVIEW_SECONDS = 2.0
# A programme counts once, by the best that any plan of the company makes of it.
_BEST_FIRST = (Status.ELIGIBLE, Status.POTENTIAL, Status.UNDETERMINED, Status.WATCH)


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """Which clients to list; what is None or False narrows nothing."""

    status: Status | None = None
    programme: str | None = None
    tag: str | None = None
    changed: bool = False
    words: str = ""
    order: CompanyOrder = CompanyOrder.CODE

    @property
    def search(self) -> CompanySearch:
        return CompanySearch(self.tag, self.words, self.order)

    @property
    def asks_states(self) -> bool:
        return self.status is not None or self.programme is not None or self.changed


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A programme whose status is another than it was; None: out of reach."""

    programme: str
    before: Status | None
    after: Status | None


@dataclass(frozen=True, slots=True)
class Client:
    """A company with the statuses of the programmes in reach or open; None where what is kept can
    no longer be read. `last_seen` is what its reader saw last; None where nothing was marked."""

    company: StoredCompany
    statuses: Mapping[str, Status] | None
    last_seen: SeenStatuses | None

    def count(self, *wanted: Status) -> int:
        return sum(status in wanted for status in (self.statuses or {}).values())

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        """Each programme whose status differs from the one its reader saw last, what came into
        reach or left it first."""
        if self.last_seen is None or self.statuses is None:
            return ()
        before = {name: Status(status) for name, status in self.last_seen.statuses.items()}
        both = dict.fromkeys((*self.statuses, *before))
        pairs = ((name, before.get(name), self.statuses.get(name)) for name in both)
        changes = (StatusChange(*found) for found in pairs if found[1] != found[2])
        return tuple(sorted(changes, key=lambda c: PROMISING.isdisjoint((c.before, c.after))))

    @property
    def is_new(self) -> bool:
        return self.last_seen is None


class ClientPage(NamedTuple):
    """Some clients, and the code of the last where there are more; `total` companies have the tag
    and the words that were asked for, of whatever state."""

    clients: list[Client]
    following: str | None
    total: int


class _CompanyStatuses(NamedTuple):
    """What a company has in reach or open on a day: None, where what is kept can no longer be
    read. `most` is None until it is asked for."""

    statuses: Mapping[str, Status] | None
    most: Decimal | None = None


class ClientService:
    """Reads only, but for what a person has seen."""

    def __init__(
        self,
        companies: CompanyRepository,
        seen: SeenStatusRepository,
        compiled: CompiledCatalogue,
        clock: Clock,
    ) -> None:
        self._companies, self._seen_statuses = companies, seen
        self._compiled, self._clock = compiled, clock
        self._statuses: BoundedCache[tuple[str, date], _CompanyStatuses] = BoundedCache(CACHE_SIZE)

    def page(
        self, principal: Principal, account: str, wanted: ClientFilter, after: str
    ) -> ClientPage:
        """The clients that fit behind a code, so many as a page takes. Raises Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        seen = self._seen_statuses.of(account)
        codes = self._companies.codes(tenant, wanted.search)
        start = codes.index(after) + 1 if after in codes else 0
        found: list[Client] = []
        for company in self._of_codes(tenant, codes[start:]):
            client = self._client(company, seen.get(company.uscc))
            if not wanted.asks_states or _fits(client, wanted):
                if len(found) == PAGE:
                    return ClientPage(found, found[-1].company.uscc, len(codes))
                found.append(client)
        return ClientPage(found, None, len(codes))

    def client(self, principal: Principal, account: str, uscc: str) -> Client:
        """One company. Raises NotFound, InvalidInput, Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        code = read_company_code(uscc, self._compiled.catalogue.vocabulary)
        company = self._companies.get(tenant, code)
        return self._client(company, self._seen_statuses.of(account).get(company.uscc))

    def mark_seen(self, principal: Principal, account: str, uscc: str) -> None:
        """From now on changes are told against today. Raises NotFound, InvalidInput, Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        client = self.client(principal, account, uscc)
        statuses = {name: status.value for name, status in (client.statuses or {}).items()}
        seen = SeenStatuses(self._clock.now(), statuses)
        self._seen_statuses.put(tenant, account, client.company.uscc, seen)

    def overview(self, principal: Principal, seconds: float = OVERVIEW_SECONDS) -> Overview:
        """The portfolio in numbers, of as many companies as the time allows: what was worked out
        is remembered, so that the next call gets further. Raises Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        totals, spent = PortfolioTotals(self._compiled.catalogue.vocabulary), 0.0
        for company in self._companies.all(tenant):
            # What is remembered takes time as well, but must never keep the rest from its turn.
            own = self._remembered(company, amount=True)
            if own is None:
                if spent > seconds:
                    continue
                began = time.monotonic()
                own = self._statuses_of(company, amount=True)
                spent += time.monotonic() - began
            if own.statuses is None:
                totals.unreadable += 1
            else:
                totals.add(own.statuses, own.most, self._stated_profile(company))
        return totals.overview(self._companies.count(tenant))

    def _of_codes(self, tenant: str, codes: Sequence[str]) -> Iterator[StoredCompany]:
        for start in range(0, len(codes), _AT_ONCE):
            yield from self._companies.of_codes(tenant, codes[start : start + _AT_ONCE])

    def _client(self, company: StoredCompany, seen: SeenStatuses | None) -> Client:
        return Client(company, self._statuses_of(company, amount=False).statuses, seen)

    def _remembered(self, company: StoredCompany, *, amount: bool) -> "_CompanyStatuses | None":
        """How a company stands today, where that, and its amount if asked for, is known."""
        found = self._statuses.get((company.digest, self._clock.today()))
        lacks = found is not None and found.statuses is not None and found.most is None
        return None if amount and lacks else found

    def _statuses_of(self, company: StoredCompany, *, amount: bool) -> "_CompanyStatuses":
        found = self._remembered(company, amount=amount)
        if found is None:
            key = company.digest, self._clock.today()
            found = self._statuses.keep(key, self._judge(company, amount=amount))
        return found

    def _judge(self, company: StoredCompany, *, amount: bool) -> "_CompanyStatuses":
        """The best status of each programme that is in reach or open; if asked for, the most that
        the best lawful set of what is in reach can come to."""
        profile, today = self._profile(company), self._clock.today()
        if profile is None:
            return _CompanyStatuses(None)
        catalogue, index = self._compiled.catalogue, self._compiled.index
        readings = index.truths_of(profile, today)
        by_status = [index.by_status(reading, today) for reading in readings]
        statuses: dict[str, Status] = {}
        for status in _BEST_FIRST:
            for chosen in by_status:
                for programme in index.programmes_in(chosen[status]):
                    statuses.setdefault(programme.id, status)
        if not amount:
            return _CompanyStatuses(statuses)
        found = evaluate_readings(index, catalogue, profile, readings, today, PROMISING)
        best = best_combination(catalogue, found.matches, awards_of(profile), today)
        return _CompanyStatuses(statuses, best.total.high)

    def _profile(self, company: StoredCompany) -> Profile | None:
        try:
            profile = self._compiled.reader.read_profile(self._stated_profile(company))
        except InvalidInput:
            return None
        return with_contested_certificates(self._compiled.catalogue, profile, self._clock.today())

    def _stated_profile(self, company: StoredCompany) -> dict[str, Any]:
        profile: dict[str, Any] = orjson.loads(company.content)["profile"]
        return profile


def _fits(client: Client, wanted: ClientFilter) -> bool:
    statuses = client.statuses or {}
    if wanted.changed and not (client.changes or client.is_new):
        return False
    if wanted.programme is None:
        return wanted.status is None or wanted.status in statuses.values()
    status = statuses.get(wanted.programme)
    return status is not None and wanted.status in (None, status)
