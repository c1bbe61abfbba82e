"""What an official text says of what is paid and is easily passed over: that no two awards are
taken for one thing, what one applicant gets in a year, for each of what, by which instrument.
Whether a file says the same.
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
    thing = None if find_phrase("each_person", text) else find_phrase("each_thing", text)
    for programme in own:
        if thing and programme.benefit is not None and programme.benefit.personal:
            yield _WORDS["person"].format(words=thing[0], programme=programme.id)


def unlike_instruments(
    catalogue: Catalogue, measure: Measure, article: Article, text: str
) -> Iterator[Text]:
    """Programmes whose instrument the text of their article does not name, where it names one that
    none of the article's programmes has. An instrument goes by the aliases of its code."""
    listed = catalogue.vocabulary.lists.get("instruments")
    if listed is None:
        return
    own = [p for p in catalogue.by_measure[measure.id] if p.article == article.number]
    names = {code: entry.aliases for code, entry in listed.codes.items() if entry.aliases}
    had = {name for programme in own for name in names.get(programme.instrument, ())}
    others = {name for aliases in names.values() for name in aliases if name in text} - had
    for programme in own if others else ():
        aliases = names.get(programme.instrument, ())
        if aliases and not any(name in text for name in aliases):
            label = listed.label_of(programme.instrument)
            yield _WORDS["instrument"].format(
                words=min(others, key=text.index), programme=programme.id, instrument=label
            )


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
