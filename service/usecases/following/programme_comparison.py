"""Followed programmes, places and searches held against what was last told of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.advice.calendar import EventKind
from service.domain.facts.profile import NOBODY
from service.domain.rules.application import next_period
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.rendering.json_parts import Json, text_json
from service.storage.compared_answers import ComparedProgrammes
from service.storage.subscriptions import Subscription, SubscriptionKind
from service.usecases.following.answers import FollowedCatalogue
from service.usecases.following.company_comparison import Cause


@dataclass(frozen=True)
class ProgrammeComparison:
    """Compares subscriptions of programmes under one catalogue on one day. `search` gives the ids
    that full text finds."""

    catalogue: FollowedCatalogue
    today: date
    search: Callable[[str], Iterable[str]]

    @property
    def version(self) -> str:
        return self.catalogue.version

    def programmes(self, subscription: Subscription) -> ComparedProgrammes:
        """What is to be known of the programmes that a subscription follows now."""
        return ComparedProgrammes(self.version, self.today, self._states(subscription, self.today))

    def compare(
        self, subscription: Subscription, then: ComparedProgrammes
    ) -> tuple[ComparedProgrammes, Mapping[Cause, list[Json]]]:
        """The programmes of today, and for each cause what changed, as it is shown."""
        items_by_cause: dict[Cause, list[Json]] = {}
        now = self.programmes(subscription)
        earlier = then.programmes
        if then.catalogue_version != now.catalogue_version:
            meanwhile = self._states(subscription, then.as_of)
            items_by_cause[Cause.CATALOGUE] = list(self._changes(earlier, meanwhile))
            earlier = meanwhile
        if then.as_of < self.today:
            items_by_cause[Cause.DATE] = list(self._changes(earlier, now.programmes))
        return now, {cause: items for cause, items in items_by_cause.items() if items}

    def _states(self, subscription: Subscription, day: date) -> dict[str, Sequence[Any]]:
        """Digest, whether in force, whether applications are taken."""
        digests = self.catalogue.digests
        return {
            p.id: [digests[p.id], day in p.window, _is_open(p, day)]
            for p in self._programmes(subscription)
        }

    def _programmes(self, subscription: Subscription) -> Iterator[Programme]:
        catalogue, target = self.catalogue.compiled.catalogue, subscription.target
        known = catalogue.programmes
        match subscription.kind:
            case SubscriptionKind.PROGRAMME:
                wanted: Iterable[str] = (target,)
            case SubscriptionKind.SEARCH:
                wanted = self.search(target)
            case _:
                regions = catalogue.vocabulary.regions
                wanted = [
                    p.id
                    for p in known.values()
                    if regions.relation(target, p.jurisdiction) is Truth.TRUE
                ]
        return (known[i] for i in wanted if i in known)

    def _changes(
        self, then: Mapping[str, Sequence[Any]], now: Mapping[str, Sequence[Any]]
    ) -> Iterator[Json]:
        for programme in sorted({*then, *now}):
            old, new = then.get(programme), now.get(programme)
            if old is None or new is None:
                yield self._json(programme, "added" if old is None else "removed")
                continue
            turned = ((new[0] != old[0], "amended"),
                      (new[1] and not old[1], EventKind.OPENS),
                      (old[1] and not new[1], EventKind.CLOSES),
                      (new[2] and not old[2], EventKind.APPLICATIONS_OPEN),
                      (old[2] and not new[2], EventKind.APPLICATIONS_CLOSE))  # fmt: skip
            yield from (self._json(programme, str(kind)) for has, kind in turned if has)

    def _json(self, programme: str, kind: str) -> Json:
        found = self.catalogue.compiled.catalogue.programmes.get(programme)
        name = None if found is None else text_json(found.name)
        return {"programme": programme, "name": name, "kind": kind}


def _is_open(programme: Programme, day: date) -> bool:
    """Whether applications are taken on a day, as far as that hangs on no applicant."""
    period = next_period(programme.application, programme.window, day, NOBODY)
    return bool(period and period.open)
