"""A programme file becomes a domain programme with its examples."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from service.catalogue.measures import MeasureFile, build_window, check_code
from service.catalogue.schemas import ProgrammeSchema, check_shape
from service.catalogue.yaml_tree import Document
from service.domain.amounts import Benefit, Per
from service.domain.catalogue import Commitment, Example, Expectation, Measure, Programme
from service.domain.conditions import Basis, Clause, Condition, Gate, Group, Quantity, Test
from service.domain.evaluation import Status
from service.domain.operators import Among
from service.domain.profile import PROJECT_KIND
from service.domain.vocabulary import FactType, Vocabulary

KIND = "company.kind"
UNKNOWN = "unknown"
_SCHEMA = ProgrammeSchema()


def build_programme(document: Document, home: MeasureFile) -> Programme | None:
    """The programme of a file; None, with the faults noted, where it cannot be built."""
    raw = check_shape(_SCHEMA, document)
    if raw is None:
        return None
    measure, vocabulary = home.measure, home.compiler.vocabulary
    _check_codes(raw, document, vocabulary)
    if measure.article(raw["article"]) is None:
        known = [str(a.number) for a in measure.articles]
        document.fault(("article",), f"{measure.id} has no article {raw['article']!r}", known)
    condition = home.compiler.compile(raw["conditions"], document, ("conditions",), raw["article"])
    if condition is None:
        return None
    return Programme(
        id=raw["id"], name=raw["name"], summary=raw["summary"], measure=measure.id,
        article=raw["article"], instrument=raw["instrument"],
        commitment=Commitment(raw["commitment"]),
        jurisdiction=raw.get("jurisdiction", measure.jurisdiction), evidence=measure.evidence,
        window=build_window(raw["window"]) if "window" in raw else measure.window,
        condition=_whole(raw, condition, measure.id, vocabulary),
        decided_by=raw.get("decided_by", measure.decided_by),
        departments=tuple(raw.get("departments", measure.departments)),
        kinds=(*raw["kinds"], *raw.get("kinds_open", ())), fields=tuple(raw.get("fields_", ())),
        supports=raw.get("supports"), benefit=_benefit(raw, document, vocabulary),
        purpose=raw.get("purpose"), parameters=raw.get("parameters"),
        notes=tuple(raw.get("notes", ())),
        examples=tuple(_examples(raw, document, measure, vocabulary)), path=document.file,
    )  # fmt: skip


def _check_codes(raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary) -> None:
    single = {"instrument": "instruments", "supports": "project_kinds", "purpose": "award_purposes",
              "jurisdiction": "regions"}  # fmt: skip
    for key, name in single.items():
        if key in raw:
            check_code(raw[key], name, document, (key,), vocabulary)
    several = {"kinds": "kinds", "kinds_open": "kinds", "fields_": "fields"}
    for key, name in several.items():
        for i, code in enumerate(raw.get(key, ())):
            check_code(code, name, document, (key.rstrip("_"), i), vocabulary)


def _whole(
    raw: Mapping[str, Any], condition: Condition, measure: str, vocabulary: Vocabulary
) -> Group:
    """The conditions of a file behind those that `kinds` and `supports` mean by themselves."""
    clause = Clause(measure, raw["article"])
    basis = Basis(raw.get("kinds_basis", "stated"))
    fact, codes = vocabulary.facts[KIND], vocabulary.codes_of(vocabulary.facts[KIND])
    kinds = Among(tuple(raw["kinds"]), umbrella=tuple(raw.get("kinds_open", ())), codes=codes)
    parts: list[Condition] = [Test(Quantity((fact.id,)), kinds, clause, basis)]
    if "supports" in raw:
        wanted = Among((raw["supports"],), codes=vocabulary.lists["project_kinds"])
        parts.append(Test(Quantity((PROJECT_KIND,)), wanted, clause))
    plain = isinstance(condition, Group) and condition.gate is Gate.ALL and condition.term is None
    own = condition.children if plain and isinstance(condition, Group) else (condition,)
    return Group(Gate.ALL, (*parts, *own), clause)


def _benefit(raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary) -> Benefit | None:
    benefit = raw.get("benefit")
    if benefit is None:
        return None
    low, high = benefit.get("rate", (None, None))
    if ("rate" in benefit) != ("of" in benefit) or not benefit.keys() & {"rate", "cap"}:
        document.fault(("benefit",), "a benefit has a cap, or a rate with `of`, or both")
    for fact in (*([benefit["of"]] if "of" in benefit else []), *benefit.get("times", ())):
        known = vocabulary.facts.get(fact)
        if known is None or known.type not in (FactType.MONEY, FactType.NUMBER, FactType.INTEGER):
            document.fault(("benefit",), f"{fact!r} is not a fact that is a number")
    return Benefit(
        benefit.get("cap"), low, high, benefit.get("of"), tuple(benefit.get("times", ())),
        Per(benefit["per"]), benefit.get("one_off"),
    )  # fmt: skip


def _examples(
    raw: Mapping[str, Any], document: Document, measure: Measure, vocabulary: Vocabulary
) -> Iterator[Example]:
    base = raw.get("given", {})
    _check_facts(base, document, ("given",), vocabulary)
    for i, entry in enumerate(raw["examples"]):
        at = ("examples", i)
        for key, data_key in (("given", "given"), ("changes", "with")):
            _check_facts(entry.get(key, {}), document, (*at, data_key), vocabulary)
        given = {**entry.get("given", base), **entry.get("changes", {})}
        yield Example(
            given={k: v for k, v in given.items() if v != UNKNOWN},
            as_of=entry.get("as_of", measure.reviewed_on),
            expect=_expectation(entry["expect"], document, (*at, "expect"), vocabulary),
            line=document.line(at), say=entry.get("say"), project="project" not in entry,
        )  # fmt: skip


def _check_facts(
    given: Mapping[str, Any],
    document: Document,
    path: tuple[str | int, ...],
    vocabulary: Vocabulary,
) -> None:
    for fact in given:
        if fact not in vocabulary.facts:
            document.fault((*path, fact), f"there is no fact {fact!r}")


def _expectation(
    raw: Mapping[str, Any], document: Document, path: tuple[str | int, ...], vocabulary: Vocabulary
) -> Expectation:
    statuses = [s.value for s in Status]
    if raw["status"] not in statuses:
        document.fault((*path, "status"), f"{raw['status']!r} is no status", statuses)
    _check_facts(dict.fromkeys(raw.get("missing", ())), document, (*path, "missing"), vocabulary)
    ceiling = raw.get("ceiling")
    if ceiling is not None and ceiling != UNKNOWN and not isinstance(ceiling, int | Decimal):
        document.fault((*path, "ceiling"), "a ceiling is a number or the word unknown")
        ceiling = None
    missing = raw.get("missing")
    return Expectation(
        status=raw["status"], ceiling_unknown=ceiling == UNKNOWN,
        ceiling=Decimal(ceiling) if isinstance(ceiling, int | Decimal) else None,
        at_most=raw.get("at_most"), low=raw.get("low"),
        missing=None if missing is None else tuple(missing),
    )  # fmt: skip
