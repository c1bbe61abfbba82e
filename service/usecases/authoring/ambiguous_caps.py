"""Money that two readers may take for two things: what `lint` asks of a file that can be served."""

from collections.abc import Iterable, Iterator

from service.catalogue.fault_words import say
from service.domain.advice.exclusions import ONCE
from service.domain.errors import Diagnostic
from service.domain.rules.caps import EACH_FOR_ITSELF, Cap, Per
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Constant
from service.domain.wording.labels import PER_NAME


def ambiguous_caps(programmes: Iterable[Programme]) -> Iterator[Diagnostic]:
    """A fault for each programme whose yearly cap may be read in two ways: the money is paid over
    years for each of several things, and the cap says neither "each" nor the applicant."""
    for programme in programmes:
        benefit = programme.benefit
        if benefit is None or benefit.over is None or benefit.per not in EACH_FOR_ITSELF:
            continue
        if any(c.per is Per.YEAR and c.each is None and c.shared is None for c in benefit.caps):
            words = say(
                "yearly_cap_of_what",
                programme=programme.id,
                each=PER_NAME[benefit.per],
                per=benefit.per,
            )
            yield Diagnostic(programme.path, 1, words, about="caps")


def only_one_paid(programmes: Iterable[Programme]) -> Iterator[Diagnostic]:
    """A fault for each programme that is judged for every project and counts its money for the
    company, without a word on several: only one of a company's projects would be paid."""
    for programme in programmes:
        benefit = programme.benefit
        if benefit is None or not programme.supports or benefit.per not in ONCE:
            continue
        if benefit.adds_up is None and benefit.limit is None and benefit.is_reckoned:
            words = say("one_of_several_projects", programme=programme.id, per=benefit.per)
            yield Diagnostic(programme.path, 1, words, about="benefit")


def caps_beside_caps(programmes: Iterable[Programme]) -> Iterator[Diagnostic]:
    """A fault for each figure that caps the same as a smaller one: one of them is a mistake."""
    for programme in programmes:
        caps = programme.benefit.caps if programme.benefit else ()
        figures: dict[tuple[Per, Per | None], list[Cap]] = {}
        for cap in caps:
            if isinstance(cap.quantity, Constant) and cap.shared is None and cap.when is None:
                figures.setdefault((cap.per, cap.each), []).append(cap)
        for (per, _), same in figures.items():
            if len(same) > 1 and per is not Per.UNSTATED:
                words = say("two_caps_of_one_thing", programme=programme.id, per=per)
                yield Diagnostic(programme.path, 1, words, about="caps")
