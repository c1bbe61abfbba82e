"""Who can settle what is undetermined: the applicant by an answer, or only an authority."""

from datetime import date
from enum import StrEnum

from service.domain.advice.decisive_facts import decisive_facts
from service.domain.evaluation.evaluator import Match, Status
from service.domain.facts.vocabulary import Vocabulary


class SettledBy(StrEnum):
    """What an undetermined match still waits for."""

    __hash__ = str.__hash__

    FACTS = "facts"  # an answer can change its status
    AUTHORITY = "authority"  # whatever the applicant answers, somebody else must decide


def settled_by(match: Match, vocabulary: Vocabulary, as_of: date) -> SettledBy | None:
    """Who can settle a match; None where nothing is open."""
    if match.status is not Status.UNDETERMINED:
        return None
    asked = decisive_facts(match, vocabulary, as_of)
    return SettledBy.FACTS if asked else SettledBy.AUTHORITY
