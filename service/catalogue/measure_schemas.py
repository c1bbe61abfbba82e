"""The shape of a measure's file: its document, articles, windows, caps, and how one applies."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate, validates_schema

from service.catalogue.schema_fields import (
    ADDRESS,
    CURRENCY,
    IDENTIFIER,
    TITLE,
    Among,
    ArticleNumber,
    Bilingual,
    Day,
    Flag,
    MonthDay,
    OneOfKeys,
    Pattern,
    Str,
    Strict,
    invalid,
    one_of,
)
from service.domain.rules.caps import EACH_FOR_ITSELF, Per
from service.domain.rules.measures import Evidence, NumberKind


class WindowSchema(Strict):
    start = Day(data_key="from")
    end = Day(data_key="to")
    inferred = Flag()


class DatedSchema(Strict):
    """What a standard and a points model say of themselves: of which text, in force when."""

    id = Str(required=True)
    name = Bilingual(required=True)
    standard = Str(required=True)
    source = Str(required=True)
    window = fields.Nested(WindowSchema, required=True)
    reviewed_on = Day(required=True)


class NumberSchema(Strict):
    text = Str(required=True)
    kind = Str(required=True, validate=one_of(NumberKind))
    programme = Str()
    note = Bilingual()


class ArticleSchema(Strict):
    number = ArticleNumber(required=True)
    title = Bilingual(required=True, validate=TITLE)
    gist = Bilingual(required=True)
    digest = Str(
        required=True,
        validate=Pattern(r"sha256:[0-9a-f]{64}", "must_be_sha256_and_64_hex"),
    )
    unmatched = Bilingual()
    numbers = fields.List(fields.Nested(NumberSchema))


class OverlapSchema(Strict):
    level = Str(required=True)
    article = ArticleNumber(required=True)
    text = Bilingual(required=True)


class UsualSchema(Strict):
    when = fields.Raw(required=True)
    text = Bilingual(required=True)


# It stands in addresses, in names of columns and on command lines.


class YearlySchema(Strict):
    first = MonthDay(required=True, data_key="from")
    last = MonthDay(required=True, data_key="to")


class ApplicationWindowSchema(Strict):
    start = Day(data_key="from")
    end = Day(data_key="to")
    yearly = fields.Nested(YearlySchema)
    months = fields.Raw()
    days = fields.Raw()
    after = Str()
    category = Str()
    always = fields.Raw()


class ApplicationSchema(Strict):
    url = Str(validate=ADDRESS)
    contact = Bilingual()
    materials = fields.List(Bilingual())
    steps = fields.List(Bilingual())
    windows = fields.List(fields.Nested(ApplicationWindowSchema))
    lead_department = Bilingual()
    source_url = Str(validate=ADDRESS)
    reviewed_on = Day()


_YEARLY_FOR = [*(per.value for per in EACH_FOR_ITSELF), Per.COMPANY.value]


class CapPerField(Str):
    """What a cap is counted for: one thing, or `[event, year]`, a year of each such thing."""

    def read(self, value: Any) -> Any:
        if not isinstance(value, list):
            return super().read(value)
        things = [part for part in value if part != Per.YEAR.value]
        if len(value) != 2 or len(things) != 1 or things[0] not in _YEARLY_FOR:
            raise invalid("per_pair_is_a_year_and_a_thing", names=", ".join(_YEARLY_FOR))
        return (things[0], Per.YEAR.value)


def _cap_per(value: Any) -> None:
    if isinstance(value, str):
        one_of(Per)(value)


class _WorthSchema(OneOfKeys):
    """What a cap comes to: an amount, or a share or a price `of` something."""

    alternatives = frozenset({"amount", "share", "price"})
    fault = "cap_without_amount_share_or_price"
    amount = fields.Raw()
    share = fields.Raw()
    price = fields.Raw()
    of = fields.Raw()

    @validates_schema
    def check_together(self, data: Mapping[str, Any], **_: Any) -> None:
        super().check_together(data)
        if ("amount" in data) == ("of" in data):
            raise invalid("a_share_and_a_price_need")


class CapSchema(_WorthSchema):
    """A cap, what it is counted for, and in which case it binds."""

    per = CapPerField(validate=_cap_per)
    when = fields.Raw()


_SHARED_PER = [Per.COMPANY.value, Per.YEAR.value, Per.PROJECT.value]


class SharedCapSchema(_WorthSchema):
    """A cap on several programmes together: all of the measure, or those that it names."""

    article = ArticleNumber(required=True)
    per = Str(required=True, validate=Among(_SHARED_PER))
    programmes = fields.List(Str(), validate=validate.Length(min=1))
    currency = Str(validate=CURRENCY)


class MeasureSchema(Strict):
    id = Str(required=True, validate=IDENTIFIER)
    number = Str(required=True)
    title = Bilingual(required=True, validate=TITLE)
    issuers = fields.List(Bilingual(), required=True)
    issued_on = Day(required=True)
    reviewed_on = Day(required=True)
    window = fields.Nested(WindowSchema, required=True)
    window_note = Bilingual()
    jurisdiction = Str(required=True)
    evidence = Str(required=True, validate=one_of(Evidence))
    source = Str(required=True)
    decided_by = Bilingual(required=True)
    departments = fields.List(Bilingual(), required=True)
    overlap = fields.Nested(OverlapSchema)
    caps = fields.List(fields.Nested(SharedCapSchema))
    usual_conditions = fields.List(fields.Nested(UsualSchema))
    definitions = fields.Dict(keys=Str(), values=fields.Raw())
    url = Str(validate=ADDRESS)
    application = fields.Nested(ApplicationSchema)
    articles = fields.List(fields.Nested(ArticleSchema), required=True)
