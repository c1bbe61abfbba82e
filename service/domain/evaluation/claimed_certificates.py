"""Certificates that a company claims, and which of them its own figures deny."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from service.domain.evaluation.assessment import TruthOf, check_criterion, truths_for
from service.domain.facts.profile import Certificate, Profile, Value, company_subject
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.standards import Category, Criterion
from service.domain.truth import Truth


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
