"""The best lawful set: as much as any lawful set, and never two payments for one purpose."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from service.domain.advice.combination import Combination, OmissionReason, best_combination
from service.domain.evaluation.evaluator import Match, MatchLike, Status, evaluate
from service.domain.facts.profile import Award, Profile, Project
from service.domain.rules.amounts import Benefit, Per
from service.domain.rules.catalogue import Catalogue, Programme
from service.domain.rules.operators import InSet
from tests.domain.programmes import BEST_ONLY, catalogue, measure, programme
from tests.domain.sample import DAY, PROJECT_KINDS, D, among, ask
from tests.domain.strategies import FAST

IS_FIRM = among("kind", "enterprise")
IS_PRODUCT = ask("project.kind", InSet(("product",), codes=PROJECT_KINDS))
MEASURES = (
    measure("doc", overlap=BEST_ONLY),
    measure("silent"),  # of the same city, without a clause of its own
    measure("district", jurisdiction="310115"),
    measure("national", jurisdiction="100000"),
)
PLACE = {m.id: m.jurisdiction for m in MEASURES}


def item(name: str, cap: int | None, purpose: str | None = None, home: str = "doc",
         per: Per = Per.UNSTATED) -> Programme:  # fmt: skip
    benefit = Benefit(cap=None if cap is None else D(cap), per=per)
    return programme(
        name, IS_FIRM, purpose=purpose, measure=home, jurisdiction=PLACE[home],
        benefit=benefit if cap is not None else None,
    )  # fmt: skip


def per_project(name: str, rate: str, purpose: str | None = None) -> Programme:
    half = Benefit(rate_low=D(rate), rate_high=D(rate), of="project.contract_amount")
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
    return best_combination(known, matches(known, *awards, amounts=amounts), awards)


def test_of_one_purpose_only_the_best_counts() -> None:
    """The other is left out and says for whose sake."""
    found = best(item("a", 300, "first_set"), item("b", 500, "first_set"), item("c", 70))
    assert found.total == 570
    [omitted] = found.left_out
    assert omitted.match.programme.id == "a"
    assert omitted.reason is OmissionReason.OVERLAP
    assert omitted.instead is not None
    assert omitted.instead.programme.id == "b"


def test_clause_reaches_the_same_citys_other_measures() -> None:
    """Another municipal measure of the place falls under the clause though it is silent."""
    found = best(item("a", 300, "first_set"), item("b", 500, "first_set", home="silent"))
    assert found.total == 500


def test_other_levels_of_government_are_untouched() -> None:
    """District and national support of the same purpose is paid beside."""
    found = best(
        item("a", 300, "first_set"), item("b", 500, "first_set", home="district"),
        item("c", 20, "first_set", home="national"),
    )  # fmt: skip
    assert found.total == 820


def test_what_was_received_reduces_what_can_be_added() -> None:
    """The difference up to the better amount remains; equal or more received leaves nothing."""
    award = Award("first_set", "municipal", D(200))
    rules = item("a", 300, "first_set"), item("b", 500, "first_set")
    assert best(*rules, awards=(award,)).total == 300
    found = best(*rules, awards=(award, Award("first_set", "municipal", D(500))))
    assert found.total == 0
    assert {o.reason for o in found.left_out} == {OmissionReason.RECEIVED}


def test_awards_of_other_levels_or_purposes_reduce_nothing() -> None:
    """A district award does not touch the city's."""
    others = (Award("first_set", "district", D(900)), Award("trial", "municipal", D(900)))
    assert best(item("a", 300, "first_set"), awards=others).total == 300


def test_several_projects_of_a_programme_are_not_added_up() -> None:
    """The text does not let them be: the best project counts."""
    found = best(per_project("a", "0.50"), amounts=(100, 300))
    assert found.total == 150
    assert [o.reason for o in found.left_out] == [OmissionReason.SAME_PROGRAMME]


def test_what_cannot_be_counted_says_why() -> None:
    """No amount in the text, an amount not stated, money meant for a person."""
    found = best(
        item("a", None), item("b", 5, per=Per.PERSON), per_project("c", "0.50"), amounts=(None,)
    )
    assert found.total == 0
    assert {o.match.programme.id: o.reason for o in found.left_out} == {
        "a": OmissionReason.NO_AMOUNT,
        "b": OmissionReason.PERSONAL,
        "c": OmissionReason.AMOUNT_UNKNOWN,
    }


ITEMS = st.lists(
    st.tuples(
        st.sampled_from(["item", "per_project"]), st.integers(1, 9),
        st.sampled_from([None, "first_set", "trial"]), st.sampled_from(sorted(PLACE)),
    ),
    max_size=6,
)  # fmt: skip
AWARDS = st.lists(
    st.builds(
        Award, st.sampled_from(["first_set", "trial"]),
        st.sampled_from([None, "municipal", "district"]), st.none() | st.integers(0, 9).map(D),
    ),
    max_size=3,
).map(tuple)  # fmt: skip


def made(index: int, kind: str, size: int, purpose: str | None, home: str) -> Programme:
    if kind == "item":
        return item(f"i{index}", size, purpose, home)
    return per_project(f"i{index}", f"0.{size}", purpose)


def lawful_sets(known: Catalogue, offered: list[Match]) -> Iterator[tuple[Match, ...]]:
    """Every set without two of one group or of one programme."""
    for size in range(len(offered) + 1):
        for chosen in combinations(offered, size):
            keys = [known.overlap_groups[m.programme.id] or m.programme.id for m in chosen]
            if len(set(keys)) == len(keys):
                yield chosen


def worth(known: Catalogue, chosen: tuple[Match, ...], awards: tuple[Award, ...]) -> Decimal:
    """What a set adds to what was received: never less than nothing for any part of it."""
    total = D(0)
    for match in chosen:
        assert match.ceiling is not None
        assert match.ceiling.amount is not None
        group = known.overlap_groups[match.programme.id]
        received = [
            a.amount for a in awards
            if group and group.endswith(f"/{a.level}/{a.purpose}") and a.amount is not None
        ]  # fmt: skip
        total += max(D(0), match.ceiling.amount - max(received, default=D(0)))
    return total


@FAST
@given(ITEMS, AWARDS, st.lists(st.integers(1, 9), max_size=2))
def test_no_lawful_set_is_worth_more(
    items: list[tuple[str, int, str | None, str]], awards: tuple[Award, ...], amounts: list[int]
) -> None:
    """The total is the greatest over all lawful sets, and what was chosen is such a set."""
    known = catalogue(*(made(i, *parts) for i, parts in enumerate(items)), measures=MEASURES)
    offered = matches(known, *awards, amounts=tuple(amounts))
    found = best_combination(known, offered, awards)
    countable = [m for m in offered if m.status is Status.POTENTIAL and m.ceiling
                 and m.ceiling.amount is not None]  # fmt: skip
    sets = list(lawful_sets(known, countable))
    assert found.total == max(worth(known, chosen, awards) for chosen in sets)
    chosen = {_key(c.match) for c in found.chosen}
    assert chosen in [{_key(m) for m in lawful} for lawful in sets]
    assert found.total == sum((c.amount for c in found.chosen), D(0))
    told = [c.match for c in found.chosen] + [o.match for o in found.left_out]
    potential = [m for m in offered if m.status is Status.POTENTIAL]
    assert sorted(map(_key, told)) == sorted(map(_key, potential))


def _key(match: MatchLike) -> tuple[str, str]:
    return match.programme.id, match.subject.ref or ""
