"""The OpenAPI schemas say exactly what is accepted: checked against an independent validator."""

import json
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from hypothesis import given
from hypothesis import strategies as st

from service.domain.facts.vocabulary import Vocabulary
from service.intake.code_values import CodeKind, CodesKind
from service.intake.faults import InvalidValue
from service.intake.json_reader import read_json
from service.intake.number_values import Bounds, DecimalKind, IntegerKind
from service.intake.profiles import ProfileReader
from service.intake.records import describe_field
from service.intake.values import BooleanKind, DateKind, RefKind, TextKind, UsccKind, ValueKind

NUMBERS: dict[str, ValueKind] = {
    "integer": IntegerKind(Bounds(Decimal(0), Decimal(10_000_000))),
    "free integer": IntegerKind(),
    "money": DecimalKind(2, Bounds(Decimal(0)), padded=True),
    "positive money": DecimalKind(2, Bounds(positive=True), padded=True),
    "signed money": DecimalKind(2, padded=True),
    "share": DecimalKind(6, Bounds(Decimal(0))),
}
KINDS: dict[str, ValueKind] = {
    **NUMBERS,
    "text": TextKind(),
    "ref": RefKind(),
    "uscc": UsccKind(),
    "boolean": BooleanKind(),
    "date": DateKind(),
}

AWKWARD = [
    "true", "false", "0", "1", "-1", "12", "1.5", "1.25", "1.255", "0.000001", "0.0000001",
    "-0.01", "10000000", "10000001", "999999999999999", "999999999999999.75", "1000000000000000",
    "-999999999999999", "-1000000000000000", "[]", "{}", '["a"]', '""', '"0"', '"0.00"', '"-0"',
    '"-0.00"', '"00"', '"1"', '"-1"', '"1."', '".1"', '"1.2"', '"1.234"', '"1.1234567"', '"1e5"',
    '"+1"', '" 1"', '"1\\n"', '"999999999999999.99"', '"1000000000000000"', '"１"', '"1_0"',
    '"a"', '"a b"', '"company"', '"companys"', '"a\\n"', '"é"', '"2024-02-29"', '"2023-02-29"',
    '"2024-13-01"', '"20240101"', '"1899-12-31"', '"1900-01-01"', '"2200-12-31"', '"2201-01-01"',
    '"2024-01-01\\n"', '"91110000600037341L"', '"9111-0000 600037341l"', '"91110000600037341"',
    '"9111000O600037341L"', '"9１110000600037341L"', '"A\\tb"',
]  # fmt: skip

printable = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


def accepts(kind: ValueKind, literal: str) -> bool:
    try:
        kind.read(read_json(literal.encode()))
    except InvalidValue:
        return False
    return True


def allows(kind: ValueKind, literal: str) -> bool:
    schema = kind.describe()
    return jsonschema_rs.is_valid(schema, json.loads(literal), validate_formats=True)


@pytest.mark.parametrize("literal", AWKWARD)
@pytest.mark.parametrize("name", KINDS)
def test_the_document_allows_what_is_accepted(name: str, literal: str) -> None:
    """Each kind of value against each awkward literal: allowed exactly when accepted."""
    assert allows(KINDS[name], literal) == accepts(KINDS[name], literal)


@given(
    number=st.decimals(-(10**15) - 5, 10**15 + 5, places=2)
    | st.decimals(-10, 10, places=7)
    | st.integers(),
    name=st.sampled_from(sorted(NUMBERS)),
    quoted=st.booleans(),
)
def test_numbers_are_allowed_exactly_when_accepted(
    number: Decimal | int, name: str, quoted: bool
) -> None:
    """Bounds, places and signs agree between pattern, keywords and reader."""
    literal = f"{number:f}" if isinstance(number, Decimal) else str(number)
    whole = Decimal(literal) == int(Decimal(literal))
    if isinstance(NUMBERS[name], IntegerKind) and "." in literal and whole:
        return  # JSON Schema calls 1.0 an integer; written so, it is refused here
    near_the_limit = 10**15 - 1 < abs(Decimal(number)) < 10**15
    if len(literal) > 60 or (near_the_limit and not quoted):
        return  # the validator works on doubles, which cannot tell this close to the limit
    if quoted:
        literal = f'"{literal}"'
    assert allows(NUMBERS[name], literal) == accepts(NUMBERS[name], literal)


@given(text=printable | st.from_regex(r"[A-C][0-9]{0,5}", fullmatch=True))
def test_codes_are_allowed_exactly_when_accepted(vocabulary: Vocabulary, text: str) -> None:
    """A list that may be continued is a pattern, a closed one an enumeration."""
    for name in ("industries", "kinds"):
        kind = CodeKind(vocabulary.lists[name])
        literal = json.dumps(text, ensure_ascii=False)
        assert allows(kind, literal) == accepts(kind, literal)


def test_lists_of_codes_hold_nothing_twice(vocabulary: Vocabulary) -> None:
    """Repeats are forbidden in the document as they are in fact."""
    kind = CodesKind(CodeKind(vocabulary.lists["fields"]))
    for literal in (
        "[]",
        '["medicine"]',
        '["medicine","medicine"]',
        '["x"]',
        "[null]",
        '"medicine"',
    ):
        assert allows(kind, literal) == accepts(kind, literal)


@pytest.fixture(scope="module")
def components(reader: ProfileReader) -> dict[str, Any]:
    plugin = MarshmallowPlugin()
    spec = APISpec("intake", "1", "3.1.0", plugins=[plugin])
    plugin.converter.add_attribute_function(describe_field)  # type: ignore[union-attr]
    spec.components.schema("Profile", schema=reader.schema)
    found: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    return found


def test_components_have_stable_names(components: dict[str, Any]) -> None:
    """One component for each record, one for each kind of project, one for each long list."""
    assert set(components) == {
        "Profile", "Company", "Certificate", "Award", "Project",
        "ProjectProduct", "ProjectEvent", "ProjectPerson", "ManyCode",
    }  # fmt: skip


def test_fields_carry_words_and_units(components: dict[str, Any]) -> None:
    """Both languages, the unit, and examples stand in the document; this vocabulary's money is of
    no currency, which is XXX in ISO 4217."""
    revenue = components["Company"]["properties"]["revenue"]
    assert "revenue（中文）" in revenue["description"]
    assert revenue["x-unit"] == "XXX"
    assert revenue["examples"]
    assert components["Company"]["additionalProperties"] is False
    assert "enum" not in components["Company"]["properties"]["tags"]["items"]


PROFILES: list[tuple[Any, bool]] = [
    ({}, True),
    ({"company": None, "projects": None, "provenance": None}, True),
    ({"company": {"kind": None, "tags": ["m1"], "industry": None}}, True),
    ({"company": {"tags": ["x"]}}, False),
    ({"company": {"x": 1}}, False),
    ({"x": 1}, False),
    ({"projects": [None]}, False),
    ({"projects": [{"ref": "a", "kind": "product", "contract_amount": "1"}]}, True),
    ({"projects": [{"ref": "a", "kind": "event", "contract_amount": "1"}]}, False),
    ({"projects": [{"ref": "a", "kind": "event", "contract_amount": None}]}, False),
    ({"projects": [{"ref": "a", "kind": "party"}]}, False),
    ({"projects": [{"ref": "a"}]}, False),
    ({"projects": [{"kind": "event"}]}, False),
    ({"company": {"certificates": [None]}}, False),
    ({"company": {"certificates": [{"category": "high_tech", "number": None}]}}, True),
    ({"company": {"certificates": [{"category": None}]}}, False),
    ({"company": {"name": "a"}, "provenance": {"company.name": "declared"}}, True),
    ({"company": {"name": "a"}, "provenance": {"company.name": None}}, True),
    ({"company": {"name": "a"}, "provenance": {"company.name": "x"}}, False),
    ({"company": {"name": "a"}, "provenance": {"company.x": "declared"}}, False),
    ([], False),
    (None, False),
]


@pytest.mark.parametrize(("raw", "sound"), PROFILES)
def test_the_document_and_the_reader_agree_on_whole_profiles(
    components: dict[str, Any], reader: ProfileReader, raw: Any, sound: bool
) -> None:
    """Records, kinds of project, nulls and provenance: the same in both readings."""
    document = {"$ref": "#/components/schemas/Profile", "components": {"schemas": components}}
    assert jsonschema_rs.is_valid(document, raw, validate_formats=True) is sound
    try:
        reader.schema.read(raw)
    except InvalidValue:
        accepted = False
    else:
        accepted = True
    assert accepted is sound
