"""What comparisons, calendars and replays answer."""

from marshmallow import fields

from service.api.schemas.matching import SummarySchema
from service.api.schemas.parts import (
    Answer,
    BilingualSchema,
    ClauseSchema,
    day,
    flag,
    many,
    money,
    one,
    one_of,
    string,
    strings,
    version,
)
from service.api.schemas.service import DigestsSchema
from service.domain.advice.calendar import EventKind
from service.domain.advice.comparison import Cause
from service.domain.errors import ErrorCode
from service.domain.evaluation.evaluator import Status


class OutcomeSchema(Answer):
    """How one side of a comparison came out; `at_most` is the upper end if the amount is open."""

    status = one_of(Status)
    ceiling = money()
    at_most = money()


class RewrittenSchema(Answer):
    """A part of a programme whose words differ between two catalogue versions."""

    part = one_of(("conditions", "ceiling", "window", "commitment"))
    before = one(BilingualSchema)
    after = one(BilingualSchema)


class ReasonSchema(Answer):
    """Why a result differs: facts, the condition that turned with what was seen on both sides, or
    what was rewritten."""

    cause = one_of(Cause)
    facts = strings()
    text = one(BilingualSchema, allow_none=True)
    clause = one(ClauseSchema, allow_none=True)
    before = string(allow_none=True)
    after = string(allow_none=True)
    rewritten = many(RewrittenSchema)


class DifferenceSchema(Answer):
    """One programme whose result differs; null on the side that does not have it."""

    programme = string()
    name = one(BilingualSchema)
    subject = string(allow_none=True)
    before = one(OutcomeSchema, allow_none=True)
    after = one(OutcomeSchema, allow_none=True)
    because = many(ReasonSchema)


class SideSchema(Answer):
    """What one side of a comparison was judged by, and its totals."""

    as_of = day()
    catalogue_version = version()
    summary = one(SummarySchema)


class ComparisonSchema(Answer):
    """Both sides' totals, and every result that differs."""

    before = one(SideSchema)
    after = one(SideSchema)
    changes = many(DifferenceSchema)


class EventSchema(Answer):
    """A day on which a programme opens, closes or changes; the same event keeps its id."""

    id = string()
    day = day()
    happening = one_of(EventKind)
    programme = string()
    subject = string(allow_none=True)
    text = one(BilingualSchema)
    detail = one(BilingualSchema)
    before = one_of(Status)
    after = one_of(Status)
    window_inferred = flag()
    cause = one(BilingualSchema, allow_none=True)
    last_day = fields.Date(required=True, allow_none=True)


class CalendarSchema(Answer):
    """The events after `from` up to `to`, by day."""

    from_ = fields.Date(required=True, data_key="from")
    to = day()
    catalogue_version = version()
    events = many(EventSchema)


class ThenAndNowSchema(Answer):
    """The version of a receipt's day, and the present one."""

    then = string()
    now = string()


class UnreadableSchema(Answer):
    """Something in a kept request that the present vocabulary does not take."""

    pointer = string()
    code = one_of(ErrorCode)
    message = one(BilingualSchema)


class ReplaySchema(Answer):
    """A receipt evaluated again: `identical` to the byte under the rules of its day, and what is
    different under today's (null where today's vocabulary cannot read the request)."""

    receipt_id = string()
    as_of = day()
    identical = flag()
    digests = one(DigestsSchema)
    engine_version = one(ThenAndNowSchema)
    catalogue_version = one(ThenAndNowSchema)
    answer = fields.Dict(required=True)
    difference = one(ComparisonSchema, allow_none=True)
    unreadable = many(UnreadableSchema)
