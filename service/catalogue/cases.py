"""The examples inside the files of categories and points models."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import fields

from service.catalogue.fault_words import NOTHING, joined_by_commas, quoted, say
from service.catalogue.schema_fields import Day, Str, Strict
from service.catalogue.yaml_tree import Document
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.points_model import StandardExample

# In an example: that a fact is not stated, or an amount not settled.
UNKNOWN = "unknown"


class CaseSchema(Strict):
    say = Str()
    changes = fields.Dict(keys=Str(), data_key="with")
    as_of = Day()
    expect = fields.Dict(keys=Str(), required=True)


def build_cases(
    raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary, results: Iterable[str]
) -> tuple[StandardExample, ...]:
    """The examples of a file; unknown facts and unknown names of results are faults."""
    base = raw.get("given", {})
    check_facts(base, document, ("given",), vocabulary)
    examples = []
    for i, entry in enumerate(raw.get("examples", ())):
        at = ("examples", i)
        changes = entry.get("changes", {})
        check_facts(changes, document, (*at, "with"), vocabulary)
        wrong = set(entry["expect"]) - set(results)
        if wrong or not entry["expect"]:
            words = joined_by_commas(sorted(wrong)) if wrong else say("nothing")
            document.fault((*at, "expect"), say("is_no_result", words=words), sorted(results))
        given = {k: v for k, v in {**base, **changes}.items() if v != UNKNOWN}
        day = entry.get("as_of", raw["reviewed_on"])
        examples.append(
            StandardExample(given, day, entry["expect"], document.line(at), entry.get("say"))
        )
    return tuple(examples)


def check_facts(
    given: Mapping[str, Any],
    document: Document,
    path: tuple[str | int, ...],
    vocabulary: Vocabulary,
) -> None:
    """A fault for every key of an example that is no fact, with the fact it was meant for."""
    for fact in given:
        if fact not in vocabulary.facts:
            near = vocabulary.suggest(fact)
            hint = say("did_you_mean", near=quoted(near)) if near else NOTHING
            document.fault((*path, fact), say("there_is_no_fact", fact=quoted(fact), hint=hint))
