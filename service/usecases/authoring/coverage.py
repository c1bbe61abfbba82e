"""Coverage: every article with its programmes or why there is none, every number with its place.

Without the official text, the catalogue's own claims are held against each other; with it, the
claims are held against the text: each part of it must be an article here, and each number in it
must stand among that article's numbers.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from service.catalogue.document_writing import DocumentWriting
from service.catalogue.measures_in_text import find_measures
from service.catalogue.normal_wording import normalise_wording
from service.catalogue.numerals import Figure, find_numbers
from service.catalogue.official_text import TextPart, split
from service.catalogue.press_text import find_reports
from service.domain.errors import Refused
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article, Evidence, Measure, NumberKind
from service.domain.text import Text
from service.rendering.catalogue_json import article_json, measure_card
from service.rendering.json_parts import Json, text_json
from service.rendering.texts import read_texts
from service.usecases.authoring.article_figures import CoverageGap, figure_gaps
from service.usecases.authoring.rule_figures import document_writing
from service.usecases.authoring.telling_clauses import unlike_instruments, unsaid_clauses

_WORDS = read_texts(__file__)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The measures looked at, and everything of them that has no place."""

    measures: tuple[Measure, ...]
    gaps: tuple[CoverageGap, ...]


def coverage(
    catalogue: Catalogue, text: str | None = None, only: Measure | None = None
) -> Coverage:
    """How the official measures, or `only` the one, are covered; with `text`, all that are found in
    it, against it, those that only the press has reported too.

    Raises Refused where a text is given in which no measure is recognised.
    """
    catalogue = narrowed(catalogue, only)
    if text is None:
        shown = tuple(
            m for m in catalogue.measures.values() if only or m.evidence is Evidence.OFFICIAL
        )
        gaps = tuple(gap for m in shown for gap in measure_gaps(catalogue, m))
        return Coverage(shown, gaps)
    parts = parts_of(catalogue, text)
    found = tuple(m for m in catalogue.measures.values() if m.id in parts)
    gaps = tuple(
        gap
        for m in found
        for gap in (*measure_gaps(catalogue, m), *text_gaps(catalogue, m, parts[m.id]))
    )
    return Coverage(found, gaps)


def narrowed(catalogue: Catalogue, only: Measure | None) -> Catalogue:
    """A catalogue of one measure and its programmes; the whole where none is named."""
    if only is None:
        return catalogue
    programmes = {p.id: p for p in catalogue.by_measure[only.id]}
    return replace(catalogue, measures={only.id: only}, programmes=programmes)


def parts_of(catalogue: Catalogue, text: str) -> dict[str, tuple[TextPart, ...]]:
    """The parts of every measure that a text holds. Raises Refused where it holds none."""
    measures = catalogue.measures
    found = find_measures(text, measures.values())
    official = {m: split(own, measures[m].title.zh) for m, own in found.items()}
    everything = {**official, **find_reports(text, measures.values())}
    if not everything:
        raise Refused(_WORDS["unrecognised"])
    return everything


def measure_gaps(catalogue: Catalogue, measure: Measure) -> Iterator[CoverageGap]:
    """What a measure's own file leaves open or contradicts."""
    served = {p.article for p in catalogue.by_measure[measure.id]}
    served |= {cap.shared.clause.article for cap in measure.caps if cap.shared}
    for article in measure.articles:
        if article.number not in served and article.unmatched is None:
            yield CoverageGap(measure.id, article.number, _WORDS["unexplained"])
        ours = "\n".join(t.zh or t.en for t in (article.gist, article.unmatched) if t)
        for message in unsaid_clauses(catalogue, measure, article, ours):
            yield CoverageGap(measure.id, article.number, message)
    yield from figure_gaps(catalogue, measure)


def text_gaps(
    catalogue: Catalogue, measure: Measure, parts: Sequence[TextPart]
) -> Iterator[CoverageGap]:
    """What stands in the official text and not in the catalogue, and the other way round."""
    writing = document_writing(catalogue.vocabulary, catalogue.by_measure[measure.id])
    there = {part.number for part in parts}
    for part in parts:
        article = measure.article(part.number)
        if article is None:
            yield CoverageGap(measure.id, part.number, _WORDS["unknown_part"])
        else:
            gaps = number_gaps(article, part, writing)
            clauses = unsaid_clauses(catalogue, measure, article, part.wording)
            instruments = unlike_instruments(catalogue, measure, article, part.wording)
            for message in (*gaps, *clauses, *instruments):
                yield CoverageGap(measure.id, part.number, message)
    for article in measure.articles:
        if article.number not in there:
            yield CoverageGap(measure.id, article.number, _WORDS["absent_part"])


def number_gaps(article: Article, part: TextPart, writing: DocumentWriting) -> Iterator[Text]:
    """The numbers of a part of the text against the numbers listed for the article."""
    body, listed = part.body, Counter(normalise_wording(n.text) for n in article.numbers)
    places = {text: _find_occurrences(body, text, writing) for text in listed}
    covered = [span for spans in places.values() for span in spans]
    for figure in find_numbers(body, writing):
        if not any(_covers_figure(body, span, figure, writing) for span in covered):
            yield _WORDS["unplaced"].format(text=_in_context(body, figure))
    for text, spans in places.items():
        if not spans:
            yield _WORDS["not_there"].format(text=text)
        elif len(spans) != listed[text] and _must_be_counted(article, text):
            here, there = str(listed[text]), str(len(spans))
            yield _WORDS["counted"].format(text=text, here=here, there=there)


def _covers_figure(
    body: str, span: tuple[int, int], figure: Figure, writing: DocumentWriting
) -> bool:
    """Whether a listed number is a figure of the text; what stands behind it there may look like a
    further unit (4家成长性企业)."""
    start, end = span
    return start <= figure.start < end and not find_numbers(body[end : figure.end], writing)


def _find_occurrences(body: str, text: str, writing: DocumentWriting) -> list[tuple[int, int]]:
    starts = [i for i in range(len(body)) if body.startswith(text, i)]
    whole = {f.start for f in find_numbers(body, writing)}
    # "100亿元" does not stand in "5100亿元", nor "3" in "30%"
    cut_short = re.compile("[.,]?[0-9]" if text[-1].isdecimal() else "(?!)")
    return [
        (i, i + len(text))
        for i in starts
        if (i in whole or not text[0].isdecimal()) and not cut_short.match(body, i + len(text))
    ]


def _must_be_counted(article: Article, text: str) -> bool:
    """An amount that stands in a text twice may mean two things; a name or date means one."""
    figures = (NumberKind.PARAMETER, NumberKind.TARGET)
    kinds = {n.kind for n in article.numbers if normalise_wording(n.text) == text}
    return text[0].isdecimal() and not kinds.isdisjoint(figures)


def _in_context(body: str, figure: Figure) -> str:
    return (
        f"…{body[max(0, figure.start - 4) : figure.start]}[{figure.text}]{body[figure.end :][:4]}…"
    )


def coverage_json(catalogue: Catalogue, covered: Coverage) -> Json:
    """The articles of every measure as the API shows them, the totals, and the gaps."""
    articles = [a for m in covered.measures for a in m.articles]
    kinds = Counter(n.kind for a in articles for n in a.numbers)
    return {
        "measures": [
            {
                **measure_card(catalogue, m),
                "articles": [article_json(catalogue, m, a) for a in m.articles],
            }
            for m in covered.measures
        ],
        "totals": {
            "articles": len(articles),
            "programmes": sum(len(catalogue.by_measure[m.id]) for m in covered.measures),
            "numbers": {kind.value: kinds[kind] for kind in NumberKind},
        },
        "gaps": [
            {"measure": g.measure, "article": g.article, "message": text_json(g.message)}
            for g in covered.gaps
        ],
    }
