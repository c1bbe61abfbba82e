"""A file to begin from: what the official text gives is there, the rest is named."""

import re
from datetime import date

import yaml

from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.usecases.authoring.examples import run_examples
from service.usecases.authoring.skeletons import Skeletons
from tests.catalogue.diagnosing import diagnose
from tests.catalogue.island import ARTICLE_2, TEXT, TITLE
from tests.catalogue.test_loader import good


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


def test_the_tenor_in_the_name_of_a_rate_is_a_name() -> None:
    """A loan of five years is what the article gives; the one-year prime rate is called so."""
    text = f"{TITLE}\n第一条 对5年期贷款，按一年期LPR贴息，一季度投产的按2%。\n"
    vocabulary = load_catalogue(good()).vocabulary
    raw = yaml.safe_load(Skeletons(vocabulary, "zh").measure("x", TITLE, text, date(2031, 6, 1)))
    numbers = {n["text"]: n["kind"] for n in raw["articles"][-1]["numbers"]}
    assert numbers == {
        "5年期": "parameter", "一年期": "name", "一季度": "parameter", "2%": "parameter",
    }  # fmt: skip


def test_who_signed_it_leaves_nothing_to_write() -> None:
    """The name and the day below the last article."""
    text = f"{TITLE}\n第一条 给予奖励。\n\n岛政府\n2031年4月2日\n"
    vocabulary = load_catalogue(good()).vocabulary
    raw = yaml.safe_load(Skeletons(vocabulary, "zh").measure("x", TITLE, text, date(2031, 6, 1)))
    signature = raw["articles"][-1]
    assert signature["title"]["zh"] == "落款"
    assert signature["gist"] == signature["unmatched"] == {
        "zh": "发文机关与日期", "en": "who issued it, and when",
    }  # fmt: skip


def test_issuer_and_place_are_those_that_signed_it() -> None:
    """With the code of the place, and what it is called, to be checked; blanks where the text does
    not say who signed it, or names no place."""
    text = f"{TITLE}\n第一条 给予奖励。\n\n燕鸥岛政府\n岛渔业厅\n2031年4月2日\n"
    skeletons = Skeletons(load_catalogue(good()).vocabulary, "zh")
    written = skeletons.measure("x", TITLE, text, date(2031, 6, 1))
    raw = yaml.safe_load(written)
    assert raw["issuers"] == [{"zh": "燕鸥岛政府", "en": ""}, {"zh": "岛渔业厅", "en": ""}]
    assert raw["jurisdiction"] == "tern"
    assert "燕鸥岛，取自发文机关或标题，请核对" in written
    raw = yaml.safe_load(skeletons.measure("x", TITLE, None, date(2031, 6, 1)))
    assert (raw["issuers"], raw["jurisdiction"]) == ([{"zh": "", "en": ""}], "")


def test_who_signs_without_a_place_may_speak_for_all_of_it() -> None:
    """A ministry's measure: the blank says which code is the whole country's. Where nobody is known
    to have signed, it says how a code is found."""
    text = f"{TITLE}\n第一条 给予奖励。\n\n财政部 渔业和海洋部\n2031年4月2日\n"
    skeletons = Skeletons(load_catalogue(good()).vocabulary, "en")
    written = skeletons.measure("x", TITLE, text, date(2031, 6, 1))
    raw = yaml.safe_load(written)
    assert [issuer["zh"] for issuer in raw["issuers"]] == ["财政部", "渔业和海洋部"]
    assert raw["jurisdiction"] == ""
    assert 'names a place: "outer" (Outer islands)' in written
    assert "names a place" not in skeletons.measure("x", TITLE, None, date(2031, 6, 1))


def test_what_stands_beside_the_blanks_is_of_the_catalogue() -> None:
    """The conditions that are shown as examples name its own facts and places."""
    vocabulary = load_catalogue(good()).vocabulary
    skeletons = Skeletons(vocabulary, "en")
    measure = skeletons.measure("x", TITLE, None, date(2031, 6, 1))
    for file in (measure, skeletons.programme("y", 1)):
        named = re.findall(r"fact: ([a-z_.]+)", file)
        assert named
        assert set(named) <= set(vocabulary.facts)
