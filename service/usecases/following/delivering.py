"""Delivering events: each to each address, tried again for three days, then dead until replayed."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import orjson
from standardwebhooks.webhooks import Webhook as Signer

from service.delivery.http_sender import HttpSender, SendOutcome
from service.delivery.mailer import Letter, Mailer
from service.domain.text import Text
from service.rendering.event_words import event_lines, title
from service.rendering.json_parts import Json
from service.storage.deliveries import DeliveryRepository, Webhook
from service.storage.events import Event
from service.usecases.following.subscriptions import event_json
from service.usecases.following.webhooks import MAIL

# Waited before each further attempt, as Standard Webhooks advises: some three days in all.
BACKOFF = tuple(
    timedelta(seconds=s) for s in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
# Each wait is so much longer at most, so that what failed together does not come back together.
JITTER = 0.2
CHUNK, SENDERS = 200, 8
# An address that takes each event, only slowly, has a turn of so long; the others wait for its end.
TURN_SECONDS = 20.0
# What else is due to an address that does not answer waits for the next attempt, no longer than so.
HOLD = timedelta(minutes=1)
# A message says so many companies and programmes; the event itself, behind its id, has all.
MAX_TOLD = 20
_ANOTHER = Text(
    "事件 {id}，{day}。本邮件由惠策自动发出，结果以政策原文和主管部门认定为准。",
    "Event {id}, {day}. Sent by Huice by itself; what counts is the text of the policy and what the"
    " authority decides.",
)


@dataclass(frozen=True)
class DeliveryService:
    """Sends what is due. One process at a time runs it, which the caller sees to."""

    deliveries: DeliveryRepository
    sender: HttpSender
    mailer: Mailer | None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    jitter: Callable[[], float] = random.random

    def run(self) -> int:
        """Send what is due, to each address in order; how many attempts that was."""
        due = self.deliveries.due(self.now(), CHUNK)
        if not due:
            return 0
        by_address: dict[str, list[tuple[Webhook, Event, int]]] = {}
        for item in due:
            by_address.setdefault(item[0].id, []).append(item)
        with ThreadPoolExecutor(min(SENDERS, len(by_address))) as pool:
            return sum(pool.map(self._deliver, by_address.values()))

    def _deliver(self, due: list[tuple[Webhook, Event, int]]) -> int:
        """What is due to one address, as far as its turn lasts; where one does not arrive, the
        others need not be tried."""
        ends = time.monotonic() + TURN_SECONDS
        for count, (webhook, event, attempts) in enumerate(due, start=1):
            outcome = self._send(webhook, event)
            now = self.now()
            again = self._note(webhook, event, attempts, outcome, now)
            if not outcome.delivered:
                until = min(again or now + HOLD, now + HOLD)
                self.deliveries.hold(webhook.id, now, until)
                return count
            if time.monotonic() >= ends:
                return count
        return len(due)

    def _send(self, webhook: Webhook, event: Event) -> SendOutcome:
        if webhook.url.startswith(MAIL):
            return self._write(webhook, event)
        body = orjson.dumps(message(event))
        return self.sender.send(webhook.url, body, dict(self._headers(webhook, event, body)))

    def _headers(self, webhook: Webhook, event: Event, body: bytes) -> Iterator[tuple[str, str]]:
        now = self.now().astimezone(UTC)
        signed = [Signer(s).sign(event.id, now, body.decode()) for s in webhook.secrets(self.now())]
        yield "Content-Type", "application/json"
        yield "User-Agent", "Huice"
        yield "webhook-id", event.id
        yield "webhook-timestamp", str(int(now.timestamp()))
        yield "webhook-signature", " ".join(signed)

    def _write(self, webhook: Webhook, event: Event) -> SendOutcome:
        if self.mailer is None:
            return SendOutcome(None, "no mail server is set")
        say = webhook.language
        words = [line.in_language(say) for line in event_lines(event.data)]
        foot = _ANOTHER.format(id=event.id, day=event.at.date().isoformat()).in_language(say)
        return self.mailer.send(
            Letter(
                event.id,
                webhook.url.removeprefix(MAIL),
                title(event.type, event.data).in_language(say),
                "\n".join([*words, "", "-- ", foot, ""]),
                event.at,
            )
        )

    def _note(
        self, webhook: Webhook, event: Event, attempts: int, outcome: SendOutcome, now: datetime
    ) -> datetime | None:
        """Keep what came of an attempt; when the next one is, if any."""
        if outcome.status == HTTPStatus.GONE:
            self.deliveries.end(webhook.id, event.id, now, outcome.words)
            return None
        next_at = None
        if not outcome.delivered and attempts < len(BACKOFF):
            next_at = now + BACKOFF[attempts] * (1 + JITTER * self.jitter())
        self.deliveries.record_attempt(
            webhook.id,
            event.id,
            now,
            outcome.words,
            delivered=outcome.delivered,
            next_at=next_at,
        )
        return next_at


def message(event: Event) -> Mapping[str, object]:
    """What is posted: the event, long lists cut short, with how long they are."""
    whole = event_json(event)
    totals = {name: len(whole["data"][name]) for name in ("companies", "programmes")}
    companies = [_shortened(c) for c in whole["data"]["companies"][:MAX_TOLD]]
    programmes = whole["data"]["programmes"][:MAX_TOLD]
    data = {**whole["data"], "companies": companies, "programmes": programmes}
    return {**whole, "data": data, "totals": totals, "complete": data == whole["data"]}


def _shortened(company: Json) -> Json:
    return {**company, "changes": company["changes"][:MAX_TOLD]}
