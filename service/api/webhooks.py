"""With a key: where a tenant has events delivered."""

from flask_smorest import Blueprint

from service.api import schemas
from service.api.openapi import Body, new_blueprint
from service.api.ports import ApiContext
from service.api.tenant_routes import TenantRoutes
from service.domain.principal import Scope

NEW, REPLAY = "NewWebhook", "WebhookReplay"


def webhooks_blueprint(service: ApiContext) -> Blueprint:
    """Addresses that events are delivered to."""
    blueprint = new_blueprint("webhooks", "推送 · Where events are delivered")
    routes = TenantRoutes(blueprint, service, Scope.SUBSCRIPTIONS)
    webhooks, one = service.webhooks, "/webhooks/<webhook_id>"
    address = Body(NEW, {"url": "https://portal.example.gov.cn/huice", "lang": "zh"})
    issued = schemas.IssuedWebhookSchema()
    routes.read("/webhooks", "list_webhooks", schemas.WebhookListSchema(), webhooks.list)
    again = webhooks.issued
    routes.act(
        "/webhooks",
        "create_webhook",
        issued,
        webhooks.create,
        sent=address,
        makes=True,
        again=again,
    )
    routes.delete(one, "delete_webhook", webhooks.delete)
    routes.act(f"{one}/rotate", "rotate_webhook", issued, webhooks.rotate, again=again)
    routes.act(f"{one}/test", "test_webhook", schemas.TestEventSchema(), webhooks.test)
    routes.act(
        f"{one}/replay",
        "replay_webhook",
        schemas.RedeliverySchema(),
        webhooks.replay,
        sent=Body(REPLAY, {"since": "0"}),
    )
    routes.read(
        f"{one}/deliveries", "list_deliveries", schemas.DeliveryListSchema(), webhooks.latest
    )
    return blueprint
