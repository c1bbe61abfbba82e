"""Which key goes with which type of fact: every pair is refused in one form of words, or is held
alike by all readings; the handbook and the schema say the same."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import duckdb
import pytest
import yaml
import z3
from jsonschema_rs import Draft202012Validator

from service.bulk.sql import SqlTranslator
from service.catalogue.loader import load_catalogue
from service.catalogue.operator_keys import COMPARED, EVERY_KEY, KEYS, ONE_VALUE
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.evaluator import Status, evaluate_condition
from service.domain.facts.profile import company_subject
from service.domain.facts.vocabulary import FactType
from service.domain.index.status_index import evaluate_readings
from service.domain.rules.conditions import facts_of
from service.proof.formula import Translator
from service.proof.prover import truth_in
from service.proof.space import Space
from service.settings import PROJECT
from service.usecases.authoring.json_schema import policy_schema
from tests.bulk.companies import table
from tests.catalogue.diagnosing import diagnose
from tests.docs.pages import read
from tests.domain.sample import DAY

_TEXTS = "label: {zh: a, en: a}, question: {zh: a, en: a}, help: {zh: a, en: a}"
# A fact of each type, with something that it may be asked, by how it is asked.
FACTS = {
    "company.motto": FactType.TEXT, "company.number": FactType.IDENTIFIER,
    "company.listed": FactType.BOOLEAN, "company.staff": FactType.INTEGER,
    "company.area": FactType.NUMBER, "company.revenue": FactType.MONEY,
    "company.founded_on": FactType.DATE, "company.region": FactType.CODE,
    "company.fields": FactType.CODES, "company.kind": FactType.CODES,
    "company.certificates": FactType.CERTIFICATES, "company.awards": FactType.AWARDS,
    "company.projects": FactType.PROJECTS,
}  # fmt: skip
PLAIN: dict[FactType, list[object]] = {
    FactType.TEXT: ["light"], FactType.IDENTIFIER: ["light"], FactType.BOOLEAN: [True],
    FactType.INTEGER: [5], FactType.NUMBER: [5], FactType.MONEY: [5],
    FactType.DATE: [DAY, {"years": 5}], FactType.CODE: ["north"],
    FactType.CODES: ["solar", "firm"], FactType.CERTIFICATES: ["guild"],
    FactType.AWARDS: ["wages"], FactType.PROJECTS: ["plant"],
}  # fmt: skip
OTHERS: list[object] = ["company.revenue", "company.founded_on"]


@cache
def source() -> Mapping[str, bytes]:
    """The portable catalogue's measure and vocabulary, with facts of the types that it lacks."""
    found = read_source(PROJECT / "conformance" / "catalogue", PROJECT / "seeds")
    words = found["policies/vocabulary.yaml"].decode()
    more = f"""
facts:
  company.motto: {{type: text, {_TEXTS}}}
  company.number: {{type: identifier, {_TEXTS}}}
"""
    words = words.replace("\nfacts:\n", more)
    measure = found["policies/atlas/measure.yaml"].decode()
    measure = re.sub(r"(?m)^caps:\n(  .*\n)+", "", measure)
    kept = {p: c for p, c in found.items() if p.startswith(("seeds/", "policies/parameters/"))}
    return {**kept, "policies/vocabulary.yaml": words.encode(),
            "policies/atlas/measure.yaml": measure.encode()}  # fmt: skip


def programme(number: int, condition: object) -> bytes:
    asked = json.dumps(condition, default=str)
    for day in re.findall(r'"(\d{4}-\d\d-\d\d)"', asked):
        asked = asked.replace(f'"{day}"', day)
    return f"""\
id: pair-{number}
name: {{zh: 规则, en: rule}}
summary: {{zh: 规则, en: rule}}
article: 1
instrument: grant
commitment: support
kinds: [firm]
conditions: {asked}
examples: [{{expect: {{status: undetermined}}}}]
""".encode()


def values(fact: str, key: str) -> Iterator[object]:
    """What may stand beside a key: a value of the type, a list, two ends where it may fit; other
    quantities."""
    for value in PLAIN[FACTS[fact]]:
        yield from (value, [value]) if fits(fact, key) else (value,)
    if key == "between":
        yield [DAY, DAY]
    yield from OTHERS if FACTS[fact] in COMPARED else OTHERS[:1]


def files() -> Iterator[tuple[str, str, str, bytes]]:
    """A programme for every fact, key and value: its path, what it asks, its bytes."""
    number = 0
    for fact in FACTS:
        for key in sorted(EVERY_KEY):
            for value in values(fact, key):
                number += 1
                content = programme(number, {"fact": fact, key: value})
                yield f"policies/atlas/pair-{number}.yaml", fact, key, content


@cache
def pairs() -> tuple[dict[tuple[str, str], list[str]], dict[str, bytes]]:
    """What is said of each pair where it is refused, by fact and key; the files that load."""
    made = list(files())
    refused: dict[str, str] = {}
    for fault in diagnose({**source(), **{path: content for path, _, _, content in made}}):
        refused.setdefault(fault.file, fault.message.en)
        assert fault.line > 1, fault
    said: dict[tuple[str, str], list[str]] = {}
    for path, fact, key, _ in made:
        said.setdefault((fact, key), []).append(refused.get(path, ""))
    return said, {path: content for path, _, _, content in made if path not in refused}


def fits(fact: str, key: str) -> bool:
    kind = FACTS[fact]
    never_empty = fact == "company.kind" and key in ONE_VALUE
    return key in KEYS[kind] or never_empty


def test_every_type_has_its_keys() -> None:
    """A new type of fact cannot be forgotten."""
    assert KEYS.keys() == set(FactType) == set(FACTS.values())


def test_a_key_that_does_not_go_with_a_type_is_refused_in_one_form_of_words() -> None:
    """By file and line, whatever stands beside it; where it goes something may be asked."""
    said, _ = pairs()
    for (fact, key), words in said.items():
        kind = FACTS[fact]
        if fits(fact, key):
            assert "" in words, (fact, key, words)
        elif key in COMPARED.get(kind, ()):
            plain = words[: -len(OTHERS)]  # beside a quantity it may stand
            assert set(plain) == {not_with(fact, key)}, (fact, key, plain)
        else:
            assert set(words) == {not_with(fact, key)}, (fact, key, words)


def not_with(fact: str, key: str) -> str:
    return f"'{key}' does not go with {fact}, which is of type {FACTS[fact].value}"


@cache
def accepted() -> CompiledCatalogue:
    compiled = CompiledCatalogue(load_catalogue({**source(), **pairs()[1]}))
    compiled.compile()
    return compiled


PROFILES: list[dict[str, Any]] = [
    {},
    {"company": {"kind": ["firm"], "motto": "light", "listed": True, "staff": 5, "area": 5,
                 "revenue": 5, "founded_on": "2020-01-01", "region": "north", "fields": ["solar"],
                 "certificates": [{"category": "guild", "issued_on": "2025-01-01",
                                   "expires_on": "2099-01-01"}]}},
    {"company": {"kind": ["firm"], "motto": "dark", "listed": False, "staff": 6, "area": 7,
                 "revenue": 8, "founded_on": "2099-01-01", "region": "south", "fields": [],
                 "certificates": []}},
]  # fmt: skip


@pytest.mark.parametrize("raw", PROFILES, ids=["nothing stated", "as asked", "otherwise"])
def test_what_goes_together_is_held_alike_by_all_readings(raw: dict[str, Any]) -> None:
    """Evaluator, index, formula and SQL, for every pair that loads."""
    compiled = accepted()
    catalogue, index = compiled.catalogue, compiled.index
    profile, _ = compiled.reader.read(raw, "")
    subject = company_subject(profile)
    programmes = catalogue.programmes.values()
    readings = index.truths_of(profile, DAY)
    found = evaluate_readings(index, catalogue, profile, readings, DAY, frozenset(Status))
    indexed = {m.programme.id: m.finding.truth for m in found.matches}
    space = Space(catalogue.vocabulary, [p.condition for p in programmes])
    given = table(catalogue, [dict(profile.company)])
    sql = SqlTranslator(catalogue.vocabulary, DAY, frozenset(given.schema.names))
    with duckdb.connect() as connection:
        connection.register("companies", given)
        asked = ", ".join(sql.truth(p) for p in programmes)
        row = connection.execute(f"SELECT {asked} FROM companies").fetchone()
    for held, programme_ in zip(row or (), programmes, strict=True):
        truth = evaluate_condition(programme_.condition, subject, DAY).truth
        assert indexed[programme_.id] is truth
        assert {None: "UNKNOWN", True: "TRUE", False: "FALSE"}[held] == truth.name
    solver = z3.Solver()
    solver.add(
        *space.as_stated(subject, {f for p in programmes for f in facts_of(p.condition)}, DAY)
    )
    assert solver.check() == z3.sat
    model, translator = solver.model(), Translator(space, DAY)
    for programme_ in programmes:
        truth = truth_in(model, translator.node(programme_.condition))
        assert truth is indexed[programme_.id], programme_.id


def test_an_editor_underlines_what_lint_refuses() -> None:
    """The schema knows which key goes with which fact."""
    words = accepted().catalogue.vocabulary
    schema = policy_schema(words, {"parameter": {}, "points": {}, "meets": {}, "size": {}})
    checker = Draft202012Validator(
        {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": "#/$defs/condition"}
    )
    said, loaded = pairs()
    wrong = [
        (fact, key)
        for fact, key in said
        if not fits(fact, key) and key not in COMPARED.get(FACTS[fact], ())
        if checker.is_valid({"fact": fact, key: "anything"})
    ]
    assert wrong == []
    for path, content in loaded.items():
        condition = yaml.safe_load(content)["conditions"]
        plain = yaml.safe_load(re.sub(r"\d{4}-\d\d-\d\d", "'day'", yaml.safe_dump(condition)))
        assert [e.message for e in checker.iter_errors(plain)] == [], path


@pytest.mark.parametrize("name", ["docs/rule-language.md", "docs/rule-language.zh-CN.md"])
def test_the_handbook_has_the_same_table(name: str) -> None:
    """A row for each type, its keys as code."""
    page = read(name)
    rows = re.findall(r"(?m)^\| `(\w+)` \| (.*?) \|$", page[page.index("| `identifier` |") - 99 :])
    told: dict[str, set[str]] = {}
    for kind, keys in rows[: len(KEYS)]:
        told[kind] = set(re.findall(r"`(\w+)`", keys))
    assert told == {kind.value: set(keys) for kind, keys in KEYS.items()}
