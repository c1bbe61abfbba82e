"""A place in a document in words: an article by its number, any other part by its title."""

from dataclasses import replace

from service.domain.rules.measures import Evidence, Measure
from service.domain.text import Text

_ARTICLE = Text("{number}第 {article} 条", "{number}, art. {article}")
_PART = Text("{number}“{part}”", "{number}, “{part}”")


def document_name(measure: Measure) -> Text:
    """How a document is cited: by its number. A report of the press has none that says anything in
    another language than Chinese, and is cited by its title there."""
    if measure.evidence is Evidence.NEWS:
        return replace(measure.title, zh=measure.number)
    return Text(measure.number, measure.number)


def clause_words(measure: Measure, article: int | str) -> Text:
    """The document's number and the place in it. A part that the document has not is called by
    its id."""
    if isinstance(article, int):
        return _ARTICLE.format(number=document_name(measure), article=str(article))
    part = measure.article(article)
    return _PART.format(number=document_name(measure), part=part.title if part else article)
