"""The examples that the page on the rule language gives, one for each construct: all come out."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from service.catalogue.loader import load_catalogue
from service.catalogue.measure_schemas import CapSchema
from service.catalogue.programme_schemas import BenefitSchema, DurationSchema, UpliftSchema
from service.catalogue.quantities import HEADS
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.settings import PROJECT
from service.usecases.authoring.examples import run_examples
from tests.docs.test_new_city import PAGES, block
from tests.own import own_source

OUTCOME = ("status", "ceiling", "at_most", "low")
CONDITIONS = {"size", "meets", "had", "holds", "issued", "umbrella", "elsewhere", "undecided"}


def entries(page: str) -> list[dict[str, Any]]:
    """The examples as they are printed."""
    found: list[dict[str, Any]] = yaml.safe_load(block(page, "# Read on", "# 评估日"))
    return found


def programme(number: int, entry: dict[str, Any]) -> bytes:
    """An entry with what every programme has besides."""
    words = {"zh": f"例 {number}", "en": f"Example {number}"}
    expect = {key: entry[key] for key in OUTCOME if key in entry}
    own: dict[str, Any] = {
        key: entry[key] for key in ("conditions", "benefit", "supports") if key in entry
    }
    given = {"company.kind": "enterprise", **entry["given"]}
    whole: dict[str, Any] = {
        "id": f"xx.example-{number}", "name": words, "summary": dict(words), "article": 1,
        "instrument": "reward", "commitment": "funding", "kinds": ["enterprise"],
        **own, "given": given,
        "examples": [{"as_of": "AS_OF", "expect": {"status": "potential", **expect}}],
    }  # fmt: skip
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=1_000)
    return text.replace("AS_OF", "2025-10-01").encode()


@pytest.mark.parametrize("page", PAGES)
def test_each_example_comes_out_as_the_page_says(page: str) -> None:
    """Every entry is a programme that loads, and its status and amount are those printed."""
    measure = block(page, "id: xx-2026-1")
    for printed, own_id in (("xx-2026-1", "xx.m"), ("xx-01-award", "xx.example-0")):
        measure = measure.replace(printed, own_id)
    measure = measure.replace("2026-02-01", "2020-02-01")
    source = {
        **read_source(PROJECT / "policies", PROJECT / "seeds"),
        "private/xx/m/measure.yaml": measure.encode(),
        **{f"private/xx/m/{n}.yaml": programme(n, entry) for n, entry in enumerate(entries(page))},
    }
    compiled = CompiledCatalogue(load_catalogue(source))
    own = [p for p in compiled.catalogue.programmes.values() if p.id.startswith("xx.")]
    assert run_examples(compiled, own).failures == ()
    assert len(own) == len(entries(page))


@pytest.mark.parametrize("page", PAGES)
def test_no_construct_goes_without_an_example(page: str) -> None:
    """Every way to make a quantity, and every key of a money rule."""
    used = {word for entry in entries(page) for word in _words_in(entry)}
    schemas = (BenefitSchema, CapSchema, DurationSchema, UpliftSchema)
    money = {field.data_key or name for s in schemas for name, field in s().fields.items()}
    plain = {"fact", "sum", "times", "per_basis", "adds_up"}
    assert sorted((HEADS | money | CONDITIONS) - plain - used) == []


def _words_in(raw: object) -> Iterator[str]:
    if isinstance(raw, dict):
        for key, value in raw.items():
            yield str(key)
            yield from _words_in(value)
    for part in raw if isinstance(raw, list) else ():
        yield from _words_in(part)


@pytest.mark.parametrize("page", PAGES)
def test_the_vocabulary_to_begin_from_is_whole(page: str) -> None:
    """It loads by itself, in a language that is not ours."""
    written = block(page, "languages: [pt]").encode()
    catalogue = load_catalogue({"policies/vocabulary.yaml": written})
    assert catalogue.vocabulary.languages == ("pt",)
    assert catalogue.vocabulary.regions.id == "estados"


@pytest.mark.parametrize("page", PAGES)
def test_the_additions_of_an_operator_are_whole(page: str) -> None:
    """They load beside our own catalogue, and a rule may name them."""
    written = block(page, "units:").encode()
    catalogue = load_catalogue({**own_source(), "private/bank/extensions.yaml": written})
    vocabulary = catalogue.vocabulary
    assert vocabulary.facts["company.bank_rating"].list == "bank_grades"
    assert "bank.lease" in vocabulary.facts["project.bank_lease_from"].kinds
