"""What every operator of the rule language means, as one flat table.

A row: the key of the language, a condition, the facts, the truth, what is missing, the day. The
facts of a row are all that is known. `test_operators` runs it, `test_explain` words it.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from service.domain.facts.profile import Certificate, Value
from service.domain.rules.conditions import Basis, Condition
from service.domain.rules.operators import Age, Quantifier, Range
from service.domain.rules.quantities import Growth, Mean, Ratio, Sum
from service.domain.truth import Truth
from tests.domain.bounds import at_least, at_most, less_than, more_than, years
from tests.domain.groups import any_of, every_of, not_, some_of
from tests.domain.predicates import among, ask, combined, holds, undecided
from tests.domain.sample import DAY, D

FALSE, UNKNOWN, TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


class Row(NamedTuple):
    key: str
    condition: Condition
    facts: Mapping[str, Value]
    truth: Truth
    missing: tuple[str, ...] = ()
    as_of: date = DAY


def rows(
    key: str, condition: Condition, asked: tuple[str], truths: Mapping[Any, Truth]
) -> Iterator[Row]:
    """A row for each value of the one fact that is asked, None where it is not stated; it is what
    is missing where the truth is UNKNOWN."""
    name = asked[0].removeprefix("company.")
    for value, truth in truths.items():
        facts = {} if value is None else {name: value}
        yield Row(key, condition, facts, truth, asked if truth is UNKNOWN else ())


def some(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def cert(category: str, issued: date | None = None, expires: date | None = None) -> Certificate:
    return Certificate(category, issued, expires)


def contested(
    category: str, issued: date | None = None, expires: date | None = None
) -> Certificate:
    """A certificate that the submitter's own figures contradict."""
    return Certificate(category, issued, expires, contested=True)


LEAP = date(2024, 2, 29)
KIND, REGION, SECTOR = ("company.kind",), ("company.region",), ("company.industry",)
FIELDS, RECOGNISED = ("company.fields",), ("company.recognitions",)
CERTS, FOUNDED = ("company.certificates",), ("company.founded_on",)
STAFF, SALES = ("company.employees",), ("company.revenue",)
RND_SALES = ("company.rnd", "company.revenue")
GROWN = ("company.revenue", "company.revenue_before")

is_enterprise = among("kind", "enterprise")
listed = among("listed", True)
kinds = among("kind", "enterprise", "institute")
open_kinds = among("kind", "enterprise", umbrella="individual")
open_field = among("main_field", "quantum", umbrella="future_information")
any_field = among("fields", "quantum", "robots")
open_fields = among("fields", "quantum", umbrella="future_information")
all_fields = among("fields", "quantum", "robots", need=Quantifier.ALL)
in_shanghai = among("region", "310000")
in_pudong = among("region", "310115")
in_either = among("region", "110000", "310000")
section, division = among("industry", "C"), among("industry", "C39")
group, klass = among("industry", "C391"), among("industry", "C3912")
staff_5_to_10 = ask("employees", Range(5, 10, high_included=False))
this_year = ask("founded_on", Range(date(2026, 1, 1), date(2026, 12, 31)))
five_years, under_5 = (
    ask("founded_on", years(at_least(60))),
    ask("founded_on", years(less_than(60))),
)
over_5, up_to_5 = ask("founded_on", years(more_than(60))), ask("founded_on", years(at_most(60)))
one_year, six_months = ask("founded_on", years(at_least(12))), ask("founded_on", Age(at_least(6)))
over_1 = ask("founded_on", years(more_than(12)))
four_years, born = ask("founded_on", years(at_least(48))), ask("founded_on", Age(at_least(0)))
recognised = among("recognitions", "incubator")
leader = among("recognitions", "leader")
share = combined(Ratio, "rnd revenue", at_least(D("0.03")))
third = combined(Ratio, "rnd revenue", at_most(Fraction(1, 3)))
per_head = combined(Ratio, "revenue employees", more_than(100))
growth = combined(Growth, "revenue revenue_before", at_least(D("0.20")))
total = combined(Sum, "rnd revenue", at_least(100))
mixed = combined(Sum, "revenue rnd", at_most(D("100.5")))
mean = combined(Mean, "rnd revenue revenue_before", at_least(D(10)))
big, small = ask("employees", at_least(100)), ask("employees", at_most(10))
elsewhere = any_of(in_shanghai, every_of(among("presence", "310000"), undecided()))
two_of = some_of(2, is_enterprise, big, listed)

ROWS = (
    # is: equality
    *rows("is", is_enterprise, KIND, {
        "enterprise": TRUE, "institute": FALSE, None: UNKNOWN,
    }),
    Row("is", listed, {"listed": True}, TRUE),
    Row("is", listed, {"listed": False}, FALSE),
    Row("is", listed, {}, UNKNOWN, ("company.listed",)),
    Row("is", among("listed", False), {"listed": False}, TRUE),
    Row("is", among("listed", False), {}, UNKNOWN, ("company.listed",)),
    Row("is", among("first_year", 2025), {"first_year": 2025}, TRUE),
    Row("is", among("first_year", 2025), {"first_year": 2024}, FALSE),
    Row("is", among("employees", 0), {"employees": 0}, TRUE),
    Row("is", among("employees", 0), {}, UNKNOWN, STAFF),
    Row("is", among("name", "A"), {"name": "A"}, TRUE),
    Row("is", among("name", "None"), {}, UNKNOWN, ("company.name",)),
    # one_of
    *rows("one_of", kinds, KIND, {
        "institute": TRUE, "individual": FALSE, None: UNKNOWN,
    }),
    # one_of with umbrella: under it but not named is open, and no better answer settles it
    Row("one_of umbrella", open_field, {"main_field": "quantum"}, TRUE),
    Row("one_of umbrella", open_field, {"main_field": "six_g"}, UNKNOWN),
    Row("one_of umbrella", open_field, {"main_field": "robots"}, FALSE),
    Row("one_of umbrella", open_field, {}, UNKNOWN, ("company.main_field",)),
    # … but a broad value might be a named one, or lie beyond the umbrella
    Row(
        "one_of umbrella", open_field, {"main_field": "future_information"}, UNKNOWN,
        ("company.main_field",),
    ),
    Row(
        "one_of umbrella", open_field, {"main_field": "future_health"}, UNKNOWN,
        ("company.main_field",),
    ),
    Row("one_of umbrella", open_kinds, {"kind": "individual"}, UNKNOWN),
    Row("one_of umbrella", open_kinds, {"kind": "institute"}, FALSE),
    # has_any
    *rows("has_any", any_field, FIELDS, {
        some("robots", "gene_therapy"): TRUE, some("gene_therapy"): FALSE, some(): FALSE,
        None: UNKNOWN, some("future_information"): UNKNOWN,
        some("future_information", "robots"): TRUE,
    }),
    Row("has_any", among("fields", "future_information"), {"fields": some("quantum")}, TRUE),
    # two broad fields that share a narrower one
    Row(
        "has_any", among("fields", "future_information"), {"fields": some("future_health")},
        UNKNOWN, FIELDS,
    ),
    Row("has_any", among("fields", "future_health"), {"fields": some("brain_interface")}, TRUE),
    # has_any with umbrella
    Row("has_any umbrella", open_fields, {"fields": some("quantum", "robots")}, TRUE),
    Row("has_any umbrella", open_fields, {"fields": some("six_g", "robots")}, UNKNOWN),
    *rows("has_any umbrella", open_fields, FIELDS, {
        some("robots"): FALSE, some(): FALSE, None: UNKNOWN,
    }),
    # has_any: roles that go together, and roles that do not
    *rows("has_any", recognised, RECOGNISED, {
        some("operator"): UNKNOWN, some("operator", "neither"): FALSE,
        some("operator", "incubator"): TRUE, some("incubator", "neither"): TRUE,
    }),
    # has_all
    *rows("has_all", all_fields, FIELDS, {
        some("quantum", "robots", "six_g"): TRUE, some("quantum"): FALSE, some(): FALSE,
        None: UNKNOWN, some("future_information", "robots"): UNKNOWN,
        some("future_information"): FALSE,
    }),
    # regions, with codes abolished since
    *rows("within region", in_shanghai, REGION, {
        "310115": TRUE, "310000": TRUE, "310108": TRUE, "110105": FALSE, "110000": FALSE,
        None: UNKNOWN,
    }),
    *rows("within region", in_pudong, REGION, {
        "310115": TRUE, "310119": TRUE, "310108": FALSE, "310000": UNKNOWN, "110000": FALSE,
    }),
    Row("within region", among("region", "310108"), {"region": "310106"}, TRUE),
    Row("within region", among("region", "310119"), {"region": "310000"}, UNKNOWN, REGION),
    Row("within region", in_either, {"region": "110105"}, TRUE),
    Row("within region", among("presence", "310000"), {"presence": some("110105")}, FALSE),
    Row(
        "within region", among("presence", "310000"), {"presence": some("110105", "310106")}, TRUE
    ),
    # industries: a broader code than asked might still be inside
    *rows("within industry section", section, SECTOR, {
        "C3912": TRUE, "C": TRUE, "I65": FALSE, None: UNKNOWN,
    }),
    *rows("within industry division", division, SECTOR, {
        "C39": TRUE, "C391": TRUE, "C38": FALSE, "C": UNKNOWN,
    }),
    *rows("within industry group", group, SECTOR, {
        "C3912": TRUE, "C392": FALSE, "C39": UNKNOWN,
    }),
    *rows("within industry class", klass, SECTOR, {
        "C3912": TRUE, "C3911": FALSE, "C391": UNKNOWN, "C": UNKNOWN, "I": FALSE,
    }),
    # numbers: the bound itself decides between the pairs
    *rows("at_least", big, STAFF, {
        100: TRUE, 99: FALSE, 0: FALSE, None: UNKNOWN,
    }),
    Row("at_least", ask("revenue", at_least(D("0.01"))), {"revenue": D("0.01")}, TRUE),
    Row("at_least", ask("revenue", at_least(10**30)), {"revenue": D("9" * 30)}, FALSE),
    *rows("more_than", ask("employees", more_than(100)), STAFF, {
        101: TRUE, 100: FALSE, None: UNKNOWN,
    }),
    Row("more_than", ask("revenue", more_than(100)), {"revenue": D("100.01")}, TRUE),
    *rows("at_most", ask("revenue", at_most(100)), SALES, {
        D("100.00"): TRUE, D("100.01"): FALSE, D(0): TRUE, None: UNKNOWN,
    }),
    Row("less_than", ask("tenor", less_than(12)), {"tenor": D("11.9")}, TRUE),
    Row("less_than", ask("tenor", less_than(12)), {"tenor": D(12)}, FALSE),
    Row("less_than", ask("tenor", less_than(12)), {}, UNKNOWN, ("company.tenor",)),
    *rows("at_least less_than", staff_5_to_10, STAFF, {
        5: TRUE, 4: FALSE, 10: FALSE, None: UNKNOWN,
    }),
    # dates
    *rows("before", ask("founded_on", less_than(DAY)), FOUNDED, {
        date(2026, 11, 21): TRUE, DAY: FALSE, None: UNKNOWN,
    }),
    *rows("after", ask("founded_on", more_than(DAY)), FOUNDED, {
        date(2026, 11, 23): TRUE, DAY: FALSE, None: UNKNOWN,
    }),
    Row("on_or_before", ask("founded_on", at_most(DAY)), {"founded_on": DAY}, TRUE),
    Row(
        "on_or_before", ask("founded_on", at_most(DAY)), {"founded_on": date(2026, 11, 23)}, FALSE
    ),
    Row("on_or_before", ask("founded_on", at_most(DAY)), {}, UNKNOWN, FOUNDED),
    Row("on_or_after", ask("founded_on", at_least(DAY)), {"founded_on": DAY}, TRUE),
    Row(
        "on_or_after", ask("founded_on", at_least(DAY)), {"founded_on": date(2026, 11, 21)}, FALSE
    ),
    Row("on_or_after", ask("founded_on", at_least(DAY)), {}, UNKNOWN, FOUNDED),
    *rows("between", this_year, FOUNDED, {
        date(2026, 1, 1): TRUE, date(2026, 12, 31): TRUE, date(2025, 12, 31): FALSE,
        date(2027, 1, 1): FALSE, None: UNKNOWN,
    }),
    # ages, exact to the day: the anniversary is both at least and at most that old
    *rows("age_at_least", five_years, FOUNDED, {
        date(2021, 11, 22): TRUE, date(2021, 11, 23): FALSE, date(2027, 1, 1): FALSE,
        None: UNKNOWN,
    }),
    Row("age_at_least", one_year, {"founded_on": LEAP}, TRUE, (), date(2025, 2, 28)),
    Row("age_at_least", one_year, {"founded_on": LEAP}, FALSE, (), date(2025, 2, 27)),
    Row("age_at_least", four_years, {"founded_on": LEAP}, TRUE, (), date(2028, 2, 29)),
    Row("age_at_least", four_years, {"founded_on": LEAP}, FALSE, (), date(2028, 2, 28)),
    Row("age_at_least", one_year, {"founded_on": date(2023, 2, 28)}, TRUE, (), date(2024, 2, 28)),
    Row("age_at_least", six_months, {"founded_on": date(2026, 8, 31)}, FALSE, (), date(2027, 2, 5)),
    Row("age_at_least", six_months, {"founded_on": date(2026, 8, 31)}, TRUE, (), date(2027, 2, 28)),
    Row("age_at_least", born, {"founded_on": DAY}, TRUE),
    Row("age_at_least", born, {"founded_on": date(2026, 11, 23)}, FALSE),
    *rows("age_more_than", over_5, FOUNDED, {
        date(2021, 11, 21): TRUE, date(2021, 11, 22): FALSE, date(2026, 11, 23): FALSE,
    }),
    Row("age_more_than", over_1, {"founded_on": LEAP}, FALSE, (), date(2025, 2, 28)),
    Row("age_more_than", over_1, {"founded_on": LEAP}, TRUE, (), date(2025, 3, 1)),
    Row("age_more_than", over_5, {}, UNKNOWN, FOUNDED),
    *rows("age_at_most", up_to_5, FOUNDED, {
        date(2021, 11, 22): TRUE, date(2021, 11, 21): FALSE, date(2026, 11, 23): FALSE,
        None: UNKNOWN,
    }),
    *rows("age_less_than", under_5, FOUNDED, {
        date(2021, 11, 23): TRUE, date(2021, 11, 22): FALSE, DAY: TRUE, date(2026, 11, 23): FALSE,
        None: UNKNOWN,
    }),
    # certificates: both end days count, an unstated day leaves it open
    Row("holds", holds("high_tech"), {"certificates": (cert("high_tech", DAY, DAY),)}, TRUE),
    Row(
        "holds", holds("high_tech"),
        {"certificates": (cert("high_tech", date(2023, 11, 22), date(2026, 11, 21)),)}, FALSE,
    ),
    Row(
        "holds", holds("high_tech"),
        {"certificates": (cert("high_tech", date(2026, 11, 23), date(2029, 11, 22)),)}, FALSE,
    ),
    Row("holds", holds("high_tech"), {"certificates": (cert("high_tech"),)}, UNKNOWN, CERTS),
    Row(
        "holds", holds("high_tech"), {"certificates": (cert("high_tech", issued=DAY),)}, UNKNOWN,
        CERTS,
    ),
    Row(
        "holds", holds("high_tech"), {"certificates": (cert("high_tech", expires=DAY),)}, TRUE,
    ),
    Row(
        "holds", holds("high_tech"),
        {"certificates": (cert("high_tech", expires=date(2026, 11, 21)),)}, FALSE,
    ),
    Row(
        "holds", holds("high_tech"),
        {"certificates": (cert("high_tech", issued=date(2026, 11, 23)),)}, FALSE,
    ),
    Row(
        "holds", holds("high_tech"),
        {"certificates": (cert("high_tech"), cert("high_tech", DAY, DAY))}, TRUE,
    ),
    Row(
        "holds", holds("high_tech"),
        {"certificates": (contested("high_tech", DAY, DAY),)}, UNKNOWN,
    ),
    Row("holds", holds("high_tech"), {"certificates": (contested("high_tech"),)}, UNKNOWN),
    Row(
        "holds", holds("high_tech"),
        {"certificates": (contested("high_tech", expires=date(2026, 11, 21)),)}, FALSE,
    ),
    Row(
        "holds", holds("high_tech"),
        {"certificates": (contested("high_tech", DAY, DAY), cert("high_tech", DAY, DAY))}, TRUE,
    ),
    Row("holds", holds("high_tech"), {"certificates": (cert("specialised", DAY, DAY),)}, FALSE),
    Row("holds", holds("high_tech"), {"certificates": ()}, FALSE),
    Row("holds", holds("high_tech"), {}, UNKNOWN, CERTS),
    Row(
        "holds", holds("high_tech", "specialised"),
        {"certificates": (cert("specialised", DAY, DAY),)}, TRUE,
    ),
    Row("holds", holds("specialised"), {"certificates": (cert("little_giant", DAY, DAY),)}, TRUE),
    Row("holds", holds("little_giant"), {"certificates": (cert("specialised", DAY, DAY),)}, FALSE),
    Row("holds", holds("pioneer"), {"certificates": (cert("pioneer", DAY, DAY),)}, TRUE),
    Row("holds", holds("pioneer"), {"certificates": ()}, UNKNOWN),
    # recognised; a term nobody defined may be claimed but never concluded absent
    *rows("recognised", recognised, RECOGNISED, {
        some("incubator"): TRUE, some(): FALSE, None: UNKNOWN,
    }),
    Row("recognised", leader, {"recognitions": some("leader")}, TRUE),
    Row("recognised", leader, {"recognitions": some()}, UNKNOWN),
    Row("recognised", leader, {"recognitions": some("incubator")}, UNKNOWN),
    *rows("recognised", leader, RECOGNISED, {
        some("neither"): FALSE, some("operator"): UNKNOWN, None: UNKNOWN,
    }),
    # quantities made of several facts; exact, whatever the types
    Row("ratio", share, {"rnd": D(3), "revenue": D(100)}, TRUE),
    Row("ratio", share, {"rnd": D("2.99"), "revenue": D(100)}, FALSE),
    Row("ratio", share, {"rnd": D(0), "revenue": D(100)}, FALSE),
    Row("ratio", share, {"revenue": D(100)}, UNKNOWN, ("company.rnd",)),
    Row("ratio", share, {"rnd": D(3)}, UNKNOWN, SALES),
    Row("ratio", share, {}, UNKNOWN, RND_SALES),
    Row("ratio", share, {"rnd": D(3), "revenue": D(0)}, UNKNOWN, RND_SALES),
    Row("ratio", third, {"rnd": D(1), "revenue": D(3)}, TRUE),
    Row("ratio", third, {"rnd": D("1.01"), "revenue": D(3)}, FALSE),
    Row("ratio", per_head, {"revenue": D("100.01"), "employees": 1}, TRUE),
    Row("ratio", per_head, {"revenue": D(200), "employees": 2}, FALSE),
    Row("ratio", per_head, {"revenue": D(200), "employees": 0}, UNKNOWN, (*SALES, *STAFF)),
    Row("growth", growth, {"revenue": D(120), "revenue_before": D(100)}, TRUE),
    Row("growth", growth, {"revenue": D("119.99"), "revenue_before": D(100)}, FALSE),
    Row("growth", growth, {"revenue": D(0), "revenue_before": D(100)}, FALSE),
    Row("growth", growth, {"revenue": D(120)}, UNKNOWN, ("company.revenue_before",)),
    Row("growth", growth, {"revenue": D(120), "revenue_before": D(0)}, UNKNOWN, GROWN),
    Row("sum", total, {"rnd": D("0.01"), "revenue": D("99.99")}, TRUE),
    Row("sum", total, {"rnd": D(0), "revenue": D("99.99")}, FALSE),
    Row("sum", total, {"revenue": D(100)}, UNKNOWN, ("company.rnd",)),
    Row("sum", mixed, {"revenue": D("0.5"), "rnd": 100}, TRUE),
    Row("sum", mixed, {"revenue": D("0.51"), "rnd": 100}, FALSE),
    Row("mean", mean, {"rnd": D(1), "revenue": D(9), "revenue_before": D(20)}, TRUE),
    Row("mean", mean, {"rnd": D(1), "revenue": D(9), "revenue_before": D("19.99")}, FALSE),
    Row("mean", mean, {"rnd": D(100)}, UNKNOWN, GROWN),
    # groups
    Row("all", every_of(is_enterprise, big), {"kind": "enterprise", "employees": 100}, TRUE),
    Row("all", every_of(is_enterprise, big), {"kind": "institute"}, FALSE),
    Row("all", every_of(is_enterprise, big), {"kind": "enterprise"}, UNKNOWN, STAFF),
    Row("all", every_of(big, is_enterprise), {}, UNKNOWN, (*STAFF, *KIND)),
    Row("all", every_of(big, big), {}, UNKNOWN, STAFF),
    Row("any", any_of(is_enterprise, big), {"kind": "enterprise"}, TRUE),
    Row("any", any_of(is_enterprise, big), {"kind": "institute", "employees": 9}, FALSE),
    Row("any", any_of(is_enterprise, big), {"kind": "institute"}, UNKNOWN, STAFF),
    *rows("not", not_(is_enterprise), KIND, {
        "institute": TRUE, "enterprise": FALSE, None: UNKNOWN,
    }),
    Row("not", not_(leader), {"recognitions": some()}, UNKNOWN),
    Row("at_least of", two_of, {"kind": "enterprise", "listed": True}, TRUE),
    Row("at_least of", two_of, {"kind": "institute", "listed": False}, FALSE),
    Row("at_least of", two_of, {"kind": "institute", "listed": True}, UNKNOWN, STAFF),
    Row("at_least of", two_of, {}, UNKNOWN, (*KIND, *STAFF, "company.listed")),
    # what no machine decides: open for ever, and nobody is asked
    Row("undecided", undecided(), {}, UNKNOWN),
    Row("undecided", undecided(Basis.STATED), {"kind": "enterprise"}, UNKNOWN),
    Row("all", every_of(is_enterprise, undecided()), {"kind": "enterprise"}, UNKNOWN),
    Row("all", every_of(is_enterprise, undecided()), {"kind": "institute"}, FALSE),
    Row("any", any_of(undecided(), small), {"employees": 10}, TRUE),
    # `elsewhere`: outside by one fact, inside by another, is for somebody to judge
    Row("within elsewhere", elsewhere, {"region": "310115"}, TRUE),
    Row("within elsewhere", elsewhere, {"region": "110105", "presence": some("310106")}, UNKNOWN),
    Row("within elsewhere", elsewhere, {"region": "110105", "presence": some()}, FALSE),
    Row("within elsewhere", elsewhere, {"region": "110105"}, UNKNOWN, ("company.presence",)),
)  # fmt: skip
