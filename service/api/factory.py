"""The Flask application over one service."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from flask import Blueprint, Flask, Response
from werkzeug.routing import Rule

from service.api.addresses import hosts_answered, with_own_address
from service.api.advice import COMPARISON, advice_blueprint
from service.api.batch_results import batch_results_blueprint
from service.api.batch_rows import batch_rows_blueprint
from service.api.batches import CHOSEN, batches_blueprint
from service.api.candidates import CANDIDATE_QUERY, candidates_blueprint
from service.api.candidates import QUERY as CANDIDATES
from service.api.catalogue import measures_blueprint, programmes_blueprint, vocabulary_blueprint
from service.api.direct_match import DirectMatch, tell_fault
from service.api.docs import docs_answer
from service.api.feed import feed_blueprint
from service.api.health import health_blueprint
from service.api.http import json_answer, no_query
from service.api.limiting import LIMITER, Limiter
from service.api.match import REQUEST, match_blueprint
from service.api.middleware import RequestMiddleware
from service.api.observe import Spans
from service.api.openapi import (
    KEY_SCHEME,
    PREFIX,
    SIGNATURE_SCHEME,
    Interface,
    in_english,
    make_interface,
    register_headers,
)
from service.api.ports import ApiContext
from service.api.principals import check_key
from service.api.problems import LANGUAGE, register_handlers
from service.api.queries import REGION_COMPONENT
from service.api.receipts import receipts_blueprint
from service.api.subscriptions import NEW as NEW_SUBSCRIPTION_BODY
from service.api.subscriptions import events_blueprint, subscriptions_blueprint
from service.api.tenancy import (
    COMPANY,
    COMPANY_PATCH,
    companies_blueprint,
    keys_blueprint,
    patch_schema,
)
from service.api.tenancy import NEW_KEY as NEW_KEY_BODY
from service.api.webhooks import NEW as NEW_WEBHOOK_BODY
from service.api.webhooks import REPLAY as REPLAY_BODY
from service.api.webhooks import webhooks_blueprint
from service.domain.text import first_spoken
from service.intake.batch_choices import CHOICES
from service.intake.comparisons import comparison_schema
from service.intake.following import NEW_SUBSCRIPTION, NEW_WEBHOOK, REPLAY
from service.intake.records import Record, describe_field, make_record
from service.intake.tenancy import NEW_KEY


class _Rule(Rule):
    """An address, of which what makes links to it is compiled with the first link: for all together
    that takes half of the time in which a worker is ready, and few are made."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(partial(super()._compile_builder, append_unknown))
        return lambda rule, /, **values: compiled()(rule, **values)


class _Application(Flask):
    url_rule_class = _Rule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: none is a coroutine here, and Flask looks again at every hook of
        every request."""
        return func


def create_app(service: ApiContext, spans: Spans | None = None) -> Flask:
    """Every resource of the API, with its document and its errors. `spans`: where a collector of
    traces is named."""
    app = _Application(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = service.limits.max_body
    app.config[LANGUAGE] = first_spoken(service.compiled.catalogue.vocabulary.languages)
    limits = service.limits
    hosts = hosts_answered(limits.trusted_hosts, limits.public_url)
    app.config["TRUSTED_HOSTS"] = hosts
    limiter = Limiter(limits.rate_limit, service.shared_counts or limits.rate_store)
    app.extensions[LIMITER] = limiter
    # A redirect would answer in HTML.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    enveloped = RequestMiddleware(DirectMatch(app.wsgi_app, service, limiter, hosts), spans)
    around = with_own_address(enveloped, limits, hosts or ())
    app.wsgi_app = around  # type: ignore[method-assign, assignment]
    for blueprint, prefix in _list_resources(service):
        app.register_blueprint(blueprint, url_prefix=prefix)
    _register_document(app, service)
    app.before_request(tell_fault)
    app.before_request(lambda: check_key(service))
    register_handlers(app)
    return app


def _list_resources(service: ApiContext) -> Iterator[tuple[Blueprint, str | None]]:
    """Every blueprint, and the prefix of its addresses."""
    for make in (
        match_blueprint,
        advice_blueprint,
        programmes_blueprint,
        measures_blueprint,
        vocabulary_blueprint,
        receipts_blueprint,
        companies_blueprint,
        candidates_blueprint,
        subscriptions_blueprint,
        events_blueprint,
        webhooks_blueprint,
        feed_blueprint,
        batches_blueprint,
        batch_results_blueprint,
        batch_rows_blueprint,
        keys_blueprint,
    ):
        yield make(service), PREFIX
    yield health_blueprint(service), None


def _openapi_document(service: ApiContext) -> dict[str, object]:
    """The OpenAPI document of every resource."""
    bilingual = "zh" in service.compiled.catalogue.vocabulary.languages
    interface = make_interface(Flask(__name__, static_folder=None), bilingual=bilingual)
    interface.ma_plugin.converter.add_attribute_function(describe_field)
    interface.spec.components.schema(REQUEST, schema=service.compiled.requests.schema)
    interface.spec.components.schema(
        COMPARISON, schema=comparison_schema(service.compiled.requests)
    )
    register_headers(interface)
    _register_tenancy(interface, service)
    _register_regions(interface, service)
    for blueprint, prefix in _list_resources(service):
        interface.register_blueprint(blueprint, url_prefix=prefix)
    document: dict[str, object] = interface.spec.to_dict()
    return document if bilingual else in_english(document)


def _register_tenancy(interface: Interface, service: ApiContext) -> None:
    """What is sent with a key, and how a key is sent."""
    components = interface.spec.components
    components.security_scheme("key", KEY_SCHEME)
    components.security_scheme("signature", SIGNATURE_SCHEME)
    components.schema(NEW_KEY_BODY, schema=NEW_KEY)
    components.schema(COMPANY, schema=service.companies.reader.schema)
    components.schema(COMPANY_PATCH, patch_schema(components.schemas[COMPANY]))
    components.schema(CANDIDATES, schema=CANDIDATE_QUERY)
    components.schema(CHOSEN, schema=CHOICES)
    components.schema(NEW_SUBSCRIPTION_BODY, schema=NEW_SUBSCRIPTION)
    components.schema(NEW_WEBHOOK_BODY, schema=NEW_WEBHOOK)
    components.schema(REPLAY_BODY, schema=REPLAY)
    parts = service.compiled.requests.schema.declared_fields
    around = {name: part for name, part in parts.items() if name != "profile"}
    components.schema("CompanyMatch", schema=make_record(Record, "CompanyMatch", around))


def _register_regions(interface: Interface, service: ApiContext) -> None:
    """The codes of regions, unless the request's schema already has them."""
    components = interface.spec.components
    if REGION_COMPONENT not in components.schemas:
        codes = list(service.compiled.catalogue.vocabulary.regions.codes)
        components.schema(REGION_COMPONENT, {"type": "string", "enum": codes})


def _register_document(app: Flask, service: ApiContext) -> None:
    @cache
    def document() -> dict[str, object]:
        """Written when it is first asked for: no start need wait for it."""
        return _openapi_document(service)

    @app.get(f"{PREFIX}/openapi.json")
    def openapi() -> Response:
        no_query()
        return json_answer(document())

    @app.get(f"{PREFIX}/docs")
    def docs() -> Response:
        return docs_answer(document())
