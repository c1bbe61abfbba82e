"""measure.yaml becomes a domain measure, with the conditions its programmes share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.catalogue.applications import build_application
from service.catalogue.conditions import Compiler
from service.catalogue.fault_words import quoted, say
from service.catalogue.faults import not_in_list
from service.catalogue.measure_schemas import MeasureSchema
from service.catalogue.shape_check import check_shape
from service.catalogue.standard_conditions import NO_STANDARDS, Standards
from service.catalogue.yaml_tree import Document, Path
from service.domain.dates import Window
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Clause
from service.domain.rules.measures import (
    Article,
    Evidence,
    Measure,
    NumberEntry,
    NumberKind,
    OverlapRule,
    UsualCondition,
)

_SCHEMA = MeasureSchema()


@dataclass(frozen=True)
class MeasureFile:
    """A measure, the file it stands in, the compiler that knows its shared conditions, and the caps
    on several programmes, which can be read once those are."""

    measure: Measure
    document: Document
    compiler: Compiler
    raw_caps: tuple[Mapping[str, Any], ...] = ()


def build_measure(
    document: Document, vocabulary: Vocabulary, standards: Standards = NO_STANDARDS
) -> MeasureFile | None:
    """The measure of a file; None, with the faults noted, where the file's shape is wrong."""
    raw = check_shape(_SCHEMA, document)
    if raw is None:
        return None
    definitions = {
        name: (document, ("definitions", name), data)
        for name, data in raw.get("definitions", {}).items()
    }
    compiler = Compiler(vocabulary, raw["id"], definitions, standards)
    for name, (_, path, data) in definitions.items():
        compiler.compile(data, document, path, name)
    check_code(raw["jurisdiction"], vocabulary.region_list, document, ("jurisdiction",), vocabulary)
    reviewed, issued = raw["reviewed_on"], raw["issued_on"]
    if reviewed < issued:
        words = say("reviewed_before_issue", reviewed=reviewed, issued=issued)
        document.fault(("reviewed_on",), words)
    measure = _new_measure(raw, document, compiler)
    return MeasureFile(measure, document, compiler, tuple(raw.get("caps", ())))


def _new_measure(raw: Mapping[str, Any], document: Document, compiler: Compiler) -> Measure:
    articles = tuple(_build_article(entry) for entry in raw["articles"])
    numbers = [a.number for a in articles]
    for i, number in enumerate(numbers):
        if number in numbers[:i]:
            document.fault(("articles", i), say("article_stands_twice", number=quoted(number)))
    overlap = raw.get("overlap")
    if overlap is not None and overlap["article"] not in numbers:
        words = say("has_no_article", measure=raw["id"], article=quoted(overlap["article"]))
        document.fault(("overlap", "article"), words, list(map(str, numbers)))
    return Measure(
        id=raw["id"], number=raw["number"], title=raw["title"], issuers=tuple(raw["issuers"]),
        issued_on=raw["issued_on"], reviewed_on=raw["reviewed_on"],
        window=build_window(raw["window"], document), window_note=raw.get("window_note"),
        jurisdiction=raw["jurisdiction"], evidence=Evidence(raw["evidence"]),
        decided_by=raw["decided_by"], departments=tuple(raw["departments"]), articles=articles,
        source=raw["source"], overlap=_build_overlap_rule(raw, document, compiler.vocabulary),
        usual_conditions=tuple(_build_usual_conditions(raw, document, compiler)),
        url=raw.get("url"),
        application=build_application(
            raw.get("application", {}), document, ("application",), compiler.vocabulary
        ),
    )  # fmt: skip


def build_window(raw: Mapping[str, Any], document: Document, at: Path = ("window",)) -> Window:
    """A window; a fault where it ends before it begins."""
    window = Window(raw.get("start"), raw.get("end"), raw.get("inferred", False))
    if window.start and window.end and window.end < window.start:
        words = say("window_ends_before_it_begins", window=window.end, window2=window.start)
        document.fault(at, words)
    return window


def _build_article(raw: Mapping[str, Any]) -> Article:
    numbers = tuple(
        NumberEntry(n["text"], NumberKind(n["kind"]), n.get("programme"), n.get("note"))
        for n in raw.get("numbers", ())
    )
    return Article(
        raw["number"], raw["title"], raw["gist"], raw["digest"], raw.get("unmatched"), numbers
    )


def _build_overlap_rule(
    raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary
) -> OverlapRule | None:
    overlap = raw.get("overlap")
    if overlap is None:
        return None
    check_code(overlap["level"], "levels", document, ("overlap", "level"), vocabulary)
    return OverlapRule(overlap["level"], Clause(raw["id"], overlap["article"]), overlap["text"])


def _build_usual_conditions(
    raw: Mapping[str, Any], document: Document, compiler: Compiler
) -> list[UsualCondition]:
    built = []
    for i, entry in enumerate(raw.get("usual_conditions", ())):
        path = ("usual_conditions", i, "when")
        condition = compiler.compile(entry["when"], document, path, "usual")
        if condition:
            built.append(UsualCondition(condition, entry["text"]))
    return built


def check_code(
    code: str, name: str, document: Document, path: tuple[str | int, ...], vocabulary: Vocabulary
) -> None:
    """Note a fault where a code is not in a list of the vocabulary."""
    codes = vocabulary.lists.get(name)
    if codes is None:
        document.fault(
            path, say("the_vocabulary_has_no_list", name=quoted(name)), sorted(vocabulary.lists)
        )
    elif code not in codes:
        fault = not_in_list(code, codes)
        document.fault(path, fault.message, fault.allowed)
