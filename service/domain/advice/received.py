"""What was received already, and against what it counts.

An award counts against the same thing: of the same purpose, at the same level of government, for
the same product, event, project or year. Where that is not stated it is supposed in every way: the
award was for one of the things it may have been for, or for another.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import product
from typing import TypeAlias

from service.domain.advice.taken_off import before_caps, is_taken_off, takes_off
from service.domain.evaluation.evaluator import MatchLike
from service.domain.facts.profile import Award, Subject
from service.domain.rules.caps import OF_THE_COMPANY, Cap, CountLimit, Per
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth, every, some

# For each award the object it was for: a project's ref, None for the company, or ELSE.
Hypothesis: TypeAlias = tuple[object, ...]
ELSE = object()
# Beyond so many ways to suppose things, every award counts where it may count.
MAX_HYPOTHESES = 256
PROJECT_NAME = "project.name"


class AwardDetail(StrEnum):
    """What may be told of an award, in the order in which it is asked for."""

    PROGRAMME = "programme"
    LEVEL = "level"
    OBJECT = "object"
    YEAR = "year"
    AMOUNT = "amount"


@dataclass(frozen=True)
class ReceivedAwards:
    """How awards stand to items, which are what may be received now. All tuples but that of the
    items' objects have an entry an award."""

    awards: tuple[Award, ...]
    # What each item is for: a project's ref, None for the company.
    objects: tuple[str | None, ...]
    # By item, whether the award was for the same thing, and whether it was the only payment that
    # the text allows.
    same: tuple[Mapping[int, Truth], ...]
    used_up: tuple[Mapping[int, Truth], ...]
    # By item whose caps take the award off themselves, the least and the most before these.
    before_caps: tuple[Mapping[int, tuple[Decimal, Decimal]], ...]
    # What is not stated of the awards, where that leaves something open.
    unstated: frozenset[AwardDetail] = frozenset()

    @property
    def uncertain(self) -> bool:
        """Whether an award may or may not have been for the same thing, or for how much."""
        return any(
            Truth.UNKNOWN in (t, spent[i]) or (t is Truth.TRUE and award.amount is None)
            for award, truths, spent in zip(self.awards, self.same, self.used_up, strict=True)
            for i, t in truths.items()
        )

    def hypotheses(self) -> Iterator[Hypothesis]:
        """Every way in which the awards may have been for one thing each."""
        options = [self._options(truths) for truths in self.same]
        count = 1
        for option in options:
            count *= len(option)
        if count <= MAX_HYPOTHESES:
            yield from product(*options)
            return
        yield tuple(... for _ in options)  # counts wherever it may
        yield tuple(ELSE if len(option) > 1 else option[0] for option in options)

    def _options(self, truths: Mapping[int, Truth]) -> list[object]:
        certain = [self.objects[i] for i, t in truths.items() if t is Truth.TRUE]
        if certain:
            return list(dict.fromkeys(certain))
        return list(dict.fromkeys([*(self.objects[i] for i in truths), ELSE]))

    def gain(self, item: int, value: Decimal, hypothesis: Hypothesis, end: int) -> Decimal:
        """What an item adds to what was received; `end` 0 reckons as low, 1 as high as may be."""
        left = value
        for n, supposed in enumerate(hypothesis):
            truth = self.same[n].get(item)
            if truth is None or not (supposed is ... or supposed == self.objects[item]):
                continue
            certain = truth is Truth.TRUE
            spent = self.used_up[n][item]
            if spent is Truth.TRUE and (certain or end == 0):
                return Decimal(0)
            if spent is Truth.UNKNOWN and end == 0:
                return Decimal(0)
            amount = self.awards[n].amount
            if amount is None and end == 0:
                return Decimal(0)
            if certain or end == 0 or supposed is not ...:
                before = self.before_caps[n].get(item, (value, value))[end]
                left = min(left, before - (amount or Decimal(0)))
        return max(Decimal(0), left)


def received_by(
    catalogue: Catalogue, items: Sequence[MatchLike], awards: Collection[Award], as_of: date
) -> ReceivedAwards:
    """How the awards of a company stand to what it may get."""
    same, used_up, before = [], [], []
    unstated: set[AwardDetail] = set()
    for award in awards:
        truths: dict[int, Truth] = {}
        spent: dict[int, Truth] = {}
        for i, item in enumerate(items):
            parts = _parts_of_same(catalogue, item, award, as_of)
            truth = every(
                (*parts.values(), ~is_taken_off(item, award, catalogue.vocabulary, as_of))
            )
            if truth is not Truth.FALSE:
                truths[i] = truth
                spent[i] = _once_only(item, award)
                unstated.update(_unstated(award, parts, spent[i]))
        same.append(truths)
        used_up.append(spent)
        found = ((i, before_caps(items[i], award, as_of)) for i in truths)
        before.append({i: ends for i, ends in found if ends is not None})
    objects = tuple(item.subject.ref for item in items)
    return ReceivedAwards(
        tuple(awards), objects, tuple(same), tuple(used_up), tuple(before), frozenset(unstated)
    )


def is_of_company(cap: Cap) -> bool:
    """Whether a cap binds all that a company gets, however many projects it has."""
    return cap.per in OF_THE_COMPANY and cap.each in (None, Per.COMPANY)


def _unstated(
    award: Award, parts: Mapping[AwardDetail, Truth], spent: Truth
) -> Iterator[AwardDetail]:
    """What an award does not say and would settle how it stands to an item. The programme that paid
    it says more than the year, where the year alone would not do."""
    open_ = {detail for detail, truth in parts.items() if truth is Truth.UNKNOWN}
    if award.payer_unsure and (
        spent is Truth.UNKNOWN or (AwardDetail.YEAR in open_ and award.year is not None)
    ):
        yield AwardDetail.PROGRAMME
    if award.year is not None:
        open_.discard(AwardDetail.YEAR)
    yield from open_
    if award.amount is None and spent is not Truth.TRUE:
        yield AwardDetail.AMOUNT


def _once_only(item: MatchLike, award: Award) -> Truth:
    """Whether the award was the one payment that the text allows. One that names no programme may
    have been, unless it is older than the programme."""
    programme = item.programme
    if programme.benefit is None or programme.benefit.one_off is not True:
        return Truth.FALSE
    paid = award.paid_by(programme.id)
    if paid is not Truth.UNKNOWN:
        return paid
    return Truth.FALSE if _is_older(award, programme) else Truth.UNKNOWN


def _is_older(award: Award, programme: Programme) -> bool:
    """Whether it was paid before the programme's first year."""
    begun = programme.window.start
    return award.year is not None and begun is not None and award.year < begun.year


def _parts_of_same(
    catalogue: Catalogue, item: MatchLike, award: Award, as_of: date
) -> Mapping[AwardDetail, Truth]:
    """Whether an award was for the same thing as an item, by what would have to be the same."""
    return {
        AwardDetail.LEVEL: _same_payment(catalogue, item, award),
        AwardDetail.OBJECT: _same_object(item.subject, award),
        AwardDetail.YEAR: _year(item, award, as_of),
    }


def _same_payment(catalogue: Catalogue, item: MatchLike, award: Award) -> Truth:
    """Whether it was paid for the same purpose at the same level, or by the same programme."""
    programme = item.programme
    paid = award.paid_by(programme.id)
    if paid is Truth.TRUE or (paid is Truth.UNKNOWN and award.likely):
        return paid
    group = catalogue.overlap_groups[programme.id]
    if group is None or award.purpose != programme.purpose:
        return Truth.FALSE
    if award.programme is not None and award.programme in catalogue.programmes:
        return Truth.of(catalogue.overlap_groups[award.programme] == group)
    level = group.split("/")[1]
    if award.level is None:
        return Truth.UNKNOWN
    return Truth.of(catalogue.is_same_level(award.level, level, programme.jurisdiction))


def _same_object(subject: Subject, award: Award) -> Truth:
    """Whether it was for the same project. What is paid to the company has no other object."""
    ref = subject.ref
    if ref is None:
        return Truth.TRUE
    if award.project is not None:
        return Truth.of(award.project == ref)
    name = subject.get(PROJECT_NAME)
    if award.object is not None and name is not None:
        return Truth.of(award.object == name)
    return Truth.UNKNOWN


def _year(item: MatchLike, award: Award, as_of: date) -> Truth:
    """Whether it was for the same year. What is paid once is paid whatever the year, if it is the
    programme's own, and was for something else where it is older than the programme; what is paid
    for a thing is not a matter of years."""
    benefit = item.programme.benefit
    assert benefit is not None
    if benefit.one_off and award.programme == item.programme.id:
        return Truth.TRUE
    if item.subject.ref is not None and benefit.per is not Per.YEAR:
        return Truth.TRUE
    if award.year is None:
        return Truth.UNKNOWN
    if award.year == as_of.year:
        return Truth.TRUE
    other = benefit.per is Per.YEAR or (benefit.one_off and _is_older(award, item.programme))
    return Truth.FALSE if other else Truth.UNKNOWN


def spent_of_cap(
    catalogue: Catalogue, cap: Cap, awards: Collection[Award], as_of: date, match: MatchLike
) -> tuple[Decimal, Decimal | None]:
    """What was received within a cap, of the programme of a match or of those that share it, on the
    project where it is a project's: surely, and at most (None where nothing bounds that). What the
    cap takes off itself it is told without already."""
    paying = cap.shared.programmes if cap.shared else {match.programme.id}
    surely, perhaps = Decimal(0), Decimal(0)
    endless = False
    for award in awards:
        paid = _paid_within(catalogue, paying, cap.per, award, as_of)
        truth = every((paid, ~takes_off(cap.quantity, award, as_of)))
        if cap.per is Per.PROJECT:
            truth = every((truth, _same_object(match.subject, award)))
        if truth is Truth.FALSE:
            continue
        endless = endless or award.amount is None
        perhaps += award.amount or Decimal(0)
        if truth is Truth.TRUE:
            surely += award.amount or Decimal(0)
    return surely, None if endless else perhaps


def supported_before(
    catalogue: Catalogue, programme: str, limit: CountLimit, awards: Collection[Award], as_of: date
) -> tuple[int, int]:
    """How many of those that one company may be given it was given already: surely, and at most."""
    truths = [_paid_within(catalogue, {programme}, limit.per, a, as_of) for a in awards]
    return truths.count(Truth.TRUE), len(truths) - truths.count(Truth.FALSE)


def _paid_within(
    catalogue: Catalogue, ids: Collection[str], per: Per, award: Award, as_of: date
) -> Truth:
    """Whether an award was paid by one of the programmes, and in the year that is bounded. One that
    names no programme may have been, where it was for what one of them is for."""
    programmes = [catalogue.programmes[p] for p in ids]
    paid = some(map(award.paid_by, ids))
    if award.programme is None and not any(_may_pay(catalogue, p, award) for p in programmes):
        paid = Truth.FALSE
    if per is not Per.YEAR:
        begun = min((p.window.start.year for p in programmes if p.window.start), default=None)
        older = award.year is not None and begun is not None and award.year < begun
        return Truth.FALSE if older else paid
    if award.year is None:
        return every((paid, Truth.UNKNOWN))
    return paid if award.year == as_of.year else Truth.FALSE


def _may_pay(catalogue: Catalogue, programme: Programme, award: Award) -> bool:
    """Whether an award may be a programme's, by what it was for and who paid it."""
    if programme.purpose is None or award.purpose != programme.purpose:
        return False
    group = catalogue.overlap_groups[programme.id]
    if award.level is None or group is None:
        return True
    return catalogue.is_same_level(award.level, group.split("/")[1], programme.jurisdiction)
