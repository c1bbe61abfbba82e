"""Clauses that change what is paid: a text that has one, and a file that does not say it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import yaml

from service.catalogue.loader import load_catalogue
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Cap, Per
from service.domain.rules.measures import Article, Measure
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Constant
from service.domain.text import Text
from service.usecases.authoring.skeletons import Skeletons
from service.usecases.authoring.telling_clauses import (
    overlap_clause,
    unlike_instruments,
    unsaid_clauses,
)
from tests.catalogue.test_loader import good
from tests.domain.programmes import BEST_ONLY, catalogue, measure, programme
from tests.domain.sample import CLAUSE
from tests.own import own_catalogue

TEN = Constant(Fraction(10))
ARTICLE = Article(CLAUSE.article, Text("", ""), Text("", ""), "", None)


def gaps_of(rule: Programme, text: str, document: Measure | None = None) -> list[str]:
    document = document or measure(CLAUSE.measure)
    known = catalogue(rule, measures=(document,))
    return [words.en for words in unsaid_clauses(known, document, ARTICLE, text)]


@pytest.mark.parametrize(
    "text",
    [
        "同一项目按就高不重复原则执行。",
        "与其他政策有重复的，按照“从优、就高、不重复”原则予以支持。",
        "同类奖励不重复享受。",
        "已获市级资助的项目不得重复申报。",
        "同一事项不予重复支持。",
        "Awards under this article may not be combined with others.",
    ],
)
def test_a_clause_against_two_awards_is_to_be_said(text: str) -> None:
    """By the measure's `overlap`, or by what a programme excludes."""
    (gap,) = gaps_of(programme("p"), text)
    assert "`overlap`" in gap
    assert not gaps_of(programme("p", excludes=("q",)), text)
    assert not gaps_of(programme("p"), text, measure(CLAUSE.measure, overlap=BEST_ONLY))


@pytest.mark.parametrize("text", ["避免重复建设。", "支持重复使用运载火箭。", "No fee is due."])
def test_other_repetitions_are_no_such_clause(text: str) -> None:
    """Of building twice, or of what is used again, nothing follows."""
    assert overlap_clause(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "单个企业每年最高300万元。",
        "同一企业年度累计不超过300万元。",
        "每家企业每年度补助总额不超过300万元。",
        "同一年度内合计最高300万元。",
    ],
)
def test_what_one_gets_in_a_year_is_to_be_a_cap_of_the_year(text: str) -> None:
    """A cap of each project is none; one of the year is, in the programme or the measure."""
    each = Benefit(amount=TEN, caps=(Cap(TEN, Per.PROJECT),), per=Per.PROJECT)
    yearly = Benefit(amount=TEN, caps=(Cap(TEN, Per.YEAR),), per=Per.PROJECT)
    (gap,) = gaps_of(programme("p", benefit=each), text)
    assert "`per: year`" in gap
    assert not gaps_of(programme("p", benefit=yearly), text)
    in_common = measure(CLAUSE.measure, caps=(Cap(TEN, Per.YEAR),))
    assert not gaps_of(programme("p", benefit=each), text, in_common)
    assert not gaps_of(programme("p"), text)


@pytest.mark.parametrize("text", ["每年评审一次，给予最高300万元。", "年度研发投入达到300万元的。"])
def test_a_year_that_bounds_no_money_asks_for_no_cap(text: str) -> None:
    """How often it is judged, and what a firm spends."""
    each = Benefit(amount=TEN, per=Per.PROJECT)
    assert not gaps_of(programme("p", benefit=each), text)


def test_a_file_begins_with_the_clause_where_the_text_has_one() -> None:
    """To be written, with its article; and the last article is not all about its days."""
    title = "太阳能办法"
    text = f"{title}\n第一条 给予奖励。\n第二条 按就高不重复执行，自2031年1月1日起施行。\n"
    skeletons = Skeletons(load_catalogue(good()).vocabulary, "en")
    written = skeletons.measure("x", title, text, date(2031, 6, 1))
    raw = yaml.safe_load(written)
    assert raw["overlap"] == {"level": "", "article": 2, "text": {"zh": "", "en": ""}}
    assert "“就高不重复”" in written
    assert "two awards" in raw["articles"][-1]["unmatched"]["en"]
    plain = skeletons.measure("x", title, f"{title}\n第一条 给予奖励。\n", date(2031, 6, 1))
    assert "overlap" not in yaml.safe_load(plain)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("对首台套产品，每项给予100万元奖励。", True),
        ("Each product is given 100,000.", True),
        ("引进的博士，每项成果给予100万元奖励。", False),
        ("给予100万元奖励。", False),
    ],
)
def test_money_for_a_person_is_for_one_that_the_text_speaks_of(text: str, *, told: bool) -> None:
    """Where it says for each of what, and of no person anything."""
    rule = programme("p", benefit=Benefit(amount=TEN, per=Per.PERSON))
    assert [("per: person" in gap) for gap in gaps_of(rule, text)] == [True] * told
    assert not gaps_of(programme("p", benefit=Benefit(amount=TEN, per=Per.ITEM)), text)


@pytest.mark.parametrize(
    ("instrument", "text", "words"),
    [
        ("loan", "按展位费的50%给予补助。", "补助"),
        ("grant", "按同期LPR的50%给予贴息。", "贴息"),
        ("interest_subsidy", "对获得银行贷款的企业给予贴息。", None),
        ("relending", "引导银行发放贷款。", None),
        ("fund", "按展位费的50%给予补助。", None),
        ("loan", "支持企业参展。", None),
    ],
)
def test_an_instrument_that_the_text_has_no_word_for_is_told(
    instrument: str, text: str, words: str | None
) -> None:
    """Where it has one for another; of an instrument without aliases nothing is told."""
    document = measure(CLAUSE.measure)
    rule = programme("p", instrument=instrument)
    known = replace(catalogue(rule), vocabulary=own_catalogue().vocabulary)
    found = [gap.en for gap in unlike_instruments(known, document, ARTICLE, text)]
    assert len(found) == (words is not None)
    assert all(f"the text says “{words}”" in gap for gap in found)
