"""The words for our own fixed values: each has one, and it stands in one place."""

import re
from enum import StrEnum

import pytest

from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import Provenance
from service.domain.rules.caps import Per
from service.domain.rules.conditions import Basis
from service.domain.rules.measures import Evidence, NumberKind
from service.domain.rules.programmes import Commitment
from service.domain.wording.labels import LABELS, NONE, REACHED, STATUS, TRUTH
from service.memo.words import words as memo_words
from service.settings import PROJECT

KINDS: dict[str, type[StrEnum]] = {
    "status": Status,
    "provenance": Provenance,
    "basis": Basis,
    "commitment": Commitment,
    "evidence": Evidence,
    "number": NumberKind,
    "per": Per,
}


@pytest.mark.parametrize(("kind", "values"), KINDS.items())
def test_every_value_has_a_word(kind: str, values: type[StrEnum]) -> None:
    """But for an amount of which the text does not say what it is counted for: of it nothing is
    said."""
    assert LABELS[kind].keys() == {v.value for v in values} - {"unstated"}


def test_no_two_statuses_share_a_word() -> None:
    """In neither language."""
    assert len({t.zh for t in STATUS.values()}) == len({t.en for t in STATUS.values()}) == 6


def test_no_other_module_spells_out_a_status() -> None:
    """A second list of words would drift from the first: the memo, the pages and the commands once
    had three names for one status."""
    words = {f'"{text.zh}"' for text in STATUS.values() if len(text.zh) > 3}
    assert modules_that_say(*words) == []


def test_what_is_not_known_has_one_word() -> None:
    """A condition, the pass mark of a points model: on the pages, in the memo, on the command line.
    They once said 不确定, 未知 and 无法判断 of the same."""
    assert REACHED["unknown"] == TRUTH["unknown"]
    assert LABELS["truth"] is TRUTH
    assert TRUTH["unknown"].zh in memo_words["legend"].zh
    assert modules_that_say(TRUTH["unknown"].zh, "无法判断", "'不确定'", '"不确定"') == []


def test_an_empty_list_has_one_word() -> None:
    """In Chinese it was 无 here and 没有 there."""
    assert NONE.zh == "无"
    assert modules_that_say('Text("无", "none")', '"zh": "没有"', 'Text("没有",') == []


def modules_that_say(*words: str) -> list[str]:
    """The modules and templates beside `labels` that hold any of these words."""
    return [
        path.name
        for kind in ("*.py", "*.html")
        for path in (PROJECT / "service").rglob(kind)
        if path.name != "labels.py"
        if any(word in path.read_text(encoding="utf-8") for word in words)
    ]


def test_thousands_are_set_off_in_one_place() -> None:
    """`grouped`, which pages have as a filter; what is no whole number of anything (an amount) is
    rounded in its own module."""
    spelt = {
        path.name
        for kind in ("*.py", "*.html")
        for path in (PROJECT / "service").rglob(kind)
        if re.search(r"\{[^{}\"]*:,[}.f{]", path.read_text("utf-8"))
    }
    assert spelt == {"text.py", "number_words.py"}
