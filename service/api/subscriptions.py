"""With a key: what a tenant follows, and the events that came of it."""

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import accept, body, json_answer, no_query
from service.api.idempotency import PARAMETER as IDEMPOTENT
from service.api.idempotency import once
from service.api.openapi import SECURED, operation, route
from service.api.paging import created, number, paged
from service.api.ports import ApiContext
from service.api.principals import keyed, trace
from service.api.queries import choice, read_query
from service.domain.principal import Scope
from service.domain.text import Text
from service.rendering.atom import atom
from service.usecases.following.subscriptions import MAX_PAGE, USUAL_PAGE, event_json

NEW = "NewSubscription"
ATOM = "application/atom+xml"
_FAILS = (401, 403, 406, 422, 429)
_PAGE = paged(MAX_PAGE, USUAL_PAGE)
_LANG = choice("lang", ("zh", "en"), "zh", Text("语言", "Language"))


def subscriptions_blueprint(service: ApiContext) -> Blueprint:
    """What is followed."""
    blueprint = Blueprint("subscriptions", __name__, description="关注 · What a tenant follows")
    following = service.subscription_service

    @route(blueprint, "/subscriptions")
    @operation(
        "list_subscriptions",
        Text("列出关注", "List what is followed"),
        Text("按编号排序。", "In the order of their ids."),
        schemas.SubscriptionPageSchema(),
        fails=_FAILS,
        parameters=[p.document() for p in _PAGE],
        security=SECURED,
    )
    def list_subscriptions() -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        accept("application/json")
        asked = read_query(_PAGE)
        limit = asked.get("limit", USUAL_PAGE)
        return json_answer(following.page(who, asked.get("cursor", ""), limit))

    @route(blueprint, "/subscriptions", "POST")
    @operation(
        "create_subscription",
        Text("关注", "Follow something"),
        Text(
            "关注一家所存企业（company）、一个标签的所有企业（tag）、一个事项（programme）、"
            "一个地区（jurisdiction）或一次搜索（search）。从现在起，结果有变化就产生事件。",
            "A kept company, every company with a `tag`, a programme, a jurisdiction, or a search."
            " From now on, whatever changes makes an event.",
        ),
        schemas.SubscriptionSchema(),
        fails=(400, *_FAILS, 409, 413, 415),
        body=NEW,
        example={"kind": "tag", "target": "sme"},
        parameters=[IDEMPOTENT],
        security=SECURED,
        created=True,
    )
    def create_subscription() -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        no_query()
        accept("application/json")
        return once(service, who, lambda: created(following.create(who, body(), trace())))

    @route(blueprint, "/subscriptions/<subscription_id>", "DELETE")
    @operation(
        "delete_subscription",
        Text("取消关注", "Follow it no longer"),
        Text("已经产生的事件仍在。", "Events that were made stay."),
        None,
        fails=(401, 403, 404, 422, 429),
        security=SECURED,
        empty=True,
    )
    def delete_subscription(subscription_id: str) -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        no_query()
        following.delete(who, subscription_id, trace())
        return Response(status=204)

    return blueprint


def events_blueprint(service: ApiContext) -> Blueprint:
    """What came of it."""
    blueprint = Blueprint("events", __name__, description="事件 · What changed for whom")
    following = service.subscription_service

    @route(blueprint, "/events")
    @operation(
        "list_events",
        Text("读取事件", "Read events"),
        Text(
            "按先后列出；记下 cursor，下次从那里继续。",
            "Oldest first. Keep `cursor` and go on from there next time.",
        ),
        schemas.ChangeEventPageSchema(),
        fails=_FAILS,
        parameters=[p.document() for p in _PAGE],
        security=SECURED,
    )
    def list_events() -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        accept("application/json")
        asked = read_query(_PAGE)
        after = number(asked.get("cursor", "0"))
        return json_answer(following.event_page(who, after, asked.get("limit", USUAL_PAGE)))

    @route(blueprint, "/events/atom")
    @operation(
        "feed_events",
        Text("事件的 Atom 订阅源", "Events as an Atom feed"),
        Text("最新的五十条。", "The newest fifty."),
        None,
        fails=_FAILS,
        parameters=[_LANG.document()],
        otherwise=[ATOM],
        security=SECURED,
    )
    def feed_events() -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        language = read_query((_LANG,)).get("lang", "zh")
        accept(ATOM)
        events = [event_json(e) for e in following.latest(who, USUAL_PAGE)]
        feed = atom(f"urn:huice:events:{who.tenant}", events, language, service.clock.now())
        response = Response(feed, content_type=f"{ATOM}; charset=utf-8")
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    @route(blueprint, "/events/<event_id>")
    @operation(
        "get_event",
        Text("读取一个事件", "Read an event"),
        Text("全文。", "Whole."),
        schemas.ChangeEventSchema(),
        fails=(*_FAILS, 404),
        security=SECURED,
    )
    def get_event(event_id: str) -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        no_query()
        accept("application/json")
        return json_answer(following.event(who, event_id))

    return blueprint
