"""The pieces that several answers are made of."""

from collections.abc import Container
from copy import copy
from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate

from service.domain.rules.amounts import AddsUp, Per
from service.domain.rules.catalogue import Commitment, Evidence
from service.domain.rules.conditions import Basis, Connective

MONEY = r"^-?[0-9]+\.[0-9]{2}$"
DIGEST = r"^sha256:[0-9a-f]{64}$"


def string(**options: Any) -> fields.String:
    return fields.String(required=True, **options)


def one_of(values: Any, **options: Any) -> fields.String:
    return fields.String(
        required=True, validate=validate.OneOf([str(v) for v in values]), **options
    )


def money(**options: Any) -> fields.String:
    """Yuan, two places, as text."""
    return fields.String(
        required=True,
        allow_none=True,
        metadata={"pattern": MONEY, "examples": ["18000000.00"], **options},
    )


def day(**options: Any) -> fields.Date:
    return fields.Date(required=True, **options)


def flag(**options: Any) -> fields.Boolean:
    return fields.Boolean(required=True, **options)


def count() -> fields.Integer:
    return fields.Integer(required=True, metadata={"minimum": 0})


def strings() -> fields.List[Any]:
    return fields.List(fields.String(), required=True)


def one(schema: Any, **options: Any) -> fields.Nested:
    return fields.Nested(schema, required=True, **options)


def many(schema: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True)


def version() -> fields.String:
    return string(metadata={"pattern": DIGEST, "description": "Digest of the catalogue's files"})


def in_part(schema: type[Schema], name: str, always: Container[str], **other: Any) -> type[Schema]:
    """A schema of which only some fields are always there; `other` fields take the place of its
    own."""
    parts = {key: copy(field) for key, field in schema._declared_fields.items()} | other  # noqa: SLF001
    for key, field in parts.items():
        field.required = key in always
    found = type(name, (Answer,), parts)
    found.__doc__ = schema.__doc__
    return found


class Answer(Schema):
    """What is answered may grow: a client passes over keys it does not know."""

    class Meta:
        unknown = INCLUDE


class BilingualSchema(Answer):
    """A text in both languages, or in the one that a request asks for."""

    zh = fields.String()
    en = fields.String()


class ClauseSchema(Answer):
    """Where it is written: a measure and one of its articles, by number or name."""

    measure = string()
    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})


class CitedClauseSchema(ClauseSchema):
    gist = one(BilingualSchema, allow_none=True)


class ProgrammeCardSchema(Answer):
    """A programme in short."""

    id = string()
    name = one(BilingualSchema)
    summary = one(BilingualSchema)
    instrument = string()
    measure = string()
    jurisdiction = string()
    commitment = one_of(Commitment)
    evidence = one_of(Evidence)
    supports = string(
        allow_none=True, metadata={"description": "The first of `supported_kinds`, or null"}
    )
    supported_kinds = strings()
    valid_from = day(allow_none=True)
    valid_to = day(allow_none=True)
    window_inferred = flag()


class MoneyRangeSchema(Answer):
    """An amount, or the ends that enclose it."""

    amount = money()
    low = money()
    high = money()


class CapSchema(Answer):
    """What is not exceeded: a figure where it is the same for everybody, what it is counted for."""

    amount = money()
    per = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([*(str(p) for p in Per), None])
    )
    text = one(BilingualSchema)


class CeilingSchema(MoneyRangeSchema):
    """The upper bound of an amount; never an expectation. Money is text, in `currency`. `per_year`:
    of what is paid over time what one year comes to. `repayable` money is in no total."""

    per_year = one(MoneyRangeSchema, allow_none=True)
    rate = string(allow_none=True)
    rate_low = string(allow_none=True)
    cap = money()
    per = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([*(str(p) for p in Per), None])
    )
    per_basis = one_of(Basis)
    adds_up = one_of(AddsUp)
    one_off = flag(allow_none=True)
    caps = many(CapSchema)
    instalments = fields.List(string(), required=True)
    repayable = flag()
    currency = string()
    formula = one(BilingualSchema)


class RuleSchema(Answer):
    """A condition as written, without any profile. `gate` says how children are taken together."""

    gate = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*(str(g) for g in Connective), None]),
    )
    text = one(BilingualSchema)
    basis = one_of(Basis)
    clause = one(ClauseSchema)
    facts = strings()
    required = string(allow_none=True)
