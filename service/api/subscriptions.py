"""With a key: what a tenant follows, and the events that came of it."""

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.compression import compress_response
from service.api.http import accept
from service.api.openapi import SECURED, Body, new_blueprint, operation
from service.api.ports import ApiContext
from service.api.principals import require_scope
from service.api.problems import language
from service.api.queries import LANGUAGE, read_query
from service.api.tenant_routes import Pages, TenantRoutes
from service.domain.principal import Scope
from service.rendering.atom import atom
from service.usecases.following.subscriptions import MAX_PAGE, USUAL_PAGE, event_json

NEW = "NewSubscription"
ATOM = "application/atom+xml"
_PAGES = Pages(MAX_PAGE, USUAL_PAGE, form="[a-z]+_[0-9a-f]{1,40}")
_EXAMPLE = Body(NEW, {"kind": "tag", "target": "sme"})


def subscriptions_blueprint(service: ApiContext) -> Blueprint:
    """What is followed."""
    blueprint = new_blueprint("subscriptions", "关注 · What a tenant follows")
    following = service.subscriptions

    routes = TenantRoutes(blueprint, service, Scope.SUBSCRIPTIONS)
    routes.page(
        "/subscriptions",
        "list_subscriptions",
        schemas.SubscriptionPageSchema(),
        following.page,
        _PAGES,
    )
    made = schemas.SubscriptionSchema()
    routes.act(
        "/subscriptions", "create_subscription", made, following.create, sent=_EXAMPLE, makes=True
    )
    routes.delete("/subscriptions/<subscription_id>", "delete_subscription", following.delete)
    return blueprint


def events_blueprint(service: ApiContext) -> Blueprint:
    """The events that came of what is followed."""
    blueprint = new_blueprint("events", "事件 · What changed for whom")
    following = service.subscriptions

    @operation(
        blueprint,
        "GET /events/atom",
        None,
        parameters=[LANGUAGE.document()],
        further_media=[ATOM],
        security=SECURED,
    )
    def feed_events() -> Response:
        who = require_scope(service, Scope.SUBSCRIPTIONS)
        spoken = read_query((LANGUAGE,)).get("lang") or language()
        accept(ATOM)
        events = [event_json(e) for e in following.latest(who, USUAL_PAGE)]
        feed = atom(f"urn:huice:events:{who.tenant}", events, spoken, service.clock.now())
        response = compress_response(Response(feed, content_type=f"{ATOM}; charset=utf-8"))
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    routes = TenantRoutes(blueprint, service, Scope.SUBSCRIPTIONS)
    events, page = schemas.ChangeEventPageSchema(), following.event_page
    routes.page("/events", "list_events", events, page, _PAGES._replace(numbered=True))
    routes.read("/events/<event_id>", "get_event", schemas.ChangeEventSchema(), following.event)
    return blueprint
