"""What full text can find: a document for each programme and article."""

from collections.abc import Container, Iterator
from datetime import date

from service.domain.dates import Window
from service.domain.deferred import values_of
from service.domain.numerals import chinese_numeral
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article, Measure
from service.domain.rules.place_names import held_at, lying_in
from service.domain.rules.programmes import Programme
from service.domain.text import Text, join
from service.domain.wording.money import formula
from service.domain.wording.sentences import sentence
from service.storage.search import WITH_AMOUNT, DocumentKind, SearchDocument
from service.storage.search_dates import day_words


def search_documents(
    catalogue: Catalogue, without: Container[str] = ()
) -> Iterator[SearchDocument]:
    """What full text can find of a catalogue: programmes, and articles of measures; `without` those
    of some ids."""
    new = [name for name in catalogue.programmes if name not in without]
    for programme in values_of(catalogue.programmes, new):
        yield _programme_document(catalogue, programme)
    for measure in catalogue.measures.values():
        if measure.id not in without:
            for article in measure.articles:
                yield _article_document(measure, article)


def found_by(document: str) -> str:
    """The id of the programme that a document is of, or of the measure that an article is of."""
    return document.partition("/")[0]


def _programme_document(catalogue: Catalogue, programme: Programme) -> SearchDocument:
    measure, lists = catalogue.measures[programme.measure], catalogue.vocabulary.lists
    article = measure.article(programme.article)
    labels = (
        *(lists["fields"].label_of(field) for field in programme.fields),
        *(lists["kinds"].label_of(kind) for kind in programme.kinds),
        lists["instruments"].label_of(programme.instrument),
        catalogue.vocabulary.regions.label_of(programme.jurisdiction),
    )
    return SearchDocument(
        id=programme.id,
        kind=DocumentKind.PROGRAMME,
        name=programme.name,
        summary=programme.summary,
        body=_lines(
            *([article.gist] if article else []),
            *programme.departments,
            *programme.notes,
            sentence(programme.condition, catalogue.vocabulary),
            *([formula(programme.benefit, catalogue.vocabulary)] if programme.benefit else []),
            *labels,
            measure.title,
            Text(measure.number, programme.id),
            *_number_words(programme.article),
            _place_words(catalogue, programme.jurisdiction),
            *([Text(WITH_AMOUNT, "")] if programme.benefit and programme.benefit.most else []),
            *_dates(measure.issued_on, programme.window),
        ),
    )


def _number_words(article: object) -> list[Text]:
    """An article as people name it: 第八条, 第8条, Article 8."""
    if not isinstance(article, int):
        return []
    return [Text(f"第{article}条 第{chinese_numeral(article)}条", f"article {article}")]


def _dates(issued_on: date, window: Window) -> Iterator[Text]:
    """The days of a document, with what people say of each."""
    said = (
        (issued_on, Text("{day} 发布", "issued {day}")),
        (window.start, Text("{day} 施行 生效", "in force from {day}")),
        (window.end, Text("{day} 到期 截止 有效期至", "ends {day} expires deadline")),
    )
    for day, words in said:
        if day is not None:
            yield words.format(day=day_words(day))


def _place_words(catalogue: Catalogue, place: str) -> Text:
    """The words by which the place and what it lies in are found."""
    above = sorted(catalogue.vocabulary.regions.ancestors(place))
    words = " ".join([held_at(place), *map(lying_in, above)])
    return Text(words, "")


def _article_document(measure: Measure, article: Article) -> SearchDocument:
    return SearchDocument(
        id=f"{measure.id}/{article.number}",
        kind=DocumentKind.ARTICLE,
        name=article.title,
        summary=article.gist,
        body=_lines(measure.title, *([article.unmatched] if article.unmatched else [])),
    )


def _lines(*texts: Text) -> Text:
    return join(texts, Text("\n", "\n"))
