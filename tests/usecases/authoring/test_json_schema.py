"""The schema of policy files fits ours, and knows facts and codes by name."""

import json
from collections.abc import Mapping

import yaml
from jsonschema_rs import Draft202012Validator

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.settings import PROJECT
from service.usecases.authoring.json_schema import policy_schema
from tests.catalogue.test_loader import good
from tests.own import own_source
from tests.usecases.authoring.isles import SOLAR, isles


def validator(vocabulary_of: CompiledCatalogue) -> Draft202012Validator:
    schema = json.loads(json.dumps(policy_schema(vocabulary_of.catalogue.vocabulary)))
    return Draft202012Validator(schema)


def plain(content: bytes) -> object:
    return json.loads(json.dumps(yaml.safe_load(content), default=str))


def test_every_policy_file_of_ours_fits_the_schema(ours: CompiledCatalogue) -> None:
    """An editor underlines nothing in a file that lint accepts."""
    checker = validator(ours)
    source: Mapping[str, bytes] = own_source()
    files = [p for p in source if p.count("/") == 3 and p.endswith(".yaml")]
    assert len(files) > 100
    for path in files:
        faults = [e.message for e in checker.iter_errors(plain(source[path]))]
        assert faults == [], path
        named = "# yaml-language-server: $schema=../../policy.schema.json"
        assert source[path].decode().splitlines()[0] == named, path


def test_the_schema_beside_our_files_is_the_present_one(ours: CompiledCatalogue) -> None:
    """Made by `huice policies schema > policies/policy.schema.json`."""
    written = json.loads((PROJECT / "policies" / "policy.schema.json").read_bytes())
    assert written == json.loads(json.dumps(policy_schema(ours.catalogue.vocabulary)))


def test_the_schema_knows_the_codes_and_what_they_are_called(ours: CompiledCatalogue) -> None:
    """A misspelt kind is underlined; a code shows its names."""
    text = good()[SOLAR].replace(b"kinds: [firm]", b"kinds: [frim]")
    assert list(validator(isles()).iter_errors(plain(text)))
    assert not list(validator(isles()).iter_errors(plain(good()[SOLAR])))
    kinds = policy_schema(ours.catalogue.vocabulary)["$defs"]["list-kinds"]["anyOf"]
    assert kinds[0]["title"] == "企业 · Enterprise"
