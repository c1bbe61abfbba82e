"""Holding a profile against categories: hints, size classes, and certificates the figures deny."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from service.domain.evaluation.evaluator import Finding, evaluate_condition
from service.domain.evaluation.scoring import Score, score_model
from service.domain.facts.profile import (
    Certificate,
    Profile,
    Subject,
    Value,
    company_subject,
    kinds_of,
)
from service.domain.rules.catalogue import Catalogue
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
    """A category's computable criteria against a profile."""

    category: Category
    checked: tuple[CheckedCriterion, ...]

    @property
    def decided_count(self) -> int:
        """How many criteria are decided."""
        return sum(c.truth is not Truth.UNKNOWN for c in self.checked)

    @property
    def failed(self) -> tuple[CheckedCriterion, ...]:
        """The verified criteria that fail. One that nobody has verified refutes nothing."""
        return tuple(c for c in self.checked if c.truth is Truth.FALSE and c.criterion.verified)

    @property
    def refuted(self) -> tuple[Criterion, ...]:
        """What the category asks at all times and the figures do not meet."""
        return tuple(c.criterion for c in self.failed if not c.criterion.at_application)

    @property
    def verdict(self) -> Verdict:
        if self.failed:
            return Verdict.FAILS
        met = all(c.truth is Truth.TRUE for c in self.checked)
        return Verdict.MEETS if met else Verdict.OPEN

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that would decide the open criteria."""
        return tuple(dict.fromkeys(fact for c in self.checked for fact in c.missing))


@dataclass(frozen=True, slots=True)
class SizeClass:
    """The size classes a profile may be in, from smallest to largest: one where it is certain."""

    standard: SizeStandard
    possible: tuple[Size, ...]

    @property
    def size(self) -> Size | None:
        return self.possible[0] if len(self.possible) == 1 else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A claimed certificate that may be valid, and the criteria its own standard asks that the
    figures do not meet."""

    category: Category
    certificate: Certificate
    failed: tuple[Criterion, ...]

    @property
    def contests(self) -> bool:
        """Whether the figures are those that the certificate was given by. Later ones do not undo
        one that was given for several years."""
        return self.category.yearly


def assess_category(category: Category, profile: Profile, as_of: date) -> Assessment:
    """Every criterion of a category for the company of a profile."""
    subject = company_subject(profile)
    return Assessment(
        category, tuple(check_criterion(c, subject, as_of) for c in category.criteria)
    )


def check_criterion(
    criterion: Criterion, subject: Subject, as_of: date, scored: Score | None = None
) -> CheckedCriterion:
    """A criterion for a subject, with the evidence. `scored` is its score where that is known."""
    if criterion.model is not None:
        scored = scored or score_model(criterion.model, subject, as_of)
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


def category_hints(
    categories: Iterable[Category],
    profile: Profile,
    as_of: date,
    limits: "HintLimits | None" = None,
    truths: TruthOf | None = None,
) -> tuple[Assessment, ...]:
    """What the company could apply for: categories in force whose criteria it does not fail, half
    of them at least known, and that it holds no certificate of."""
    known = truths or truths_for(profile, as_of)
    found = (hint_for(category, profile, as_of, limits, known) for category in categories)
    return tuple(assessment for assessment in found if assessment is not None)


@dataclass(frozen=True, slots=True)
class HintLimits:
    """What keeps titles from being recommended: the size classes the company may be in, and the
    facts whose figures cannot be."""

    sizes: frozenset[Size]
    doubtful: frozenset[str]

    def forbid(self, category: Category) -> bool:
        """Whether a category is for other sizes, or would rest on figures that cannot be."""
        too_large = bool(category.sizes) and self.sizes.isdisjoint(category.sizes)
        return too_large or any(not self.doubtful.isdisjoint(facts) for facts in category.facts)


def hint_limits(
    catalogue: Catalogue, profile: Profile, as_of: date, truths: TruthOf | None = None
) -> HintLimits:
    """The limits of a profile on a day."""
    truths = truths or truths_for(profile, as_of)
    sizes = set(Size)
    for standard in catalogue.sizes.values():
        if is_sized(standard, profile, as_of):
            sizes &= set(size_class(standard, profile, as_of, truths).possible)
    doubtful: set[str] = set()
    for check in catalogue.checks:
        if truths(check.condition) is Truth.TRUE:
            doubtful |= check.facts
    return HintLimits(frozenset(sizes), frozenset(doubtful))


def hint_for(
    category: Category,
    profile: Profile,
    as_of: date,
    limits: HintLimits | None,
    truths: TruthOf,
) -> Assessment | None:
    """The assessment of a category the company could apply for, None where it could not. What is
    out of the question is not assessed."""
    stated = profile.company.keys()
    if (
        as_of not in category.window
        or (limits is not None and limits.forbid(category))
        or kinds_of(profile).isdisjoint(category.kinds)
        or not _half_is_met(sum(not stated.isdisjoint(facts) for facts in category.facts), category)
        or any(c.category == category.certificate for c in claimed_certificates(profile, as_of))
        or (category.not_for is not None and truths(category.not_for) is Truth.TRUE)
        or _is_out_of_reach(category, truths)
    ):
        return None
    assessment = assess_category(category, profile, as_of)
    return (
        None
        if assessment.failed or not _half_is_met(assessment.decided_count, category)
        else assessment
    )


def _is_out_of_reach(category: Category, truths: TruthOf) -> bool:
    """Whether a verified criterion that is no score is not met, or too few can be known whatever
    the scores are."""
    found = [
        (c.verified, truths(c.condition)) for c in category.criteria if c.condition and not c.model
    ]
    failed = any(verified and truth is Truth.FALSE for verified, truth in found)
    unknown = sum(truth is Truth.UNKNOWN for _, truth in found)
    return failed or not _half_is_met(len(category.criteria) - unknown, category)


def _half_is_met(known: int, category: Category) -> bool:
    return 2 * known >= len(category.criteria)


def find_conflicts(
    categories: Iterable[Category],
    profile: Profile,
    as_of: date,
    truths: TruthOf | None = None,
) -> tuple[Conflict, ...]:
    """The certificates that a company claims and its own figures deny.

    A certificate is held against the standard that was in force on the day it was issued (on
    `as_of` where that is not stated), and only against criteria that hold at all times: what had to
    hold once, at application, may have changed since. It conflicts where such a criterion is FALSE;
    UNKNOWN denies nothing. Whether a conflict also contests the certificate, `Conflict.contests`
    says.
    """
    known = truths or truths_for(profile, as_of)
    held = claimed_certificates(profile, as_of)
    return conflicts_among(
        held, categories, as_of, lambda c: _refuted_criteria(c, profile, as_of, known)
    )


def _refuted_criteria(
    category: Category, profile: Profile, as_of: date, truths: TruthOf
) -> tuple[Criterion, ...]:
    """What a category asks at all times and the figures do not meet. Only a score has to be
    reckoned for it."""
    return tuple(
        c
        for c in category.criteria
        if c.verified
        and not c.at_application
        and (c.condition is None or truths(c.condition) is Truth.FALSE)
        and (
            c.model is None
            or check_criterion(c, company_subject(profile), as_of).truth is Truth.FALSE
        )
    )


def conflicts_among(
    held: Iterable[Certificate],
    categories: Iterable[Category],
    as_of: date,
    refuted: Callable[[Category], tuple[Criterion, ...]],
) -> tuple[Conflict, ...]:
    """Each of the certificates with each criterion of its category that the figures deny: `refuted`
    gives, for a category, what it asks at all times and the figures do not meet. See
    `find_conflicts` for which standard a certificate is held against."""
    standards = tuple(categories)
    return tuple(
        Conflict(category, certificate, failed)
        for certificate in held
        for category in standards
        if category.certificate == certificate.category
        and (certificate.issued_on or as_of) in category.window
        and (failed := refuted(category))
    )


def mark_contested(profile: Profile, found: Iterable[Conflict]) -> Profile:
    """The profile with the contested certificates marked. A contested one may be valid or not: what
    rests on it is UNKNOWN, and no answer can settle it, only whoever checks the certificate."""
    contested = {c.certificate for c in found if c.contests}
    if not contested:
        return profile
    company = {
        fact: _mark_certificates(value, contested) for fact, value in profile.company.items()
    }
    return replace(profile, company=company)


def _mark_certificates(value: Value, contested: set[Certificate]) -> Value:
    held = [c for c in value if isinstance(c, Certificate)] if isinstance(value, tuple) else []
    if not held:
        return value
    return tuple(replace(c, contested=True) if c in contested else c for c in held)


def claimed_certificates(profile: Profile, as_of: date) -> tuple[Certificate, ...]:
    """Every certificate a profile claims that may be valid on a day."""
    return tuple(
        item
        for value in profile.company.values()
        if isinstance(value, tuple)
        for item in value
        if isinstance(item, Certificate) and not item.unsure and _may_be_valid(item, as_of)
    )


def _may_be_valid(certificate: Certificate, as_of: date) -> bool:
    begun = certificate.issued_on is None or certificate.issued_on <= as_of
    return begun and (certificate.expires_on is None or as_of <= certificate.expires_on)


def with_contested_certificates(catalogue: Catalogue, profile: Profile, as_of: date) -> Profile:
    """The profile as it is evaluated: certificates that its own figures deny decide nothing."""
    return mark_contested(profile, find_conflicts(catalogue.categories.values(), profile, as_of))


def is_sized(standard: SizeStandard, profile: Profile, as_of: date) -> bool:
    """Whether a standard says anything of a company on a day."""
    return as_of in standard.window and not kinds_of(profile).isdisjoint(standard.kinds)
