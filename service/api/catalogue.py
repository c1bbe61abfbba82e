"""GET: programmes, measures with their articles, the vocabulary and its code lists."""

from functools import partial

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import JSON, accept, answer_by_digest, answer_by_version, plain_request
from service.api.openapi import new_blueprint, operation
from service.api.ports import ApiContext
from service.api.queries import programme_parameters, read_programme_query
from service.rendering import catalogue_json
from service.rendering.json_parts import whole_list
from service.usecases.reference import lookup


def programmes_blueprint(service: ApiContext) -> Blueprint:
    """The programmes of one catalogue."""
    blueprint = new_blueprint("programmes", "支持事项 · What can be matched")
    compiled, catalogue = service.compiled, service.compiled.catalogue
    parameters = programme_parameters(catalogue)

    @operation(
        blueprint,
        "GET /programmes",
        schemas.ProgrammePageSchema(),
        further_statuses=(304, 503),
        parameters=[p.document() for p in parameters],
    )
    def list_programmes() -> Response:
        accept(JSON)
        query = read_programme_query(parameters)
        return answer_by_version(catalogue.version, lambda: service.list_programmes(query))

    @operation(
        blueprint,
        "GET /programmes/<programme_id>",
        schemas.ProgrammeSchema(),
        further_statuses=(304,),
    )
    def get_programme(programme_id: str) -> Response:
        plain_request()
        programme = lookup.find_programme(catalogue, programme_id)
        return answer_by_version(
            catalogue.version,
            lambda: catalogue_json.programme_json(catalogue, compiled.answers, programme),
        )

    return blueprint


def measures_blueprint(service: ApiContext) -> Blueprint:
    """The measures of one catalogue."""
    blueprint = new_blueprint("measures", "政策文件 · Documents and articles")
    catalogue = service.compiled.catalogue

    @operation(blueprint, "GET /measures", schemas.MeasureListSchema(), further_statuses=(304,))
    def list_measures() -> Response:
        plain_request()
        return answer_by_version(
            catalogue.version,
            lambda: whole_list(
                catalogue_json.measure_card(catalogue, m) for m in catalogue.measures.values()
            ),
        )

    @operation(
        blueprint, "GET /measures/<measure_id>", schemas.MeasureSchema(), further_statuses=(304,)
    )
    def get_measure(measure_id: str) -> Response:
        plain_request()
        measure = lookup.find_measure(catalogue, measure_id)
        return answer_by_digest(catalogue_json.measure_json(catalogue, measure, service.wording))

    @operation(
        blueprint,
        "GET /measures/<measure_id>/articles/<article>",
        schemas.ArticleSchema(),
        further_statuses=(304,),
    )
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
    blueprint = new_blueprint("vocabulary", "词汇 · Facts and code lists")
    catalogue = service.compiled.catalogue

    @operation(blueprint, "GET /vocabulary", schemas.VocabularySchema(), further_statuses=(304,))
    def get_vocabulary() -> Response:
        plain_request()
        words = partial(catalogue_json.vocabulary_json, catalogue)
        return answer_by_version(catalogue.version, words)

    @operation(blueprint, "GET /codes/<list_id>", schemas.CodeListSchema(), further_statuses=(304,))
    def get_codes(list_id: str) -> Response:
        plain_request()
        codes = lookup.find_list(catalogue, list_id)
        return answer_by_version(catalogue.version, lambda: catalogue_json.codes_json(codes))

    return blueprint
