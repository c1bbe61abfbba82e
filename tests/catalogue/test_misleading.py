"""What was meant is said: ids, signs, keys and figures that look right and are not."""

from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from service.catalogue.fault_words import NOTHING
from service.catalogue.faults import ConditionFault
from service.catalogue.loader import load_catalogue
from service.catalogue.numbers import number_hint
from service.catalogue.operators import read_operator
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.settings import PROJECT
from service.usecases.authoring.examples import refused_examples
from tests.catalogue.diagnosing import diagnose
from tests.catalogue.test_loader import good
from tests.catalogue.test_quantities import compiled
from tests.domain.sample import VOCABULARY

SOLAR = "policies/aid/01-solar.yaml"

CONDITIONS = {
    "{fact: company.employees, atleast: 3}":
        "company.employees is asked 'atleast', which is no operator, did you mean 'at_least'?",
    "{fact: company.employees}": "company.employees is asked nothing",
    "{fact: company.employees, at_most:300: null}":
        "company.employees is asked 'at_most:300', which is no operator: a colon needs a blank "
        "behind it",
    "{fact: company.founded_on, age_at_most: {month: 96}}":
        "an age is {years: …}, {months: …} or {days: …}, did you mean 'months'?",
    "{fact: company.revenue, at_most: 5000€}":
        "at_most needs a number, not '5000€': write 5_000",
    "{fact: company.revenue, at_most: 5000 EUR}":
        "at_most needs a number, not '5000 EUR': write 5_000",
    "{fact: company.revenue, at_most: {product: [trente mille, 2]}}":
        "'trente mille' is neither a fact nor a number: write a number in digits, such as 30_000",
    "{全部: [{fact: company.employees, at_most: 3}]}":
        "unknown key '全部' in a condition, did you mean 'all'?",
    "{fact: company.employees, at_most: {value: 3, unit: 人}}":
        "there is no unit '人', did you mean 'person'?",
    "{fact: company.revenue, more_than: {ratio: [{value: 9, unit: CNY}, company.employees]}}":
        "CNY and CNY/person do not go together: a count that divides is itself divided, "
        "{ratio: [count, {value: 1, unit: person}]}",
    "{undecided: {zh: 由主管部门认定, en: as decided}, fact: company.employees, at_most: 3}":
        "one operator at a time, not at_most, fact, undecided",
    "{fact: company.kind, one_of: [enterprise, enterprise]}": "'enterprise' stands twice",
    "{fact: company.kind, is: “enterprise”}":
        "'“enterprise”' is not in list 'kinds': the full-width '“' (U+201C) is no sign of YAML: "
        "write '\"'",
    "{fact: company.kind, one_of: [enterprise、bank]}":
        "'enterprise、bank' is not in list 'kinds': the full-width '、' (U+3001) is no sign of "
        "YAML: write ','",
    "{fact: company.founded_on, age_at_least: {years: 5000}}": "nothing is 5000 years old",
    "{fact: company.revenue, at_least: company.revenue}":
        "at_least compares a quantity with itself",
    "{difference: [company.rnd, company.rnd], at_least: 1}": "difference of a quantity and itself",
    "{ratio: [company.rnd, 0], at_least: 1}": "ratio needs a divisor above 0",
    "{growth: [company.rnd, 0], at_least: 1}": "growth needs a divisor above 0",
    "{sums: [company.rnd, company.revenue], at_least: 1}":
        "unknown key 'sums' in a condition, did you mean 'sum'?",
    "{fact: company.revenue, at_least: {sums: [company.rnd, 1]}}":
        "'sums' makes no quantity, did you mean 'sum'?",
    "{fact: company.revenue, at_least: 约300}": "at_least needs a number, not '约300': write 300",
    "{sum: [company.revenue, 1.2.3], at_least: 5}": "must be a number",
    "{fact: company.revenue, max: 3}":
        "company.revenue is asked 'max', which is no operator, did you mean 'at_most'?",
    "{month_of: company.founded_on, is: 13}":
        "is 13 is never reached: it lies outside what this comes to, 1 to 12",
    ("{fact: company.revenue, at_least: "
     "{by: {month_of: company.founded_on}, values: {0: 1}, otherwise: 2}}"):
        "0 is never reached: it lies outside what this comes to, 1 to 12",
    "{awards: {purpose: trial}, at_most: -1}":
        "at_most -1 is never reached: it lies outside what this comes to, 0 to open",
    "{fact: company.employees, is: false}":
        "False does not fit company.employees, which is of type integer",
    "{fact: 收入, at_least: 5}": "there is no fact '收入', did you mean 'company.revenue'?",
    "{size: [tiny]}": "size needs classes such as [micro, small]",
    "{size: [小型]}": "size needs classes such as [micro, small], did you mean 'small'?",
    "{had: {programme: []}}": "a list that names nothing: leave the key out",
    "{certificates: {category: []}, at_least: 1}": "a list that names nothing: leave the key out",
}  # fmt: skip


@pytest.mark.parametrize(("written", "fault"), CONDITIONS.items(), ids=lambda v: str(v)[:40])
def test_a_condition_that_was_not_meant_so(written: str, fault: str) -> None:
    """Nothing is passed over, and each is told once."""
    assert compiled(written) == (None, [fault])


FILES = {
    ("kinds: [firm]", "kinds: 【firm】"):
        "8: kinds: must be a list such as [a, b]; the full-width '【' (U+3010) is no sign of YAML: "
        "write '['",
    ("kinds: [firm]", "kinds: 〔firm〕"):
        "8: kinds: must be a list such as [a, b]; the full-width '〔' (U+3014) is no sign of YAML: "
        "write '['",
    ("kinds: [firm]", "kinds: [firm，cooperative]"):
        "8: 'firm，cooperative' is not in list 'kinds': the full-width '，' (U+FF0C) is no sign of "
        "YAML: write ','",
    ("kinds: [firm]", "kinds: []"): "8: kinds: must not be empty: name one at least",
    ("kinds: [firm]", "kinds: [firm, firm]"): "8: 'firm' stands twice",
    ("kinds: [firm]", "kinds: [firm]\nexcludes: [isles-sola]"):
        "9: there is no programme 'isles-sola', did you mean 'isles-solar'?",
    ("kinds: [firm]", "kinds: [firm]\nexcludes: [isles-solar]"):
        "9: a programme does not exclude itself",
    ("{use: on_the_outer_islands}", "{fact: company.region, within: outer, article: 9}"):
        "10: isles-aid has no article 9",
    ("  all:\n    - {use", "    - {use"):
        "10: several conditions stand below `all:` (each is needed) or `any:` (one is enough)",
    ("{use: on_the_outer_islands}", "{<<: {use: on_the_outer_islands}}"):
        "12: `<<` merges nothing here: write out what it stands for; conditions that several "
        "programmes share stand under definitions in measure.yaml",
    ("    - {use: on", "\u3000\u3000- {use: on"):
        "12: not YAML: a blank of another width (U+3000) is no sign of YAML: write ' '",
    ("rate: 0.50", "rate: {by: company.size, values: {[micro, small]: 0.50}, otherwise: 0.10}"):
        "17: a key is a list: write one line for each code, or cases with one_of",
}  # fmt: skip


_NOTE = "kinds: [firm]\nnotes: [{{zh: 注, en: {}}}]"
_SIGN = (
    "9: not YAML: a value begins with one of @ ` % & * ! | >, which YAML takes for its own: "
    "quote the text"
)
FILES |= {
    ("kinds: [firm]", _NOTE.format(said)): _SIGN
    for said in ("@all", "`x`", "%50", "& more", "* more", "!more", "|more", ">more", "!a!b more")
}
FILES |= {
    ("kinds: [firm]", _NOTE.format(f'"{said}"')):
        "9: not YAML: a backslash within double quotes begins a sign: write two, or single quotes"
    for said in ("a\\q", "\\uZZ")
}  # fmt: skip
FILES |= {
    ("kinds: [firm]", said): "8: not YAML: a } or ] too many"
    for said in ("kinds: [firm]]", "kinds: [firm]}")
}


@pytest.mark.parametrize(("change", "fault"), FILES.items(), ids=lambda v: str(v)[:50])
def test_a_file_that_was_not_meant_so(change: tuple[str, str], fault: str) -> None:
    """With the line, the sign and what to write."""
    source = good()
    text = source[SOLAR].decode()
    assert change[0] in text
    told = diagnose({**source, SOLAR: text.replace(*change, 1).encode()})
    assert [f"{d.line}: {d.message.en}" for d in told] == [fault]


def test_what_a_fault_of_the_conditions_leaves_open_is_no_second_one() -> None:
    """Whether anybody is beyond the last band hangs on a bound that cannot be read."""
    source, text = good(), good()[SOLAR].decode()
    bands = "amount: {bands: [{below: 10, amount: 5}], of: project.cost}"
    text = text.replace("rate: 0.50, of: project.cost", bands, 1)
    (alone,) = diagnose({**source, SOLAR: text.encode()})
    assert "the last band has an end" in alone.message.en
    text = text.replace("{use: on_the_outer_islands}", "{use: on_the_outer_isles}", 1)
    (told,) = diagnose({**source, SOLAR: text.encode()})
    assert told.message.en == (
        "the measure has no definition 'on_the_outer_isles', did you mean 'on_the_outer_islands'?"
    )


NUMBERS = {
    "1000万": "10_000_000",
    "1.5千万": "15_000_000",
    "３万": "30_000",
    "二十万元": "200_000",
    "10,000": "10_000",
    "1.000.000": "1_000_000",
    "1.000,50": "1_000.5",
    "20％": "0.2",
    "20‰": "0.02",
    ".5": "0.5",
    "三成": "0.3",
    "3成": "0.3",
    "两成五": "0.25",
    "百分之三十": "0.3",
    "百分之三点五": "0.035",
    "三分之二": "{ratio: [2, 3]}",
    "1/3": "{ratio: [1, 3]}",
    "1/4": "0.25",
    "三点五": "3.5",
    "1e6": "1_000_000",
    "≤300": "300",
    "约300": "300",
    "300以上": "300",
    "壹佰": "100",
}


@pytest.mark.parametrize(("said", "meant"), NUMBERS.items())
def test_a_number_as_people_write_it(said: str, meant: str) -> None:
    """What it is in a policy file."""
    assert number_hint(said).en == f", not {said!r}: write {meant}"


@pytest.mark.parametrize("said", ["企业", "company.revenue", "1/0", "", "成"])
def test_what_is_no_number(said: str) -> None:
    """Nothing is proposed for it."""
    assert number_hint(said) == NOTHING


MEASURE = "policies/aid/measure.yaml"
NAME = "{zh: 太阳能投资资助, en: Solar investment aid}"
CAP = "rate: 0.50, of: project.cost, cap: 9_000"
SIBLINGS = {
    "zh and en changed places": (
        SOLAR, NAME, "{zh: Solar investment aid, en: 太阳能投资资助}",
        "name: no Chinese stands under zh, and some under en: the two may have been swapped"),
    "rate and base changed places": (
        SOLAR, CAP, "rate: project.cost, of: 0.50",
        ("benefit.rate: rate and of may have been swapped: the rate is a share (0.05), and of the "
        "money that it is a share of")),
    "an amount from one end to another": (
        SOLAR, CAP, "amount: 3万元至5万元",
        "benefit.amount: must be a number, not '3万元至5万元': write {low: 30_000, high: 50_000}"),
    "none of something": (
        SOLAR, CAP, f"{CAP}, limit: {{count: 0, per: year}}",
        "benefit.limit.count: must be a whole number, 1 or more"),
    "so many in a word": (
        SOLAR, CAP, f"{CAP}, limit: {{count: two, per: year}}",
        "benefit.limit.count: must be a whole number"),
    "one share of several years": (
        SOLAR, CAP, "amount: 9_000, over: {years: 3, shares: [1]}",
        "benefit.over.shares: name two at least"),
    "a day with dashes of a word processor": (
        MEASURE, "from: 2026-02-01", "from: 2026—02—01",
        "window.from: must be a date such as 2025-09-26, not '2026—02—01': write 2026-02-01"),
    "half of the least that is paid in a currency": (
        SOLAR, CAP, "amount: 1.5, currency: JPY", "benefit.amount: amount is finer than 1"),
    "an article of the clause that is none": (
        MEASURE, "articles:", ("overlap: {level: crown, article: 9, text: {zh: 不重复, en: once}}\n"
        "articles:"), "isles-aid has no article 9"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "fault"), SIBLINGS.values(), ids=SIBLINGS)
def test_what_is_written_in_the_wrong_place_or_way_is_told(
    file: str, old: str, new: str, fault: str
) -> None:
    """What stands where it does not belong, and figures and days that are written otherwise, are
    told once and in both languages."""
    text = good()[file].decode()
    assert old in text
    (told,) = diagnose({**good(), file: text.replace(old, new, 1).encode()})
    assert told.message.en == fault
    assert told.message.zh != fault


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"is": 24}, "is 24 lies outside the values of company.first_year, 1980 to 2200"),
        ({"one_of": [2024, 24]}, "one_of 24 lies outside the values of company.first_year"),
        ({"is": 2024}, ""),
    ],
)
def test_a_whole_number_lies_among_those_of_its_fact(asked: dict[str, Any], told: str) -> None:
    """A year of two digits is nobody's."""
    least, most = Decimal(1980), Decimal(2200)
    year = replace(VOCABULARY.facts["company.first_year"], minimum=least, maximum=most)
    with pytest.raises(ConditionFault, match=told) if told else nullcontext():
        read_operator(asked, year, VOCABULARY)


def test_another_name_of_a_currency_gives_its_code() -> None:
    """As the vocabulary calls it: RMB is CNY."""
    words = "units:\n  CNY: {zh: 元, en: CNY, aliases: [rmb]}\n\nfacts:"
    vocabulary = good()["policies/vocabulary.yaml"].decode().replace("facts:", words, 1)
    paid = good()[SOLAR].decode().replace(CAP, f"{CAP}, currency: RMB")
    source = {**good(), "policies/vocabulary.yaml": vocabulary.encode(), SOLAR: paid.encode()}
    (told,) = diagnose(source)
    assert told.message.en == "benefit: a currency is named by its code: 'RMB' is CNY"


@pytest.mark.parametrize("said", ["主岛", "Main"])
def test_a_place_is_suggested_by_the_code_in_use(said: str) -> None:
    """Of two places that are called alike, or hold the word, the one that is no longer given out is
    not meant; nor is a longer name where a shorter one holds it."""
    entry = "      main: {zh: 主岛, en: Main island}\n"
    retired = "      first: {zh: 主县, en: Main county, successor: main}\n"
    longer = "      port: {zh: 主岛之港, en: Port of the main island}\n"
    words = good()["policies/vocabulary.yaml"].decode()
    words = words.replace(entry, retired + longer + entry)
    asked = good()[SOLAR].decode().replace("{use: on_the_outer_islands}",
                                           f"{{fact: company.region, within: {said}}}")  # fmt: skip
    source = {**good(), "policies/vocabulary.yaml": words.encode(), SOLAR: asked.encode()}
    assert "did you mean 'main'?" in diagnose(source)[0].message.en


def test_a_fact_that_is_not_known_is_taken_away_by_one_word() -> None:
    """Other words for it are no value, and the right one is named."""
    text = good()[SOLAR].decode()
    for word in ("unkown", "未知"):
        changed = text.replace("company.size: unknown}", f"company.size: {word}}}", 1)
        bench = CompiledCatalogue(load_catalogue({**good(), SOLAR: changed.encode()}))
        (told,) = refused_examples(bench, bench.catalogue.programmes.values())
        assert told.message.en.endswith("a fact that is not known is written `unknown`")


MENTIONS = {
    "less": "amount: 4_000_000, less: {award_amounts: {programme: tops-upp}}, per: company",
    "a cap": "amount: 5, cap: {sum: [1, {award_amounts: {programme: tops-upp}}]}, per: company",
    "a case": "amount: {cases: [{when: {had: {programme: tops-upp}}, then: 5}], otherwise: 4}, "
              "per: company",
}  # fmt: skip


@pytest.mark.parametrize("benefit", MENTIONS.values(), ids=MENTIONS)
def test_money_that_names_a_programme_which_does_not_exist(benefit: str) -> None:
    """Nobody could have had anything of it: the amount would be one that is never made up."""
    source = dict(read_source(PROJECT / "conformance" / "catalogue", PROJECT / "seeds"))
    path = "policies/harbour/tops-up.yaml"
    line = next(t for t in source[path].splitlines() if t.startswith(b"benefit:"))
    source[path] = source[path].replace(line, f"benefit: {{{benefit}}}".encode())
    told = [d.message.en for d in diagnose(source) if d.file == path]
    assert told == ["there is no programme 'tops-upp', did you mean 'tops-up'?"]
