"""What lint says is said in Chinese and in English, every word of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from service.catalogue.fault_words import fault_words
from service.settings import PROJECT
from tests.catalogue.diagnosing import diagnose

HAN = re.compile("[\u4e00-\u9fff]")
SAYING = ("say", "invalid")


def places(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def python() -> Iterator[tuple[Path, ast.AST]]:
    for path in (PROJECT / "service").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "catalogue" in path.parts or "service.catalogue" in text:
            yield from ((path, node) for node in ast.walk(ast.parse(text)))


def key_said(call: ast.Call) -> str | None:
    """The key of a wording that a call says; None where it says none, or which is worked out."""
    first = call.args[0] if call.args else None
    said = isinstance(call.func, ast.Name) and call.func.id in SAYING
    key = first.value if said and isinstance(first, ast.Constant) else None
    return key if isinstance(key, str) else None


def test_every_wording_has_both_languages_with_the_same_places() -> None:
    """Chinese is Chinese, English is not, and neither lacks what the other fills in."""
    for key, words in fault_words().items():
        fixed = re.sub(r"\{\w+\}", "", words.zh)
        assert HAN.search(fixed) or not re.search("[a-z]{2}", fixed), key
        assert not HAN.search(words.en), key
        assert places(words.zh) == places(words.en), key


def test_whoever_finds_a_fault_fills_every_place() -> None:
    """Each key that is said is there, with just the parts that its wording has; none is idle."""
    named = set()
    for path, node in python():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            named.add(node.value)
        if isinstance(node, ast.Call) and (key := key_said(node)):
            parts = {part.arg for part in node.keywords}
            assert parts == places(fault_words()[key].en), (path, key)
    assert fault_words().keys() <= named


def test_nothing_is_raised_in_one_language() -> None:
    """No fault of a policy file is made of plain English."""
    spelt = (ast.Constant, ast.JoinedStr)
    for path, node in python():
        if "catalogue" not in path.parts or not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in ("ConditionFault", "number_fault", "ValidationError", "WrongText"):
            assert not any(isinstance(part, spelt) for part in node.args), (path, node.lineno)


def test_a_fault_reads_in_the_language_that_was_asked_for() -> None:
    """With its place, and what is allowed there."""
    source = {"policies/vocabulary.yaml": b"facts: {}\nlists: {}\nfact: 1\n"}
    told = [d.words for d in diagnose(source)]
    assert told[0].en.startswith("policies/vocabulary.yaml:3: unknown key 'fact', did you mean")
    assert "没有“fact”这个键，是否指“facts”？（可以写：" in told[0].zh
