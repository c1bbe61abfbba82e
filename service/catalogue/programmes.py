"""A programme file becomes a domain programme with its examples."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.catalogue.amounts import build_benefit
from service.catalogue.applications import build_application
from service.catalogue.contradictions import dead_alternative, exclude_each_other
from service.catalogue.fault_words import from_to, quoted, say
from service.catalogue.measures import MeasureFile, build_window
from service.catalogue.programme_examples import build_examples
from service.catalogue.programme_references import (
    check_articles,
    check_codes,
    check_project_fact,
    check_project_facts,
    supported_kinds,
)
from service.catalogue.programme_schemas import ProgrammeSchema
from service.catalogue.received_once import not_received_yet, support_by
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Document
from service.domain.advice.candidate_values import tests_of
from service.domain.dates import Window
from service.domain.facts.profile import COMPANY_KIND, PROJECT_KIND
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Per
from service.domain.rules.measures import Measure
from service.domain.rules.operators import InSet
from service.domain.rules.programmes import Commitment, Directness, Programme, Selection
from service.domain.rules.quantities import FactQuantity
from service.domain.text import Text, listed
from service.domain.wording.sentences import sentence

FIELDS = "company.fields"
# By whether several kinds have another part.
_OTHER_PART = {
    False: Text(
        "申请方不是{kinds}（条文中另有角色）",
        "Applicant other than {kinds}, to which the text gives another part",
    ),
    True: Text(
        "申请方不是{kinds}（条文中各有角色）",
        "Applicant other than {kinds}, to all of which the text gives another part",
    ),
}
_SCHEMA = ProgrammeSchema()


def build_programme(document: Document, home: MeasureFile) -> Programme | None:
    """The programme of a file; None, with the faults noted, where it cannot be built."""
    raw = check_shape(_SCHEMA, document)
    if raw is None:
        return None
    measure, vocabulary = home.measure, home.compiler.vocabulary
    check_codes(raw, document, vocabulary)
    _check_article(raw, document, measure)
    _check_window(raw, document, measure)
    condition = _conditions(raw, document, home)
    benefit = _benefit(raw, document, home, condition)
    if condition is None:
        return None
    condition = _asked_once(raw, condition, benefit, home)
    check_project_facts(condition, raw, document, vocabulary)
    for i, window in enumerate(raw.get("application", {}).get("windows", ())):
        at = ("application", "windows", i)
        check_project_fact(window.get("after", ""), at, raw, document, vocabulary)
    if measure.article(raw["article"]) is not None:
        check_articles(condition, document, measure)
    return Programme(
        id=raw["id"], name=raw["name"], summary=raw["summary"], measure=measure.id,
        article=raw["article"], instrument=raw["instrument"],
        commitment=Commitment(raw["commitment"]),
        jurisdiction=raw.get("jurisdiction", measure.jurisdiction), evidence=measure.evidence,
        window=build_window(raw["window"], document) if "window" in raw else measure.window,
        condition=condition,
        decided_by=raw.get("decided_by", measure.decided_by),
        departments=tuple(raw.get("departments", measure.departments)),
        kinds=(*raw["kinds"], *raw.get("kinds_open", ())),
        fields=tuple(raw.get("fields_", ())) or _fields_of(condition),
        supports=supported_kinds(raw), benefit=benefit,
        purpose=raw.get("purpose"), excludes=tuple(raw.get("excludes", ())),
        selection=_selection(raw, document), others_judge=raw.get("others_judge"),
        decider_is_kind=raw.get("decided_by_is_kind", False),
        parameters=raw.get("parameters"),
        notes=tuple(raw.get("notes", ())),
        examples=tuple(build_examples(raw, document, measure, vocabulary)), path=document.file,
        application=build_application(
            raw.get("application", {}), document, ("application",), vocabulary
        ).over(measure.application),
        directness=_directness(raw, vocabulary),
    )  # fmt: skip


def _check_article(raw: Mapping[str, Any], document: Document, measure: Measure) -> None:
    if measure.article(raw["article"]) is None:
        known = [str(article.number) for article in measure.articles]
        words = say("has_no_article", measure=measure.id, article=quoted(raw["article"]))
        document.fault(("article",), words, known)


def _asked_once(
    raw: Mapping[str, Any], condition: tree.Group, benefit: Benefit | None, home: MeasureFile
) -> tree.Group:
    """The condition, and where the benefit is given once, that it was not received yet."""
    if benefit is None or not benefit.one_off:
        return condition
    clause = home.compiler.clause(raw["article"])
    kinds, vocabulary = supported_kinds(raw), home.compiler.vocabulary
    support = support_by(raw["id"], raw["name"], raw.get("purpose"), home.measure, vocabulary)
    once = not_received_yet(support, benefit, kinds, clause, vocabulary)
    return condition if once is None else replace(condition, children=(*condition.children, once))


def _directness(raw: Mapping[str, Any], vocabulary: Vocabulary) -> Directness:
    known = vocabulary.lists.get("instruments")
    instruments = list(known.codes) if known else []
    named = raw["instrument"]
    instrument = instruments.index(named) if named in instruments else len(instruments)
    return list(Commitment).index(Commitment(raw["commitment"])), instrument


def check_programme_shape(document: Document) -> None:
    """Note what can be seen to be wrong with a file whose measure cannot be read yet."""
    check_shape(_SCHEMA, document)


def _check_window(raw: Mapping[str, Any], document: Document, measure: Measure) -> None:
    """A programme's own window lies inside its measure's: it cannot outlast what it rests on."""
    if "window" not in raw:
        return
    own, whole = build_window(raw["window"], document), measure.window
    if own.start and own.start not in whole:
        document.fault(
            ("window",), say("begins_on_outside_the_measure_s", own=own.start, days=_days(whole))
        )
    if own.end and own.end not in whole:
        document.fault(
            ("window",), say("ends_on_outside_the_measure_s", own=own.end, days=_days(whole))
        )


def _days(window: Window) -> Text:
    return from_to(window.start, window.end)


def _conditions(raw: Mapping[str, Any], document: Document, home: MeasureFile) -> tree.Group | None:
    """The conditions of a file behind those that `kinds` and `supports` mean by themselves."""
    vocabulary = home.compiler.vocabulary
    clause = home.compiler.clause(raw["article"])
    basis = tree.Basis(raw.get("kinds_basis", "stated"))
    codes = vocabulary.codes_of(vocabulary.facts[COMPANY_KIND])
    kinds = InSet(tuple(raw["kinds"]), umbrella=tuple(raw.get("kinds_open", ())), codes=codes)
    # Where everybody is of the one kind there is, nobody need be asked.
    everybody = codes is not None and len(codes.codes) == 1
    parts: list[tree.Condition] = (
        [] if everybody else [tree.Predicate(FactQuantity(COMPANY_KIND), kinds, clause, basis)]
    )
    if "kinds_excluded" in raw:
        others_named = tuple(raw["kinds_excluded"])
        others = tree.Predicate(
            FactQuantity(COMPANY_KIND), InSet(others_named, codes=codes), clause, basis
        )
        names = [codes.label_of(kind) if codes else Text(kind, kind) for kind in others_named]
        term = _OTHER_PART[len(names) > 1].format(kinds=listed(names, "or"))
        parts.append(
            tree.Group(tree.Connective.NOT, (others,), clause, basis, term, term_only=True)
        )
    if "supports" in raw:
        wanted = InSet(raw["supports"], codes=vocabulary.lists["project_kinds"])
        parts.append(tree.Predicate(FactQuantity(PROJECT_KIND), wanted, clause))
    if "conditions" not in raw:
        return tree.Group(tree.Connective.ALL, tuple(parts), clause)
    own = home.compiler.compile(raw["conditions"], document, ("conditions",), raw["article"])
    if own is None:
        return None
    # A group was held against itself where it was read: only the kinds can exclude more.
    more = not isinstance(own, tree.Group) or tree.facts_of(own) & {COMPANY_KIND, PROJECT_KIND}
    if more and exclude_each_other([*parts, own], vocabulary):
        words = say("conditions_that_nobody_meets")
        document.fault(("conditions",), words)
    elif (dead := dead_alternative([*parts, own], vocabulary)) is not None:
        words_of_dead = sentence(dead, vocabulary)
        words = say("nobody_who_meets_the_other_conditions", told=words_of_dead)
        document.fault(("conditions",), words)
    if isinstance(own, tree.Group) and own.gate is tree.Connective.ALL and own.term is None:
        return tree.Group(tree.Connective.ALL, (*parts, *own.children), clause)
    return tree.Group(tree.Connective.ALL, (*parts, own), clause)


def _fields_of(condition: tree.Condition) -> tuple[str, ...]:
    """The technology fields that a rule names, for browsing."""
    named = (
        str(value)
        for test in tests_of(FIELDS, condition)
        if isinstance(test.operator, InSet)
        for value in test.operator.values
    )
    return tuple(dict.fromkeys(named))


def _benefit(
    raw: Mapping[str, Any],
    document: Document,
    home: MeasureFile,
    condition: tree.Condition | None,
) -> Benefit | None:
    """The money rule of a file, where it has one."""
    if "benefit" not in raw:
        return None
    clause = home.compiler.clause(raw["article"])
    benefit = build_benefit(raw["benefit"], document, home.compiler.quantities, clause, condition)
    if benefit and benefit.limit and not supported_kinds(raw):
        words = say("limit_counts_projects_and_the_programme")
        document.fault(("benefit", "limit"), words)
    for name in benefit.facts if benefit else ():
        check_project_fact(name, ("benefit",), raw, document, home.compiler.vocabulary)
    return benefit


def _selection(raw: Mapping[str, Any], document: Document) -> Selection | None:
    """How others choose among those who qualify; None where nobody does. A programme with a
    selection is no entitlement."""
    found = raw.get("selection")
    if found is None:
        return None
    if raw["commitment"] == Commitment.ENTITLEMENT:
        document.fault(("selection",), say("selection_is_no_entitlement"))
    return Selection(found.get("quota"), Per(found.get("per", Per.UNSTATED)), found.get("text"))
