"""What looking things up answers: programmes, measures, vocabulary, code lists."""

from marshmallow import fields

from service.api.schemas import shape
from service.api.schemas.parts import (
    BilingualSchema,
    CapSchema,
    CeilingSchema,
    CitedClauseSchema,
    ProgrammeCardSchema,
    RuleSchema,
)
from service.api.schemas.shape import Answer
from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import FactType, Sensitivity
from service.domain.rules.measures import Evidence, NumberKind


class ConditionSchema(RuleSchema):
    """A condition in words, with its sentence."""

    sentence = shape.one(BilingualSchema)
    children = shape.many("service.api.schemas.catalogue.ConditionSchema")


class ExpectationSchema(Answer):
    status = shape.one_of(Status)
    ceiling = shape.money()


class ExampleSchema(Answer):
    """A case the programme's author wrote down, and what must come out."""

    say = shape.string(allow_none=True)
    as_of = shape.day()
    given = fields.Dict(required=True)
    expect = shape.one(ExpectationSchema)


class ApplicationWindowSchema(Answer):
    """Days on which applications are taken: dated, every year (from and to are month and day),
    within so many months or days after a day of the applicant's, or always."""

    kind = shape.one_of(("dated", "yearly", "after_event", "always"))
    from_ = shape.string(allow_none=True, data_key="from")
    to = shape.string(allow_none=True)
    months = fields.Integer(required=True, allow_none=True)
    days = fields.Integer(required=True, allow_none=True)
    after = shape.string(allow_none=True)
    text = shape.one(BilingualSchema)


class ApplicationSchema(Answer):
    """How and when to apply; null for what nobody has published."""

    url = shape.string(allow_none=True)
    contact = shape.one(BilingualSchema, allow_none=True)
    materials = fields.List(fields.Nested(BilingualSchema), required=True, allow_none=True)
    steps = fields.List(fields.Nested(BilingualSchema), required=True, allow_none=True)
    windows = fields.List(fields.Nested(ApplicationWindowSchema), required=True, allow_none=True)
    lead_department = shape.one(BilingualSchema, allow_none=True)
    source_url = shape.string(allow_none=True)
    reviewed_on = shape.day(allow_none=True)


class ProgrammeSchema(ProgrammeCardSchema):
    """A programme whole."""

    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})
    kinds = shape.strings()
    fields_ = fields.List(fields.String(), required=True, data_key="fields")
    decided_by = shape.one(BilingualSchema)
    departments = shape.many(BilingualSchema)
    purpose = shape.string(allow_none=True)
    parameters = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    notes = shape.many(BilingualSchema)
    conditions = shape.many(ConditionSchema)
    ceiling = shape.one(CeilingSchema, allow_none=True)
    usual_conditions = shape.many(BilingualSchema)
    overlap = shape.one(BilingualSchema, allow_none=True)
    clauses = shape.many(CitedClauseSchema)
    application = shape.one(ApplicationSchema)
    examples = shape.many(ExampleSchema)


class ProgrammeItemSchema(ProgrammeCardSchema):
    """A programme in a list: what most tables of programmes show."""

    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})
    kinds = shape.strings()
    departments = shape.many(BilingualSchema)
    ceiling = shape.one(CeilingSchema, allow_none=True)


class CatalogueChangeSchema(Answer):
    """One programme that was added, changed (`keys`: in what) or removed."""

    change = fields.String(required=True, metadata={"enum": ["added", "removed", "changed"]})
    programme = shape.string()
    name = shape.one(BilingualSchema)
    keys = fields.List(fields.String())


class CatalogueChangesSchema(Answer):
    """What differs between two versions; `since` is null where there was none before."""

    since = shape.string(allow_none=True)
    catalogue_version = shape.version()
    items = shape.many(CatalogueChangeSchema)


ProgrammePageSchema = shape.listing(
    "ProgrammePageSchema", ProgrammeItemSchema, paged=True, counted=True
)


class NumberSchema(Answer):
    """A figure of an article, and what it is."""

    text = shape.string()
    kind = shape.one_of(NumberKind)
    programme = shape.string(allow_none=True)
    note = shape.one(BilingualSchema, allow_none=True)


class ArticleSchema(Answer):
    """An article: its gist in our words, the official text's digest, what it became."""

    measure = shape.string()
    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})
    title = shape.one(BilingualSchema)
    gist = shape.one(BilingualSchema)
    digest = shape.string(metadata={"pattern": shape.DIGEST})
    official_text = shape.string(allow_none=True)
    official_text_current = fields.Boolean(required=True, allow_none=True)
    programmes = shape.strings()
    unmatched = shape.one(BilingualSchema, allow_none=True)
    numbers = shape.many(NumberSchema)


class MeasureCardSchema(Answer):
    """A measure in short."""

    id = shape.string()
    number = shape.string()
    title = shape.one(BilingualSchema)
    jurisdiction = shape.string()
    evidence = shape.one_of(Evidence)
    issued_on = shape.day()
    reviewed_on = shape.day()
    valid_from = shape.day(allow_none=True)
    valid_to = shape.day(allow_none=True)
    window_inferred = shape.flag()
    programmes = shape.count()


class SharedCapSchema(CapSchema):
    """What several programmes are capped at together, and the article that says so."""

    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})
    programmes = shape.strings()


class MeasureSchema(MeasureCardSchema):
    """A measure with how each article is encoded."""

    issuers = shape.many(BilingualSchema)
    departments = shape.many(BilingualSchema)
    decided_by = shape.one(BilingualSchema)
    window_note = shape.one(BilingualSchema, allow_none=True)
    source = shape.string()
    url = shape.string(allow_none=True)
    overlap = shape.one(BilingualSchema, allow_none=True)
    caps = shape.many(SharedCapSchema)
    usual_conditions = shape.many(BilingualSchema)
    articles = shape.many(ArticleSchema)


MeasureListSchema = shape.listing("MeasureListSchema", MeasureCardSchema, paged=True)


class FactSchema(Answer):
    """A fact a profile may hold."""

    id = shape.string()
    type = shape.one_of(FactType)
    unit = shape.string(allow_none=True)
    list = shape.string(allow_none=True)
    label = shape.one(BilingualSchema)
    question = shape.one(BilingualSchema)
    help = shape.one(BilingualSchema)
    minimum = shape.string(allow_none=True)
    maximum = shape.string(allow_none=True)
    positive = shape.flag()
    changeable = shape.flag()
    sensitivity = shape.one_of(Sensitivity)
    default_from = shape.string(allow_none=True)
    kinds = shape.strings()


class CodeListCardSchema(Answer):
    id = shape.string()
    label = shape.one(BilingualSchema)
    source = shape.string()
    size = shape.count()


class VocabularySchema(Answer):
    """All facts and the names of the code lists."""

    facts = shape.many(FactSchema)
    lists = shape.many(CodeListCardSchema)


class CodeSchema(Answer):
    code = shape.string()
    label = shape.one(BilingualSchema)
    within = shape.strings()
    successor = shape.string(allow_none=True)
    valid_to = fields.Integer(required=True, allow_none=True)
    retired_on = shape.day(allow_none=True)
    undefined = shape.flag()
    none_of_others = shape.flag()
    help = shape.one(BilingualSchema, allow_none=True)


class CodeListSchema(Answer):
    """A code list; `deeper` is the pattern of narrower codes that it does not spell out."""

    id = shape.string()
    label = shape.one(BilingualSchema)
    source = shape.string()
    deeper = shape.string(allow_none=True)
    codes = shape.many(CodeSchema)
