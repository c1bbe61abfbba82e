"""What is followed, the events that come of it, and where they are sent, as it is answered."""

from marshmallow import fields

from service.api.schemas.parts import (
    Answer,
    BilingualSchema,
    count,
    day,
    flag,
    many,
    one,
    one_of,
    string,
    strings,
    version,
)
from service.api.schemas.tenancy import moment
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

    id = string()
    kind = one_of(KINDS)
    target = string()
    created_at = moment()
    created_by = string()


class SubscriptionPageSchema(Answer):
    items = many(SubscriptionSchema)
    next_cursor = string(allow_none=True)


class ChangeReasonSchema(Answer):
    """What turned on a day: a certificate that ran out or began, a date that became old enough, a
    year, a public figure."""

    kind = string()
    fact = string(allow_none=True)
    code = string(allow_none=True)


class ChangedAnswerSchema(Answer):
    """One answer that is another: of a programme (null: of all), for the company or a project of
    it (null: a project nobody has submitted). `before` and `after` are null where it was or is not
    asked."""

    programme = string(allow_none=True)
    name = one(BilingualSchema, allow_none=True)
    subject = string(allow_none=True)
    kind = one_of(_CHANGES)
    before = string(allow_none=True, metadata={"enum": [*(s.value for s in Status), None]})
    after = string(allow_none=True, metadata={"enum": [*(s.value for s in Status), None]})
    day = day(allow_none=True)
    because = one(ChangeReasonSchema, allow_none=True)


class CompanyChangesSchema(Answer):
    """A followed company with everything that changed for it; `subscriptions` follow it."""

    uscc = string()
    name = string(allow_none=True)
    version = count()
    subscriptions = strings()
    changes = many(ChangedAnswerSchema)


class ChangedProgrammeSchema(Answer):
    """A followed programme that changed."""

    programme = string()
    name = one(BilingualSchema, allow_none=True)
    kind = one_of(_CHANGES)
    subscriptions = strings()


class ChangeEventDataSchema(Answer):
    """What changed, of one cause: other rules, a day, another profile."""

    cause = string(metadata={"enum": ["catalogue", "date", "company", "test"]})
    as_of = day()
    catalogue_version = version()
    companies = many(CompanyChangesSchema)
    programmes = many(ChangedProgrammeSchema)


class ChangeEventSchema(Answer):
    """One event, told once; its id never changes, however often it is delivered."""

    id = string()
    type = string(metadata={"enum": ["answers.changed", "programmes.changed", "webhook.test"]})
    timestamp = moment()
    data = one(ChangeEventDataSchema)


class ChangeEventPageSchema(Answer):
    """Events, oldest first. `cursor` is where to go on, now or another day; `next_cursor` is the
    same while there is more."""

    items = many(ChangeEventSchema)
    cursor = string()
    next_cursor = string(allow_none=True)


class WebhookSchema(Answer):
    """An address that events are delivered to. `live` is false where it said that it is gone."""

    id = string()
    url = string()
    lang = one_of(("zh", "en"))
    live = flag()
    created_at = moment()
    created_by = string()
    waiting = count()
    dead = count()


class IssuedWebhookSchema(WebhookSchema):
    """A webhook with its secret, which is shown nowhere again; null for e-mail."""

    secret = string(allow_none=True)


class WebhookListSchema(Answer):
    items = many(WebhookSchema)


class DeliverySchema(Answer):
    """An event on its way to an address: `waiting`, `delivered`, or `dead` after the last attempt.
    `outcome` is what came of the last one."""

    event = string()
    state = one_of(("waiting", "delivered", "dead"))
    attempts = count()
    next_at = moment(allow_none=True)
    updated_at = moment()
    outcome = string(allow_none=True)


class DeliveryListSchema(Answer):
    items = many(DeliverySchema)


class RedeliverySchema(Answer):
    """How many deliveries were put on their way again."""

    replayed = fields.Integer(required=True, metadata={"minimum": 0})


class TestEventSchema(Answer):
    """The event that was made to try an address."""

    __test__ = False

    event = string()
