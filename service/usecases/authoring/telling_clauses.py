"""Clauses of an official text that change what is paid and are easily passed over: against taking
two awards for one thing, and for all that one applicant gets in a year. Whether a file says them.
"""

from collections.abc import Iterable, Iterator

from service.catalogue.document_phrases import find_phrase
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import SPANS, Cap, Per
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article, Measure
from service.domain.rules.programmes import Programme
from service.domain.text import Text
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)


def overlap_clause(text: str) -> str | None:
    """The words of a text against taking two awards for one thing; None where there are none."""
    found = find_phrase("overlap", text)
    return found[0] if found else None


def unsaid_clauses(
    catalogue: Catalogue, measure: Measure, article: Article, text: str
) -> Iterator[Text]:
    """What an article's text says and neither the measure nor its programmes do."""
    words = overlap_clause(text)
    programmes = catalogue.by_measure[measure.id]
    if words and not (measure.overlap or any(p.excludes for p in programmes)):
        yield _WORDS["overlap"].format(words=words)
    yearly = find_phrase("yearly", text)
    own = [p for p in programmes if p.article == article.number and _pays(p)]
    if yearly and own and not (_by_the_year(own) or _any_yearly(measure.caps)):
        yield _WORDS["yearly"].format(words=yearly[0])


def _pays(programme: Programme) -> bool:
    return programme.benefit is not None and programme.benefit.is_reckoned


def _by_the_year(programmes: Iterable[Programme]) -> bool:
    """Whether money of one of the programmes is counted, bounded or limited by the year."""
    return any(p.benefit is not None and _has_year(p.benefit) for p in programmes)


def _has_year(benefit: Benefit) -> bool:
    limited = benefit.limit is not None and benefit.limit.per is Per.YEAR
    return benefit.per in SPANS or benefit.over is not None or limited or _any_yearly(benefit.caps)


def _any_yearly(caps: Iterable[Cap]) -> bool:
    return any(cap.per is Per.YEAR for cap in caps)
