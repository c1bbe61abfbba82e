"""A place in a document in words: an article by its number, any other part by its title."""

from dataclasses import replace

from service.domain.rules.measures import Evidence, Measure
from service.domain.text import Text

_ARTICLE = Text("第 {article} 条", "art. {article}")
_PART = Text("“{part}”", "“{part}”")
_IN_DOCUMENT = Text("{number}{place}", "{number}, {place}")


def document_name(measure: Measure) -> Text:
    """How a document is cited: by its number. A report of the press has none that says anything in
    another language than Chinese, and is cited by its title there."""
    if measure.evidence is Evidence.NEWS:
        return replace(measure.title, zh=measure.number)
    return Text(measure.number, measure.number)


def clause_words(measure: Measure, article: int | str) -> Text:
    """The document's number and the place in it."""
    return _IN_DOCUMENT.format(number=document_name(measure), place=place_words(measure, article))


def place_words(measure: Measure, article: int | str) -> Text:
    """The place in its document. A part that the document has not is called by its id."""
    if isinstance(article, int):
        return _ARTICLE.format(article=str(article))
    part = measure.article(article)
    return _PART.format(part=part.title if part else article)
