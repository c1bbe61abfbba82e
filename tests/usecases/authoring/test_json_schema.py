"""The schema of policy files fits ours, and knows facts and codes by name."""

import json
from collections.abc import Mapping
from functools import cache

import pytest
import yaml
from jsonschema_rs import Draft202012Validator

from service.catalogue.file_kinds import MEASURE, is_programme, name_of
from service.catalogue.loader import load_words
from service.catalogue.named_standards import named_standards
from service.catalogue.source import Source, read_source
from service.rendering.json_parts import Json
from service.settings import PROJECT
from service.usecases.authoring.json_schema import policy_schema
from tests.catalogue.test_loader import good
from tests.own import own_source
from tests.usecases.authoring.isles import SOLAR

PROVISIONS = "tests/usecases/authoring/provisions"
FOLDERS = ("conformance/catalogue", f"{PROVISIONS}/policies", f"{PROVISIONS}/abroad",
           f"{PROVISIONS}/delta", f"{PROVISIONS}/epsilon")  # fmt: skip


def schema_of(source: Source) -> Json:
    """As an editor reads it."""
    vocabulary, _ = load_words(source)
    written: Json = json.loads(
        json.dumps(policy_schema(vocabulary, named_standards(source, vocabulary)))
    )
    return written


@cache
def own_schema() -> Json:
    return schema_of(own_source())


def plain(content: bytes) -> object:
    return json.loads(json.dumps(yaml.safe_load(content), default=str))


def test_every_policy_file_of_ours_fits_the_schema() -> None:
    """An editor underlines nothing in a file that lint accepts."""
    checker = Draft202012Validator(own_schema())
    source: Mapping[str, bytes] = own_source()
    files = [p for p in source if p.count("/") == 3 and p.endswith(".yaml")]
    assert len(files) > 100
    for path in files:
        faults = [e.message for e in checker.iter_errors(plain(source[path]))]
        assert faults == [], path
        named = "# yaml-language-server: $schema=../../policy.schema.json"
        assert source[path].decode().splitlines()[0] == named, path


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_what_other_catalogues_write_fits_theirs(folder: str) -> None:
    """Every construct of the language stands in one of them, in conditions and in money."""
    source = read_source(PROJECT / folder, (PROJECT / folder).parent)
    checker = Draft202012Validator(schema_of(source))
    files = [p for p in source if is_programme(p) or name_of(p) == MEASURE]
    assert len(files) > 10
    for path in files:
        assert [e.message for e in checker.iter_errors(plain(source[path]))] == [], path


def test_the_schema_beside_our_files_is_the_present_one() -> None:
    """Made by `huice policies schema > policies/policy.schema.json`."""
    written = json.loads((PROJECT / "policies" / "policy.schema.json").read_bytes())
    assert written == own_schema()


def test_the_schema_knows_the_codes_and_what_they_are_called() -> None:
    """A misspelt kind is underlined; a code shows its names."""
    checker = Draft202012Validator(schema_of(good()))
    text = good()[SOLAR].replace(b"kinds: [firm]", b"kinds: [frim]")
    assert list(checker.iter_errors(plain(text)))
    assert not list(checker.iter_errors(plain(good()[SOLAR])))
    kinds = own_schema()["$defs"]["list-kinds"]["anyOf"]
    assert kinds[0]["title"] == "企业 · Enterprise"


@pytest.mark.parametrize(
    ("part", "written", "name"),
    [
        ("condition", "{meets: NAME}", "high-tech-enterprise-2016"),
        ("condition", "{size: [micro, NAME]}", "small"),
        ("condition", "{points: NAME, at_least: 60}", "technology-sme-115"),
        ("condition", "{recognised: NAME}", "ecosystem_leader"),
        ("condition", "{had: {purpose: above_scale, level: NAME}}", "municipal"),
        ("condition", "{fact: company.revenue, at_least: {sum: [1, NAME]}}", "company.rnd_expense"),
        ("quantity", "{product: [0.5, {parameter: NAME, own: project.lpr}, 100]}", "lpr_1y"),
        ("quantity", "{cases: [{when: {size: NAME}, then: 5}], otherwise: 3}", "micro"),
        ("quantity", "{by: company.kind, values: {points: 5}, otherwise: NAME}", "company.revenue"),
        ("quantity", "{product: [2, {award_amounts: {level: NAME}}]}", "municipal"),
    ],
)
def test_what_stands_elsewhere_is_known_by_name(part: str, written: str, name: str) -> None:
    """A public figure, a points model, a standard, a size class, a fact and support had: each is
    completed where it is named, and underlined where it is misspelt."""
    schema = own_schema()
    rule = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": f"#/$defs/{part}"}
    checker = Draft202012Validator(rule)
    assert checker.is_valid(yaml.safe_load(written.replace("NAME", name)))
    assert not checker.is_valid(yaml.safe_load(written.replace("NAME", f"{name}x")))
