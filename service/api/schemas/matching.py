"""What matching answers: findings, advice, the whole answer."""

from marshmallow import fields, validate

from service.api.schemas.hints import CategoryHintSchema
from service.api.schemas.parts import (
    Answer,
    BilingualSchema,
    CeilingSchema,
    CitedClauseSchema,
    ClauseSchema,
    MoneyRangeSchema,
    ProgrammeCardSchema,
    RuleSchema,
    count,
    day,
    flag,
    in_part,
    many,
    money,
    one,
    one_of,
    string,
    strings,
    version,
)
from service.domain.advice.combination import OmissionReason, OpenPoint
from service.domain.advice.settling import SettledBy
from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import Provenance
from service.domain.truth import Truth


class FindingSchema(RuleSchema):
    """A condition with its truth for a subject, and what was seen."""

    truth = one_of(Truth)
    observed = string(allow_none=True)
    provenance = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*(str(p) for p in Provenance), None]),
    )
    children = many("service.api.schemas.matching.FindingSchema")


class WarningSchema(Answer):
    """Something to know that changes no status."""

    code = string()
    text = one(BilingualSchema)
    fact = fields.String(allow_none=True)


class ChangeSchema(Answer):
    """One fact to change, and to what."""

    fact = string()
    present = string(allow_none=True)
    required = string(allow_none=True)
    text = one(BilingualSchema)


class BlockSchema(Answer):
    """A condition that is not met and that no action of the company can change."""

    text = one(BilingualSchema)
    clause = one(ClauseSchema)
    observed = string(allow_none=True)


class NearMissSchema(Answer):
    """The smallest change from ineligible to potential, or what makes it impossible."""

    distance = fields.Integer(required=True, allow_none=True)
    changes = many(ChangeSchema)
    assuming = strings()
    blocked_by = many(BlockSchema)
    opens_on = day(allow_none=True)


class MatchSchema(Answer):
    """One programme for one subject: the company, or one of its projects by its `ref`."""

    programme = one(ProgrammeCardSchema)
    subject = string(allow_none=True)
    hypothetical = flag()
    status = one_of(Status)
    settled_by = one_of(SettledBy, allow_none=True)
    decided_by = one(BilingualSchema)
    conditions = many(FindingSchema)
    missing_facts = strings()
    ceiling = one(CeilingSchema, allow_none=True)
    near_miss = one(NearMissSchema, allow_none=True)
    overlap_group = string(allow_none=True)
    warnings = many(WarningSchema)
    clauses = many(CitedClauseSchema)


class BecauseSchema(Answer):
    """The one condition that keeps a match from being promising."""

    text = one(BilingualSchema)
    clause = one(ClauseSchema)
    truth = one_of(Truth)
    observed = string(allow_none=True)
    required = string(allow_none=True)


ListedProgrammeSchema = in_part(ProgrammeCardSchema, "ListedProgrammeSchema", ("id",))
# As much of a match as the `detail` of a request asks for; `because` in a brief one only.
ListedMatchSchema = in_part(
    MatchSchema,
    "ListedMatchSchema",
    ("programme", "subject", "status"),
    programme=one(ListedProgrammeSchema),
    because=one(BecauseSchema, allow_none=True),
)


class CheckAnswerSchema(MatchSchema):
    """A match, and the same programme for the profile's other fitting projects."""

    as_of = day()
    catalogue_version = version()
    other_subjects = many(MatchSchema)
    profile_warnings = many(WarningSchema)


class SummarySchema(Answer):
    """How many matches have each status, whether shown or not."""

    eligible = count()
    potential = count()
    undetermined = count()
    watch = count()
    ineligible = count()
    not_in_force = count()


class ChosenSchema(Answer):
    programme = string()
    subject = string(allow_none=True)
    amount = one(MoneyRangeSchema)


class LeftOutSchema(Answer):
    programme = string()
    subject = string(allow_none=True)
    reason = one_of(OmissionReason)
    why = one(BilingualSchema)


class OpenPointSchema(Answer):
    """Why a total is an interval."""

    code = one_of(OpenPoint)
    text = one(BilingualSchema)


class CombinationSchema(Answer):
    """The best lawful set of ceilings."""

    total = one(MoneyRangeSchema)
    chosen = many(ChosenSchema)
    left_out = many(LeftOutSchema)
    open_points = many(OpenPointSchema)


class QuestionSchema(Answer):
    """A fact to ask next: how many statuses the answer can change, and the ceilings behind it."""

    fact = string()
    text = one(BilingualSchema)
    help = one(BilingualSchema)
    decides = count()
    at_stake = money()
    subjects = strings()
    kinds = strings()


class MatchAnswerSchema(Answer):
    """The listed matches in reading order, with the id of the receipt that keeps this answer.
    `next_cursor` is null at the end; advice comes as the `detail` of a request asks for."""

    receipt_id = string(allow_none=True)
    as_of = day()
    catalogue_version = version()
    summary = one(SummarySchema)
    matches = many(ListedMatchSchema)
    next_cursor = string(allow_none=True)
    best_combination = fields.Nested(CombinationSchema, allow_none=True)
    next_questions = fields.List(fields.Nested(QuestionSchema))
    category_hints = fields.List(fields.Nested(CategoryHintSchema))
    warnings = many(WarningSchema)
