"""The examples of a programme file: what each states, and what it says must come out."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from service.catalogue.cases import UNKNOWN, check_facts
from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.numbers import number_hint
from service.catalogue.schema_fields import meant_value
from service.catalogue.yaml_tree import Document
from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Example, Expectation
from service.domain.wording.labels import STATUS

_STATUSES = [status.value for status in Status]


def build_examples(
    raw: Mapping[str, Any], document: Document, measure: Measure, vocabulary: Vocabulary
) -> Iterator[Example]:
    base = raw.get("given", {})
    check_facts(base, document, ("given",), vocabulary)
    if not raw["examples"]:
        document.fault(("examples",), say("a_programme_needs_examples_at_least"))
    for i, entry in enumerate(raw["examples"]):
        at = ("examples", i)
        for key, data_key in (("given", "given"), ("changes", "with")):
            check_facts(entry.get(key, {}), document, (*at, data_key), vocabulary)
        given = {**entry.get("given", base), **entry.get("changes", {})}
        yield Example(
            given={k: v for k, v in given.items() if v != UNKNOWN},
            as_of=entry.get("as_of", measure.reviewed_on),
            expect=_expectation(entry["expect"], document, (*at, "expect"), vocabulary),
            line=document.line(at), say=entry.get("say"), project="project" not in entry,
        )  # fmt: skip


def _expectation(
    raw: Mapping[str, Any], document: Document, path: tuple[str | int, ...], vocabulary: Vocabulary
) -> Expectation:
    if raw["status"] not in _STATUSES:
        meant = meant_value(raw["status"], _STATUSES, {s.value: w for s, w in STATUS.items()})
        hint = say("did_you_mean_value", meant=quoted(meant)) if meant else NOTHING
        document.fault(
            (*path, "status"),
            say("is_no_status", status=quoted(raw["status"]), hint=hint),
            _STATUSES,
        )
    check_facts(dict.fromkeys(raw.get("missing", ())), document, (*path, "missing"), vocabulary)
    ceiling = raw.get("ceiling")
    if ceiling is not None and ceiling != UNKNOWN and not isinstance(ceiling, int | Decimal):
        words = say("ceiling_is_no_number", hint=number_hint(ceiling))
        document.fault((*path, "ceiling"), words)
        ceiling = None
    missing = raw.get("missing")
    return Expectation(
        status=raw["status"], ceiling_unknown=ceiling == UNKNOWN,
        ceiling=Decimal(ceiling) if isinstance(ceiling, int | Decimal) else None,
        at_most=raw.get("at_most"), low=raw.get("low"),
        missing=None if missing is None else tuple(missing),
    )  # fmt: skip
