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
from service.usecases.authoring.figures_told_otherwise import allowed_figures, told_otherwise
from service.usecases.authoring.rule_figures import (
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
            entry = _with_only_programme(  # noqa: PLW2901
                catalogue, measure, article, entry, writing
            )
            fault = _misplaced_words(entry, programmes)
            if fault is not None:
                yield CoverageGap(measure.id, article.number, fault)
            elif entry.programme is not None:
                stated[entry.programme].update(parse_quantities(entry.text, writing))
                yield from _unused_figures(catalogue, measure, article, entry, programmes, writing)
    for programme in programmes.values():
        for missing in sorted(_unwritten(programme, stated[programme.id], catalogue), key=str):
            message = _MISSING.format(programme=programme.id, figure=missing.words)
            yield CoverageGap(measure.id, programme.article, message)


def _unwritten(
    programme: Programme, stated: set[ParsedQuantity], catalogue: Catalogue
) -> Iterator[ParsedQuantity]:
    """The figures of a rule that its article writes neither as they are nor otherwise."""
    others = told_otherwise(programme)
    for figure in rule_figures(programme, catalogue.vocabulary) - stated:
        if figure not in others or (others[figure] and not others[figure] & stated):
            yield figure


def _with_only_programme(
    catalogue: Catalogue,
    measure: Measure,
    article: Article,
    entry: NumberEntry,
    writing: DocumentWriting,
) -> NumberEntry:
    """A parameter that names no programme is that of the only one that rests on its article, or of
    the only one there whose rule has it."""
    served = catalogue.by_article.get((measure.id, article.number), ())
    if entry.kind is not NumberKind.PARAMETER or entry.programme:
        return entry
    having = served
    if len(served) > 1:
        figures = set(parse_quantities(entry.text, writing))
        having = tuple(p for p in served if figures and figures <= _allowed(catalogue, p))
    return replace(entry, programme=having[0]) if len(having) == 1 else entry


def _allowed(catalogue: Catalogue, programme: str) -> frozenset[ParsedQuantity]:
    return allowed_figures(catalogue.programmes[programme], catalogue.vocabulary)


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
    "数字 {text} 标为 parameter，但没有用 programme: 指明是哪个支持事项的（这一条只有一项，"
    "或只有一项的规则中有这个数值时，不必写）",
    "{text} is a parameter, but no `programme:` says of which programme (none is needed where the "
    "article has one only, or the rule of one only has the figure)",
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
