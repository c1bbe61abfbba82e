"""What is followed, the events that come of it, and where they are sent, as it is answered."""

from marshmallow import fields

from service.api.schemas import shape
from service.api.schemas.parts import BilingualSchema
from service.api.schemas.shape import Answer, DatedAnswer
from service.domain.evaluation.evaluator import Status
from service.intake.following import KINDS

_CHANGES = (
    "added",
    "removed",
    "amended",
    "changes",
    "opens",
    "closes",
    "applications_open",
    "applications_close",
    "unreadable",
)


class SubscriptionSchema(Answer):
    """Something that is followed."""

    id = shape.string()
    kind = shape.one_of(KINDS)
    target = shape.string()
    created_at = shape.moment()
    created_by = shape.string()


SubscriptionPageSchema = shape.listing("SubscriptionPageSchema", SubscriptionSchema, paged=True)


class ChangeReasonSchema(Answer):
    """What turned on a day: a certificate that ran out or began, a date that became old enough, a
    year, a public figure."""

    kind = shape.string()
    fact = shape.string(allow_none=True)
    code = shape.string(allow_none=True)


class ChangedAnswerSchema(Answer):
    """One answer that is another: of a programme (null: of all), for the company or a project of
    it (null: a project nobody has submitted). `before` and `after` are null where it was or is not
    asked."""

    programme = shape.string(allow_none=True)
    name = shape.one(BilingualSchema, allow_none=True)
    subject = shape.string(allow_none=True)
    kind = shape.one_of(_CHANGES)
    before = shape.one_or_none_of(Status)
    after = shape.one_or_none_of(Status)
    day = shape.day(allow_none=True)
    because = shape.one(ChangeReasonSchema, allow_none=True)


class CompanyChangesSchema(Answer):
    """A followed company with everything that changed for it; `subscriptions` follow it."""

    uscc = shape.string()
    name = shape.string(allow_none=True)
    version = shape.count()
    subscriptions = shape.strings()
    changes = shape.many(ChangedAnswerSchema)


class ChangedProgrammeSchema(Answer):
    """A followed programme that changed."""

    programme = shape.string()
    name = shape.one(BilingualSchema, allow_none=True)
    kind = shape.one_of(_CHANGES)
    subscriptions = shape.strings()


class ChangeEventDataSchema(DatedAnswer):
    """What changed, of one cause: other rules, a day, another profile."""

    cause = shape.string(metadata={"enum": ["catalogue", "date", "company", "test"]})
    companies = shape.many(CompanyChangesSchema)
    programmes = shape.many(ChangedProgrammeSchema)


class ChangeEventSchema(Answer):
    """One event, told once; its id never changes, however often it is delivered."""

    id = shape.string()
    type = shape.string(
        metadata={"enum": ["answers.changed", "programmes.changed", "webhook.test"]}
    )
    timestamp = shape.moment()
    data = shape.one(ChangeEventDataSchema)


class ChangeEventPageSchema(Answer):
    """Events, oldest first. `cursor` is where to go on, now or another day; `next_cursor` is the
    same while there is more."""

    items = shape.many(ChangeEventSchema)
    cursor = shape.string()
    next_cursor = shape.string(allow_none=True)


class WebhookSchema(Answer):
    """An address that events are delivered to. `live` is false where it said that it is gone."""

    id = shape.string()
    url = shape.string()
    lang = shape.one_of(("zh", "en"))
    live = shape.flag()
    created_at = shape.moment()
    created_by = shape.string()
    waiting = shape.count()
    dead = shape.count()


class IssuedWebhookSchema(WebhookSchema):
    """A webhook with its secret, which is shown nowhere again; null for e-mail."""

    secret = shape.string(allow_none=True)


WebhookListSchema = shape.listing("WebhookListSchema", WebhookSchema, paged=True)


class DeliverySchema(Answer):
    """An event on its way to an address: `waiting`, `delivered`, or `dead` after the last attempt.
    `outcome` is what came of the last one."""

    event = shape.string()
    state = shape.one_of(("waiting", "delivered", "dead"))
    attempts = shape.count()
    next_at = shape.moment(allow_none=True)
    updated_at = shape.moment()
    outcome = shape.string(allow_none=True)


DeliveryListSchema = shape.listing("DeliveryListSchema", DeliverySchema, paged=True)


class RedeliverySchema(Answer):
    """How many deliveries were put on their way again."""

    replayed = fields.Integer(required=True, metadata={"minimum": 0})


class TestEventSchema(Answer):
    """The event that was made to try an address."""

    __test__ = False

    event = shape.string()
