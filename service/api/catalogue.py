"""GET: programmes, measures with their articles, the vocabulary and its code lists."""

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import JSON, accept, answer_by_digest, answer_by_version, plain_request
from service.api.openapi import operation, route
from service.api.ports import ApiContext
from service.api.queries import programme_parameters, read_programme_query
from service.rendering import catalogue_json
from service.usecases.reference import lookup

_FAILS = (304, 406, 422)
_FAILS_BY_ID = (*_FAILS, 404)


def programmes_blueprint(service: ApiContext) -> Blueprint:
    """The programmes of one catalogue."""
    blueprint = Blueprint("programmes", __name__, description="支持事项 · What can be matched")
    compiled = service.compiled
    parameters = programme_parameters(compiled.catalogue)

    @route(blueprint, "/programmes")
    @operation(
        "list_programmes",
        schemas.ProgrammePageSchema(),
        fails=_FAILS,
        parameters=[p.document() for p in parameters],
    )
    def list_programmes() -> Response:
        accept(JSON)
        query = read_programme_query(parameters)
        return answer_by_version(compiled.catalogue.version, lambda: service.list_programmes(query))

    @route(blueprint, "/programmes/<programme_id>")
    @operation("get_programme", schemas.ProgrammeSchema(), fails=_FAILS_BY_ID)
    def get_programme(programme_id: str) -> Response:
        plain_request()
        programme = lookup.find_programme(compiled.catalogue, programme_id)
        return answer_by_version(
            compiled.catalogue.version,
            lambda: catalogue_json.programme_json(compiled.catalogue, compiled.answers, programme),
        )

    return blueprint


def measures_blueprint(service: ApiContext) -> Blueprint:
    """The measures of one catalogue."""
    blueprint = Blueprint("measures", __name__, description="政策文件 · Documents and articles")
    catalogue = service.compiled.catalogue

    @route(blueprint, "/measures")
    @operation("list_measures", schemas.MeasureListSchema(), fails=_FAILS)
    def list_measures() -> Response:
        plain_request()
        return answer_by_version(
            catalogue.version,
            lambda: {
                "items": [
                    catalogue_json.measure_card(catalogue, m) for m in catalogue.measures.values()
                ]
            },
        )

    @route(blueprint, "/measures/<measure_id>")
    @operation("get_measure", schemas.MeasureSchema(), fails=_FAILS_BY_ID)
    def get_measure(measure_id: str) -> Response:
        plain_request()
        measure = lookup.find_measure(catalogue, measure_id)
        return answer_by_digest(catalogue_json.measure_json(catalogue, measure, service.wording))

    @route(blueprint, "/measures/<measure_id>/articles/<article>")
    @operation("get_article", schemas.ArticleSchema(), fails=_FAILS_BY_ID)
    def get_article(measure_id: str, article: str) -> Response:
        plain_request()
        measure = lookup.find_measure(catalogue, measure_id)
        found = lookup.find_article(measure, article)
        return answer_by_digest(
            catalogue_json.article_json(catalogue, measure, found, service.wording)
        )

    return blueprint


def vocabulary_blueprint(service: ApiContext) -> Blueprint:
    """The vocabulary of one catalogue."""
    blueprint = Blueprint("vocabulary", __name__, description="词汇 · Facts and code lists")
    catalogue = service.compiled.catalogue

    @route(blueprint, "/vocabulary")
    @operation("get_vocabulary", schemas.VocabularySchema(), fails=_FAILS)
    def get_vocabulary() -> Response:
        plain_request()
        return answer_by_version(
            catalogue.version, lambda: catalogue_json.vocabulary_json(catalogue)
        )

    @route(blueprint, "/codes/<list_id>")
    @operation("get_codes", schemas.CodeListSchema(), fails=_FAILS_BY_ID)
    def get_codes(list_id: str) -> Response:
        plain_request()
        codes = lookup.find_list(catalogue, list_id)
        return answer_by_version(catalogue.version, lambda: catalogue_json.codes_json(codes))

    return blueprint
