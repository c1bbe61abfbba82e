"""What an applicant may hold that a rule asks about, as examples state it: support had, at a level
that the rule means and at another; a certificate from before the measure, and a second one.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TypeAlias

from service.domain.dates import DAY
from service.domain.facts.profile import Award
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.levels import LEVELS
from service.domain.rules.operators import HoldsCertificate
from service.domain.rules.programmes import Example, Programme
from service.domain.rules.quantities import Count, FactQuantity
from service.domain.rules.quantity_contents import counts_in
from service.domain.rules.record_tests import AwardTest, CertificateTest

RawRecord: TypeAlias = Mapping[str, object]
_AMOUNT = 10_000
_TERM = timedelta(days=3 * 365)


def record_variants(
    programme: Programme, vocabulary: Vocabulary, best: Example
) -> Iterator[tuple[str, list[RawRecord]]]:
    """A fact that holds records, and what is stated of it in place of what its best example does;
    each once."""
    shown: list[tuple[str, list[RawRecord]]] = []
    for fact, asked in dict.fromkeys(_tests_of_records(programme)):
        held = best.given.get(fact)
        own = [dict(r) for r in held if isinstance(r, dict)] if isinstance(held, list) else []
        if isinstance(asked, AwardTest):
            found = _awards(asked, programme, vocabulary, fact, best.as_of)
        else:
            found = _certificates(asked, programme, own, best.as_of)
        for records in found:
            if (fact, records) not in shown:
                shown.append((fact, records))
                yield fact, records


def _tests_of_records(programme: Programme) -> Iterator[tuple[str, AwardTest | str]]:
    """The facts that hold records with what is asked of them: a test of support, or the category of
    a certificate."""
    for test in programme.tests:
        if isinstance(test.operator, HoldsCertificate) and isinstance(test.quantity, FactQuantity):
            yield test.quantity.fact, test.operator.categories[0]
    counts = (
        c for q in (*(t.quantity for t in programme.tests), *programme.money) for c in counts_in(q)
    )
    yield from map(_counted, counts)


def _counted(count: Count) -> tuple[str, AwardTest | str]:
    if isinstance(count.test, CertificateTest):
        return count.fact, count.test.categories[0]
    return count.fact, count.test


def _awards(
    asked: AwardTest, programme: Programme, vocabulary: Vocabulary, fact: str, day: date
) -> Iterator[list[RawRecord]]:
    """Support that is meant, and the same at another level: both count if the test names none."""
    purposes = vocabulary.codes_of(vocabulary.facts[fact])
    usual = programme.purpose or next(iter(purposes.codes if purposes else ()), None)
    purpose = asked.purposes[0] if asked.purposes else usual
    witness = asked.witness(day)
    year = witness.year if isinstance(witness, Award) else None
    award = {"purpose": purpose, "amount": _AMOUNT, "year": year or day.year}
    if asked.programmes:
        yield [{**award, "programme": asked.programmes[0]}]
        return
    known = vocabulary.lists.get(LEVELS)
    levels = list(known.codes) if known else []
    meant = asked.levels[:1] or tuple(levels[:1])
    others = [level for level in levels if level not in (*asked.levels, *meant)]
    for level in (*meant, *others[:1]):
        yield [{**award, "level": level}]
    if not levels:
        yield [award]


def _certificates(
    category: str, programme: Programme, own: list[dict[str, object]], day: date
) -> Iterator[list[RawRecord]]:
    """One from the day before the programme begins, still valid; a former one beside its own."""
    if programme.window.start is not None and programme.window.start <= day:
        issued = programme.window.start - DAY
        yield [{"category": category, "issued_on": issued, "expires_on": max(issued, day) + _TERM}]
    former = {"category": category, "issued_on": day - 2 * _TERM, "expires_on": day - _TERM}
    yield [*own, former]
