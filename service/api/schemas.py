"""The shapes of answers, for the OpenAPI document.

Answers are not dumped through these schemas; tests hold the two together.
"""

from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate

from service.domain.amounts import Per
from service.domain.catalogue import Commitment, Evidence, NumberKind
from service.domain.combination import LeftOut
from service.domain.conditions import Basis, Gate
from service.domain.errors import ErrorCode
from service.domain.evaluation import Status
from service.domain.profile import Provenance
from service.domain.truth import Truth
from service.domain.vocabulary import FactType, Sensitivity

MONEY = r"^-?[0-9]+\.[0-9]{2}$"
DIGEST = r"^sha256:[0-9a-f]{64}$"


def string(**options: Any) -> fields.String:
    return fields.String(required=True, **options)


def one_of(values: Any, **options: Any) -> fields.String:
    return fields.String(
        required=True, validate=validate.OneOf([str(v) for v in values]), **options
    )


def money(**options: Any) -> fields.String:
    """Yuan, two places, as text."""
    return fields.String(
        required=True,
        allow_none=True,
        metadata={"pattern": MONEY, "examples": ["18000000.00"], **options},
    )


def day(**options: Any) -> fields.Date:
    return fields.Date(required=True, **options)


def flag(**options: Any) -> fields.Boolean:
    return fields.Boolean(required=True, **options)


def count() -> fields.Integer:
    return fields.Integer(required=True, metadata={"minimum": 0})


def strings() -> fields.List[Any]:
    return fields.List(fields.String(), required=True)


def one(schema: Any, **options: Any) -> fields.Nested:
    return fields.Nested(schema, required=True, **options)


def many(schema: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True)


def version() -> fields.String:
    return string(metadata={"pattern": DIGEST, "description": "Digest of the catalogue's files"})


class Answer(Schema):
    """What is answered may grow: a client passes over keys it does not know."""

    class Meta:
        unknown = INCLUDE


class BilingualSchema(Answer):
    """A text in both languages."""

    zh = string()
    en = string()


class ClauseSchema(Answer):
    """Where it is written: a measure and one of its articles, by number or name."""

    measure = string()
    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})


class CitedClauseSchema(ClauseSchema):
    gist = one(BilingualSchema, allow_none=True)


class ProgrammeCardSchema(Answer):
    """A programme in short."""

    id = string()
    name = one(BilingualSchema)
    summary = one(BilingualSchema)
    instrument = string()
    measure = string()
    jurisdiction = string()
    commitment = one_of(Commitment)
    evidence = one_of(Evidence)
    supports = string(allow_none=True)
    valid_from = day(allow_none=True)
    valid_to = day(allow_none=True)
    window_inferred = flag()


class CeilingSchema(Answer):
    """The upper bound of an amount; never an expectation. Money is yuan as text."""

    amount = money()
    low = money()
    high = money()
    rate = string(allow_none=True)
    rate_low = string(allow_none=True)
    cap = money()
    per = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([*(str(p) for p in Per), None])
    )
    one_off = flag(allow_none=True)
    formula = one(BilingualSchema)


class RuleSchema(Answer):
    """A condition as written, without any profile. `gate` says how children are taken together."""

    gate = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([*(str(g) for g in Gate), None])
    )
    text = one(BilingualSchema)
    basis = one_of(Basis)
    clause = one(ClauseSchema)
    facts = strings()
    required = string(allow_none=True)


class ConditionSchema(RuleSchema):
    """A condition in words, with its sentence."""

    sentence = one(BilingualSchema)
    children = many("service.api.schemas.ConditionSchema")


class FindingSchema(RuleSchema):
    """A condition with its truth for a subject, and what was seen."""

    truth = one_of(Truth)
    observed = string(allow_none=True)
    provenance = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*(str(p) for p in Provenance), None]),
    )
    children = many("service.api.schemas.FindingSchema")


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
    decided_by = one(BilingualSchema)
    conditions = many(FindingSchema)
    missing_facts = strings()
    ceiling = one(CeilingSchema, allow_none=True)
    near_miss = one(NearMissSchema, allow_none=True)
    overlap_group = string(allow_none=True)
    warnings = many(WarningSchema)
    clauses = many(CitedClauseSchema)


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
    amount = money()


class LeftOutSchema(Answer):
    programme = string()
    subject = string(allow_none=True)
    reason = one_of(LeftOut)
    why = one(BilingualSchema)


class CombinationSchema(Answer):
    """The best lawful set of ceilings."""

    total = money()
    chosen = many(ChosenSchema)
    left_out = many(LeftOutSchema)


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
    """Every match in reading order, with the id of the receipt that keeps this answer."""

    receipt_id = string()
    as_of = day()
    catalogue_version = version()
    summary = one(SummarySchema)
    matches = many(MatchSchema)
    best_combination = one(CombinationSchema, allow_none=True)
    next_questions = many(QuestionSchema)
    warnings = many(WarningSchema)


class ExpectationSchema(Answer):
    status = one_of(Status)
    ceiling = money()


class ExampleSchema(Answer):
    """A case the programme's author wrote down, and what must come out."""

    say = string(allow_none=True)
    as_of = day()
    given = fields.Dict(required=True)
    expect = one(ExpectationSchema)


class ProgrammeSchema(ProgrammeCardSchema):
    """A programme whole."""

    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})
    kinds = strings()
    fields_ = fields.List(fields.String(), required=True, data_key="fields")
    decided_by = one(BilingualSchema)
    departments = many(BilingualSchema)
    purpose = string(allow_none=True)
    parameters = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    notes = many(BilingualSchema)
    conditions = many(ConditionSchema)
    ceiling = one(CeilingSchema, allow_none=True)
    usual_conditions = many(BilingualSchema)
    overlap = one(BilingualSchema, allow_none=True)
    clauses = many(CitedClauseSchema)
    examples = many(ExampleSchema)


class ProgrammePageSchema(Answer):
    """One page of programmes; `total` counts them all."""

    items = many(ProgrammeCardSchema)
    next_cursor = string(allow_none=True)
    total = count()


class NumberSchema(Answer):
    """A figure of an article, and what it is."""

    text = string()
    kind = one_of(NumberKind)
    programme = string(allow_none=True)
    note = one(BilingualSchema, allow_none=True)


class ArticleSchema(Answer):
    """An article: its gist in our words, the official text's digest, what it became."""

    measure = string()
    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})
    title = one(BilingualSchema)
    gist = one(BilingualSchema)
    digest = string(metadata={"pattern": DIGEST})
    programmes = strings()
    unmatched = one(BilingualSchema, allow_none=True)
    numbers = many(NumberSchema)


class MeasureCardSchema(Answer):
    """A measure in short."""

    id = string()
    number = string()
    title = one(BilingualSchema)
    jurisdiction = string()
    evidence = one_of(Evidence)
    issued_on = day()
    reviewed_on = day()
    valid_from = day(allow_none=True)
    valid_to = day(allow_none=True)
    window_inferred = flag()
    programmes = count()


class MeasureSchema(MeasureCardSchema):
    """A measure with how each article is encoded."""

    issuers = many(BilingualSchema)
    departments = many(BilingualSchema)
    decided_by = one(BilingualSchema)
    window_note = one(BilingualSchema, allow_none=True)
    source = string()
    overlap = one(BilingualSchema, allow_none=True)
    usual_conditions = many(BilingualSchema)
    articles = many(ArticleSchema)


class MeasureListSchema(Answer):
    items = many(MeasureCardSchema)


class FactSchema(Answer):
    """A fact a profile may hold."""

    id = string()
    type = one_of(FactType)
    unit = string(allow_none=True)
    list = string(allow_none=True)
    label = one(BilingualSchema)
    question = one(BilingualSchema)
    help = one(BilingualSchema)
    minimum = string(allow_none=True)
    maximum = string(allow_none=True)
    positive = flag()
    changeable = flag()
    sensitivity = one_of(Sensitivity)
    default_from = string(allow_none=True)
    kinds = strings()


class CodeListCardSchema(Answer):
    id = string()
    label = one(BilingualSchema)
    source = string()
    size = count()


class VocabularySchema(Answer):
    """All facts and the names of the code lists."""

    facts = many(FactSchema)
    lists = many(CodeListCardSchema)


class CodeSchema(Answer):
    code = string()
    label = one(BilingualSchema)
    within = strings()
    successor = string(allow_none=True)
    valid_to = fields.Integer(required=True, allow_none=True)
    undefined = flag()
    help = one(BilingualSchema, allow_none=True)


class CodeListSchema(Answer):
    """A code list; `deeper` is the pattern of narrower codes that it does not spell out."""

    id = string()
    label = one(BilingualSchema)
    source = string()
    deeper = string(allow_none=True)
    codes = many(CodeSchema)


class DigestsSchema(Answer):
    sha256 = string()
    sm3 = string()


class ReceiptSchema(Answer):
    """One evaluation as it was answered; never changed. `result` is the answer without its id."""

    id = string()
    created_at = fields.DateTime(required=True)
    as_of = day()
    catalogue_version = version()
    engine_version = string()
    digests = one(DigestsSchema)
    request = fields.Dict(required=True)
    result = fields.Dict(required=True)


class HealthSchema(Answer):
    status = string()


class ReadinessSchema(Answer):
    status = string()
    catalogue_version = version()
    engine_version = string()


class FieldProblemSchema(Answer):
    """One thing wrong: an RFC 6901 pointer into the body, or `/name` of a query parameter."""

    pointer = string()
    code = one_of(ErrorCode)
    message = string()


class ProblemSchema(Answer):
    """RFC 9457 problem details, worded in the language of Accept-Language (Chinese unless en)."""

    type = string(metadata={"format": "uri-reference"})
    title = string()
    status = fields.Integer(required=True)
    detail = string()
    code = one_of(ErrorCode)
    errors = many(FieldProblemSchema)
