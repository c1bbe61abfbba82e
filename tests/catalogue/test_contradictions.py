"""Conditions that nobody can meet together, so far as a look tells; and what is none."""

import pytest

from tests.catalogue.diagnosing import diagnose
from tests.catalogue.test_loader import good
from tests.catalogue.test_quantities import compiled

MANY, FEW = "{fact: company.employees, at_least: 300}", "{fact: company.employees, at_most: 100}"
APART = "these exclude each other, so nobody can meet them: "

EXCLUSIVE = {
    f"all: [{MANY}, {FEW}]": APART + "Employees: at most 100; Employees: at least 300",
    "all: [{fact: company.employees, more_than: 3}, {fact: company.employees, less_than: 4}]":
        APART,
    f"all: [{MANY}, {{fact: company.listed, is: true}}, {{all: [{FEW}]}}]": APART,
    f"all: [{MANY}, {{not: {MANY}}}]": APART,
    f"all: [{MANY}, {{any: [{FEW}, {{fact: company.employees, is: 7}}]}}]": APART,
    f"not: {{any: [{MANY}, {{not: {MANY}}}]}}": "this can never hold",
    f"not: {{all: [{MANY}, {FEW}]}}": APART,
    "all: [{fact: company.employees, is: 3}, {fact: company.employees, at_least: 4}]": APART,
    "all: [{fact: company.revenue, more_than: 5}, {fact: company.revenue, at_most: 5}]": APART,
    "all: [{fact: company.employees, at_least: 3, at_most: 4}, {not: {fact: company.employees, "
    "at_least: 2, at_most: 3}}, {not: {fact: company.employees, at_least: 4, at_most: 4}}]": APART,
    "all: [{fact: company.listed, is: true}, {fact: company.listed, is: false}]": APART,
    "all: [{fact: company.name, is: a}, {fact: company.name, one_of: [b, c]}]": APART,
    "all: [{fact: company.founded_on, after: 2024-01-01}, {fact: company.founded_on, "
    "before: 2024-01-02}]": APART,
    "all: [{fact: company.founded_on, age_at_least: {years: 5}}, {fact: company.founded_on, "
    "age_less_than: {months: 60}}]": APART,
    "all: [{ratio: [company.rnd, company.revenue], at_least: 0.5}, "
    "{ratio: [company.rnd, company.revenue], less_than: 0.2}]": APART,
    f"at_least: {{count: 2, of: [{MANY}, {FEW}]}}": "no 2 of these can hold together",
    f"at_least: {{count: 3, of: [{MANY}, {FEW}, {{fact: company.listed, is: true}}]}}":
        "no 3 of these can hold together",
}  # fmt: skip

TOGETHER = [
    f"any: [{MANY}, {FEW}]",
    (
        "all: [{fact: company.employees, at_least: 3, at_most: 5}, {not: {fact: company.employees, "
        "at_least: 2, at_most: 3}}, {not: {fact: company.employees, at_least: 5, at_most: 5}}]"
    ),
    f"at_least: {{count: 2, of: [{MANY}, {FEW}, {{fact: company.listed, is: true}}]}}",
    "all: [{fact: company.revenue, more_than: 5}, {fact: company.revenue, less_than: 5.01}]",
    "all: [{fact: company.revenue, at_least: 5}, {fact: company.revenue, at_most: 5}]",
    (
        "all: [{fact: company.founded_on, age_at_least: {years: 5}}, {fact: company.founded_on, "
        "age_at_most: {months: 60}}]"
    ),
    f"all: [{MANY}, {{not: {FEW}}}]",
    f"all: [{MANY}, {{any: [{FEW}, {{undecided: {{zh: 由主管部门认定, en: as decided}}}}]}}]",
    "all: [{fact: company.employees, at_least: 3}, {fact: company.employees, is: 3}]",
]


@pytest.mark.parametrize(("written", "fault"), EXCLUSIVE.items(), ids=lambda v: str(v)[:60])
def test_what_excludes_each_other_is_refused(written: str, fault: str) -> None:
    """Bounds, days, ages, values, opposites, alternatives of which too few are left: told once."""
    condition, faults = compiled(f"{{{written}}}")
    assert condition is None
    assert len(faults) == 1
    assert faults[0].startswith(fault)


@pytest.mark.parametrize("written", TOGETHER, ids=lambda v: v[:60])
def test_what_somebody_can_meet_stays(written: str) -> None:
    """The ends touch, another alternative is left, or an authority decides."""
    condition, faults = compiled(f"{{{written}}}")
    assert (faults, condition is None) == ([], False)


@pytest.mark.parametrize(("count", "among", "is_refused"), [(15, 30, True), (5, 10, False)])
def test_more_choices_than_can_be_laid_out_are_refused(
    count: int, among: int, is_refused: bool
) -> None:
    """Each is written down when a rule is compiled: of 15 of 30 more than any memory holds."""
    condition, faults = compiled(
        f"{{at_least: {{count: {count}, of: [{', '.join([MANY] * among)}]}}}}"
    )
    assert (condition is None, len(faults)) == (is_refused, int(is_refused))
    assert not faults or faults[0].startswith("leaves too many choices")


def diagnostics_with(conditions: str) -> list[str]:
    """What is said of the good programme with these conditions instead."""
    path = "policies/aid/01-solar.yaml"
    source = good()
    text = source[path].decode()
    begin, end = text.index("conditions:"), text.index("benefit:")
    changed = f"{text[:begin]}conditions:\n{conditions}{text[end:]}"
    return [str(d) for d in diagnose({**source, path: changed.encode()})]


def test_the_line_of_the_second_is_named() -> None:
    """And both are said in words."""
    tests = (
        f"    - {{fact: company.sector, one_of: [{code}]}}\n" for code in ("crafts", "fishing")
    )
    (fault,) = diagnostics_with(f"  all:\n{''.join(tests)}")
    assert fault.startswith(
        f"policies/aid/01-solar.yaml:13: {APART}Sector: Fishing; Sector: within Cra"
    )


@pytest.mark.parametrize(
    ("conditions", "dead"),
    [
        (("all: [{fact: company.sector, one_of: [fishing]}, {any: [{fact: company.sector, one_of: "
         "[crafts]}, {undecided: {zh: 由主管部门认定, en: as decided}}]}]"), "within Cra"),
        (("any: [{fact: company.kind, is: parish}, {undecided: {zh: 由主管部门认定, en: as "
         "decided}}]"), "Kind of applicant: "),
    ],
)  # fmt: skip
def test_an_alternative_that_helps_nobody_is_told(conditions: str, dead: str) -> None:
    """Beside what the file asks otherwise, or the kinds that it addresses."""
    (fault,) = diagnostics_with(f"  {{{conditions}}}\n")
    assert "nobody who meets the other conditions meets this alternative: " in fault
    assert dead in fault


def test_what_the_file_addresses_counts_too() -> None:
    """Nobody can be of a kind that the programme addresses and excludes."""
    faults = diagnostics_with("  {not: {fact: company.kind, one_of: [firm, cooperative]}}\n")
    words = "no applicant or project whom the file addresses can meet these conditions"
    assert faults == [f"policies/aid/01-solar.yaml:10: {words}"]
