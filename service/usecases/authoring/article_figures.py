"""The figures of a programme's rule held against the numbers its article is known to contain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.catalogue.document_writing import DocumentWriting
from service.catalogue.numerals import ParsedQuantity, parse_quantities
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article, Measure, NumberEntry, NumberKind
from service.domain.rules.programmes import Programme
from service.domain.text import Text
from service.usecases.authoring.rule_figures import (
    allowed_figures,
    currencies_used,
    document_writing,
    quantity_figures,
    rule_figures,
)


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """Something of a measure that has no place, or a place that does not fit."""

    measure: str
    article: int | str
    message: Text


def figure_gaps(catalogue: Catalogue, measure: Measure) -> Iterator[CoverageGap]:
    """Where the rules of a measure and the numbers of its articles do not agree."""
    programmes = {p.id: p for p in catalogue.by_measure[measure.id]}
    writing = document_writing(catalogue.vocabulary, programmes.values())
    stated: dict[str, set[ParsedQuantity]] = {p: set() for p in programmes}
    codes = currencies_used(catalogue.vocabulary, programmes.values())
    for article in measure.articles:
        shared = _shared_figures(measure, article, codes, catalogue.vocabulary)
        parameters = [e for e in article.numbers if e.kind is NumberKind.PARAMETER]
        written = {q for e in parameters for q in parse_quantities(e.text, writing)}
        for missing in sorted(shared - written, key=str):
            message = _MISSING_CAP.format(figure=missing.words)
            yield CoverageGap(measure.id, article.number, message)
        for entry in article.numbers:
            capped = frozenset(parse_quantities(entry.text, writing)) & shared
            if entry in parameters and not entry.programme and capped:
                continue
            entry = _with_only_programme(catalogue, measure, article, entry)  # noqa: PLW2901
            fault = _misplaced_words(entry, programmes)
            if fault is not None:
                yield CoverageGap(measure.id, article.number, fault)
            elif entry.programme is not None:
                stated[entry.programme].update(parse_quantities(entry.text, writing))
                yield from _unused_figures(catalogue, measure, article, entry, programmes, writing)
    for programme in programmes.values():
        figures = rule_figures(programme, catalogue.vocabulary)
        for missing in sorted(figures - stated[programme.id], key=str):
            message = _MISSING.format(programme=programme.id, figure=missing.words)
            yield CoverageGap(measure.id, programme.article, message)


def _with_only_programme(
    catalogue: Catalogue, measure: Measure, article: Article, entry: NumberEntry
) -> NumberEntry:
    """A parameter that names no programme is that of the only one that rests on its article."""
    served = catalogue.by_article.get((measure.id, article.number), ())
    if entry.kind is not NumberKind.PARAMETER or entry.programme or len(served) != 1:
        return entry
    return replace(entry, programme=served[0])


def _shared_figures(
    measure: Measure, article: Article, codes: frozenset[str], vocabulary: Vocabulary
) -> frozenset[ParsedQuantity]:
    """The figures of the caps that an article sets for several programmes together."""
    caps = (c for c in measure.caps if c.shared and c.shared.clause.article == article.number)
    quantities = (cap.quantity for cap in caps)
    return frozenset(f for q in quantities for f in quantity_figures(q, codes, vocabulary))


_MISSING = Text(
    "{programme} 的数值 {figure} 没有列在条文的数字中",
    "{figure} of {programme} is not among the numbers of the article",
)
_MISSING_CAP = Text(
    "几项支持合计上限的数值 {figure} 没有列在条文的数字中",
    "{figure}, which caps several programmes together, is not among the numbers of the article",
)
NO_PROGRAMME = Text(
    "数字 {text} 标为 parameter，但没有用 programme: 指明是哪个支持事项的（一条只有一项时不必写）",
    "{text} is a parameter, but no `programme:` says of which programme (an article with one only "
    "needs none)",
)
_NOT_A_BENEFIT = Text(
    "数字 {text} 不是参数，不能指向支持事项",
    "{text} is no parameter, so it cannot belong to a programme",
)
_UNUSED = Text(
    "数字 {text} 标为 {programme} 的参数，但它的规则中没有这个数值",
    "{text} is a parameter of {programme}, whose rule has no such figure",
)


def _misplaced_words(entry: NumberEntry, programmes: Mapping[str, Programme]) -> Text | None:
    if entry.kind is not NumberKind.PARAMETER:
        return _NOT_A_BENEFIT.format(text=entry.text) if entry.programme else None
    return None if entry.programme in programmes else NO_PROGRAMME.format(text=entry.text)


def _unused_figures(
    catalogue: Catalogue,
    measure: Measure,
    article: Article,
    entry: NumberEntry,
    programmes: Mapping[str, Programme],
    writing: DocumentWriting,
) -> Iterator[CoverageGap]:
    assert entry.programme is not None
    programme = programmes[entry.programme]
    figures = set(parse_quantities(entry.text, writing))
    if not figures or figures - allowed_figures(programme, catalogue.vocabulary):
        message = _UNUSED.format(text=entry.text, programme=programme.id)
        yield CoverageGap(measure.id, article.number, message)
