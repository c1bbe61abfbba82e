"""Holding a profile against the criteria of a category, and the size class of a company."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from service.domain.evaluation.evaluator import Finding, evaluate_condition
from service.domain.evaluation.scoring import Score, score_model
from service.domain.facts.profile import Profile, Subject, company_subject, kinds_of
from service.domain.rules.conditions import NumberedCondition
from service.domain.rules.intervals import truth_of
from service.domain.rules.standards import Category, Criterion, Size, SizeRow, SizeStandard
from service.domain.truth import Truth, some

# What a condition of the catalogue comes to for one subject on one day. Whoever has looked all of
# them up already gives what was found; else each is worked out when it is asked for.
TruthOf: TypeAlias = Callable[[NumberedCondition], Truth]


class Verdict(StrEnum):
    """How a profile stands to the computable criteria of a category."""

    MEETS = "meets"  # all hold
    OPEN = "open"  # none fails, some are unknown
    FAILS = "fails"  # one that is verified fails


@dataclass(frozen=True, slots=True)
class CheckedCriterion:
    """A criterion, its truth, and the evidence: a finding or a score."""

    criterion: Criterion
    truth: Truth
    evidence: Finding | Score

    @property
    def missing(self) -> tuple[str, ...]:
        return self.evidence.missing if self.truth is Truth.UNKNOWN else ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """A category's computable criteria against a profile.

    `size_open`: whether the company may be of a size class that cannot have the category;
    `size_facts`: the facts, not stated, that would tell."""

    category: Category
    checked: tuple[CheckedCriterion, ...]
    size_open: bool = False
    size_facts: tuple[str, ...] = ()

    @property
    def decided_count(self) -> int:
        """How many criteria are decided."""
        return sum(c.truth is not Truth.UNKNOWN for c in self.checked)

    @property
    def failed(self) -> tuple[CheckedCriterion, ...]:
        """The verified criteria that fail. One that nobody has verified refutes nothing."""
        return tuple(c for c in self.checked if c.truth is Truth.FALSE and c.criterion.verified)

    @property
    def verdict(self) -> Verdict:
        if self.failed:
            return Verdict.FAILS
        met = not self.size_open and all(c.truth is Truth.TRUE for c in self.checked)
        return Verdict.MEETS if met else Verdict.OPEN

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that would decide the open criteria, and the size class where that is open."""
        open_ones = (fact for c in self.checked for fact in c.missing)
        return tuple(dict.fromkeys((*open_ones, *self.size_facts)))


@dataclass(frozen=True, slots=True)
class SizeClass:
    """The size classes a profile may be in, from smallest to largest: one where it is certain."""

    standard: SizeStandard
    possible: tuple[Size, ...]

    @property
    def size(self) -> Size | None:
        return self.possible[0] if len(self.possible) == 1 else None


def assess_category(category: Category, profile: Profile, as_of: date) -> Assessment:
    """Every criterion of a category for the company of a profile."""
    subject = company_subject(profile)
    return Assessment(
        category, tuple(check_criterion(c, subject, as_of) for c in category.criteria)
    )


def check_criterion(criterion: Criterion, subject: Subject, as_of: date) -> CheckedCriterion:
    """A criterion for a subject, with the evidence."""
    if criterion.model is not None:
        scored = score_model(criterion.model, subject, as_of)
        return CheckedCriterion(
            criterion, _with_exemption(criterion, scored, subject, as_of), scored
        )
    assert criterion.condition is not None
    finding = evaluate_condition(criterion.condition.condition, subject, as_of)
    return CheckedCriterion(criterion, finding.truth, finding)


def _with_exemption(criterion: Criterion, scored: Score, subject: Subject, as_of: date) -> Truth:
    if criterion.condition is None:
        return scored.passes
    return some(
        (scored.passes, evaluate_condition(criterion.condition.condition, subject, as_of).truth)
    )


def size_class(
    standard: SizeStandard, profile: Profile, as_of: date, truths: TruthOf | None = None
) -> SizeClass:
    """The size classes a profile may be in; all of them where its industry is not covered or not
    known."""
    truths = truths or truths_for(profile, as_of)
    row = industry_row(standard, truths)
    return SizeClass(standard, tuple(Size)) if row is None else size_class_in(row, standard, truths)


def truths_for(profile: Profile, as_of: date) -> TruthOf:
    """The truths of conditions for the company of a profile."""
    subject = company_subject(profile)
    return lambda asked: truth_of(asked.condition, subject, as_of)


def industry_row(standard: SizeStandard, truths: TruthOf) -> SizeRow | None:
    """The line of industries that a company is in."""
    return next((r for r in standard.rows if truths(r.industry) is Truth.TRUE), None)


def size_class_in(row: SizeRow, standard: SizeStandard, truths: TruthOf) -> SizeClass:
    """The size classes that a company of a line may be in."""
    reached = {size: truths(condition) for size, condition in row.reaches.items()}
    sizes = list(Size)
    least = max(sizes.index(s) for s in sizes if reached.get(s, Truth.TRUE) is Truth.TRUE)
    possible = (s for s in sizes[least:] if reached.get(s, Truth.TRUE) is not Truth.FALSE)
    return SizeClass(standard, tuple(possible))


def size_facts(standard: SizeStandard, profile: Profile, truths: TruthOf) -> tuple[str, ...]:
    """The facts, not stated, on which the size class of a company depends, its industry first."""
    row = industry_row(standard, truths)
    industry = standard.industry_facts
    if row is None and all(fact in profile.company for fact in industry):
        return ()
    bounds = standard.bound_facts if row is None else row.bounds
    facts = dict.fromkeys((*industry, *bounds))
    return tuple(fact for fact in facts if fact not in profile.company)


def is_sized(standard: SizeStandard, profile: Profile, as_of: date) -> bool:
    """Whether a standard says anything of a company on a day."""
    return as_of in standard.window and not kinds_of(profile).isdisjoint(standard.kinds)
