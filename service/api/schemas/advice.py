"""What comparisons, calendars and replays answer."""

from marshmallow import fields

from service.api.schemas import shape
from service.api.schemas.matching import KeptAnswerSchema, SummarySchema
from service.api.schemas.parts import BilingualSchema, ClauseSchema
from service.api.schemas.service import DigestsSchema
from service.api.schemas.shape import Answer, DatedAnswer
from service.domain.advice.calendar import EventKind
from service.domain.advice.comparison import DifferenceCause
from service.domain.errors import ErrorCode
from service.domain.evaluation.evaluator import Status


class OutcomeSchema(Answer):
    """How one side of a comparison came out; `at_most` is the upper end if the amount is open."""

    status = shape.one_of(Status)
    ceiling = shape.money()
    at_most = shape.money()


class RewrittenSchema(Answer):
    """A part of a programme whose words differ between two catalogue versions."""

    part = shape.one_of(("conditions", "ceiling", "window", "commitment"))
    before = shape.one(BilingualSchema)
    after = shape.one(BilingualSchema)


class ReasonSchema(Answer):
    """Why a result differs: facts, the condition that turned with what was seen on both sides, or
    what was rewritten."""

    cause = shape.one_of(DifferenceCause)
    facts = shape.strings()
    text = shape.one(BilingualSchema, allow_none=True)
    clause = shape.one(ClauseSchema, allow_none=True)
    before = shape.string(allow_none=True)
    after = shape.string(allow_none=True)
    rewritten = shape.many(RewrittenSchema)


class DifferenceSchema(Answer):
    """One programme whose result differs; null on the side that does not have it."""

    programme = shape.string()
    name = shape.one(BilingualSchema)
    subject = shape.string(allow_none=True)
    before = shape.one(OutcomeSchema, allow_none=True)
    after = shape.one(OutcomeSchema, allow_none=True)
    because = shape.many(ReasonSchema)


class SideSchema(DatedAnswer):
    """What one side of a comparison was judged by, and its totals."""

    summary = shape.one(SummarySchema)


class ComparisonSchema(Answer):
    """Both sides' totals, and every result that differs. Of a catalogue with more than 300
    programmes the first thousand, what came into reach or left it before the rest; `not_compared`:
    how many others may differ."""

    before = shape.one(SideSchema)
    after = shape.one(SideSchema)
    changes = shape.many(DifferenceSchema)
    not_compared = shape.count()


class EventSchema(Answer):
    """A day on which a programme opens, closes or changes; the same event keeps its id."""

    id = shape.string()
    day = shape.day()
    happening = shape.one_of(EventKind)
    programme = shape.string()
    subject = shape.string(allow_none=True)
    text = shape.one(BilingualSchema)
    detail = shape.one(BilingualSchema)
    before = shape.one_of(Status)
    after = shape.one_of(Status)
    window_inferred = shape.flag()
    cause = shape.one(BilingualSchema, allow_none=True)
    last_day = fields.Date(required=True, allow_none=True)


class CalendarSchema(Answer):
    """The events after `from` up to `to`, by day."""

    from_ = fields.Date(required=True, data_key="from")
    to = shape.day()
    catalogue_version = shape.version()
    events = shape.many(EventSchema)


class ThenAndNowSchema(Answer):
    """The version of a receipt's day, and the present one."""

    then = shape.string()
    now = shape.string()


class UnreadableSchema(Answer):
    """Something in a kept request that the present vocabulary does not take."""

    pointer = shape.string()
    code = shape.one_of(ErrorCode)
    message = shape.one(BilingualSchema)


class ReplaySchema(Answer):
    """A receipt evaluated again: `identical` to the byte under the rules of its day, and what is
    different under today's (null where today's vocabulary cannot read the request)."""

    receipt_id = shape.string()
    as_of = shape.day()
    identical = shape.flag()
    digests = shape.one(DigestsSchema)
    engine_version = shape.one(ThenAndNowSchema)
    catalogue_version = shape.one(ThenAndNowSchema)
    answer = shape.one(KeptAnswerSchema)
    difference = shape.one(ComparisonSchema, allow_none=True)
    unreadable = shape.many(UnreadableSchema)
