"""What an author is told about a rule before it is served."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import yaml
from jsonschema_rs import Draft202012Validator

from service.catalogue.loader import diagnose, load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.facts.search_words import SearchWords
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import InSet
from service.domain.rules.quantities import FactQuantity
from service.settings import PROJECT
from service.usecases.authoring.boundaries import boundary_rows
from service.usecases.authoring.boundary_examples import boundary_examples
from service.usecases.authoring.boundary_yaml import boundary_yaml
from service.usecases.authoring.examples import run_examples
from service.usecases.authoring.explain import explain
from service.usecases.authoring.json_schema import policy_schema
from service.usecases.authoring.skeletons import Skeletons
from service.usecases.reference.code_words import meanings
from tests.catalogue.island import ARTICLE_2, TEXT, TITLE
from tests.catalogue.test_loader import good
from tests.own import own_compiled, own_source

SOLAR = "policies/aid/01-solar.yaml"


@pytest.fixture(scope="module")
def ours() -> CompiledCatalogue:
    return own_compiled()


def isles(**changes: tuple[str, str]) -> CompiledCatalogue:
    """The catalogue of islands with passages of its one programme rewritten."""
    source = good()
    text = source[SOLAR].decode()
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return CompiledCatalogue(load_catalogue({**source, SOLAR: text.encode()}))


def test_days_and_places_follow_from_the_measure(ours: CompiledCatalogue) -> None:
    """For every programme four days around its window, where it has two ends; for those with a
    condition on the place, four places too. All come out."""
    vocabulary = ours.catalogue.vocabulary
    first_set = ours.catalogue.programmes["sh-08-first-set"]
    made = [(b.say.en, str(b.example.as_of)) for b in boundary_examples(first_set, vocabulary)]
    assert [say for say, _ in made] == [
        "the day before it begins",
        "the first day",
        "the last day",
        "the day after the last",
        "registered here",
        "registered elsewhere, not present here",
        "registered elsewhere, present here only",
        "nobody said where",
    ]
    assert [day for _, day in made[:4]] == ["2025-09-25", "2025-09-26", "2030-09-25", "2030-09-26"]
    run = run_examples(ours)
    assert run.failures == ()
    assert run.derived > 4 * len(ours.catalogue.programmes)


def test_who_is_elsewhere_is_in_none_of_several_places(ours: CompiledCatalogue) -> None:
    """Nor around one: Beijing may be Haidian, where the first of the places is in Zhejiang."""
    vocabulary = ours.catalogue.vocabulary
    programme = ours.catalogue.programmes["sh-08-first-set"]
    places = InSet(("330102", "110108"), codes=vocabulary.regions)
    asked = Predicate(FactQuantity("company.registered_region"), places, programme.clause)
    rule = replace(programme.condition, children=(asked,))
    (away,) = (
        made.example.given["company.registered_region"]
        for made in boundary_examples(replace(programme, condition=rule), vocabulary)
        if made.say.en.startswith("registered elsewhere")
    )
    assert away not in ("110000", "110108", "330000", "330100", "330102")


def test_a_rule_that_leaves_the_place_open_fails_what_follows_from_it() -> None:
    """A second way past the place is found by an example that nobody typed."""
    bench = isles(
        way=(
            "- {use: on_the_outer_islands}",
            "- any: [{use: on_the_outer_islands}, {fact: company.size, is: micro}]",
        )
    )
    assert [b.say.en for b in boundary_examples(
        bench.catalogue.programmes["isles-solar"], bench.catalogue.vocabulary
    )][4:] == []  # fmt: skip
    bench = isles(size=("one_of: [micro, small]", "one_of: [small]"))
    failed = run_examples(bench).failures
    assert any("Size: Small" in f.message.en and "stated: micro" in f.message.en for f in failed)


def test_a_failing_example_names_the_condition_that_decided() -> None:
    """Where it stands in the measure, what it asks, and what was stated."""
    bench = isles(cap=("{company.region: main}\n    expect: {status: ineligible}",
                       "{company.region: main}\n    expect: {status: eligible}"))  # fmt: skip
    (fault,) = run_examples(bench).failures
    assert fault.message.en == (
        "isles-solar: status is ineligible, expected eligible; "
        "§ 1: Island: within Outer islands (stated: main)"
    )


def test_a_rule_is_explained_in_both_languages_with_its_bounds() -> None:
    """Sentences, money, and what comes out on both sides of the age."""
    told = explain(isles(), isles().catalogue.programmes["isles-solar"])
    texts = {line["text"]["en"] for line in told["conditions"]}
    assert "Sector: within one of Crafts or Fishing" in texts
    assert "50%" in told["money"]["zh"]
    founded = {
        row["value"]["en"]: row["status"]
        for row in told["boundaries"]
        if row["fact"] == "company.founded_on"
    }
    assert (founded["2016-11-22"], founded["2016-11-23"]) == ("ineligible", "eligible")
    assert founded["not known"] == "undetermined"
    derived = [e["say"]["zh"] for e in told["examples"] if e["derived"]]
    assert derived[:4] == ["生效前一天", "生效当天", "有效期最后一天", "有效期届满次日"]


def test_both_sides_of_every_bend_of_the_money_are_explained(ours: CompiledCatalogue) -> None:
    """Where the cap begins to count, in words; and as examples that come out."""
    programme = ours.catalogue.programmes["sh-08-first-set"]
    bent = [row.value for row in boundary_rows(ours, programme) if row.bends]
    assert bent == [Decimal("66666666.66"), Decimal("66666666.67")]
    rows = [r for r in explain(ours, programme)["boundaries"] if "contract" in r["fact"]]
    told = {r["value"]["en"]: (r["ceiling"], (r["ceiling_text"] or {}).get("zh")) for r in rows}
    assert told == {
        "CNY 66,666,666.66": ("19999999.99", "19,999,999.99 元"),
        "CNY 66,666,666.67": ("20000000.00", "2,000 万元"),
        "not known": (None, "最高 2,000 万元"),
    }
    block = boundary_yaml(ours, programme)
    assert "{project.contract_amount: 66_666_666.66}\n" in block


def test_examples_are_written_from_the_rule() -> None:
    """What is printed is a valid block of examples, and each comes out."""
    block = boundary_yaml(isles(), isles().catalogue.programmes["isles-solar"])
    assert "{company.founded_on: 2016-11-22}\n    expect: {status: ineligible}" in block
    assert "{company.region: main}\n    expect: {status: ineligible}" in block
    entries = block.split("  - ")
    assert len(entries) == len(set(entries))
    text = good()[SOLAR].decode()
    source = {**good(), SOLAR: (text[: text.index("examples:")] + block).encode()}
    run = run_examples(CompiledCatalogue(load_catalogue(source)))
    assert run.failures == ()
    assert run.count > 10


def test_a_measure_begins_with_its_text() -> None:
    """Articles, digests and numbers are there; lint names each text that is still to be written,
    and nothing else."""
    vocabulary = load_catalogue(good()).vocabulary
    skeleton = Skeletons(vocabulary, "zh").measure("isles-boats", TITLE, TEXT, date(2031, 6, 1))
    raw = yaml.safe_load(skeleton)
    assert [a["number"] for a in raw["articles"]][:3] == ["heading", "preamble", "section-1"]
    (article,) = (a for a in raw["articles"] if a["number"] == 2)
    assert [n["text"] for n in article["numbers"]] == ["5年期", "20%-30%", "3亿元"]
    assert article["title"]["zh"] == "造船贷款"
    assert "3亿元" in ARTICLE_2
    told = diagnose({**good(), "policies/boats/measure.yaml": skeleton.encode()})
    assert told
    allowed = ("still to be written: ", "must not be empty")
    assert all(any(words in d.message.en for words in allowed) for d in told), told


def test_a_programme_begins_with_what_it_needs() -> None:
    """Filled in, it loads; its one example says that nothing known leaves it open."""
    skeleton = Skeletons(load_catalogue(good()).vocabulary, "en").programme("isles-wind", 1)
    filled = (
        skeleton.replace('{zh: "", en: ""}', "{zh: 风能, en: Wind}")
        .replace('instrument: "" ', "instrument: grant ")
        .replace('commitment: "" ', "commitment: support ")
        .replace("all: []", "all: [{fact: company.size, is: small}]")
    )
    source = {**good(), "policies/aid/02-wind.yaml": filled.encode()}
    assert diagnose(source) == ()
    assert run_examples(CompiledCatalogue(load_catalogue(source))).failures == ()


def validator(vocabulary_of: CompiledCatalogue) -> Draft202012Validator:
    schema = json.loads(json.dumps(policy_schema(vocabulary_of.catalogue.vocabulary)))
    return Draft202012Validator(schema)


def plain(content: bytes) -> object:
    return json.loads(json.dumps(yaml.safe_load(content), default=str))


def test_every_policy_file_of_ours_fits_the_schema(ours: CompiledCatalogue) -> None:
    """An editor underlines nothing in a file that lint accepts."""
    checker = validator(ours)
    source: Mapping[str, bytes] = own_source()
    files = [p for p in source if p.count("/") == 3 and p.endswith(".yaml")]
    assert len(files) > 100
    for path in files:
        faults = [e.message for e in checker.iter_errors(plain(source[path]))]
        assert faults == [], path
        named = "# yaml-language-server: $schema=../../policy.schema.json"
        assert source[path].decode().splitlines()[0] == named, path


def test_the_schema_beside_our_files_is_the_present_one(ours: CompiledCatalogue) -> None:
    """Made by `huice policies schema > policies/policy.schema.json`."""
    written = json.loads((PROJECT / "policies" / "policy.schema.json").read_bytes())
    assert written == json.loads(json.dumps(policy_schema(ours.catalogue.vocabulary)))


def test_the_schema_knows_the_codes_and_what_they_are_called(ours: CompiledCatalogue) -> None:
    """A misspelt kind is underlined; a code shows its names."""
    text = good()[SOLAR].replace(b"kinds: [firm]", b"kinds: [frim]")
    assert list(validator(isles()).iter_errors(plain(text)))
    assert not list(validator(isles()).iter_errors(plain(good()[SOLAR])))
    kinds = policy_schema(ours.catalogue.vocabulary)["$defs"]["list-kinds"]["anyOf"]
    assert kinds[0]["title"] == "企业 · Enterprise"


def words_of(compiled: CompiledCatalogue) -> tuple[Vocabulary, SearchWords]:
    return compiled.catalogue.vocabulary, compiled.catalogue.search_words


@pytest.mark.parametrize(
    ("word", "list_id", "code"),
    [
        ("高企", "certificate_categories", "high_tech_enterprise"),
        ("徐汇", "regions", "310104"),
        ("humanoid", "fields", "humanoid_robots"),
        ("职工总数", None, "company.employees"),
    ],
)
def test_the_code_behind_a_word_is_found(
    ours: CompiledCatalogue, word: str, list_id: str | None, code: str
) -> None:
    """By a label, by another name people use, by a fact's name."""
    assert (list_id, code) in [(m.list, m.code) for m in meanings(*words_of(ours), word)]


def test_a_code_that_is_no_longer_given_out_says_what_took_its_place(
    ours: CompiledCatalogue,
) -> None:
    """So that nobody writes a rule for it."""
    found = {m.code: m.name.en for m in meanings(*words_of(ours), "南汇")}
    assert found["310119"].endswith("(no longer in use, now 310115 Shanghai Pudong New Area)")


def test_an_example_that_fails_says_which_public_figure_is_not_known() -> None:
    """Beyond the day on which it was last looked up nothing can come out as written."""
    source = dict(read_source(PROJECT / "conformance" / "catalogue", PROJECT / "seeds"))
    path = "policies/harbour/wages-for-staff.yaml"
    facts = "as_of: 2027-03-01, with: {company.kind: [firm], company.staff: 3}"
    expect = f"[{{{facts}, expect: {{status: potential, ceiling: 24_003}}}}]"
    shown = b"[{expect: {status: undetermined}}]"
    assert shown in source[path]
    source[path] = source[path].replace(shown, expect.encode())
    run = run_examples(CompiledCatalogue(load_catalogue(source)))
    told = [fault.message.en for fault in run.failures if fault.file == path]
    assert "ceiling is None, expected 24003.00" in told[0]
    assert "mean wage: the value of 2027-03-01 is not known" in told[1]


def test_the_id_of_a_list_gives_all_of_its_codes(ours: CompiledCatalogue) -> None:
    """So that an author sees what there is to choose from."""
    found = [(m.list, m.code) for m in meanings(*words_of(ours), "award_purposes")]
    assert found == [
        ("award_purposes", code) for code in ours.catalogue.vocabulary.lists["award_purposes"].codes
    ]


def test_a_word_behind_which_there_is_nothing_gives_nothing(ours: CompiledCatalogue) -> None:
    """It is not forced onto something else."""
    assert meanings(*words_of(ours), "qqqqzzzz") == ()
