"""The smallest pieces of an answer: texts, clauses, money, names of subjects."""

from decimal import Decimal
from typing import Any, TypeAlias

from service.domain.conditions import Clause
from service.domain.evaluation import Match
from service.domain.text import Text

Json: TypeAlias = dict[str, Any]

COMPANY = "company"


def text_json(text: Text) -> Json:
    return {"zh": text.zh, "en": text.en}


def clause_json(clause: Clause) -> Json:
    return {"measure": clause.measure, "article": clause.article}


def money_json(amount: Decimal | None) -> str | None:
    """Yuan with two places; None stays None."""
    return None if amount is None else f"{amount:.2f}"


def subject_name(match: Match) -> str | None:
    """ "company", a project's ref, or None for a project nobody has submitted."""
    return COMPANY if match.programme.supports is None else match.subject.ref
