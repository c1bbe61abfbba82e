"""What belongs to a tenant, as it is answered."""

from marshmallow import fields

from service.api.schemas.parts import (
    Answer,
    BilingualSchema,
    CeilingSchema,
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
from service.domain.evaluation.evaluator import Status
from service.storage.batches import BatchState


def moment(*, allow_none: bool = False) -> fields.DateTime:
    return fields.DateTime(required=True, allow_none=allow_none)


class KeySchema(Answer):
    """A key without its secret."""

    id = string()
    name = string()
    scopes = strings()
    live = flag()
    created_at = moment()
    expires_at = moment(allow_none=True)
    revoked_at = moment(allow_none=True)
    last_used_at = moment(allow_none=True)
    replaces = string(allow_none=True)
    signs = flag()


class IssuedKeySchema(KeySchema):
    """A key that was just made, with its secret: it is shown nowhere again."""

    secret = string()


class KeyListSchema(Answer):
    items = many(KeySchema)


class AuditEntrySchema(Answer):
    """One deed; `digest` covers it and `previous`, the digest of the one before."""

    seq = count()
    at = moment()
    actor = string()
    action = string()
    subject = string()
    trace = string()
    previous = string()
    digest = string()


class AuditPageSchema(Answer):
    items = many(AuditEntrySchema)
    next_cursor = string(allow_none=True)


class CompanyCardSchema(Answer):
    """A kept company in short."""

    uscc = string()
    name = string(allow_none=True)
    version = count()
    tags = strings()
    updated_at = moment()
    updated_by = string()


class StoredCompanySchema(CompanyCardSchema):
    """A version of a kept company, its profile as it was stated."""

    profile = fields.Dict(required=True)
    evidence = fields.Dict(required=True)


class CompanyPageSchema(Answer):
    items = many(CompanyCardSchema)
    next_cursor = string(allow_none=True)
    total = count()


class CompanyHistorySchema(Answer):
    items = many(StoredCompanySchema)


class CompanyDeletionSchema(Answer):
    """What was wiped, and in words what was not."""

    deleted_versions = count()
    kept = one(BilingualSchema)


class RestsOnSchema(Answer):
    """A stated fact that a met condition used, where it comes from and which document shows it."""

    fact = string()
    label = one(BilingualSchema)
    provenance = string(allow_none=True)
    evidence = fields.Dict(required=True, allow_none=True)


class CandidateSchema(Answer):
    """A kept company for a programme, at its nearest."""

    uscc = string()
    name = string(allow_none=True)
    version = count()
    tags = strings()
    class_ = fields.String(
        required=True,
        data_key="class",
        metadata={"enum": ["automatic", "one_fact_short", "open"]},
    )
    status = one_of(Status)
    subject = string(allow_none=True)
    hypothetical = flag()
    ceiling = one(CeilingSchema, allow_none=True)
    missing_facts = strings()
    rests_on = many(RestsOnSchema)


class CandidateSummarySchema(Answer):
    """How many companies are of each class, how many the programme does not fit, and how many were
    kept in words that are no longer known."""

    automatic = count()
    one_fact_short = count()
    open = count()
    not_fitting = count()
    unreadable = count()


class CandidatePageSchema(Answer):
    programme = string()
    as_of = day()
    catalogue_version = version()
    decided_by = one(BilingualSchema)
    summary = one(CandidateSummarySchema)
    items = many(CandidateSchema)
    next_cursor = string(allow_none=True)
    total = count()


class BatchCardSchema(Answer):
    """A batch in short: how far it is."""

    id = string()
    name = string()
    state = string(metadata={"enum": [s.value for s in BatchState]})
    rows = count()
    errors = count()
    as_of = day()
    created_at = moment()
    updated_at = moment()
    expires_at = moment()
    catalogue_version = string(allow_none=True)


class BatchProblemSchema(Answer):
    """Why a batch failed."""

    code = string()
    messages = many(BilingualSchema)


class BatchSchema(BatchCardSchema):
    """A batch whole. `understood` says which column is which fact, which are handed through, and
    how the first companies are read; null for files that machines write."""

    problem = one(BatchProblemSchema, allow_none=True)
    understood = fields.Dict(required=True, allow_none=True)


class BatchListSchema(Answer):
    items = many(BatchCardSchema)


class RowFaultSchema(Answer):
    """One fault: cell, what stands there, what is wrong, what may stand there."""

    sheet = string(allow_none=True)
    row = count()
    cell = string(allow_none=True)
    header = string()
    fact = string()
    found = string(allow_none=True)
    why = one(BilingualSchema)
    allowed = one(BilingualSchema)


class BatchFaultsSchema(Answer):
    """`rows` counts the faulty rows; `complete` is false where not all faults are listed."""

    rows = count()
    complete = flag()
    items = many(RowFaultSchema)
