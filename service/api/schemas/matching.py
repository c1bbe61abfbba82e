"""What matching answers: findings, advice, the whole answer."""

from marshmallow import fields, validate

from service.api.schemas import shape
from service.api.schemas.hints import CategoryHintSchema
from service.api.schemas.parts import (
    BilingualSchema,
    CeilingSchema,
    CitedClauseSchema,
    ClauseSchema,
    MoneyRangeSchema,
    ProgrammeCardSchema,
    RuleSchema,
)
from service.api.schemas.shape import Answer, DatedAnswer
from service.domain.advice.combination_result import OmissionReason, OpenPoint
from service.domain.advice.decisive_facts import MAX_COMBINATIONS, MAX_TRIES
from service.domain.advice.settling import SettledBy
from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import Provenance
from service.domain.text import grouped
from service.domain.truth import Truth
from service.intake.notices import TakenAs


class FindingSchema(RuleSchema):
    """A condition with its truth for a subject, and what was seen."""

    truth = shape.one_of(Truth)
    observed = shape.string(allow_none=True)
    provenance = shape.one_or_none_of(Provenance)
    children = shape.many("service.api.schemas.matching.FindingSchema")


class WarningSchema(Answer):
    """Something to know that changes no status. `sources`: of a fact that was taken from others, or
    contradicts them, those others; `taken_as`: what an unstated one was taken to be."""

    code = shape.string()
    text = shape.one(BilingualSchema)
    fact = fields.String(allow_none=True)
    sources = fields.List(fields.String())
    taken_as = fields.String(validate=validate.OneOf([*map(str, TakenAs)]))


class ChangeSchema(Answer):
    """One fact to change, and to what."""

    fact = shape.string()
    present = shape.string(allow_none=True)
    required = shape.string(allow_none=True)
    any_of = shape.strings()
    text = shape.one(BilingualSchema)


class BlockSchema(Answer):
    """A condition that is not met and that no action of the company can change."""

    text = shape.one(BilingualSchema)
    clause = shape.one(ClauseSchema)
    observed = shape.string(allow_none=True)
    facts = shape.strings()


class NearMissSchema(Answer):
    """The smallest change from ineligible to potential, or what makes it impossible."""

    distance = fields.Integer(required=True, allow_none=True)
    changes = shape.many(ChangeSchema)
    assuming = shape.strings()
    blocked_by = shape.many(BlockSchema)
    opens_on = shape.day(allow_none=True)


class MatchSchema(Answer):
    """One programme for one subject: the company, or one of its projects by its `ref`."""

    programme = shape.one(ProgrammeCardSchema)
    subject = shape.string(allow_none=True)
    hypothetical = shape.flag()
    status = shape.one_of(Status)
    settled_by = shape.one_of(SettledBy, allow_none=True)
    decided_by = shape.one(BilingualSchema)
    conditions = shape.many(FindingSchema)
    missing_facts = shape.strings()
    ceiling = shape.one(CeilingSchema, allow_none=True)
    near_miss = shape.one(NearMissSchema, allow_none=True)
    overlap_group = shape.string(allow_none=True)
    warnings = shape.many(WarningSchema)
    clauses = shape.many(CitedClauseSchema)


class BecauseSchema(Answer):
    """The one condition that keeps a match from being promising."""

    text = shape.one(BilingualSchema)
    clause = shape.one(ClauseSchema)
    truth = shape.one_of(Truth)
    observed = shape.string(allow_none=True)
    required = shape.string(allow_none=True)


ListedProgrammeSchema = shape.in_part(ProgrammeCardSchema, "ListedProgrammeSchema", ("id",))
# As much of a match as the `detail` of a request asks for; `because` in a brief one only.
ListedMatchSchema = shape.in_part(
    MatchSchema,
    "ListedMatchSchema",
    ("programme", "subject", "status"),
    programme=shape.one(ListedProgrammeSchema),
    because=shape.one(BecauseSchema, allow_none=True),
)


class CheckAnswerSchema(MatchSchema):
    """A match, and the same programme for the profile's other fitting projects."""

    as_of = shape.day()
    catalogue_version = shape.version()
    other_subjects = shape.many(MatchSchema)
    profile_warnings = shape.many(WarningSchema)


SummarySchema = shape.counts(
    "SummarySchema", "How many matches have each status, whether shown or not.", Status
)


class SubjectOfSchema(Answer):
    """A programme, for the company or for one of its projects."""

    programme = shape.string()
    subject = shape.string(allow_none=True)


class ChosenSchema(SubjectOfSchema):
    amount = shape.one(MoneyRangeSchema)


class LeftOutSchema(SubjectOfSchema):
    reason = shape.one_of(OmissionReason)
    why = shape.one(BilingualSchema)


class OpenPointSchema(Answer):
    """Why a total is an interval."""

    code = shape.one_of(OpenPoint)
    text = shape.one(BilingualSchema)


class CombinationSchema(Answer):
    """The best lawful set of ceilings."""

    total = shape.one(MoneyRangeSchema)
    chosen = shape.many(ChosenSchema)
    left_out = shape.many(LeftOutSchema)
    open_points = shape.many(OpenPointSchema)


_WHICH_QUESTIONS = (
    "Exactly the facts that can still change a status, as long as a rule's tests that share facts"
    f" need no more than {grouped(MAX_COMBINATIONS)} sets of answers to tell ({grouped(MAX_TRIES)}"
    " where numbers are made of several facts); beyond that possibly too many, never too few."
)


class QuestionSchema(Answer):
    """A fact to ask next: how many statuses the answer can change (`decides`), how many of these
    wait for nothing else (`settles`), and the ceilings of those."""

    fact = shape.string()
    text = shape.one(BilingualSchema)
    help = shape.one(BilingualSchema)
    decides = shape.count()
    settles = shape.count()
    at_stake = shape.money()
    subjects = shape.strings()
    kinds = shape.strings()


class SharedPointSchema(Answer):
    """What several programmes leave to others, so that no answer settles it: in how many of the
    undetermined matches, and the programmes by id; none where they are more than 500."""

    text = shape.one(BilingualSchema)
    matches = shape.count()
    programmes = shape.strings()


class MatchAnswerSchema(DatedAnswer):
    """The listed matches in reading order, with the id of the receipt that keeps this answer.
    `next_cursor` is null at the end; advice comes as the `detail` of a request asks for."""

    receipt_id = shape.string(allow_none=True)
    summary = shape.one(SummarySchema)
    matches = shape.many(ListedMatchSchema)
    next_cursor = shape.string(allow_none=True)
    best_combination = fields.Nested(CombinationSchema, allow_none=True)
    next_questions = fields.List(
        fields.Nested(QuestionSchema), metadata={"description": _WHICH_QUESTIONS}
    )
    category_hints = fields.List(fields.Nested(CategoryHintSchema))
    open_points = fields.List(fields.Nested(SharedPointSchema))
    warnings = shape.many(WarningSchema)


# As a receipt gives it again: without its id, and in the oldest ones with less of what came since.
KeptAnswerSchema = shape.in_part(
    MatchAnswerSchema,
    "KeptAnswerSchema",
    ("as_of", "catalogue_version", "summary", "matches"),
)
