"""Events are delivered, signed, tried again, given up, replayed: each always under its own id."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from service.background import delivery_service
from service.delivery.http_sender import HttpSender
from service.delivery.mailer import Mailer
from service.delivery.reachable import ReachableNetworks
from service.domain.errors import NotFound
from service.domain.principal import Principal, Scope
from service.usecases.following import delivering
from service.usecases.following.delivering import BACKOFF, JITTER, DeliveryService
from service.usecases.following.webhooks import OVERLAP, WebhookService
from tests.delivery.test_http_sender import LOOPBACK, Receiver, receiving
from tests.delivery.test_mailer import Inbox, mail_server
from tests.docs.pages import blocks, read
from tests.usecases.following.world import BANK, FIRM, YOUNG, World


@pytest.fixture
def deliveries(world: World) -> DeliveryService:
    """Delivers at the test's own time, to this machine."""
    made = delivery_service(world.service.settings, world.service.store)
    networks = ReachableNetworks(LOOPBACK, lambda *_: ["127.0.0.1"])
    return replace(
        made, sender=HttpSender(networks, 5.0), now=lambda: world.now, jitter=lambda: 1.0
    )


def addresses(world: World) -> WebhookService:
    networks = ReachableNetworks(LOOPBACK)
    return replace(world.service.webhook_service, clock=world.clock, networks=networks)


def webhook_with_event(world: World, server: Receiver) -> dict[str, Any]:
    """An address, and an event on its way there."""
    made = webhook(world, server)
    change(world)
    return made


def webhook(world: World, server: Receiver) -> dict[str, Any]:
    url = f"http://hooks.example:{server.port}/"
    return addresses(world).create(BANK, {"url": url, "lang": "en"}, "test")


def change(world: World) -> None:
    """One event's worth."""
    world.store_company(FIRM, YOUNG)
    world.follow("company", FIRM)
    world.events()
    world.store_company(FIRM, {**YOUNG, "employees": 51})
    world.events()


def ids(server: Receiver) -> list[str]:
    return [headers["webhook-id"] for _, headers, _ in server.got]


def states(world: World, webhook_id: str) -> list[tuple[str, int, str | None]]:
    found = addresses(world).latest(BANK, webhook_id)["items"]
    return [(d["state"], d["attempts"], d["outcome"]) for d in found]


def test_an_event_arrives_signed_and_whole(world: World, deliveries: DeliveryService) -> None:
    """The library of the standard verifies it; what is posted is what is pulled."""
    with receiving() as server:
        made = webhook_with_event(world, server)
        world.now = world.now.now(world.now.tzinfo)  # the library knows no time but today's
        assert deliveries.run() == 1
        ((_, headers, body),) = server.got
    posted = Verifier(made["secret"]).verify(body, headers)
    (event,) = world.events()
    assert headers["webhook-id"] == event["id"]
    assert {k: posted[k] for k in event} == event
    assert posted["totals"] == {"companies": 1, "programmes": 0}
    assert posted["complete"] is True
    assert states(world, made["id"]) == [("delivered", 1, "HTTP 204")]
    assert deliveries.run() == 0


def test_the_receiver_of_the_portals_page_takes_what_we_signed_and_nothing_else(
    world: World, deliveries: DeliveryService
) -> None:
    """Its code as the page shows it, behind a server: another secret or another body is refused."""
    page: dict[str, Any] = {}
    exec(blocks(read("docs/portal.md"), "python")[1], page)
    receive = page["receive"]
    taken: list[str] = []
    with receiving() as server:
        made = webhook(world, server)
        secrets = iter(["whsec_" + "A" * 32, made["secret"]])

        def judge(body: bytes, headers: dict[str, str]) -> int:
            try:
                taken.append(receive(next(secrets), body, headers))
            except WebhookVerificationError:
                return 400
            return 204

        server.judge = judge
        change(world)
        world.now = world.now.now(world.now.tzinfo)  # the library knows no time but today's
        deliveries.run()
        assert states(world, made["id"])[0][1:] == (1, "HTTP 400")
        world.now += BACKOFF[0] * (1 + JITTER)
        deliveries.run()
        assert states(world, made["id"]) == [("delivered", 2, "HTTP 204")]
    assert taken == [e["id"] for e in world.events()]
    _, headers, body = server.got[-1]
    with pytest.raises(WebhookVerificationError):
        receive(made["secret"], body.replace(b"{", b"{ ", 1), headers)


def test_what_fails_is_tried_again_later_and_later_and_then_given_up(
    world: World, deliveries: DeliveryService
) -> None:
    """Each wait is the advised one with its jitter; every attempt has the same id."""
    with receiving(500) as server:
        made = webhook_with_event(world, server)
        for wait in BACKOFF:
            assert deliveries.run() == 1
            world.now += wait * (1 + JITTER) - timedelta(seconds=1)
            assert deliveries.run() == 0
            world.now += timedelta(seconds=1)
        assert deliveries.run() == 1
        assert states(world, made["id"]) == [("dead", len(BACKOFF) + 1, "HTTP 500")]
        assert len(set(ids(server))) == 1
        server.status = 204
        replayed = addresses(world).replay(BANK, made["id"], {}, "test")
        assert replayed == {"replayed": 1}
        assert deliveries.run() == 1
        assert len(set(ids(server))) == 1
        assert states(world, made["id"]) == [("delivered", 1, "HTTP 204")]


def test_a_silent_address_holds_up_no_other(world: World, deliveries: DeliveryService) -> None:
    """Where one event does not arrive the rest wait for its next attempt, which comes in seconds
    at first, and then a minute; other addresses get theirs."""
    with receiving(503) as bad, receiving() as good:
        webhook(world, bad)
        webhook(world, good)
        change(world)
        world.store_company(FIRM, YOUNG)
        world.events()
        assert deliveries.run() == 3
        assert (len(bad.got), len(good.got)) == (1, 2)
        assert deliveries.run() == 0
        world.now += BACKOFF[0] * (1 + JITTER)
        assert deliveries.run() == 1
        world.now += timedelta(seconds=59)
        assert deliveries.run() == 0
        bad.status = 204
        world.now += timedelta(seconds=1)
        assert deliveries.run() == 1
        assert len(set(ids(bad))) == 2


def test_who_has_much_coming_or_takes_it_slowly_holds_up_no_other(
    world: World, deliveries: DeliveryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hundred events of ten seconds each kept everybody else's for half an hour. Each comes
    once, in order."""
    monkeypatch.setattr(delivering, "CHUNK", 2)
    monkeypatch.setattr(delivering, "TURN_SECONDS", 0.0)
    with receiving() as busy, receiving() as other:
        first = webhook(world, busy)["id"]
        sent = [addresses(world).test(BANK, first, "test")["event"] for _ in range(4)]
        world.pass_time(minutes=1)
        addresses(world).test(BANK, webhook(world, other)["id"], "test")
        assert deliveries.run() == 2
        assert (len(busy.got), len(other.got)) == (1, 1)
        while deliveries.run():
            pass
        assert ids(busy) == sent


def test_who_says_that_he_is_gone_is_asked_no_more(
    world: World, deliveries: DeliveryService
) -> None:
    with receiving(410) as server:
        made = webhook_with_event(world, server)
        deliveries.run()
        (listed,) = addresses(world).list(BANK)["items"]
        assert (listed["live"], listed["dead"], listed["waiting"]) == (False, 1, 0)
        assert states(world, made["id"]) == [("dead", 1, "HTTP 410")]
        world.store_company(FIRM, YOUNG)
        world.events()
        assert deliveries.run() == 0
        addresses(world).test(BANK, made["id"], "test")
        assert addresses(world).list(BANK)["items"][0]["live"] is True


def test_a_secret_is_replaced_with_a_day_on_which_both_sign(
    world: World, deliveries: DeliveryService
) -> None:
    with receiving() as server:
        made = webhook(world, server)
        world.now = world.now.now(world.now.tzinfo)
        service = addresses(world)
        fresh = service.rotate(BANK, made["id"], "test")
        assert fresh["secret"] != made["secret"]
        service.test(BANK, made["id"], "test")
        deliveries.run()
        (_, headers, body) = server.got[-1]
        for secret in (made["secret"], fresh["secret"]):
            Verifier(secret).verify(body, headers)
        world.now += OVERLAP
        service.test(BANK, made["id"], "test")
        deliveries.run()
    assert server.got[0][1]["webhook-signature"].count("v1,") == 2
    assert server.got[-1][1]["webhook-signature"].count("v1,") == 1


def test_an_event_is_replayed_alone_or_with_all_that_came_after(
    world: World, deliveries: DeliveryService
) -> None:
    with receiving() as server:
        made = webhook_with_event(world, server)
        world.store_company(FIRM, YOUNG)
        first, second = (e["id"] for e in world.events())
        deliveries.run()
        service = addresses(world)
        assert service.replay(BANK, made["id"], {"event": first}, "test") == {"replayed": 1}
        deliveries.run()
        for since in ("1", 1):
            assert service.replay(BANK, made["id"], {"since": since}, "test") == {"replayed": 1}
        deliveries.run()
        assert ids(server) == [first, second, first, second]
        with pytest.raises(NotFound):
            service.replay(BANK, made["id"], {"event": "evt_x"}, "test")
        stranger = Principal("rival", "key:x", frozenset(Scope))
        with pytest.raises(NotFound):
            service.replay(stranger, made["id"], {}, "test")


def test_a_long_event_is_posted_short_and_says_so(
    world: World, deliveries: DeliveryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.usecases.following.delivering.MAX_TOLD", 0)
    with receiving() as server:
        webhook_with_event(world, server)
        deliveries.run()
        posted = orjson.loads(server.got[0][2])
    assert posted["data"]["companies"] == []
    assert (posted["totals"]["companies"], posted["complete"]) == (1, False)


def test_events_come_by_e_mail(world: World, deliveries: DeliveryService) -> None:
    """To addresses of the operator's domains, in words, once."""
    inbox = Inbox()
    with mail_server(inbox) as port:
        mailer = Mailer(f"smtp://127.0.0.1:{port}", "h@gov.example", frozenset({"bank.example"}))
        service = replace(world.service.webhook_service, clock=world.clock, mailer=mailer)
        made = service.create(BANK, {"url": "mailto:desk@bank.example"}, "test")
        assert made["secret"] is None
        change(world)
        assert replace(deliveries, mailer=mailer).run() == 1
    (envelope,) = inbox.letters
    assert b"evt_" in envelope.content
    assert states(world, made["id"]) == [("delivered", 1, "SMTP 250")]
