"""Titles that a company could apply for: hints, which change no status."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from service.domain.evaluation.assessment import (
    Assessment,
    TruthOf,
    assess_category,
    industry_row,
    is_sized,
    size_class,
    size_facts,
    truths_for,
)
from service.domain.evaluation.claimed_certificates import claimed_certificates
from service.domain.facts.profile import Profile, Subject, kinds_of
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.standards import Category, Size, SizeStandard
from service.domain.truth import Truth

FOUNDED = "company.founded_on"
# So many known criteria are enough where the applicant's own field speaks for a title.
SIGNED = 2


def category_hints(
    categories: Iterable[Category],
    profile: Profile,
    as_of: date,
    limits: "HintLimits | None" = None,
    truths: TruthOf | None = None,
) -> tuple[Assessment, ...]:
    """What the company could apply for: categories in force whose criteria it does not fail, enough
    of them known, and that it holds no certificate of. Who is not founded yet can have none."""
    if not is_founded(profile, as_of):
        return ()
    known = truths or truths_for(profile, as_of)
    found = (hint_for(category, profile, as_of, limits, known) for category in categories)
    return tuple(assessment for assessment in found if assessment is not None)


def is_founded(profile: Profile, as_of: date) -> bool:
    """Whether nothing stated says that there is no such company yet."""
    day = profile.company.get(FOUNDED)
    return not isinstance(day, date) or day <= as_of


@dataclass(frozen=True, slots=True)
class HintLimits:
    """What keeps titles from being recommended: the size classes the company may be in, the facts,
    not stated, that would tell which, and the facts whose figures cannot be."""

    sizes: frozenset[Size]
    size_facts: tuple[str, ...]
    doubtful: frozenset[str]

    def forbid(self, category: Category) -> bool:
        """Whether a category is for other sizes, or would rest on figures that cannot be."""
        too_large = bool(category.sizes) and self.sizes.isdisjoint(category.sizes)
        return too_large or any(not self.doubtful.isdisjoint(facts) for facts in category.facts)

    def mark_open_size(self, assessment: Assessment) -> Assessment:
        """An assessment that says so where the company may be of a size that cannot have it."""
        sizes = assessment.category.sizes
        if not sizes or self.sizes.issubset(sizes):
            return assessment
        return replace(assessment, size_open=True, size_facts=self.size_facts)

    def unsettle(self, standard: SizeStandard, truths: TruthOf) -> bool:
        """Whether a size class would rest on figures that cannot be."""
        row = industry_row(standard, truths) if self.doubtful else None
        return row is not None and not self.doubtful.isdisjoint(row.bounds)


def hint_limits(
    catalogue: Catalogue, profile: Profile, as_of: date, truths: TruthOf | None = None
) -> HintLimits:
    """The limits of a profile on a day."""
    truths = truths or truths_for(profile, as_of)
    sizes, open_facts = set(Size), list[str]()
    for standard in catalogue.sizes.values():
        if is_sized(standard, profile, as_of):
            possible = size_class(standard, profile, as_of, truths).possible
            sizes &= set(possible)
            if len(possible) > 1:
                open_facts += size_facts(standard, profile, truths)
    doubtful: set[str] = set()
    for check in catalogue.checks:
        if truths(check.condition) is Truth.TRUE:
            doubtful |= check.facts
    return HintLimits(frozenset(sizes), tuple(open_facts), frozenset(doubtful))


def barred_certificates(catalogue: Catalogue, subject: Subject, as_of: date) -> frozenset[str]:
    """The certificates whose standards of that day are all for other kinds or sizes of applicant,
    or not for such as the subject."""
    profile = Profile(subject.facts)
    kinds = kinds_of(profile)
    truths = truths_for(profile, as_of)
    sizes = hint_limits(catalogue, profile, as_of, truths).sizes
    open_to, of_others = set[str](), set[str]()
    for category in catalogue.categories.values():
        if category.certificate is None or as_of not in category.window:
            continue
        barred = (
            (bool(category.sizes) and sizes.isdisjoint(category.sizes))
            or (bool(kinds) and kinds.isdisjoint(category.kinds))
            or (category.not_for is not None and truths(category.not_for) is Truth.TRUE)
        )
        (of_others if barred else open_to).add(category.certificate)
    return frozenset(of_others - open_to)


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
    needed = _criteria_needed(category, truths)
    if (
        as_of not in category.window
        or (limits is not None and limits.forbid(category))
        or kinds_of(profile).isdisjoint(category.kinds)
        or sum(not stated.isdisjoint(facts) for facts in category.facts) < needed
        or any(c.category == category.certificate for c in claimed_certificates(profile, as_of))
        or (category.not_for is not None and truths(category.not_for) is Truth.TRUE)
        or _is_out_of_reach(category, needed, truths)
    ):
        return None
    assessment = assess_category(category, profile, as_of)
    if assessment.failed or assessment.decided_count < needed:
        return None
    return assessment if limits is None else limits.mark_open_size(assessment)


def _is_out_of_reach(category: Category, needed: int, truths: TruthOf) -> bool:
    """Whether a verified criterion that is no score is not met, or too few can be known whatever
    the scores are."""
    found = [
        (c.verified, truths(c.condition)) for c in category.criteria if c.condition and not c.model
    ]
    failed = any(verified and truth is Truth.FALSE for verified, truth in found)
    unknown = sum(truth is Truth.UNKNOWN for _, truth in found)
    return failed or len(category.criteria) - unknown < needed


def _criteria_needed(category: Category, truths: TruthOf) -> int:
    """How many criteria have to be known before anything is recommended: half of them, or fewer
    where something else speaks for it."""
    if category.signs is not None and truths(category.signs) is Truth.TRUE:
        return SIGNED
    return (len(category.criteria) + 1) // 2
