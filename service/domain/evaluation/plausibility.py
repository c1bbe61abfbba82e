"""Figures and dates that cannot be: a part above its whole, a certificate given in the future.

They never change a status, since what is stated is taken as stated. They are told, and no title is
recommended on the strength of them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple, assert_never

from service.domain.dates import add_months
from service.domain.evaluation.assessment import TruthOf, truths_for
from service.domain.evaluation.category_hints import FOUNDED
from service.domain.facts.profile import (
    Award,
    Certificate,
    Profile,
    Provenance,
    Record,
    Value,
    project_subject,
    records_in,
)
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue, FigureCheck
from service.domain.rules.intervals import truth_of
from service.domain.text import Text
from service.domain.truth import Truth

# An enumeration's members are slow to name.
_TRUE = Truth.TRUE

_ISSUED_LATER = Text(
    "“{name}”的发证日期 {day} 晚于评估日", "“{name}” is dated {day}, after the as-of date"
)
_ISSUED_EARLIER = Text(
    "“{name}”的发证日期 {day} 早于成立日期", "“{name}” is dated {day}, before the founding"
)
_AWARD_LATER = Text(
    "“{name}”的获得时间 {day} 晚于评估日", "“{name}” is of {day}, after the as-of date"
)
_AWARD_EARLIER = Text(
    "“{name}”的获得时间 {day} 早于成立日期", "“{name}” is of {day}, before the founding"
)
_TOO_LONG = Text(
    "“{name}”的有效期到 {day}，长于这类证书的 {years} 年，请核对",
    "“{name}” is stated as valid until {day}: for longer than such a certificate is given (years:"
    " {years}); please check",
)
_WITHDRAWN = Text(
    "“{fact}”的代码 {code} 已撤销，按现行的“{name}”（{current}）处理",
    "the code {code} of “{fact}” was withdrawn; it counts as “{name}” ({current})",
)


class Implausible(NamedTuple):
    """Something stated that cannot be, or no longer is, and the facts that say it."""

    code: str
    text: Text
    facts: frozenset[str]


def find_implausible(
    catalogue: Catalogue, profile: Profile, as_of: date, truths: TruthOf | None = None
) -> tuple[Implausible, ...]:
    """All that cannot be in a profile on a day; `truths` are those for its company."""
    truths = truths or truths_for(profile, as_of)
    of_projects = {fact for project in profile.projects for fact in project.facts}
    failed = [
        Implausible("impossible_figures", check.text, check.facts)
        for check in catalogue.checks
        if truths(check.condition) is _TRUE
        or (not check.facts.isdisjoint(of_projects) and _fails_for_a_project(check, profile, as_of))
    ]
    words = catalogue.vocabulary
    return (
        *failed,
        *untimely_records(profile.company, words, as_of),
        *withdrawn_codes(profile, words),
    )


def _fails_for_a_project(check: FigureCheck, profile: Profile, as_of: date) -> bool:
    return any(
        truth_of(check.condition.condition, project_subject(profile, project), as_of) is _TRUE
        for project in profile.projects
        if not check.facts.isdisjoint(project.facts)
    )


def untimely_records(
    company: Mapping[str, Value], vocabulary: Vocabulary, as_of: date
) -> Iterator[Implausible]:
    """Certificates and support dated after the day, or before the founding, and certificates
    that are valid for longer than such ones are given."""
    founded = company.get(FOUNDED)
    held = [(fact, value) for fact, value in company.items() if isinstance(value, tuple)]
    for fact, records in held:
        codes = vocabulary.codes_of(vocabulary.facts[fact])
        for record in records_in(records):
            wrong = [(words, day, "") for words, day in _untimely(record, founded, as_of)]
            entry = codes.codes.get(record.code) if codes else None
            years = entry.longest_years if entry else None
            if isinstance(record, Certificate) and years and _too_long(record, years, as_of):
                wrong.append((_TOO_LONG, record.expires_on, str(years)))
            for words, day, most in wrong:
                name = codes.label_of(record.code) if codes else Text(record.code, record.code)
                text = words.format(name=name, day=str(day), years=most)
                yield Implausible("impossible_date", text, frozenset((fact,)))


def _too_long(certificate: Certificate, years: int, as_of: date) -> bool:
    """Whether a certificate ends later than so many years after its issue; where that day is not
    stated, after the day on which it is held."""
    first, last = certificate.issued_on or as_of, certificate.expires_on
    return last is not None and last > add_months(first, 12 * years)


def _untimely(record: Record, founded: object, as_of: date) -> Iterator[tuple[Text, object]]:
    match record:
        case Award(year=year, granted_on=day):
            had = day or year
            if had is not None and _is_after(had, as_of):
                yield _AWARD_LATER, had
            elif had is not None and isinstance(founded, date) and _is_after(founded, had):
                yield _AWARD_EARLIER, had
        case Certificate(issued_on=issued):
            if issued is not None and issued > as_of:
                yield _ISSUED_LATER, issued
            if issued is not None and isinstance(founded, date) and issued < founded:
                yield _ISSUED_EARLIER, issued
        case _:
            assert_never(record)


def _is_after(one: date | int, other: date | int) -> bool:
    """Whether a day lies after another; by their years where one of them is a year only."""
    if isinstance(one, date) and isinstance(other, date):
        return one > other
    first, second = (when.year if isinstance(when, date) else when for when in (one, other))
    return first > second


def withdrawn_codes(profile: Profile, vocabulary: Vocabulary) -> Iterator[Implausible]:
    """Codes that a list keeps only so that old papers can be read, where they are stated: what
    follows from such a statement is told with it."""
    renamed, seen = vocabulary.renamed, set()
    derived = Provenance.DERIVED
    for facts in (profile.company, *[p.facts for p in profile.projects]):
        for fact_id in [fact for fact in facts if fact in renamed]:
            if profile.provenance.get(fact_id) is derived:
                continue
            codes, value = renamed[fact_id], facts[fact_id]
            members = value if isinstance(value, frozenset) else (str(value),)
            if codes.succeeded.keys().isdisjoint(members):
                continue
            old = codes.succeeded.keys() - codes.retired  # of what is retired it is told since when
            for code in sorted([c for c in members if c in old]):
                current = codes.current(code)
                if current != code and (fact_id, code) not in seen:
                    seen.add((fact_id, code))
                    label = vocabulary.facts[fact_id].label
                    text = _WITHDRAWN.format(
                        fact=label, code=code, name=codes.label_of(current), current=current
                    )
                    yield Implausible("withdrawn_code", text, frozenset())
