"""Texts beside a module: each is used, and each that is used is there."""

import re
from pathlib import Path

import pytest

from service.domain.advice.combination_result import OmissionReason, OpenPoint
from service.domain.advice.received import AwardDetail
from service.rendering import combination_words
from service.rendering.texts import read_texts

SERVICE = Path(combination_words.__file__).parent.parent
MODULES = {path: path.read_text(encoding="utf-8") for path in sorted(SERVICE.rglob("*.py"))}
OWN = [path for path, text in MODULES.items() if "_WORDS = read_texts(__file__)" in text]


QUOTED = {word for text in MODULES.values() for word in re.findall(r"""["'](\w+)["']""", text)}


def keys_in(text: str, name: str) -> set[str]:
    return set(re.findall(rf"""(?<!\w){name}\[["'](\w+)["']\]""", text))


@pytest.mark.parametrize("module", OWN, ids=lambda path: path.stem)
def test_the_words_of_a_module_are_those_that_it_says(module: Path) -> None:
    """What it says is there, and what is there is named, by it or as what it is given."""
    keys = read_texts(str(module)).keys()
    assert keys_in(MODULES[module], "_WORDS") <= keys
    assert keys - QUOTED == set()


def test_every_word_of_a_combination_is_said() -> None:
    """By its key in some module, or as that of a reason, an open point, a detail of an award."""
    valued = {*OmissionReason, *OpenPoint, *(f"of_{detail}" for detail in AwardDetail)}
    expected = {str(value) for value in valued}
    assert expected <= combination_words.WORDS.keys()
    assert combination_words.WORDS.keys() - expected - QUOTED == set()
