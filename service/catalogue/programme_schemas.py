"""The shape of a programme's file: conditions, money, selection, examples."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from marshmallow import fields, validate, validates_schema

from service.catalogue.measure_schemas import ApplicationSchema, CapSchema, WindowSchema
from service.catalogue.schema_fields import (
    CURRENCY,
    IDENTIFIER,
    NAME,
    TITLE,
    Among,
    ArticleNumber,
    Bilingual,
    Day,
    Exact,
    Flag,
    OneOfKeys,
    OneOrMore,
    Str,
    Strict,
    Value,
    at_least_one,
    invalid,
    one_of,
)
from service.domain.rules.caps import AddsUp, Per
from service.domain.rules.conditions import Basis
from service.domain.rules.instalments import Instalment
from service.domain.rules.paid_over_time import Period
from service.domain.rules.programmes import Commitment
from service.domain.rules.rounding import Direction


class UpliftSchema(OneOfKeys):
    """More where a condition holds: money, points of the rate, or a share of the amount."""

    alternatives = frozenset({"amount", "points", "share"})
    fault = "an_uplift_has_an_amount_points"
    when = fields.Raw(required=True)
    amount = fields.Raw()
    points = fields.Raw()
    share = fields.Raw()


class ShareField(Value[Fraction]):
    """A share of the whole, such as 0.80 or {ratio: [2, 3]}."""

    def read(self, value: Any) -> Fraction:
        return share_of_whole(value)


class SharesField(Value[Any]):
    """The shares of the first year, the second and so on; or cases, each of which has such."""

    def read(self, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        shares = fields.List(ShareField(), validate=validate.Length(min=2))
        return shares.deserialize(value)


# The keys that say in what it is counted how long something is paid.
DURATIONS = {"years": Period.YEAR, "quarters": Period.QUARTER, "months": Period.MONTH}


class DurationSchema(Strict):
    years = fields.Raw()
    quarters = fields.Raw()
    months = fields.Raw()
    at_most = Exact()
    amount_per = Str(validate=one_of(Period))
    shares = SharesField()

    @validates_schema
    def _one_of_two(self, data: Mapping[str, Any], **_: Any) -> None:
        counted = data.keys() & DURATIONS.keys()
        if len(counted) > 1 or not (counted or "shares" in data):
            raise invalid("over_needs_years_or_months")


class InstalmentField(Value[Instalment]):
    """A share of the whole, such as 0.30 or {ratio: [1, 3]}, or {share: 0.30, when: {zh: …, en:
    …}}."""

    def read(self, value: Any) -> Instalment:
        share, when = value, None
        if isinstance(value, dict) and value.keys() != {"ratio"}:
            if value.keys() != {"share", "when"}:
                raise invalid("must_be_a_share_or_a_case")
            share, when = value["share"], Bilingual().deserialize(value["when"])
        return Instalment(share_of_whole(share), when)


def _number(value: Any) -> Fraction:
    found = Exact().deserialize(value)
    assert found is not None
    return Fraction(found)


def share_of_whole(value: Any) -> Fraction:
    """A share as a number, or as a ratio of two: a third has no end as a decimal."""
    if not isinstance(value, dict):
        return _number(value)
    parts = value.get("ratio")
    if value.keys() != {"ratio"} or not isinstance(parts, list) or len(parts) != 2:
        raise invalid("must_be_a_share_or_ratio")
    part, whole = map(_number, parts)
    if not 0 < part <= whole:
        raise invalid("ratio_of_part_and_whole")
    return part / whole


_LIMIT_PER = [Per.YEAR.value, Per.PROGRAMME.value]


class RoundingField(Value[Any]):
    """How an amount is rounded: `nearest`, or {how: nearest, to: 100}."""

    def read(self, value: Any) -> Any:
        how = value.get("how") if isinstance(value, dict) else value
        known = [direction.value for direction in Direction]
        if how not in known or (isinstance(value, dict) and not value.keys() <= {"how", "to"}):
            raise invalid("rounding_is_unknown", names=", ".join(known))
        return value


class LimitSchema(Strict):
    """How many of a company's projects are supported: in a year, or in the programme's life."""

    count = fields.Integer(required=True, strict=True, validate=at_least_one)
    per = Str(required=True, validate=Among(_LIMIT_PER))


class BenefitSchema(Strict):
    amount = fields.Raw()
    rate = fields.Raw()
    price = fields.Raw()
    of = fields.Raw()
    times = fields.List(fields.Raw())
    cap = fields.Raw()
    caps = fields.List(fields.Nested(CapSchema))
    floor = fields.Raw()
    minimum = fields.Raw()
    less = fields.Raw()
    plus = fields.List(fields.Nested(UpliftSchema))
    over = fields.Nested(DurationSchema)
    instalments = fields.List(InstalmentField())
    per = Str(required=True, validate=one_of(Per))
    per_basis = Str(validate=one_of(Basis))
    adds_up = Str(validate=one_of(AddsUp))
    round = RoundingField()
    limit = fields.Nested(LimitSchema)
    repayable = Flag()
    currency = Str(validate=CURRENCY)
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
    project = Str(validate=Among(["none"]))
    expect = fields.Nested(ExpectationSchema, required=True)


_QUOTA_PER = [Per.YEAR.value, Per.PROGRAMME.value, Per.UNSTATED.value]


class SelectionSchema(Strict):
    """The key `selection`: others choose among those who qualify, by a quota or by a text."""

    quota = fields.Raw()
    per = Str(validate=Among(_QUOTA_PER))
    text = Bilingual()

    @validates_schema
    def _says_something(self, data: Mapping[str, Any], **_: Any) -> None:
        quota = data.get("quota", 1)
        if isinstance(quota, bool) or not isinstance(quota, int) or quota < 1:
            raise invalid("a_quota_is_a_whole_number")
        if not data.keys() & {"quota", "text"}:
            raise invalid("selection_without_quota_or_text")


class ProgrammeSchema(Strict):
    id = Str(required=True, validate=IDENTIFIER)
    name = Bilingual(required=True, validate=NAME)
    summary = Bilingual(required=True, validate=TITLE)
    article = ArticleNumber(required=True)
    instrument = Str(required=True)
    commitment = Str(required=True, validate=one_of(Commitment))
    supports = OneOrMore()
    kinds = fields.List(Str(), required=True, validate=validate.Length(min=1))
    kinds_open = fields.List(Str())
    kinds_excluded = fields.List(Str())
    excludes = fields.List(Str())
    selection = fields.Nested(SelectionSchema)
    others_judge = Bilingual()
    kinds_basis = Str(validate=one_of(Basis))
    fields_ = fields.List(Str(), data_key="fields")
    conditions = fields.Raw()
    benefit = fields.Nested(BenefitSchema)
    purpose = Str()
    decided_by = Bilingual()
    decided_by_is_kind = fields.Bool()
    departments = fields.List(Bilingual())
    window = fields.Nested(WindowSchema)
    jurisdiction = Str()
    parameters = fields.Dict(keys=Str(), values=Str())
    notes = fields.List(Bilingual())
    application = fields.Nested(ApplicationSchema)
    given = fields.Dict(keys=Str())
    examples = fields.List(fields.Nested(ExampleSchema), required=True)
