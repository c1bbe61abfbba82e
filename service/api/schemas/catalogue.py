"""What looking things up answers: programmes, measures, vocabulary, code lists."""

from marshmallow import fields

from service.api.schemas.parts import (
    DIGEST,
    Answer,
    BilingualSchema,
    CeilingSchema,
    CitedClauseSchema,
    ProgrammeCardSchema,
    RuleSchema,
    count,
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
from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import FactType, Sensitivity
from service.domain.rules.catalogue import Evidence, NumberKind


class ConditionSchema(RuleSchema):
    """A condition in words, with its sentence."""

    sentence = one(BilingualSchema)
    children = many("service.api.schemas.catalogue.ConditionSchema")


class ExpectationSchema(Answer):
    status = one_of(Status)
    ceiling = money()


class ExampleSchema(Answer):
    """A case the programme's author wrote down, and what must come out."""

    say = string(allow_none=True)
    as_of = day()
    given = fields.Dict(required=True)
    expect = one(ExpectationSchema)


class ApplicationWindowSchema(Answer):
    """Days on which applications are taken: dated, every year (from and to are month and day),
    within so many months after a day of the applicant's, or always."""

    kind = one_of(("dated", "yearly", "after_event", "always"))
    from_ = string(allow_none=True, data_key="from")
    to = string(allow_none=True)
    months = fields.Integer(required=True, allow_none=True)
    after = string(allow_none=True)
    text = one(BilingualSchema)


class ApplicationSchema(Answer):
    """How and when to apply; null for what nobody has published."""

    url = string(allow_none=True)
    contact = one(BilingualSchema, allow_none=True)
    materials = fields.List(fields.Nested(BilingualSchema), required=True, allow_none=True)
    steps = fields.List(fields.Nested(BilingualSchema), required=True, allow_none=True)
    windows = fields.List(fields.Nested(ApplicationWindowSchema), required=True, allow_none=True)
    lead_department = one(BilingualSchema, allow_none=True)
    source_url = string(allow_none=True)
    reviewed_on = day(allow_none=True)


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
    application = one(ApplicationSchema)
    examples = many(ExampleSchema)


class ProgrammeItemSchema(ProgrammeCardSchema):
    """A programme in a list: what most tables of programmes show."""

    article = fields.Raw(required=True, metadata={"type": ["integer", "string"]})
    kinds = strings()
    departments = many(BilingualSchema)
    ceiling = one(CeilingSchema, allow_none=True)


class CatalogueChangeSchema(Answer):
    """One programme that was added, changed (`keys`: in what) or removed."""

    change = fields.String(required=True, metadata={"enum": ["added", "removed", "changed"]})
    programme = string()
    name = one(BilingualSchema)
    keys = fields.List(fields.String())


class CatalogueChangesSchema(Answer):
    """What differs between two versions; `since` is null where there was none before."""

    since = string(allow_none=True)
    catalogue_version = version()
    items = many(CatalogueChangeSchema)


class ProgrammePageSchema(Answer):
    """One page of programmes; `total` counts them all."""

    items = many(ProgrammeItemSchema)
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
    official_text = string(allow_none=True)
    official_text_current = fields.Boolean(required=True, allow_none=True)
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
    url = string(allow_none=True)
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
    retired_on = day(allow_none=True)
    undefined = flag()
    help = one(BilingualSchema, allow_none=True)


class CodeListSchema(Answer):
    """A code list; `deeper` is the pattern of narrower codes that it does not spell out."""

    id = string()
    label = one(BilingualSchema)
    source = string()
    deeper = string(allow_none=True)
    codes = many(CodeSchema)
