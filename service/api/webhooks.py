"""With a key: where a tenant has events delivered."""

from flask_smorest import Blueprint

from service.api import schemas
from service.api.ports import ApiContext
from service.api.tenant_routes import Body, TenantRoutes, Words
from service.domain.principal import Scope
from service.domain.text import Text

NEW, REPLAY = "NewWebhook", "WebhookReplay"
_LIST = Words(
    "list_webhooks",
    Text("列出推送地址", "List the addresses"),
    Text("不含签名密钥。", "Without their secrets."),
)
_CREATE = Words(
    "create_webhook",
    Text("新建推送地址", "Have events delivered"),
    Text(
        "https:// 地址按 Standard Webhooks 签名推送，密钥只在这里出现一次；"
        "mailto: 地址收邮件，须由运维方开通。",
        "An https:// address is called and signed by Standard Webhooks; the secret is shown"
        " here and never again. A mailto: address is written to, where the operator allows it.",
    ),
)
_DELETE = Words(
    "delete_webhook",
    Text("删除推送地址", "Deliver there no longer"),
    Text("立即生效。", "At once."),
)
_ROTATE = Words(
    "rotate_webhook",
    Text("更换签名密钥", "Another secret"),
    Text("一天之内新旧密钥都签名。无需请求体。", "For a day both secrets sign. Takes no body."),
)
_TEST = Words(
    "test_webhook",
    Text("发送测试消息", "Send a test message"),
    Text(
        "只发往这个地址；结果见 deliveries。无需请求体。",
        "To this address alone; see its deliveries for what came of it. Takes no body.",
    ),
)
_REPLAY = Words(
    "replay_webhook",
    Text("重新推送", "Deliver again"),
    Text(
        "event 指一个事件，since 指一个游标之后的全部；写 {} 则重发已放弃的。编号不变。",
        "One `event`, all `since` a cursor, or with {} what is dead. Ids stay as they are.",
    ),
)
_DELIVERIES = Words(
    "list_deliveries",
    Text("推送情况", "How deliveries went"),
    Text("最近的二百条，从新到旧。", "The latest two hundred, the newest first."),
)


def webhooks_blueprint(service: ApiContext) -> Blueprint:
    """Addresses that events are delivered to."""
    blueprint = Blueprint("webhooks", __name__, description="推送 · Where events are delivered")
    routes = TenantRoutes(blueprint, service, Scope.SUBSCRIPTIONS)
    webhooks, one = service.webhook_service, "/webhooks/<webhook_id>"
    address = Body(NEW, {"url": "https://portal.example.gov.cn/huice", "lang": "zh"})
    issued = schemas.IssuedWebhookSchema()
    routes.read("/webhooks", _LIST, schemas.WebhookListSchema(), webhooks.list)
    routes.act("/webhooks", _CREATE, issued, webhooks.create, sent=address, makes=True)
    routes.delete(one, _DELETE, webhooks.delete)
    routes.act(f"{one}/rotate", _ROTATE, issued, webhooks.rotate)
    routes.act(f"{one}/test", _TEST, schemas.TestEventSchema(), webhooks.test)
    routes.act(
        f"{one}/replay",
        _REPLAY,
        schemas.RedeliverySchema(),
        webhooks.replay,
        sent=Body(REPLAY, {"since": 0}),
    )
    routes.read(f"{one}/deliveries", _DELIVERIES, schemas.DeliveryListSchema(), webhooks.latest)
    return blueprint
