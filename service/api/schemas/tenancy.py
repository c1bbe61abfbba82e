"""What belongs to a tenant, as it is answered."""

from marshmallow import fields

from service.api.schemas import shape
from service.api.schemas.matching import SummarySchema
from service.api.schemas.parts import BilingualSchema, CeilingSchema, LabelledFactSchema
from service.api.schemas.shape import Answer, DatedAnswer
from service.api.schemas.understood import UnderstoodSchema
from service.domain.evaluation.evaluator import Status
from service.storage.batches import BatchState
from service.usecases.tenancy.candidates import CandidateClass


class KeySchema(Answer):
    """A key without its secret."""

    id = shape.string()
    name = shape.string()
    scopes = shape.strings()
    live = shape.flag()
    created_at = shape.moment()
    expires_at = shape.moment(allow_none=True)
    revoked_at = shape.moment(allow_none=True)
    last_used_at = shape.moment(allow_none=True)
    replaces = shape.string(allow_none=True)
    signs = shape.flag()


class IssuedKeySchema(KeySchema):
    """A key that was just made, with its secret: it is shown nowhere again."""

    secret = shape.string()


KeyListSchema = shape.listing("KeyListSchema", KeySchema, paged=True)


class AuditEntrySchema(Answer):
    """One deed; `digest` covers it and `previous`, the digest of the one before."""

    seq = shape.count()
    at = shape.moment()
    actor = shape.string()
    action = shape.string()
    subject = shape.string()
    trace = shape.string()
    previous = shape.string()
    digest = shape.string()


AuditPageSchema = shape.listing("AuditPageSchema", AuditEntrySchema, paged=True)


class CompanyCardSchema(Answer):
    """A kept company in short."""

    uscc = shape.string()
    name = shape.string(allow_none=True)
    version = shape.count()
    tags = shape.strings()
    updated_at = shape.moment()
    updated_by = shape.string()


class StoredCompanySchema(CompanyCardSchema):
    """A version of a kept company, its profile as it was stated."""

    profile = fields.Dict(required=True)
    evidence = fields.Dict(required=True)


CompanyPageSchema = shape.listing("CompanyPageSchema", CompanyCardSchema, paged=True, counted=True)


CompanyHistorySchema = shape.listing("CompanyHistorySchema", StoredCompanySchema, paged=True)


class CompanyDeletionSchema(Answer):
    """What was wiped, and in words what was not."""

    deleted_versions = shape.count()
    kept = shape.one(BilingualSchema)


class RestsOnSchema(LabelledFactSchema):
    """A stated fact that a met condition used, where it comes from and which document shows it."""

    provenance = shape.string(allow_none=True)
    evidence = fields.Dict(required=True, allow_none=True)


def _own_columns() -> fields.Dict:
    """The sender's own columns by which lists are joined: a customer's number, its officer."""
    values = fields.String(allow_none=True)
    return fields.Dict(keys=fields.String(), values=values, required=True)


class CandidateSchema(Answer):
    """A company for a programme, at its nearest: a kept one with its version, or one of a batch
    with its row, version 0, and an empty code where the table states none. `provenance` is the
    weakest of what it rests on."""

    uscc = shape.string()
    name = shape.string(allow_none=True)
    version = shape.count()
    row = fields.Integer(required=True, allow_none=True, metadata={"minimum": 1})
    own = _own_columns()
    tags = shape.strings()
    class_ = fields.String(
        required=True,
        data_key="class",
        metadata={"enum": [c.value for c in CandidateClass]},
    )
    status = shape.one_of(Status)
    subject = shape.string(allow_none=True)
    hypothetical = shape.flag()
    ceiling = shape.one(CeilingSchema, allow_none=True)
    missing_facts = shape.strings()
    provenance = shape.string(allow_none=True)
    rests_on = shape.many(RestsOnSchema)


CandidateSummarySchema = shape.counts(
    "CandidateSummarySchema",
    "How many companies are of each class, how many the programme does not fit, and how many were"
    " kept in words that are no longer known.",
    (*CandidateClass, "not_fitting", "unreadable"),
)


class CandidatePageSchema(DatedAnswer):
    programme = shape.string()
    decided_by = shape.one(BilingualSchema)
    summary = shape.one(CandidateSummarySchema)
    items = shape.many(CandidateSchema)
    next_cursor = shape.string(allow_none=True)
    total = shape.count()


class BatchCardSchema(Answer):
    """A batch in short: how far it is."""

    id = shape.string()
    name = shape.string()
    state = shape.string(metadata={"enum": [s.value for s in BatchState]})
    rows = shape.count()
    errors = shape.count()
    as_of = shape.day()
    created_at = shape.moment()
    updated_at = shape.moment()
    expires_at = shape.moment()
    catalogue_version = shape.string(allow_none=True)
    verdicts = shape.flag(
        metadata={"description": "Whether every verdict of every company is asked for"}
    )
    sent_by = shape.string(
        allow_none=True, metadata={"description": "Who sent it, as the audit names whoever acts"}
    )


class BatchProblemSchema(Answer):
    """Why a batch failed."""

    code = shape.string()
    messages = shape.many(BilingualSchema)


class BatchSchema(BatchCardSchema):
    """A batch whole. `understood` says which column is which fact, which are handed through, and
    how the first companies are read; null for files that machines write."""

    problem = shape.one(BatchProblemSchema, allow_none=True)
    understood = shape.one(UnderstoodSchema, allow_none=True)


BatchListSchema = shape.listing("BatchListSchema", BatchCardSchema, paged=True)


class RowFaultSchema(Answer):
    """One fault: cell, what stands there, what is wrong, what may stand there."""

    sheet = shape.string(allow_none=True)
    row = shape.count()
    cell = shape.string(allow_none=True)
    header = shape.string()
    fact = shape.string()
    found = shape.string(allow_none=True)
    why = shape.one(BilingualSchema)
    allowed = shape.one(BilingualSchema)


class BatchFaultsSchema(Answer):
    """`rows` counts the faulty rows; `complete` is false where not all faults are listed."""

    rows = shape.count()
    complete = shape.flag()
    items = shape.many(RowFaultSchema)


class NamedCompanySchema(Answer):
    """A company as a table names it: by its name, its code, or neither."""

    name = shape.string(allow_none=True)
    uscc = shape.string(allow_none=True)


class BatchRowSchema(NamedCompanySchema):
    """A company of a batch: what its sender's own columns say by which lists are joined, how many
    programmes have each status; null where `error` says why it has no answers. `warnings` say what
    should be checked: figures, days and codes that hardly can be, certificates that end soon."""

    row = shape.count()
    own = _own_columns()
    counts = shape.one(SummarySchema, allow_none=True)
    error = shape.string(allow_none=True)
    warnings = shape.string(allow_none=True)


class BatchRowPageSchema(Answer):
    """Companies in the order of the table; `companies` counts those of all that have at least one
    programme with a status."""

    companies = shape.one(SummarySchema)
    items = shape.many(BatchRowSchema)
    next_cursor = shape.string(allow_none=True)
    total = shape.count()


class ProgrammeChangeSchema(Answer):
    """A programme whose status is another; null where the row had an error."""

    programme = shape.string()
    before = shape.one_of(Status, allow_none=True)
    after = shape.one_of(Status, allow_none=True)


class ChangedCompanySchema(NamedCompanySchema):
    """A company that is in both batches, with its rows and what came out otherwise."""

    before = shape.count()
    after = shape.count()
    changes = shape.many(ProgrammeChangeSchema)


class BatchComparisonSchema(Answer):
    """How many companies are in both batches, in the later alone, in the earlier alone, how many
    came out otherwise, and how many errors went and came."""

    both = shape.count()
    new = shape.count()
    gone = shape.count()
    changed = shape.count()
    errors_gone = shape.count()
    errors_new = shape.count()
    items = shape.many(ChangedCompanySchema)
    next_cursor = shape.string(allow_none=True)
