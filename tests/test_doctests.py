"""The examples in docstrings come out as written."""

import doctest
from importlib import import_module

import pytest

from service.settings import PROJECT

MODULES = [
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((PROJECT / "service").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_in_a_docstring_comes_out(name: str) -> None:
    """At least one of the module is run."""
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


def test_the_ideas_that_take_an_example_have_one() -> None:
    """A reader meets these words without having met them elsewhere."""
    assert {
        "service.domain.index.interval_columns",
        "service.domain.index.normal_form",
        "service.domain.text",
        "service.domain.advice.combination",
        "service.domain.advice.common_caps",
        "service.domain.advice.lawful_sets",
        "service.domain.advice.packing",
        "service.domain.advice.near_miss",
    } <= set(MODULES)
