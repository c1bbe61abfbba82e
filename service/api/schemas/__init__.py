"""The shapes of answers, for the OpenAPI document.

Answers are not dumped through these schemas; tests hold the two together.
"""

from service.api.schemas.advice import CalendarSchema, ComparisonSchema, ReplaySchema
from service.api.schemas.catalogue import (
    ArticleSchema,
    CatalogueChangesSchema,
    CodeListSchema,
    MeasureListSchema,
    MeasureSchema,
    ProgrammePageSchema,
    ProgrammeSchema,
    VocabularySchema,
)
from service.api.schemas.following import (
    ChangeEventPageSchema,
    ChangeEventSchema,
    DeliveryListSchema,
    IssuedWebhookSchema,
    RedeliverySchema,
    SubscriptionPageSchema,
    SubscriptionSchema,
    TestEventSchema,
    WebhookListSchema,
)
from service.api.schemas.matching import CheckAnswerSchema, MatchAnswerSchema
from service.api.schemas.service import HealthSchema, ProblemSchema, ReadinessSchema, ReceiptSchema
from service.api.schemas.tenancy import (
    AuditPageSchema,
    BatchComparisonSchema,
    BatchFaultsSchema,
    BatchListSchema,
    BatchRowPageSchema,
    BatchSchema,
    CandidatePageSchema,
    CompanyDeletionSchema,
    CompanyHistorySchema,
    CompanyPageSchema,
    IssuedKeySchema,
    KeyListSchema,
    StoredCompanySchema,
)

__all__ = [
    "ArticleSchema",
    "AuditPageSchema",
    "BatchComparisonSchema",
    "BatchFaultsSchema",
    "BatchListSchema",
    "BatchRowPageSchema",
    "BatchSchema",
    "CalendarSchema",
    "CandidatePageSchema",
    "CatalogueChangesSchema",
    "ChangeEventPageSchema",
    "ChangeEventSchema",
    "CheckAnswerSchema",
    "CodeListSchema",
    "CompanyDeletionSchema",
    "CompanyHistorySchema",
    "CompanyPageSchema",
    "ComparisonSchema",
    "DeliveryListSchema",
    "HealthSchema",
    "IssuedKeySchema",
    "IssuedWebhookSchema",
    "KeyListSchema",
    "MatchAnswerSchema",
    "MeasureListSchema",
    "MeasureSchema",
    "ProblemSchema",
    "ProgrammePageSchema",
    "ProgrammeSchema",
    "ReadinessSchema",
    "ReceiptSchema",
    "RedeliverySchema",
    "ReplaySchema",
    "StoredCompanySchema",
    "SubscriptionPageSchema",
    "SubscriptionSchema",
    "TestEventSchema",
    "VocabularySchema",
    "WebhookListSchema",
]
