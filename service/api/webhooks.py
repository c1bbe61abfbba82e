"""With a key: where a tenant has events delivered."""

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import accept, body, json_answer, no_query
from service.api.idempotency import PARAMETER as IDEMPOTENT
from service.api.idempotency import once
from service.api.openapi import SECURED, operation, route
from service.api.paging import created
from service.api.ports import ApiContext
from service.api.principals import keyed, trace
from service.domain.principal import Scope
from service.domain.text import Text

NEW, REPLAY = "NewWebhook", "WebhookReplay"
_FAILS = (401, 403, 406, 422, 429)
_BODY_FAILS = (400, *_FAILS, 413, 415)


def webhooks_blueprint(service: ApiContext) -> Blueprint:
    """Addresses that events are delivered to."""
    blueprint = Blueprint("webhooks", __name__, description="推送 · Where events are delivered")
    webhooks = service.webhook_service

    @route(blueprint, "/webhooks")
    @operation(
        "list_webhooks",
        Text("列出推送地址", "List the addresses"),
        Text("不含签名密钥。", "Without their secrets."),
        schemas.WebhookListSchema(),
        fails=_FAILS,
        security=SECURED,
    )
    def list_webhooks() -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        _plain()
        return json_answer(webhooks.list(who))

    @route(blueprint, "/webhooks", "POST")
    @operation(
        "create_webhook",
        Text("新建推送地址", "Have events delivered"),
        Text(
            "https:// 地址按 Standard Webhooks 签名推送，密钥只在这里出现一次；"
            "mailto: 地址收邮件，须由运维方开通。",
            "An https:// address is called and signed by Standard Webhooks; the secret is shown"
            " here and never again. A mailto: address is written to, where the operator allows it.",
        ),
        schemas.IssuedWebhookSchema(),
        fails=(*_BODY_FAILS, 409),
        body=NEW,
        example={"url": "https://portal.example.gov.cn/huice", "lang": "zh"},
        parameters=[IDEMPOTENT],
        security=SECURED,
        created=True,
    )
    def create_webhook() -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        _plain()
        return once(service, who, lambda: created(webhooks.create(who, body(), trace())))

    @route(blueprint, "/webhooks/<webhook_id>", "DELETE")
    @operation(
        "delete_webhook",
        Text("删除推送地址", "Deliver there no longer"),
        Text("立即生效。", "At once."),
        None,
        fails=(401, 403, 404, 422, 429),
        security=SECURED,
        empty=True,
    )
    def delete_webhook(webhook_id: str) -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        no_query()
        webhooks.delete(who, webhook_id, trace())
        return Response(status=204)

    @route(blueprint, "/webhooks/<webhook_id>/rotate", "POST")
    @operation(
        "rotate_webhook",
        Text("更换签名密钥", "Another secret"),
        Text("一天之内新旧密钥都签名。无需请求体。", "For a day both secrets sign. Takes no body."),
        schemas.IssuedWebhookSchema(),
        fails=(*_FAILS, 404, 409),
        parameters=[IDEMPOTENT],
        security=SECURED,
    )
    def rotate_webhook(webhook_id: str) -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        _plain()
        return once(service, who, lambda: json_answer(webhooks.rotate(who, webhook_id, trace())))

    @route(blueprint, "/webhooks/<webhook_id>/test", "POST")
    @operation(
        "test_webhook",
        Text("发送测试消息", "Send a test message"),
        Text(
            "只发往这个地址；结果见 deliveries。无需请求体。",
            "To this address alone; see its deliveries for what came of it. Takes no body.",
        ),
        schemas.TestEventSchema(),
        fails=(*_FAILS, 404, 409),
        parameters=[IDEMPOTENT],
        security=SECURED,
    )
    def test_webhook(webhook_id: str) -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        _plain()
        return once(service, who, lambda: json_answer(webhooks.test(who, webhook_id, trace())))

    @route(blueprint, "/webhooks/<webhook_id>/replay", "POST")
    @operation(
        "replay_webhook",
        Text("重新推送", "Deliver again"),
        Text(
            "event 指一个事件，since 指一个游标之后的全部；写 {} 则重发已放弃的。编号不变。",
            "One `event`, all `since` a cursor, or with {} what is dead. Ids stay as they are.",
        ),
        schemas.RedeliverySchema(),
        fails=(*_BODY_FAILS, 404, 409),
        body=REPLAY,
        example={"since": 0},
        parameters=[IDEMPOTENT],
        security=SECURED,
    )
    def replay_webhook(webhook_id: str) -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        _plain()
        return once(
            service, who, lambda: json_answer(webhooks.replay(who, webhook_id, body(), trace()))
        )

    @route(blueprint, "/webhooks/<webhook_id>/deliveries")
    @operation(
        "list_deliveries",
        Text("推送情况", "How deliveries went"),
        Text("最近的二百条，从新到旧。", "The latest two hundred, the newest first."),
        schemas.DeliveryListSchema(),
        fails=(*_FAILS, 404),
        security=SECURED,
    )
    def list_deliveries(webhook_id: str) -> Response:
        who = keyed(service, Scope.SUBSCRIPTIONS)
        _plain()
        return json_answer(webhooks.latest(who, webhook_id))

    return blueprint


def _plain() -> None:
    no_query()
    accept("application/json")
