"""Texts beside a module: each is used, and each that is used is there."""

import re
from pathlib import Path

from service.domain.advice.combination import OmissionReason, OpenPoint
from service.domain.advice.received import AwardDetail
from service.rendering import combination_words

SERVICE = Path(combination_words.__file__).parent.parent


def test_every_word_of_a_combination_is_used() -> None:
    """By its key in some module, or as that of a reason, an open point, a detail of an award."""
    modules = [path.read_text(encoding="utf-8") for path in SERVICE.rglob("*.py")]
    named = {key for text in modules for key in re.findall(r"""WORDS\[["'](\w+)["']\]""", text)}
    valued = {*OmissionReason, *OpenPoint, *(f"of_{detail}" for detail in AwardDetail)}
    assert combination_words.WORDS.keys() - named == {str(value) for value in valued}
