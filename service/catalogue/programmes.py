"""A programme file becomes a domain programme with its examples."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from service.catalogue.amounts import build_benefit
from service.catalogue.applications import build_application
from service.catalogue.cases import check_facts
from service.catalogue.contradictions import dead_alternative, exclude_each_other
from service.catalogue.fault_words import NOTHING, from_to, in_a_row, quoted, say
from service.catalogue.faults import did_you_mean
from service.catalogue.measures import MeasureFile, build_window, check_code
from service.catalogue.numbers import number_hint
from service.catalogue.programme_schemas import ProgrammeSchema
from service.catalogue.received_once import not_received_yet
from service.catalogue.schema_fields import meant_value
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Document, Path
from service.domain.advice.candidate_values import tests_of
from service.domain.dates import Window
from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Owner, Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules.amounts import Benefit, Per
from service.domain.rules.held import AwardTest
from service.domain.rules.measures import Measure
from service.domain.rules.operators import InSet
from service.domain.rules.programmes import (
    Commitment,
    Directness,
    Example,
    Expectation,
    Programme,
    Selection,
)
from service.domain.rules.quantities import FactQuantity, counts_in
from service.domain.text import Text, listed
from service.domain.wording.labels import STATUS
from service.domain.wording.sentences import sentence

KIND = "company.kind"
FIELDS = "company.fields"
UNKNOWN = "unknown"
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
    _check_codes(raw, document, vocabulary)
    if measure.article(raw["article"]) is None:
        known = [str(a.number) for a in measure.articles]
        document.fault(
            ("article",),
            say("has_no_article", measure=measure.id, article=quoted(raw["article"])),
            known,
        )
    _check_window(raw, document, measure)
    condition = _conditions(raw, document, home)
    benefit = _benefit(raw, document, home, condition)
    if condition is None:
        return None
    clause = tree.Clause(measure.id, raw["article"])
    once = not_received_yet(raw["id"], raw["name"], benefit, _supported(raw), clause, vocabulary)
    if once is not None:
        condition = replace(condition, children=(*condition.children, once))
    check_project_facts(condition, raw, document, vocabulary)
    if measure.article(raw["article"]) is not None:
        _check_articles(condition, document, measure)
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
        supports=_supported(raw), benefit=benefit,
        purpose=raw.get("purpose"), excludes=tuple(raw.get("excludes", ())),
        selection=_selection(raw, document), others_judge=raw.get("others_judge"),
        parameters=raw.get("parameters"),
        notes=tuple(raw.get("notes", ())),
        examples=tuple(_examples(raw, document, measure, vocabulary)), path=document.file,
        application=build_application(
            raw.get("application", {}), document, ("application",), vocabulary
        ).over(measure.application),
        directness=_directness(raw, vocabulary),
    )  # fmt: skip


def _directness(raw: Mapping[str, Any], vocabulary: Vocabulary) -> Directness:
    instruments = list(vocabulary.lists["instruments"].codes)
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


def _check_articles(condition: tree.Condition, document: Document, measure: Measure) -> None:
    """A condition rests on an article that the measure has."""
    clauses = {leaf.clause for leaf in (*tree.leaves(condition), *tree.tests_in(condition))}
    for clause in sorted(clauses, key=str):
        if clause.measure == measure.id and measure.article(clause.article) is None:
            known = [str(a.number) for a in measure.articles]
            words = say("has_no_article", measure=measure.id, article=quoted(clause.article))
            document.fault(("conditions",), words, known)


def check_project_facts(
    condition: tree.Condition, raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary
) -> None:
    """What is asked of a project is asked of one that the programme supports, and that has it."""
    for name in sorted(tree.facts_of(condition)):
        _check_project_fact(name, ("conditions",), raw, document, vocabulary)


def _check_project_fact(
    name: str, at: Path, raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary
) -> None:
    fact = vocabulary.facts.get(name)
    if fact is None or fact.owner is not Owner.PROJECT:
        return
    kinds = _supported(raw)
    if not kinds:
        document.fault(at, say("belongs_to_a_project_and_the", name=name))
    missing = sorted(set(kinds) - set(fact.kinds)) if fact.kinds else ()
    if missing:
        words = say("is_no_fact_of_project_kind", name=name, names=in_a_row(missing))
        document.fault(at, words, fact.kinds)


def check_programmes_named(
    programmes: Mapping[str, Programme], documents: Mapping[str, Document], known: set[str]
) -> None:
    """A fault for every id by which a programme speaks of another that is not `known`."""
    for programme in programmes.values():
        document = documents[programme.path]
        for at, other in programmes_named(programme):
            if other == programme.id and at[0] == "excludes":
                document.fault(at, say("a_programme_does_not_exclude_itself"))
            _check_programme(other, at, document, known)


def programmes_named(programme: Programme) -> Iterator[tuple[Path, str]]:
    """The programmes that one speaks of, and where."""
    for i, other in enumerate(programme.excludes):
        yield ("excludes", i), other
    money = programme.benefit.quantities if programme.benefit else ()
    for at, tests in (
        ("conditions", tree.tests_in(programme.condition)),
        ("benefit", (t for q in money for t in tree.tests_below(q))),
    ):
        counts = (c.test for t in tests for c in counts_in(t.quantity))
        named = (p for test in counts if isinstance(test, AwardTest) for p in test.programmes)
        for other in dict.fromkeys(named):
            yield (at,), other


def _check_programme(name: str, at: Path, document: Document, known: set[str]) -> None:
    if name not in known:
        document.fault(
            at, say("there_is_no_programme", name=quoted(name), hint=did_you_mean(name, known))
        )


def _supported(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """The project kinds a programme supports; none where it is judged for the applicant."""
    kinds: tuple[str, ...] = raw.get("supports", ())
    return kinds


def _check_codes(raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary) -> None:
    single = {"instrument": "instruments", "purpose": "award_purposes",
              "jurisdiction": vocabulary.region_list}  # fmt: skip
    for key, name in single.items():
        if key in raw:
            check_code(raw[key], name, document, (key,), vocabulary)
    several = {"kinds": "kinds", "kinds_open": "kinds", "kinds_excluded": "kinds",
               "fields_": "fields", "supports": "project_kinds"}  # fmt: skip
    for key, name in several.items():
        for i, code in enumerate(codes := raw.get(key, ())):
            if code in codes[:i]:
                document.fault((key.rstrip("_"), i), say("stands_twice_2", code=quoted(code)))
            check_code(code, name, document, (key.rstrip("_"), i), vocabulary)


def _conditions(raw: Mapping[str, Any], document: Document, home: MeasureFile) -> tree.Group | None:
    """The conditions of a file behind those that `kinds` and `supports` mean by themselves."""
    vocabulary = home.compiler.vocabulary
    clause = tree.Clause(home.measure.id, raw["article"])
    basis = tree.Basis(raw.get("kinds_basis", "stated"))
    codes = vocabulary.codes_of(vocabulary.facts[KIND])
    kinds = InSet(tuple(raw["kinds"]), umbrella=tuple(raw.get("kinds_open", ())), codes=codes)
    # Where everybody is of the one kind there is, nobody need be asked.
    everybody = codes is not None and len(codes.codes) == 1
    parts: list[tree.Condition] = (
        [] if everybody else [tree.Predicate(FactQuantity(KIND), kinds, clause, basis)]
    )
    if "kinds_excluded" in raw:
        others_named = tuple(raw["kinds_excluded"])
        others = tree.Predicate(FactQuantity(KIND), InSet(others_named, codes=codes), clause, basis)
        names = [codes.label_of(kind) if codes else Text(kind, kind) for kind in others_named]
        term = _OTHER_PART[len(names) > 1].format(kinds=listed(names, "or"))
        parts.append(tree.Group(tree.Connective.NOT, (others,), clause, basis, term, brief=True))
    if "supports" in raw:
        wanted = InSet(raw["supports"], codes=vocabulary.lists["project_kinds"])
        parts.append(tree.Predicate(FactQuantity(PROJECT_KIND), wanted, clause))
    if "conditions" not in raw:
        return tree.Group(tree.Connective.ALL, tuple(parts), clause)
    own = home.compiler.compile(raw["conditions"], document, ("conditions",), raw["article"])
    if own is None:
        return None
    if exclude_each_other([*parts, own], vocabulary):
        words = say("no_applicant_or_project_whom_the")
        document.fault(("conditions",), words)
    elif (dead := dead_alternative([*parts, own], vocabulary)) is not None:
        told = sentence(dead, vocabulary)
        words = say("nobody_who_meets_the_other_conditions", told=told)
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
    clause = tree.Clause(home.measure.id, raw["article"])
    benefit = build_benefit(raw["benefit"], document, home.compiler.quantities, clause, condition)
    if benefit and benefit.limit and not _supported(raw):
        words = say("limit_counts_projects_and_the_programme")
        document.fault(("benefit", "limit"), words)
    for name in benefit.facts if benefit else ():
        _check_project_fact(name, ("benefit",), raw, document, home.compiler.vocabulary)
    return benefit


def _selection(raw: Mapping[str, Any], document: Document) -> Selection | None:
    """That others choose among those who qualify. Nobody has a right to be chosen."""
    found = raw.get("selection")
    if found is None:
        return None
    if raw["commitment"] == Commitment.ENTITLEMENT:
        document.fault(("selection",), say("whom_others_choose_among_has_no"))
    return Selection(found.get("quota"), Per(found.get("per", Per.UNSTATED)), found.get("text"))


def _examples(
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
    statuses = [s.value for s in Status]
    if raw["status"] not in statuses:
        meant = meant_value(raw["status"], statuses, {s.value: w for s, w in STATUS.items()})
        hint = say("did_you_mean_2", meant=quoted(meant)) if meant else NOTHING
        document.fault(
            (*path, "status"),
            say("is_no_status", status=quoted(raw["status"]), hint=hint),
            statuses,
        )
    check_facts(dict.fromkeys(raw.get("missing", ())), document, (*path, "missing"), vocabulary)
    ceiling = raw.get("ceiling")
    if ceiling is not None and ceiling != UNKNOWN and not isinstance(ceiling, int | Decimal):
        words = say("a_ceiling_is_a_number_or", hint=number_hint(ceiling))
        document.fault((*path, "ceiling"), words)
        ceiling = None
    missing = raw.get("missing")
    return Expectation(
        status=raw["status"], ceiling_unknown=ceiling == UNKNOWN,
        ceiling=Decimal(ceiling) if isinstance(ceiling, int | Decimal) else None,
        at_most=raw.get("at_most"), low=raw.get("low"),
        missing=None if missing is None else tuple(missing),
    )  # fmt: skip
