"""What a rule says and does is explained, and examples are written from it."""

from decimal import Decimal

from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.usecases.authoring.boundaries import boundary_rows
from service.usecases.authoring.boundary_yaml import boundary_yaml
from service.usecases.authoring.examples import run_examples
from service.usecases.authoring.explain import explain
from tests.catalogue.test_loader import good
from tests.usecases.authoring.isles import SOLAR, isles


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
    codes = {row["value"]["en"]: row["codes"] for row in told["boundaries"]}
    assert (codes["Outer islands"], codes["2016-11-22"]) == (["outer"], [])
    derived = [e["say"]["zh"] for e in told["examples"] if e["derived"]]
    assert derived[:4] == ["生效前一天", "生效当天", "有效期最后一天", "有效期届满次日"]


def test_both_sides_of_every_bend_of_the_money_are_explained(ours: CompiledCatalogue) -> None:
    """Where the cap begins to count, in words; and as examples that come out."""
    programme = ours.catalogue.programmes["sh-08-first-set"]
    bent = [row.value for row in boundary_rows(ours, programme) if row.bends]
    assert bent == [Decimal("66666666.66"), Decimal("66666666.67")]
    rows = [r for r in explain(ours, programme)["boundaries"] if "contract" in r["fact"]]
    told = {r["value"]["en"]: (r["ceiling"], (r["ceiling_text"] or {}).get("zh")) for r in rows}
    clause = explain(ours, programme)["clause"]["zh"]
    assert clause == "沪府办规〔2025〕8号第 8 条"
    assert told == {
        "CNY 66,666,666.66": ("19999999.99", "19,999,999.99 元"),
        "CNY 66,666,666.67": ("20000000.00", "2,000 万元"),
        "not known": (None, "最高 2,000 万元"),
    }
    block = boundary_yaml(ours, programme)
    assert "{project.contract_amount: 66_666_666.66}\n" in block


def test_support_that_bars_a_second_time_says_what_paid_it(ours: CompiledCatalogue) -> None:
    """Support for the same purpose that something else paid bars nobody."""
    rows = explain(ours, ours.catalogue.programmes["sh-04-basic-research"])["boundaries"]
    told = {r["value"]["zh"]: r["status"] for r in rows if r["fact"] == "company.awards_received"}
    had = "企业基础研究投入（由“企业基础研究投入一次性补助”发放）"
    assert (told["无"], told[had]) == ("potential", "ineligible")


def test_examples_are_written_from_the_rule() -> None:
    """What is printed is a valid block of examples, and each comes out."""
    block = boundary_yaml(isles(), isles().catalogue.programmes["isles-solar"])
    assert "{company.founded_on: 2016-11-22}\n    expect: {status: ineligible}" in block
    assert "{company.region: main}\n    expect: {status: ineligible}" in block
    entries = block.split("  - ")
    assert len(entries) == len(set(entries))
    assert "project.cost: 8_000}" not in block  # what the best example states
    text = good()[SOLAR].decode()
    source = {**good(), SOLAR: (text[: text.index("examples:")] + block).encode()}
    run = run_examples(CompiledCatalogue(load_catalogue(source)))
    assert run.failures == ()
    assert run.count > 10
