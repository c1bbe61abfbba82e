"""The documents behind the programmes, and what helps to read them: the measures, how each article
is encoded, the words in use, the questions people ask, and what the results rest on."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article, Evidence, Measure
from service.rendering import catalogue_json
from service.rendering.json_parts import Json
from service.usecases.reference import lookup
from service.web.ports import PageContext
from service.web.questions import check_length
from service.web.security import Tokens

# A document of more articles takes several pages; of an article's programmes so many are listed.
ARTICLES_A_PAGE = 60
PROGRAMMES_AN_ARTICLE = 30


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """Everything here is read without a case."""
    del tokens
    catalogue = site.catalogue

    def articles_page(template: str, measure_id: str) -> str:
        found = lookup.find_measure(catalogue, measure_id)
        part = part_of(found, request.args.get("article", ""))
        return render_template(
            template,
            measure=catalogue_json.measure_json(catalogue, found, site.wording, part.articles),
            part=part,
            programmes=catalogue.programmes,
            most=PROGRAMMES_AN_ARTICLE,
        )

    @pages.get("/measures")
    def measures() -> str:
        return render_template("measures.html", measures=measure_cards(catalogue))

    @pages.get("/measures/<measure_id>")
    def measure(measure_id: str) -> str:
        return articles_page("measure.html", measure_id)

    @pages.get("/measures/<measure_id>/coverage")
    def coverage(measure_id: str) -> str:
        return articles_page("coverage.html", measure_id)

    @pages.get("/glossary")
    def glossary() -> str:
        return render_template("glossary.html", titles=site.titles)

    @pages.get("/questions")
    def questions() -> str:
        return render_template("questions.html", length=check_length(site.steps))

    @pages.get("/about")
    def about() -> str:
        return render_template("about.html", days=site.cases.retention.days)


@dataclass(frozen=True)
class DocumentPart:
    """Some articles of a document that takes several pages: from which to which of how many, and
    the article that the page before and the one behind it begin with."""

    articles: tuple[Article, ...]
    first: int
    total: int
    before: int | str | None
    behind: int | str | None

    @property
    def last(self) -> int:
        return self.first + len(self.articles) - 1


def part_of(measure: Measure, asked: str) -> DocumentPart:
    """The page of a document that an article stands on; the first where none is named."""
    articles = measure.articles
    found = (at for at, article in enumerate(articles) if str(article.number) == asked)
    start = next(found, 0) // ARTICLES_A_PAGE * ARTICLES_A_PAGE
    end = start + ARTICLES_A_PAGE
    return DocumentPart(
        articles[start:end],
        start + 1,
        len(articles),
        articles[start - ARTICLES_A_PAGE].number if start else None,
        articles[end].number if end < len(articles) else None,
    )


def measure_cards(catalogue: Catalogue, most: int | None = None) -> list[Json]:
    """The measures, or so many of them, official documents before what the press reports."""
    found = sorted(catalogue.measures.values(), key=lambda m: m.evidence != Evidence.OFFICIAL)
    return [catalogue_json.measure_card(catalogue, m) for m in found[:most]]
