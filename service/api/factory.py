"""The Flask application over one service."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response

from service.api.advice import COMPARISON, advice_blueprint
from service.api.catalogue import measures_blueprint, programmes_blueprint, vocabulary_blueprint
from service.api.docs import docs_answer
from service.api.envelope import Envelope
from service.api.health import health_blueprint
from service.api.http import json_answer, no_query
from service.api.match import REQUEST, match_blueprint
from service.api.openapi import PREFIX, Interface, make_interface
from service.api.ports import Service
from service.api.problems import register_handlers
from service.api.queries import REGION_COMPONENT
from service.api.receipts import receipts_blueprint
from service.intake.comparisons import comparison_schema
from service.intake.records import describe


class _Application(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: none is a coroutine here, and Flask looks again at every hook of
        every request."""
        return func


def create_app(service: Service) -> Flask:
    """Every resource of the API, with its document and its errors."""
    app = _Application(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = service.settings.max_body
    app.config["TRUSTED_HOSTS"] = list(service.settings.trusted_hosts) or None
    # A redirect would answer in HTML.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.wsgi_app = Envelope(app.wsgi_app)  # type: ignore[method-assign]
    document = _register_resources(app, service)
    _register_document(app, document)
    register_handlers(app)
    return app


def _register_resources(app: Flask, service: Service) -> dict[str, object]:
    """Register every blueprint; the OpenAPI document of them all."""
    interface = make_interface(app)
    interface.ma_plugin.converter.add_attribute_function(describe)
    interface.spec.components.schema(REQUEST, schema=service.bench.requests.schema)
    interface.spec.components.schema(COMPARISON, schema=comparison_schema(service.bench.requests))
    _register_regions(interface, service)
    for make in (
        match_blueprint,
        advice_blueprint,
        programmes_blueprint,
        measures_blueprint,
        vocabulary_blueprint,
        receipts_blueprint,
    ):
        interface.register_blueprint(make(service), url_prefix=PREFIX)
    interface.register_blueprint(health_blueprint(service))
    document: dict[str, object] = interface.spec.to_dict()
    return document


def _register_regions(interface: Interface, service: Service) -> None:
    """The codes of regions, unless the request's schema already has them."""
    components = interface.spec.components
    if REGION_COMPONENT not in components.schemas:
        codes = list(service.bench.catalogue.vocabulary.lists["regions"].codes)
        components.schema(REGION_COMPONENT, {"type": "string", "enum": codes})


def _register_document(app: Flask, document: dict[str, object]) -> None:
    @app.get(f"{PREFIX}/openapi.json")
    def openapi() -> Response:
        no_query()
        return json_answer(document)

    @app.get(f"{PREFIX}/docs")
    def docs() -> Response:
        return docs_answer(document)
