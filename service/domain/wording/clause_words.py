"""A place in a document in words: an article by its number, any other part by its title."""

from service.domain.rules.measures import Measure
from service.domain.text import Text

_ARTICLE = Text("{number}第 {article} 条", "{number}, art. {article}")
_PART = Text("{number}“{part}”", "{number}, “{part}”")


def clause_words(measure: Measure, article: int | str) -> Text:
    """The document's number and the place in it. A part that the document has not is called by
    its id."""
    if isinstance(article, int):
        return _ARTICLE.format(number=measure.number, article=str(article))
    part = measure.article(article)
    return _PART.format(number=measure.number, part=part.title if part else article)
