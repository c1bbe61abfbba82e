"""The reference evaluator: a profile against a catalogue on a day, with the evidence.

It is the authority on what a rule means; faster readings are tested against it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeAlias, TypeVar, assert_never

from service.domain.facts.asking import NONE_UNLIKELY, UnlikelyFacts, unlikely_facts
from service.domain.facts.profile import (
    Profile,
    Subject,
    Value,
    company_subject,
    hypothetical_subject,
    project_subject,
)
from service.domain.rules.amounts import ceiling
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Condition, Group, Predicate, Undecided, combine
from service.domain.rules.intervals import missing_of, seen_by
from service.domain.rules.measures import Evidence
from service.domain.rules.programmes import Commitment, Directness, Programme
from service.domain.rules.quantities import FactQuantity
from service.domain.truth import Truth


class Status(StrEnum):
    """The answer for one programme and one subject, in the order answers are listed."""

    __hash__ = str.__hash__  # looked up often; an enumeration's own hash is slow

    ELIGIBLE = "eligible"
    POTENTIAL = "potential"
    UNDETERMINED = "undetermined"
    WATCH = "watch"
    INELIGIBLE = "ineligible"
    NOT_IN_FORCE = "not_in_force"


PROMISING = frozenset({Status.ELIGIBLE, Status.POTENTIAL})
OPEN = frozenset({Status.UNDETERMINED})
# Amounts are reckoned and advice is drawn from these.
IN_REACH = PROMISING | OPEN
# What is listed unless a request asks otherwise.
LISTED = IN_REACH | {Status.WATCH}
# An enumeration's members are slow to name.
_FALSE, _UNKNOWN, _ = Truth
_NEWS = Evidence.NEWS


class AnswerDetail(StrEnum):
    """How much an answer tells of each match."""

    FULL = "full"
    BRIEF = "brief"
    STATUSES = "statuses"


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """Which matches an answer lists, how much it tells of each and in which language (None: all),
    from where on in reading order, and how many (None: all); or how it is folded."""

    statuses: frozenset[Status] = LISTED
    detail: AnswerDetail = AnswerDetail.FULL
    language: str | None = None
    offset: int = 0
    limit: int | None = None
    fold: "Fold | None" = None


class Fold(NamedTuple):
    """What is listed of many matches: at most so many `promising`, and `each` of every other
    status, the nearest places first. Of all it is told how many there are, by place and by what
    they fail for."""

    promising: int
    each: int


class Finding(NamedTuple):
    """A condition, its truth, what was seen, and what would have to be known to settle it."""

    # Not a frozen dataclass: thousands are made for one company, at a third of the cost.

    condition: Condition
    truth: Truth
    observed: Value | Fraction | None = None
    missing: tuple[str, ...] = ()
    children: "tuple[Finding, ...]" = ()


class MatchLike(Protocol):
    """How one programme stands for one subject, whatever else is known of it. `missing` are the
    facts that could still decide the status; `ceiling` is None where the text names no amount."""

    @property
    def programme(self) -> Programme: ...

    @property
    def subject(self) -> Subject: ...

    @property
    def status(self) -> Status: ...

    @property
    def missing(self) -> tuple[str, ...]: ...

    @property
    def ceiling(self) -> Ceiling | None: ...


MatchT = TypeVar("MatchT", bound=MatchLike)


@dataclass(frozen=True, slots=True)
class Match:
    """One programme for one subject: a standing with its evidence."""

    programme: Programme
    subject: Subject
    status: Status
    finding: Finding
    ceiling: Ceiling | None

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that could still decide the status."""
        return self.finding.missing if self.status is Status.UNDETERMINED else ()


@dataclass(frozen=True)
class Evaluation:
    """The matches of one profile on one day, in the order a reader wants them.

    `summary` counts all matches by status, every status named, also where `matches` holds only
    some of them.
    """

    as_of: date
    catalogue: Catalogue
    profile: Profile
    matches: tuple[Match, ...]
    summary: Mapping[Status, int]


def evaluate_condition(condition: Condition, subject: Subject, as_of: date) -> Finding:
    """The finding of a condition for a subject."""
    # Asked hundreds of times for a company: a pattern of classes would take half as long again.
    if isinstance(condition, Predicate):
        quantity = condition.quantity
        if not isinstance(quantity, FactQuantity):
            return _evaluate_number(condition, subject, as_of)
        value = subject.facts.get(quantity.fact)
        if value is None:
            return Finding(condition, _UNKNOWN, None, quantity.facts)
        decision = condition.operator.decide(value, as_of)
        open_facts = quantity.facts if decision.refinable else ()
        return Finding(condition, decision.truth, value, open_facts)
    if isinstance(condition, Group):
        return _evaluate_group(condition, subject, as_of)
    if isinstance(condition, Undecided):
        return Finding(condition, _UNKNOWN)
    assert_never(condition)


def _evaluate_number(test: Predicate, subject: Subject, as_of: date) -> Finding:
    """The finding of a test of a number made of several facts."""
    truth, observed = seen_by(test, subject, as_of)
    missing = missing_of(test, subject, as_of) if truth is _UNKNOWN else ()
    return Finding(test, truth, observed, missing)


def _evaluate_group(group: Group, subject: Subject, as_of: date) -> Finding:
    return group_finding(group, [evaluate_condition(c, subject, as_of) for c in group.children])


def group_finding(group: Group, found: Sequence[Finding]) -> Finding:
    """The finding of a group whose conditions have these."""
    children = tuple(found)
    truth = combine(group, [c.truth for c in children])
    if truth is not _UNKNOWN:
        return Finding(group, truth, None, (), children)
    missing = tuple(dict.fromkeys([fact for child in children for fact in child.missing]))
    return Finding(group, truth, None, missing, children)


def subjects(programme: Programme, profile: Profile) -> Iterator[Subject]:
    """What a programme is evaluated for: the company; or each project of a kind it supports, and
    where there is none, a hypothetical one."""
    if not programme.supports:
        yield company_subject(profile)
        return
    projects = [p for p in profile.projects if p.kind in programme.supports]
    for project in projects:
        yield project_subject(profile, project)
    if not projects:
        yield hypothetical_subject(profile, programme.supports)


def evaluate_programme(programme: Programme, subject: Subject, as_of: date) -> Match:
    """One programme for one subject, with every condition examined."""
    finding = evaluate_condition(programme.condition, subject, as_of)
    status = status_of(programme, finding.truth, as_of)
    amount = ceiling(programme.benefit, subject, as_of) if programme.benefit else None
    return Match(programme, subject, status, finding, amount)


def status_of(programme: Programme, truth: Truth, as_of: date) -> Status:
    """The status that a truth means for a programme on a day. Only a complete, automatic right can
    make anybody eligible; otherwise somebody else decides the rest."""
    if as_of not in programme.window:
        return Status.NOT_IN_FORCE
    if truth is _FALSE:
        return Status.INELIGIBLE
    if truth is _UNKNOWN:
        return Status.UNDETERMINED
    if programme.commitment is Commitment.ENTITLEMENT:
        return Status.ELIGIBLE
    return Status.WATCH if programme.commitment is Commitment.PLANNED else Status.POTENTIAL


def evaluate(catalogue: Catalogue, profile: Profile, as_of: date) -> Evaluation:
    """Every programme of the catalogue for every subject of the profile, in reading order."""
    matches = [
        evaluate_programme(programme, subject, as_of)
        for programme in catalogue.programmes.values()
        for subject in subjects(programme, profile)
    ]
    counted = Counter(m.status for m in matches)
    summary = {status: counted[status] for status in Status}
    return Evaluation(
        as_of,
        catalogue,
        profile,
        in_reading_order(matches, catalogue, profile),
        summary,
    )


def in_reading_order(
    matches: Iterable[MatchT], catalogue: Catalogue, profile: Profile
) -> tuple[MatchT, ...]:
    """The matches of an applicant in the order a reader wants them."""
    distances = catalogue.distances(profile.company)
    unlikely = unlikely_facts(profile.company, catalogue.vocabulary)
    return tuple(
        sorted(matches, key=lambda m: reading_order(m, distances=distances, unlikely=unlikely))
    )


class Wait(IntEnum):
    """How far an open match is from an answer, the nearest first."""

    ANSWER = 0  # an ordinary answer settles it
    PROJECT = 1  # a project that nobody has submitted
    UNLIKELY = 2  # a fact not asked or needed, or a sort of project, that nothing stated hints at
    ONLY_UNLIKELY = 3  # nothing but such facts


def wait_of(match: MatchLike, facts: Collection[str], unlikely: UnlikelyFacts) -> Wait:
    """What an open match waits for, which some facts can still decide."""
    if not facts:
        return Wait.ANSWER
    if unlikely.either.issuperset(facts):
        return Wait.ONLY_UNLIKELY
    awaits_project = bool(match.programme.supports) and match.subject.ref is None
    far = awaits_project and not unlikely.of_project.isdisjoint(match.programme.facts)
    needed = unlikely.unhinted & match.programme.needed_facts
    if far or not (unlikely.unasked | needed).isdisjoint(facts):
        return Wait.UNLIKELY
    return Wait.PROJECT if awaits_project else Wait.ANSWER


_RANK = {status: rank for rank, status in enumerate(Status)}
# Status; what counts within it; how directly it helps; the programme's id and the project's.
ReadingOrder: TypeAlias = tuple[int, tuple[int | Decimal, ...], Directness, str, str]
_NOWHERE: Mapping[str, int] = {}


def reading_order(
    match: MatchLike,
    decisive: Collection[str] | None = None,
    *,
    distances: Mapping[str, int] = _NOWHERE,
    unlikely: UnlikelyFacts = NONE_UNLIKELY,
) -> ReadingOrder:
    """What matches are listed by: their status first.

    Promising ones: official texts before news, amounts before none, the larger before the smaller.
    Open ones: those that an answer can settle before those that none can, nearer places before
    further ones (`distances` of the jurisdictions), official texts before news, those nearer to an
    answer (`wait_of`), and those that fewer facts can still decide: the `decisive`, or else those
    that are missing. Among equals come first those that help most directly.
    """
    programme = match.programme
    news = programme.evidence is _NEWS
    within: tuple[int | Decimal, ...] = (news,)
    if match.status in PROMISING:
        bound = match.ceiling.at_most if match.ceiling else None
        within = (news, bound is None, -(bound or 0))
    elif match.status in OPEN:
        facts = match.missing if decisive is None else decisive
        distance, wait = distances.get(programme.jurisdiction, 0), wait_of(match, facts, unlikely)
        within = (not facts, distance, news, wait, len(facts))
    rank, subject = _RANK[match.status], match.subject.ref or ""
    return rank, within, programme.directness, programme.id, subject
