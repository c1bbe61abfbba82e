"""The best lawful set: as much as any lawful set, and never two payments for one purpose."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.domain.advice.combination import best_combination
from service.domain.advice.combination_result import Combination, OmissionReason, OpenPoint
from service.domain.evaluation.evaluator import Match, MatchLike, Status, evaluate
from service.domain.facts.profile import Award, Profile, Project
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Cap, Per, SharedBy
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause
from service.domain.rules.operators import InSet
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import (
    Constant,
    Count,
    Difference,
    FactQuantity,
    Greatest,
)
from service.domain.rules.record_tests import AwardTest
from service.domain.rules.record_times import Years
from service.domain.rules.units import unit
from service.domain.text import Text
from tests.domain.predicates import among, ask
from tests.domain.programmes import BEST_ONLY, catalogue, measure, programme
from tests.domain.sample import DAY, PROJECT_KINDS, D, money
from tests.domain.strategies import FAST

IS_FIRM = among("kind", "enterprise")
IS_PRODUCT = ask("project.kind", InSet(("product",), codes=PROJECT_KINDS))
MEASURES = (
    measure("doc", overlap=BEST_ONLY),
    measure("silent"),  # of the same city, without a clause of its own
    measure("district", jurisdiction="310115"),
    measure("national", jurisdiction="100000"),
)
_THIS_YEAR = Years(first=DAY.year, last=DAY.year)
HAD_THIS_YEAR = Count(
    "company.awards", AwardTest(purposes=("first_set",), years=_THIS_YEAR), amounts=True
)
PLACE = {m.id: m.jurisdiction for m in MEASURES}


def item(name: str, cap: int | None, purpose: str | None = None, home: str = "doc",
         per: Per = Per.UNSTATED) -> Programme:  # fmt: skip
    benefit = money(cap=None if cap is None else D(cap), per=per)
    return programme(
        name, IS_FIRM, purpose=purpose, measure=home, jurisdiction=PLACE[home],
        benefit=benefit if cap is not None else None,
    )  # fmt: skip


def per_project(
    name: str, rate: str, purpose: str | None = None, per: Per = Per.UNSTATED
) -> Programme:
    half = money(low=D(rate), high=D(rate), of="project.contract_amount", per=per)
    return programme(name, IS_PRODUCT, purpose=purpose, supports=("product",), benefit=half)


def matches(known: Catalogue, *awards: Award, amounts: tuple[int | None, ...] = ()) -> list[Match]:
    """What a firm with these awards and projects gets offered."""
    projects = tuple(
        Project(f"p{i}", "product", {"project.kind": "product"}
                | ({} if amount is None else {"project.contract_amount": D(amount)}))
        for i, amount in enumerate(amounts)
    )  # fmt: skip
    profile = Profile({"company.kind": "enterprise", "company.awards": awards}, projects)
    return list(evaluate(known, profile, DAY).matches)


def best(*programmes: Programme, awards: tuple[Award, ...] = (),
         amounts: tuple[int | None, ...] = ()) -> Combination[Match]:  # fmt: skip
    known = catalogue(*programmes, measures=MEASURES)
    return best_combination(known, matches(known, *awards, amounts=amounts), awards, DAY)


def ends(found: Combination[Match]) -> tuple[Decimal, Decimal]:
    return found.total.low, found.total.high


def exactly(amount: int) -> tuple[Decimal, Decimal]:
    return D(amount), D(amount)


def reasons(found: Combination[Match]) -> dict[str, OmissionReason]:
    return {o.match.programme.id: o.reason for o in found.left_out}


def test_of_one_purpose_only_the_best_counts() -> None:
    """The other is left out and says for whose sake."""
    found = best(item("a", 300, "first_set"), item("b", 500, "first_set"), item("c", 70))
    assert ends(found) == exactly(570)
    assert found.total.amount == 570
    [omitted] = found.left_out
    assert omitted.match.programme.id == "a"
    assert omitted.reason is OmissionReason.OVERLAP
    assert omitted.instead is not None
    assert omitted.instead.programme.id == "b"


def test_what_fits_nowhere_else_has_no_purpose_in_common() -> None:
    """Two programmes "for other things" are not for the same thing."""
    assert ends(best(item("a", 300, "rest"), item("b", 500, "rest"))) == exactly(800)


def test_clause_reaches_the_same_citys_other_measures() -> None:
    """Another municipal measure of the place falls under the clause though it is silent."""
    found = best(item("a", 300, "first_set"), item("b", 500, "first_set", home="silent"))
    assert ends(found) == exactly(500)


def test_other_levels_of_government_are_untouched() -> None:
    """District and national support of the same purpose is paid beside."""
    found = best(
        item("a", 300, "first_set"), item("b", 500, "first_set", home="district"),
        item("c", 20, "first_set", home="national"),
    )  # fmt: skip
    assert ends(found) == exactly(820)


def test_what_was_received_this_year_reduces_what_can_be_added() -> None:
    """The difference up to the better amount remains; equal or more received leaves nothing."""
    award = Award("first_set", "municipal", D(200), DAY.year)
    rules = item("a", 300, "first_set"), item("b", 500, "first_set")
    assert ends(best(*rules, awards=(award,))) == exactly(300)
    found = best(*rules, awards=(award, Award("first_set", "municipal", D(500), DAY.year)))
    assert ends(found) == exactly(0)
    assert set(reasons(found).values()) == {OmissionReason.RECEIVED}


@pytest.mark.parametrize(
    ("award", "total"),
    [
        (Award("first_set", "municipal", D(200)), (100, 300)),  # of which year is not said
        (Award("first_set", None, D(200), DAY.year), (100, 300)),  # at which level is not said
        (Award("first_set", "municipal", None, DAY.year), (0, 300)),  # how much is not said
        (Award("first_set", "provincial", D(200), DAY.year), (100, 100)),  # one with the city
        (Award("first_set", "district", D(900), DAY.year), (300, 300)),
        (Award("trial", "municipal", D(900), DAY.year), (300, 300)),
    ],
)
def test_what_is_not_said_of_an_award_is_neither_zero_nor_all(
    award: Award, total: tuple[int, int]
) -> None:
    """The total is an interval, and says why; other purposes and levels reduce nothing."""
    found = best(item("a", 300, "first_set"), awards=(award,))
    assert ends(found) == tuple(map(D, total))
    uncertain = total[0] != total[1]
    assert found.open_points == ((OpenPoint.SAME_THING,) if uncertain else ())


def test_a_one_off_already_received_is_received() -> None:
    """Whatever it came to and whenever it was."""
    for year in (2019, 2026, None):
        found = best(once(300), awards=(Award("trial", None, D(1), year, programme="a"),))
        assert ends(found) == exactly(0)
        assert reasons(found) == {"a": OmissionReason.RECEIVED}


def test_an_award_of_an_unnamed_programme_may_have_been_the_one_off() -> None:
    """Then nothing more is paid; if it was another's, the rest is. One from before the programme
    was for something else: it takes nothing away, and leaves nothing open."""
    paid = Award("first_set", "municipal", D(100), DAY.year)
    for award, *total in (
        (paid, 0, 200),
        (replace(paid, year=None), 0, 300),
        (replace(paid, amount=None), 0, 300),
    ):
        found = best(once(300), awards=(award,))
        assert ends(found) == tuple(map(D, total))
        assert found.open_points == (OpenPoint.SAME_THING,)
    older = best(once(300), awards=(replace(paid, year=2019),))
    assert ends(older) == exactly(300)
    assert older.open_points == ()


def once(amount: int) -> Programme:
    """A programme that pays once."""
    return replace(item("a", amount, "first_set"), benefit=money(cap=D(amount), one_off=True))


def test_an_award_counts_against_the_project_it_was_for() -> None:
    """Half of each contract is paid: 50 and 150. What was paid for one leaves the other alone."""
    rule = per_project("a", "0.50", "first_set", per=Per.CONTRACT)
    amounts = (100, 300)
    paid = Award("first_set", "municipal", D(40), 2023)
    assert ends(best(rule, amounts=amounts)) == exactly(200)
    assert ends(best(rule, amounts=amounts, awards=(replace(paid, project="p0"),))) == exactly(160)
    other = replace(paid, project="the one of 2023")
    assert ends(best(rule, amounts=amounts, awards=(other,))) == exactly(200)
    assert ends(best(rule, amounts=amounts, awards=(paid,))) == (D(160), D(200))


def test_one_award_was_for_one_thing() -> None:
    """Twice 20 from two contracts; an award of 20 was for one of the two at most."""
    rule = per_project("a", "0.20", "first_set", per=Per.CONTRACT)
    paid = Award("first_set", "municipal", D(20), 2023)
    assert ends(best(rule, amounts=(100, 100), awards=(paid,))) == (D(20), D(40))


@pytest.mark.parametrize(
    ("per", "total"),
    [
        (Per.CONTRACT, (200, 200)), (Per.EVENT, (200, 200)), (Per.PROJECT, (200, 200)),
        (Per.UNSTATED, (150, 200)), (Per.COMPANY, (150, 150)), (Per.YEAR, (150, 150)),
    ],
)  # fmt: skip
def test_what_adds_up(per: Per, total: tuple[int, int]) -> None:
    """Per contract, event or project each is paid; where the text is silent it is an interval from
    the best one to the sum; per company or year there is one."""
    found = best(per_project("a", "0.50", per=per), amounts=(100, 300))
    assert ends(found) == tuple(map(D, total))
    assert found.open_points == ((OpenPoint.ADDING_UP,) if total[0] != total[1] else ())


def test_an_interval_takes_part_by_its_ends() -> None:
    """A fifth to a half of 100, beside a certain 7."""
    share = money(low=D("0.20"), high=D("0.50"), of="project.contract_amount")
    rule = replace(per_project("a", "0.50"), benefit=share)
    found = best(rule, item("b", 7), amounts=(100,))
    assert ends(found) == (D(27), D(57))
    assert found.open_points == (OpenPoint.AMOUNT_OPEN,)


def test_what_comes_to_nothing_and_what_is_words_alone_are_told_apart() -> None:
    """Half of nothing is no award received; words are no figure that is missing."""
    words = programme("words", IS_FIRM, benefit=Benefit(text=Text("酌情给予", "as is seen fit")))
    found = best(per_project("half", "0.5"), words, amounts=(0,))
    assert reasons(found) == {"half": OmissionReason.NOTHING, "words": OmissionReason.NO_AMOUNT}


def test_programmes_that_exclude_each_other_are_not_taken_together() -> None:
    """The better one counts, whichever names the other."""
    first, second = item("a", 300), replace(item("b", 500), excludes=("a",))
    found = best(first, second, item("c", 10))
    assert ends(found) == exactly(510)
    assert reasons(found) == {"a": OmissionReason.EXCLUDED}


def capped(name: str, rate: str, cap: int, purpose: str | None = None) -> Programme:
    """A share of each contract; of all of one company's together no more than the cap."""
    made = per_project(name, rate, purpose, per=Per.CONTRACT)
    assert made.benefit
    common = Cap(Constant(Fraction(cap), unit("CNY")), Per.COMPANY)
    return replace(made, benefit=replace(made.benefit, caps=(common,)))


def test_several_projects_share_the_cap_of_the_company() -> None:
    """Half of 120, 100 and 80 is 60, 50 and 40; the company gets 100 at most: the second adds
    forty, the third nothing."""
    found = best(capped("a", "0.5", 100), amounts=(80, 100, 120))
    assert ends(found) == exactly(100)
    assert [c.amount.high for c in found.chosen] == [D(60), D(40)]
    (left,) = found.left_out
    assert (left.match.subject.ref, left.reason) == ("p0", OmissionReason.COMPANY_CAP)


def shared(*rules: Programme, cap: int, per: Per = Per.YEAR) -> list[Programme]:
    """The same programmes, together within a cap."""
    by = SharedBy(Clause("m", 9), frozenset(rule.id for rule in rules))
    common = Cap(Constant(Fraction(cap), unit("CNY")), per, by)
    found = []
    for rule in rules:
        assert rule.benefit
        benefit = replace(rule.benefit, caps=(*rule.benefit.caps, common))
        found.append(replace(rule, benefit=benefit))
    return found


def test_several_programmes_share_a_cap() -> None:
    """Of 60, 50 and 40 the first adds sixty, the second forty and the third nothing."""
    found = best(*shared(item("a", 60), item("b", 50), item("c", 40), cap=100))
    assert ends(found) == exactly(100)
    assert [c.amount.high for c in found.chosen] == [D(60), D(40)]
    assert reasons(found) == {"c": OmissionReason.SHARED_CAP}


@pytest.mark.parametrize(
    ("award", "low", "high"),
    [
        (Award("another", None, amount=D(30), year=DAY.year, programme="a"), 70, 70),
        (Award("another", None, amount=D(30), year=DAY.year - 1, programme="a"), 100, 100),
        (Award("another", None, amount=D(30), programme="a"), 70, 100),
        (Award("another", None, amount=None, year=DAY.year, programme="a"), 0, 100),
        (Award("another", None, amount=D(30), year=DAY.year, programme="elsewhere"), 100, 100),
        (Award("first_set", None, amount=D(30), year=DAY.year), 70, 100),
    ],
)
def test_what_was_had_this_year_is_taken_off_a_cap_in_common(
    award: Award, low: int, high: int
) -> None:
    """Of one of the programmes, in this year; where that is not stated, at the lower end only."""
    rules = shared(per_project("a", "1", "first_set", per=Per.PROJECT), item("b", 150), cap=100)
    found = best(*rules, item("other", 1), awards=(award,), amounts=(150,))
    assert ends(found) == (D(low + 1), D(high + 1))
    assert found.open_points == ((OpenPoint.SAME_THING,) if low != high else ())


@pytest.mark.parametrize(
    ("award", "low", "high"),
    [
        (None, 170, 170),
        (Award("another", None, amount=D(30), programme="a", project="p0"), 140, 140),
        (Award("another", None, amount=D(30), programme="a", project="gone"), 170, 170),
        (Award("another", None, amount=D(30), programme="a"), 110, 170),
    ],
)
def test_programmes_share_a_cap_for_each_project(award: Award | None, low: int, high: int) -> None:
    """Seven tenths and three tenths are all of it: of 200 the one project gets 100, of 70 the other
    gets 70. What was had for a project is taken off its own cap alone; where it is not said for
    which it was, at the lower end off each."""
    rules = shared(
        per_project("a", "0.7", per=Per.PROJECT), per_project("b", "0.3", per=Per.PROJECT),
        cap=100, per=Per.PROJECT,
    )  # fmt: skip
    found = best(*rules, awards=(award,) if award else (), amounts=(200, 70))
    assert ends(found) == (D(low), D(high))


@pytest.mark.parametrize("per", [Per.YEAR, Per.COMPANY, Per.UNSTATED])
@pytest.mark.parametrize(("amount", "total"), [(100, 30), (40, 20), (10, 0)])
def test_what_a_cap_takes_off_itself_is_taken_off_once(per: Per, amount: int, total: int) -> None:
    """Fifty within a year of which twenty were had leave thirty, whether the cap says what was had
    or is only counted by the year; and of ten that are this year's twenty are more than all."""
    award = Award("first_set", "municipal", D(20), DAY.year, "a")
    fifty = Constant(Fraction(50))
    left = Greatest((Constant(Fraction(0)), Difference(fifty, HAD_THIS_YEAR)))
    for cap in (fifty, left):
        benefit = Benefit(Constant(Fraction(amount)), caps=(Cap(cap, per),), per=per)
        rule = replace(item("a", 1, "first_set"), benefit=benefit)
        assert ends(best(rule, awards=(award,))) == exactly(total)


def test_a_cap_alone_takes_off_itself_what_was_had() -> None:
    """Without an amount beside it the cap is all that the text says: thirty are left of fifty, and
    where the year of the award is not stated they may be fifty."""
    cap = Cap(Difference(Constant(Fraction(50)), HAD_THIS_YEAR), Per.COMPANY)
    rule = replace(item("a", 1, "first_set"), benefit=Benefit(caps=(cap,), per=Per.COMPANY))
    award = Award("first_set", "municipal", D(20), DAY.year, "a")
    assert ends(best(rule, awards=(award,))) == exactly(30)
    assert ends(best(rule, awards=(replace(award, year=None),))) == (D(10), D(50))


@pytest.mark.parametrize(
    ("received", "stated", "low", "high"),
    [(True, 30, 70, 70), (None, 30, 40, 40), (True, None, 0, 70), (None, None, 0, 70)],
)
def test_what_a_fact_says_was_had_is_taken_off_once(
    received: bool | None, stated: int | None, low: int, high: int
) -> None:
    """A hundred less what this product had, which is stated as a fact and as an award. A fact that
    is not marked is something else, such as money from others, and the award is taken off too;
    where the fact is not stated, the award says what may be left at most."""
    had = FactQuantity("project.contract_amount", low=Fraction(0))
    rule = replace(
        per_project("a", "1"),
        benefit=Benefit(Difference(Constant(Fraction(100)), had), per=Per.PROJECT),
    )
    known = catalogue(rule, measures=MEASURES)
    marked = replace(known.vocabulary.facts["project.contract_amount"], received=received)
    facts = {**known.vocabulary.facts, marked.id: marked}
    known = replace(known, vocabulary=replace(known.vocabulary, facts=facts))
    award = Award("first_set", "municipal", D(30), DAY.year, "a", "p0")
    found = best_combination(known, matches(known, award, amounts=(stated,)), (award,), DAY)
    assert ends(found) == (D(low), D(high))


def test_a_cap_of_each_project_and_one_of_a_programme_bind_across() -> None:
    """Two programmes for two projects: 60 and 40 for each, of which a project is given 80, and all
    of the first programme 70. It pays 40 and 30, so that the second's 40 both have room."""
    first = capped("a", "0.6", 70)
    second = per_project("b", "0.4", per=Per.CONTRACT)
    found = best(*shared(first, second, cap=80, per=Per.PROJECT), amounts=(100, 100))
    assert ends(found) == exactly(70 + 80)
    paid = {(c.match.programme.id, c.match.subject.ref): c.amount.high for c in found.chosen}
    assert sum(paid.values()) == D(150)
    assert all(paid["a", ref] + paid["b", ref] <= 80 for ref in ("p0", "p1"))


def test_caps_of_some_programmes_bind_across() -> None:
    """The first two together 50, the last two together 50: 50 and 40 without the one between."""
    rules = [item("a", 50), item("b", 45), item("c", 40)]
    rules[:2] = shared(*rules[:2], cap=50)
    rules[1:] = shared(*rules[1:], cap=50, per=Per.COMPANY)
    found = best(*rules)
    assert ends(found) == exactly(90)
    assert {c.match.programme.id: c.amount.high for c in found.chosen} == {"a": D(50), "c": D(40)}
    assert reasons(found) == {"b": OmissionReason.SHARED_CAP}


def test_a_cap_in_common_makes_room_for_what_would_be_worse() -> None:
    """Two products, of one purpose with another programme: the first programme pays 60 for both
    together, so that the other is better for one of them."""
    first = capped("a", "0.5", 60, "first_set")
    other = per_project("b", "0.4", "first_set", per=Per.CONTRACT)
    found = best(first, other, amounts=(120, 120))
    assert ends(found) == exactly(60 + 48)


def test_what_is_lent_and_what_is_in_another_currency_enter_no_total() -> None:
    """A loan's principal is paid back; euros and yuan make no sum."""
    lent, foreign = item("a", 300), item("b", 500)
    assert lent.benefit is not None
    assert foreign.benefit is not None
    found = best(
        replace(lent, benefit=replace(lent.benefit, repayable=True)),
        replace(foreign, benefit=replace(foreign.benefit, currency="EUR")),
        item("c", 7),
    )
    assert ends(found) == exactly(7)
    assert reasons(found) == {
        "a": OmissionReason.REPAYABLE,
        "b": OmissionReason.OTHER_CURRENCY,
    }


def test_what_cannot_be_counted_says_why() -> None:
    """No amount in the text, an amount not stated and without a cap, money meant for a person: of
    the total no upper end is known."""
    found = best(
        item("a", None), item("b", 5, per=Per.PERSON), per_project("c", "0.50"), amounts=(None,)
    )
    assert ends(found) == exactly(0)
    assert reasons(found) == {
        "a": OmissionReason.NO_AMOUNT,
        "b": OmissionReason.PERSONAL,
        "c": OmissionReason.AMOUNT_UNKNOWN,
    }
    assert found.unbounded
    assert found.open_points == (OpenPoint.AMOUNT_UNSTATED,)


def test_what_is_capped_takes_part_though_its_base_is_not_stated() -> None:
    """At most 3 beside a certain 7; what is not capped makes the upper end unknown."""
    rule = capped("a", "0.50", 3)
    found = best(rule, item("b", 7), amounts=(None,))
    assert (ends(found), found.unbounded) == ((D(7), D(10)), False)
    assert found.open_points == (OpenPoint.AMOUNT_UNSTATED,)
    assert best(item("b", 7), per_project("c", "0.50"), amounts=(None,)).unbounded


def test_many_projects_are_combined_at_once() -> None:
    """Two hundred contracts under two programmes of one purpose: exact, without a long search."""
    rules = (
        per_project("a", "0.50", "first_set", per=Per.CONTRACT),
        per_project("b", "0.40", "first_set", per=Per.UNSTATED),
    )
    started = process_time()
    found = best(*rules, amounts=tuple(range(10, 2010, 10)))
    assert ends(found) == exactly(sum(range(10, 2010, 10)) // 2)
    assert process_time() - started < 5


ITEMS = st.lists(
    st.tuples(
        st.sampled_from(["item", "per_project", "capped"]), st.integers(1, 9),
        st.sampled_from([None, "first_set", "trial"]), st.sampled_from(sorted(PLACE)),
        st.sampled_from([Per.CONTRACT, Per.UNSTATED]),
    ),
    max_size=4,
)  # fmt: skip
AWARDS = st.lists(
    st.builds(
        Award, st.sampled_from(["first_set", "trial"]),
        st.sampled_from(["municipal", "district"]), st.none() | st.integers(0, 9).map(D),
        st.just(DAY.year), st.sampled_from([None, "i0", "i1", "elsewhere"]),
        st.sampled_from([None, "p0"]),
    ),
    max_size=2,
).map(tuple)  # fmt: skip


def numbered_programme(
    index: int, kind: str, size: int, purpose: str | None, home: str, per: Per
) -> Programme:
    if kind == "item":
        return item(f"i{index}", size, purpose, home)
    if kind == "capped":
        return capped(f"i{index}", f"0.{size}", 3, purpose)
    return per_project(f"i{index}", f"0.{size}", purpose, per=per)


def lawful_sets(known: Catalogue, offered: list[Match], *, strict: bool) -> list[tuple[Match, ...]]:
    """Every set without two of one group for one thing; read strictly, without two of one programme
    of which the text does not say that they add up."""
    return [
        chosen
        for size in range(len(offered) + 1)
        for chosen in combinations(offered, size)
        if all(_go_together(known, a, b, strict) for a, b in combinations(chosen, 2))
    ]


def _go_together(known: Catalogue, a: Match, b: Match, strict: bool) -> bool:
    if a.programme.id == b.programme.id:
        assert a.programme.benefit
        return a.programme.benefit.per is Per.CONTRACT or not strict
    group = known.overlap_groups[a.programme.id]
    return (
        group is None
        or group != known.overlap_groups[b.programme.id]
        or a.subject.ref != b.subject.ref
    )


def worth(
    known: Catalogue, chosen: tuple[Match, ...], awards: tuple[Award, ...],
    things: tuple[str | None, ...], end: int,
) -> Decimal:  # fmt: skip
    """What a set adds where the awards were for these things; at the lower end (0) what is not said
    of an award counts against the company, at the upper for it."""
    total, shared = D(0), dict[str, Decimal]()
    for match in chosen:
        assert match.ceiling is not None
        amount = match.ceiling.amount
        assert amount is not None
        received = D(0)
        for award, thing in zip(awards, things, strict=True):
            if thing == match.subject.ref and _was_for(known, match, award):
                missing = amount if end == 0 else D(0)
                received = max(received, missing if award.amount is None else award.amount)
        added = max(D(0), amount - received)
        if not _has_cap(match):
            total += added
        else:
            left = max(D(0), D(3) - _had_of_cap(match, awards, end))
            shared[match.programme.id] = min(left, shared.get(match.programme.id, D(0)) + added)
    return total + sum(shared.values(), D(0))


def _has_cap(match: Match) -> bool:
    assert match.programme.benefit
    return any(c.per is Per.COMPANY for c in match.programme.benefit.caps)


def _was_for(known: Catalogue, match: Match, award: Award) -> bool:
    """Whether support was paid by a programme, or for its purpose at its level."""
    if award.programme == match.programme.id:
        return True
    group = known.overlap_groups[match.programme.id]
    if group is None or award.purpose != match.programme.purpose:
        return False
    if award.programme is not None and award.programme in known.programmes:
        return known.overlap_groups[award.programme] == group
    return award.level == group.split("/")[1]


def _had_of_cap(match: Match, awards: tuple[Award, ...], end: int) -> Decimal:
    """What was had within the cap of three for all of a company: what the programme paid, and at
    the lower end what it may have paid, where nobody says who did. What came to an amount that is
    not stated may have come to all of it."""
    had = D(0)
    for award in awards:
        paid = award.programme == match.programme.id
        same = award.purpose == match.programme.purpose and award.level == "municipal"
        if paid or (end == 0 and award.programme is None and same):
            had += (D(3) if end == 0 else D(0)) if award.amount is None else award.amount
    return had


# Two of a contract's two were had of the three that a company gets at most: for this project, for
# another, for which nobody says, and of a programme that nobody names.
_CAPPED = [("capped", 4, "trial", "doc", Per.CONTRACT)]
_HAD = Award("trial", "municipal", D(2), DAY.year, "i0", "p0")


@FAST
@example(_CAPPED, (_HAD,), [5])
@example(_CAPPED, (replace(_HAD, project="old"),), [5])
@example(_CAPPED, (replace(_HAD, project=None),), [5, 5])
@example(_CAPPED, (replace(_HAD, programme=None),), [5])
@given(ITEMS, AWARDS, st.lists(st.integers(1, 9), max_size=2))
def test_both_ends_are_the_best_of_all_lawful_sets(
    items: list[tuple[str, int, str | None, str, Per]], awards: tuple[Award, ...],
    amounts: list[int],
) -> None:  # fmt: skip
    """The lower end under the strictest reading and the worst that may have been received, the
    upper under the widest and the least; what was chosen is such a set."""
    known = catalogue(
        *(numbered_programme(i, *parts) for i, parts in enumerate(items)), measures=MEASURES
    )
    offered = matches(known, *awards, amounts=tuple(amounts))
    found = best_combination(known, offered, awards, DAY)
    countable = [m for m in offered if m.status is Status.POTENTIAL and m.ceiling
                 and m.ceiling.amount is not None]  # fmt: skip
    supposed = list(product(*(_things(known, countable, award) for award in awards)))
    worst, most = (
        [max(worth(known, s, awards, things, end) for s in sets) for things in supposed]
        for end, sets in (
            (0, lawful_sets(known, countable, strict=True)),
            (1, lawful_sets(known, countable, strict=False)),
        )
    )
    assert ends(found) == (min(worst), max(most))
    told = [c.match for c in found.chosen] + [o.match for o in found.left_out]
    potential = [m for m in offered if m.status is Status.POTENTIAL]
    assert sorted(map(_key, told)) == sorted(map(_key, potential))
    chosen = {_key(c.match) for c in found.chosen}
    wide = lawful_sets(known, countable, strict=False)
    assert chosen in [{_key(m) for m in lawful} for lawful in wide]


def _things(known: Catalogue, offered: list[Match], award: Award) -> list[str | None]:
    """What an award of this year may have been for: what is paid to the company itself is one
    thing, so that an award of its purpose and level was for it; else this project or another."""
    refs = [m.subject.ref for m in offered if _was_for(known, m, award)]
    same = [ref for ref in refs if ref is None or award.project in (None, ref)]
    if None in same or award.project in same:
        return list(dict.fromkeys(r for r in same if r in (None, award.project)))
    return [*dict.fromkeys(same), "another"]


def _key(match: MatchLike) -> tuple[str, str]:
    return match.programme.id, match.subject.ref or ""


_NAMED = st.builds(
    Award, st.sampled_from(["first_set", "trial"]), st.just("municipal"), st.integers(0, 9).map(D),
    st.just(DAY.year), st.sampled_from(["a", "b", "elsewhere"]),
    st.sampled_from([None, "p0", "old"]),
)  # fmt: skip


@FAST
@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.lists(_NAMED, max_size=3).map(tuple),
    st.lists(st.integers(1, 9), min_size=1, max_size=2),
)
def test_a_cap_may_say_itself_what_was_had_within_it(
    rate: int, cap: int, awards: tuple[Award, ...], amounts: list[int]
) -> None:
    """The total is that of a cap of the company, which counts what its programme paid unsaid."""
    plain = capped("a", f"0.{rate}", cap, "first_set")
    assert plain.benefit
    had = Count("company.awards", AwardTest(programmes=("a",)), amounts=True)
    left = Greatest((Constant(Fraction(0)), Difference(plain.benefit.caps[0].quantity, had)))
    said = replace(plain, benefit=replace(plain.benefit, caps=(Cap(left, Per.COMPANY),)))
    other = per_project("b", "0.3", "first_set", per=Per.CONTRACT)
    found = [best(rule, other, awards=awards, amounts=tuple(amounts)) for rule in (plain, said)]
    assert ends(found[0]) == ends(found[1])
