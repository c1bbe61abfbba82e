"""A profile evaluated under a catalogue, with every match."""

from datetime import date

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.evaluation.evaluator import Evaluation, Status
from service.domain.facts.profile import Profile
from service.domain.index.status_index import evaluate_readings


def evaluate_whole(compiled: CompiledCatalogue, stated: Profile, as_of: date) -> Evaluation:
    """As answers are evaluated: certificates that the company's own figures deny decide nothing."""
    profile = with_contested_certificates(compiled.catalogue, stated, as_of)
    return evaluate_readings(
        compiled.index, compiled.catalogue, profile,
        compiled.index.truths_of(profile, as_of), as_of, frozenset(Status),
    )  # fmt: skip
