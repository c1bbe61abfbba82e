"""The pieces that several answers are made of."""

from marshmallow import fields

from service.api.schemas import shape
from service.api.schemas.shape import Answer
from service.domain.rules.caps import AddsUp, Per
from service.domain.rules.conditions import Basis, Connective
from service.domain.rules.measures import Evidence
from service.domain.rules.programmes import Commitment


class BilingualSchema(Answer):
    """A text in both languages, or in the one that a request asks for."""

    zh = fields.String()
    en = fields.String()


class LabelledFactSchema(Answer):
    """A fact by its id, with its name."""

    fact = shape.string()
    label = shape.one(BilingualSchema)


class ClauseSchema(Answer):
    """Where it is written: a measure and one of its articles, by number or name."""

    measure = shape.string()
    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})


class CitedClauseSchema(ClauseSchema):
    gist = shape.one(BilingualSchema, allow_none=True)


class ProgrammeCardSchema(Answer):
    """A programme in short."""

    id = shape.string()
    name = shape.one(BilingualSchema)
    summary = shape.one(BilingualSchema)
    instrument = shape.string()
    measure = shape.string()
    jurisdiction = shape.string()
    commitment = shape.one_of(Commitment)
    evidence = shape.one_of(Evidence)
    supports = shape.string(
        allow_none=True, metadata={"description": "The first of `supported_kinds`, or null"}
    )
    supported_kinds = shape.strings()
    valid_from = shape.day(allow_none=True)
    valid_to = shape.day(allow_none=True)
    window_inferred = shape.flag()


class MoneyRangeSchema(Answer):
    """An amount, or the ends that enclose it."""

    amount = shape.money()
    low = shape.money()
    high = shape.money()


class CapSchema(Answer):
    """An amount that is not exceeded, where it is the same for everybody, and what it is counted
    for. `each`: the thing whose year is meant, where the text says so."""

    amount = shape.money()
    per = shape.one_or_none_of(Per)
    each = shape.one_or_none_of(Per)
    text = shape.one(BilingualSchema)


class CountLimitSchema(Answer):
    """How many of a company's projects are supported."""

    count = shape.count()
    per = shape.one_of((Per.YEAR, Per.PROGRAMME))


class PaymentSchema(Answer):
    """One instalment: its share of the whole (0.30, or 1/3), when, and what it comes to: rounded
    down to 0.01, the last what is left; null where the whole is not known."""

    share = shape.string()
    when = shape.one(BilingualSchema, allow_none=True)
    amount = shape.money()


class CeilingSchema(MoneyRangeSchema):
    """The upper bound of an amount; never an expectation. Money is text, in `currency`. `per_year`:
    of what is paid over time what one year comes to. `by_year`, where the years differ: what each
    does; `per_year` is then the most of them. A `rate` that is left open begins at `rate_low`, and
    is null where the text names the least alone. `repayable` money is in no total."""

    per_year = shape.one(MoneyRangeSchema, allow_none=True)
    by_year = fields.List(fields.Nested(MoneyRangeSchema))
    rate = shape.string(allow_none=True)
    rate_low = shape.string(allow_none=True)
    cap = shape.money()
    per = shape.one_or_none_of(Per)
    per_basis = shape.one_of((*Basis, Per.UNSTATED))
    adds_up = shape.one_of(AddsUp)
    one_off = shape.flag(allow_none=True)
    caps = shape.many(CapSchema)
    limit = shape.one(CountLimitSchema, allow_none=True)
    instalments = fields.List(shape.string(), required=True)
    payments = shape.many(PaymentSchema)
    repayable = shape.flag()
    currency = shape.string()
    formula = shape.one(BilingualSchema)


class RuleSchema(Answer):
    """A condition as written, without any profile. `gate` says how children are taken together."""

    gate = shape.one_or_none_of(Connective)
    text = shape.one(BilingualSchema)
    basis = shape.one_of(Basis)
    clause = shape.one(ClauseSchema)
    facts = shape.strings()
    required = shape.string(allow_none=True)
