"""The shapes of answers, for the OpenAPI document.

Answers are not dumped through these schemas; tests hold the two together.
"""

from service.api.schemas.advice import CalendarSchema, ComparisonSchema, ReplaySchema
from service.api.schemas.catalogue import (
    ArticleSchema,
    CodeListSchema,
    MeasureListSchema,
    MeasureSchema,
    ProgrammePageSchema,
    ProgrammeSchema,
    VocabularySchema,
)
from service.api.schemas.matching import CheckAnswerSchema, MatchAnswerSchema
from service.api.schemas.service import HealthSchema, ProblemSchema, ReadinessSchema, ReceiptSchema

__all__ = [
    "ArticleSchema",
    "CalendarSchema",
    "CheckAnswerSchema",
    "CodeListSchema",
    "ComparisonSchema",
    "HealthSchema",
    "MatchAnswerSchema",
    "MeasureListSchema",
    "MeasureSchema",
    "ProblemSchema",
    "ProgrammePageSchema",
    "ProgrammeSchema",
    "ReadinessSchema",
    "ReceiptSchema",
    "ReplaySchema",
    "VocabularySchema",
]
