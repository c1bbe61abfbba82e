"""The documents behind the programmes, and what helps to read them: the measures, how each article
is encoded, the words in use, the questions people ask, and what the results rest on."""

from flask import Blueprint, render_template

from service.domain.rules.catalogue import Catalogue, Evidence
from service.rendering import catalogue_json
from service.rendering.json_parts import Json
from service.usecases.reference import lookup
from service.web.ports import PageContext
from service.web.security import Tokens


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """Everything here is read without a case."""
    del tokens
    catalogue = site.catalogue

    def whole(measure_id: str) -> Json:
        found = lookup.find_measure(catalogue, measure_id)
        return catalogue_json.measure_json(catalogue, found, site.wording)

    @pages.get("/measures")
    def measures() -> str:
        return render_template("measures.html", measures=measure_cards(catalogue))

    @pages.get("/measures/<measure_id>")
    def measure(measure_id: str) -> str:
        found = whole(measure_id)
        return render_template("measure.html", measure=found, programmes=catalogue.programmes)

    @pages.get("/measures/<measure_id>/coverage")
    def coverage(measure_id: str) -> str:
        found = whole(measure_id)
        return render_template("coverage.html", measure=found, programmes=catalogue.programmes)

    @pages.get("/glossary")
    def glossary() -> str:
        return render_template("glossary.html", titles=site.titles)

    @pages.get("/questions")
    def questions() -> str:
        return render_template("questions.html")

    @pages.get("/about")
    def about() -> str:
        return render_template("about.html", days=site.cases.retention.days)


def measure_cards(catalogue: Catalogue) -> list[Json]:
    """The measures, official documents before what the press reports."""
    found = [catalogue_json.measure_card(catalogue, m) for m in catalogue.measures.values()]
    return sorted(found, key=lambda card: card["evidence"] != Evidence.OFFICIAL)
