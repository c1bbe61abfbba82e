"""The shape of a programme's file: conditions, money, selection, examples."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from service.catalogue.measure_schemas import ApplicationSchema, CapSchema, WindowSchema
from service.catalogue.schema_fields import (
    IDENTIFIER,
    ArticleNumber,
    Bilingual,
    Day,
    Exact,
    Flag,
    OneOrMore,
    Str,
    Strict,
    one_of,
)
from service.domain.rules.amounts import AddsUp, Instalment, Per, Period
from service.domain.rules.catalogue import Commitment
from service.domain.rules.conditions import Basis


class UpliftSchema(Strict):
    """More where a condition holds: money, points of the rate, or a share of the amount."""

    when = fields.Raw(required=True)
    amount = fields.Raw()
    points = fields.Raw()
    share = fields.Raw()

    @validates_schema
    def _one_of_three(self, data: Mapping[str, Any], **_: Any) -> None:
        if len(data.keys() & {"amount", "points", "share"}) != 1:
            raise ValidationError("an uplift has an amount, points or a share, one of them")


class DurationSchema(Strict):
    years = fields.Raw()
    months = fields.Raw()
    at_most = Exact()
    amount_per = Str(validate=one_of(Period))

    @validates_schema
    def _one_of_two(self, data: Mapping[str, Any], **_: Any) -> None:
        if ("years" in data) == ("months" in data):
            raise ValidationError("over has years or months, one of them")


class InstalmentField(fields.Field[Instalment]):
    """A share of the whole, such as 0.30 or {ratio: [1, 3]}, or {share: 0.30, when: {zh: …, en:
    …}}."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Instalment:
        share, when = value, None
        if isinstance(value, dict) and value.keys() != {"ratio"}:
            if value.keys() != {"share", "when"}:
                raise ValidationError("must be a share, or {share: …, when: {…}}")
            share, when = value["share"], Bilingual().deserialize(value["when"])
        return Instalment(_share_of_whole(share), when)


def _number(value: Any) -> Fraction:
    found = Exact().deserialize(value)
    assert found is not None
    return Fraction(found)


def _share_of_whole(value: Any) -> Fraction:
    """A share as a number, or as a ratio of two: a third has no end as a decimal."""
    if not isinstance(value, dict):
        return _number(value)
    parts = value.get("ratio")
    if value.keys() != {"ratio"} or not isinstance(parts, list) or len(parts) != 2:
        raise ValidationError("must be a share such as 0.30 or {ratio: [1, 3]}")
    part, whole = map(_number, parts)
    if not 0 < part <= whole:
        raise ValidationError("a ratio of the whole is {ratio: [part, whole]}, such as [1, 3]")
    return part / whole


_CURRENCY = validate.Regexp("[A-Z]{3}$", error="must be a code of ISO 4217 such as EUR")


_LIMIT_PER = [Per.YEAR.value, Per.PROGRAMME.value]


class LimitSchema(Strict):
    """How many of a company's projects are supported: in a year, or in the programme's life."""

    count = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    per = Str(required=True, validate=validate.OneOf(_LIMIT_PER, error="must be one of: {choices}"))


class BenefitSchema(Strict):
    amount = fields.Raw()
    rate = fields.Raw()
    price = fields.Raw()
    of = fields.Raw()
    times = fields.List(fields.Raw())
    cap = fields.Raw()
    caps = fields.List(fields.Nested(CapSchema))
    floor = fields.Raw()
    less = fields.Raw()
    plus = fields.List(fields.Nested(UpliftSchema))
    over = fields.Nested(DurationSchema)
    instalments = fields.List(InstalmentField())
    per = Str(required=True, validate=one_of(Per))
    per_basis = Str(validate=one_of(Basis))
    adds_up = Str(validate=one_of(AddsUp))
    limit = fields.Nested(LimitSchema)
    repayable = Flag()
    currency = Str(validate=_CURRENCY)
    one_off = Flag()
    text = Bilingual()


class ExpectationSchema(Strict):
    status = Str(required=True)
    ceiling = fields.Raw()
    at_most = Exact()
    low = Exact()
    missing = fields.List(Str())


class ExampleSchema(Strict):
    say = Str()
    given = fields.Dict(keys=Str())
    changes = fields.Dict(keys=Str(), data_key="with")
    as_of = Day()
    project = Str(validate=validate.OneOf(["none"], error="must be one of: {choices}"))
    expect = fields.Nested(ExpectationSchema, required=True)


_QUOTA_PER = [Per.YEAR.value, Per.PROGRAMME.value, Per.UNSTATED.value]


class SelectionSchema(Strict):
    """That others choose among those who qualify."""

    quota = fields.Raw()
    per = Str(validate=validate.OneOf(_QUOTA_PER, error="must be one of: {choices}"))
    text = Bilingual()

    @validates_schema
    def _says_something(self, data: Mapping[str, Any], **_: Any) -> None:
        quota = data.get("quota", 1)
        if isinstance(quota, bool) or not isinstance(quota, int) or quota < 1:
            raise ValidationError("a quota is a whole number, at least 1")
        if not data.keys() & {"quota", "text"}:
            raise ValidationError("a selection has a quota, or a text that says how, or both")


class ProgrammeSchema(Strict):
    id = Str(required=True, validate=IDENTIFIER)
    name = Bilingual(required=True)
    summary = Bilingual(required=True)
    article = ArticleNumber(required=True)
    instrument = Str(required=True)
    commitment = Str(required=True, validate=one_of(Commitment))
    supports = OneOrMore()
    kinds = fields.List(Str(), required=True, validate=validate.Length(min=1))
    kinds_open = fields.List(Str())
    kinds_excluded = fields.List(Str())
    excludes = fields.List(Str())
    selection = fields.Nested(SelectionSchema)
    kinds_basis = Str(validate=one_of(Basis))
    fields_ = fields.List(Str(), data_key="fields")
    conditions = fields.Raw()
    benefit = fields.Nested(BenefitSchema)
    purpose = Str()
    decided_by = Bilingual()
    departments = fields.List(Bilingual())
    window = fields.Nested(WindowSchema)
    jurisdiction = Str()
    parameters = fields.Dict(keys=Str(), values=Str())
    notes = fields.List(Bilingual())
    application = fields.Nested(ApplicationSchema)
    given = fields.Dict(keys=Str())
    examples = fields.List(fields.Nested(ExampleSchema), required=True)
