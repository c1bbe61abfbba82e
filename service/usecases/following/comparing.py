"""Comparing everything that is followed and due, and making events of what differs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

import orjson

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.errors import InvalidInput, NotFound, Refused
from service.domain.facts.profile import Profile
from service.rendering.json_parts import Json
from service.storage.companies import CompanyRepository, StoredCompany
from service.storage.compared_answers import (
    ComparedAnswers,
    ComparedAnswersRepository,
    ComparedProgrammes,
    DueCompany,
    FollowedCompany,
    still_followed,
    write_compared_answers,
    write_compared_programmes,
)
from service.storage.events import write_event
from service.storage.store import Store
from service.storage.subscriptions import (
    OF_COMPANIES,
    Subscription,
    SubscriptionRepository,
    forget_unfollowed,
)
from service.usecases.following.answers import FollowedCatalogue
from service.usecases.following.company_comparison import Cause, CompanyComparison, ComparedCompany
from service.usecases.following.programme_comparison import ProgrammeComparison

ANSWERS, PROGRAMMES = "answers.changed", "programmes.changed"
# Companies compared in one transaction, and changes told in one event: a digest, not a flood.
CHUNK, MAX_CHANGES = 500, 2_000


@dataclass
class ChangeDetector:
    """Compares under the catalogue that is served. `load` gives a stored version compiled, `search`
    the programmes of one that full text finds. Where several processes run it, they do the
    same work, and one of them tells."""

    store: Store
    companies: CompanyRepository
    load: Callable[[str], CompiledCatalogue]
    search: Callable[[CompiledCatalogue, str], Iterable[str]]
    today_of: Callable[[CompiledCatalogue], Clock]
    _catalogues: dict[str, FollowedCatalogue] = field(default_factory=dict, init=False)

    def run(self) -> int:
        """Compare what is due; how many companies and subscriptions that was."""
        subscriptions = SubscriptionRepository(self.store)
        tenants = subscriptions.tenants()
        version = ComparedAnswersRepository(self.store).served() if tenants else None
        if version is None:
            return 0
        catalogue = self._served(version)
        clock = self.today_of(catalogue.compiled)
        done = 0
        for tenant in tenants:
            followed = {s.id: s for s in subscriptions.of_tenant(tenant)}
            run = _TenantRun(self, catalogue, clock, tenant, followed)
            done += run.companies() + run.programmes()
        self._catalogues = {version: catalogue}
        return done

    def _served(self, version: str) -> FollowedCatalogue:
        known = self._catalogues.get(version)
        if known is None:
            known = self._catalogues[version] = FollowedCatalogue(self.load(version))
            ComparedAnswersRepository(self.store).keep_order(version, known.digests)
        return known

    def earlier(self, version: str, present: FollowedCatalogue) -> FollowedCatalogue:
        """A stored catalogue; the present one where it is kept no longer, or cannot be read."""
        known = self._catalogues.get(version)
        if known is None:
            try:
                known = FollowedCatalogue(self.load(version))
            except (NotFound, Refused):
                known = present
            self._catalogues[version] = known
        return known

    def order(self, version: str, present: FollowedCatalogue) -> Mapping[str, str]:
        """The programmes of a version with their digests."""
        try:
            return ComparedAnswersRepository(self.store).order(version)
        except NotFound:
            return self.earlier(version, present).digests


@dataclass(frozen=True)
class _TenantRun:
    """One tenant's share of a run."""

    service: ChangeDetector
    catalogue: FollowedCatalogue
    clock: Clock
    tenant: str
    subscriptions: Mapping[str, Subscription]

    def companies(self) -> int:
        service, today = self.service, self.clock.today()
        repository = ComparedAnswersRepository(service.store)
        orders: dict[str, Mapping[str, str]] = {}

        def order(version: str) -> Mapping[str, str]:
            return orders.get(version) or orders.setdefault(
                version, service.order(version, self.catalogue)
            )

        comparison, done = CompanyComparison(self.catalogue, today, order), 0
        version = comparison.version
        while due := repository.due(self.tenant, version, today, CHUNK):
            compared = [(d, self._compare(comparison, d)) for d in due]
            kept = self._tell([(d, found) for d, found in compared if found is not None])
            done += kept
            if not kept:
                break  # they change faster than they are compared: the next run goes on
        return done

    def _compare(self, comparison: CompanyComparison, due: DueCompany) -> ComparedCompany | None:
        """None where the company was deleted meanwhile."""
        try:
            versions = self._versions(due)
        except NotFound:
            return None
        at_hand = {v.version: v for v in versions}
        then = due.last
        if then is None or then.company_version not in at_hand:
            then = self._first_answers(versions, due)
        if then is None:
            return None
        return comparison.compare(
            due.version, then, lambda number: self._profile(self.catalogue, at_hand[number])
        )

    def _first_answers(
        self, versions: Sequence[StoredCompany], due: DueCompany
    ) -> ComparedAnswers | None:
        """The answers when the company was first followed; None where that has ended meanwhile."""
        by = self.subscriptions.get(due.by)
        if by is None:
            return None
        present = [v for v in versions if v.updated_at <= by.created_at]
        company = present[0] if present else versions[-1]
        catalogue = self.service.earlier(by.catalogue_version, self.catalogue)
        try:
            rows = catalogue.rows(self._profile(catalogue, company), by.as_of)
        except InvalidInput:
            rows = None
        return ComparedAnswers(company.version, catalogue.version, by.as_of, rows)

    def _versions(self, due: DueCompany) -> list[StoredCompany]:
        """The versions that a comparison looks at, the newest first: all since the last one."""
        since = 0 if due.last is None else min(due.last.company_version, due.version)
        return self.service.companies.history(self.tenant, due.uscc, since=since)

    @staticmethod
    def _profile(catalogue: FollowedCatalogue, company: StoredCompany) -> Profile:
        kept: dict[str, Any] = orjson.loads(company.content)
        return catalogue.compiled.reader.read_profile(kept["profile"])

    def _tell(self, compared: Sequence[tuple[DueCompany, ComparedCompany]]) -> int:
        """Keep the answers and make the events of what differs, in one transaction. How many were
        still as they had been compared: what changed meanwhile, or was told by somebody else, is
        left to the next run."""
        now = self.clock.now()
        with self.service.store.transaction() as db:
            forget_unfollowed(db, self.tenant)
            followed = still_followed(db, self.tenant, [due.uscc for due, _ in compared])
            kept = [(due.uscc, found) for due, found in compared if _is_as_it_was(due, followed)]
            write_compared_answers(db, self.tenant, ((uscc, found.answers) for uscc, found in kept))
            for data in self._digests(kept, followed):
                write_event(db, self.tenant, ANSWERS, data, now)
        return len(kept)

    def _digests(
        self,
        kept: Sequence[tuple[str, ComparedCompany]],
        followed: Mapping[str, FollowedCompany],
    ) -> Iterator[Json]:
        """What is told, cause by cause, so many changes at a time."""
        for cause in Cause:
            companies: list[Json] = []
            count = 0
            for uscc, found in kept:
                items = found.changes.get(cause)
                if not items:
                    continue
                if companies and count + len(items) > MAX_CHANGES:
                    yield self._data(cause, companies=companies)
                    companies, count = [], 0
                count += len(items)
                companies.append(_company_json(uscc, followed[uscc], items))
            if companies:
                yield self._data(cause, companies=companies)

    def _data(self, cause: Cause, **items: list[Json]) -> Json:
        return {
            "cause": cause.value,
            "as_of": self.clock.today().isoformat(),
            "catalogue_version": self.catalogue.version,
            "companies": [],
            "programmes": [],
            **items,
        }

    def programmes(self) -> int:
        """Subscriptions of programmes, places and searches."""
        today = self.clock.today()
        comparison = self._comparison(self.catalogue, today)
        repository = ComparedAnswersRepository(self.service.store)
        due: list[_ComparedSubscription] = []
        for subscription in self.subscriptions.values():
            if subscription.kind in OF_COMPANIES:
                continue
            kept = repository.of_catalogue(subscription.id)
            if kept is None or kept.catalogue_version != comparison.version or kept.as_of < today:
                then = kept or self._first_programmes(subscription)
                due.append((subscription, kept, *comparison.compare(subscription, then)))
        if due:
            self._tell_programmes(due)
        return len(due)

    def _first_programmes(self, subscription: Subscription) -> ComparedProgrammes:
        catalogue = self.service.earlier(subscription.catalogue_version, self.catalogue)
        return self._comparison(catalogue, subscription.as_of).programmes(subscription)

    def _comparison(self, catalogue: FollowedCatalogue, day: date) -> ProgrammeComparison:
        def search(words: str) -> Iterable[str]:
            return self.service.search(catalogue.compiled, words)

        return ProgrammeComparison(catalogue, day, search)

    def _tell_programmes(
        self,
        compared: "Sequence[_ComparedSubscription]",
    ) -> None:
        """Keep the answers and make an event for each cause, in one transaction; a programme that
        several subscriptions follow is told once."""
        entries_by_cause: dict[Cause, dict[tuple[str, str], Json]] = defaultdict(dict)
        with self.service.store.transaction() as db:
            for subscription, kept, programmes, found in compared:
                if not write_compared_programmes(
                    db, self.tenant, subscription.id, kept, programmes
                ):
                    continue  # ended meanwhile, or told
                for cause, items in found.items():
                    for item in items:
                        key = item["programme"], item["kind"]
                        entry = entries_by_cause[cause].setdefault(
                            key, {**item, "subscriptions": []}
                        )
                        entry["subscriptions"].append(subscription.id)
            for cause, entries in entries_by_cause.items():
                data = self._data(cause, programmes=list(entries.values()))
                write_event(db, self.tenant, PROGRAMMES, data, self.clock.now())


# A subscription, what was last told of it, what is to be told, and what came of the comparison.
_ComparedSubscription: TypeAlias = tuple[
    Subscription, ComparedProgrammes | None, ComparedProgrammes, Mapping[Cause, list[Json]]
]


def _is_as_it_was(due: DueCompany, followed: Mapping[str, FollowedCompany]) -> bool:
    """Whether a company is still as it was when it was found due."""
    now = followed.get(due.uscc)
    basis = None if due.last is None else due.last.depends_on
    return now is not None and (now.version, now.depends_on) == (due.version, basis)


def _company_json(uscc: str, company: FollowedCompany, changes: list[Json]) -> Json:
    return {
        "uscc": uscc,
        "name": company.name or None,
        "version": company.version,
        "subscriptions": company.subscriptions,
        "changes": changes,
    }
