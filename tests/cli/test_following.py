"""The worker that compares and delivers, killed at any moment: nothing is lost or told twice."""

import multiprocessing
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import orjson
import pytest
from stdnum.cn import uscc
from structlog.testing import capture_logs

from service.app import Services, open_services
from service.cli import following
from service.cli.following import Following
from service.domain.principal import Principal, Scope
from service.settings import Settings
from service.usecases.following import comparing
from tests.api.sample import settings_for
from tests.delivery.test_http_sender import Receiver, receiving

BANK = Principal("bank", "operator", frozenset(Scope))
YOUNG = {"kind": "enterprise", "registered_region": "900101", "founded_on": "2020-01-01"}
# One server of processes for all tests: each worker is forked off in milliseconds.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["service.cli.following", "tests.cli.test_following"])


def work(settings: Settings, ready: Event) -> None:
    """What `huice work` does of it, in small steps without pauses, so that kills hit each."""
    ready.set()
    comparing.CHUNK = 3
    following.PAUSE_SECONDS = 0.01
    Following(settings).run()


def code(number: int) -> str:
    plain = f"91310000MA1F{number:05}"
    return plain + uscc.calc_check_digit(plain)


def keep(service: Services, count: int, employees: int) -> None:
    for number in range(count):
        company = {**YOUNG, "employees": employees}
        document = {"profile": {"company": company}, "tags": ["sme"]}
        service.company_service.put(BANK, code(number), document, None, "test")


def everything_delivered(service: Services, companies: int) -> bool:
    (listed,) = service.webhook_service.list(BANK)["items"]
    events = service.subscription_service.event_page(BANK, 0, 500)["items"]
    told = sum(len(e["data"]["companies"]) for e in events)
    return told >= companies and not listed["waiting"]


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    """A worker in a process of its own, which has begun; killed in the end."""
    ready = PROCESSES.Event()
    worker = PROCESSES.Process(target=work, args=(settings, ready), daemon=True)
    worker.start()
    try:
        assert ready.wait(60)
        yield
    finally:
        worker.kill()
        worker.join()
    assert worker.exitcode == -signal.SIGKILL


def check(tmp_path: Path, companies: int, kills: int) -> None:
    settings = settings_for(tmp_path / "huice.sqlite3", webhook_networks=("127.0.0.0/8",))
    service, moments = open_services(settings), random.Random(11)
    service.serve()
    service.key_service.create(BANK, {"name": "x", "scopes": ["match"]}, "test")
    with receiving() as server:
        keep(service, companies, 50)
        asked = {"kind": "tag", "target": "sme"}
        service.subscription_service.create(BANK, asked, "test")
        url = f"http://127.0.0.1:{server.port}/"
        service.webhook_service.create(BANK, {"url": url}, "test")
        keep(service, companies, 51)
        for _ in range(kills):
            with working(settings):
                time.sleep(moments.uniform(0, 0.4))
        with working(settings):
            until = time.monotonic() + 120
            while not everything_delivered(service, companies):
                assert time.monotonic() < until
                time.sleep(0.05)
        check_told_once(service, server, companies)
    service.close()


def check_told_once(service: Services, server: Receiver, companies: int) -> None:
    """Every company's change is in one event; every event arrived, always under its own id and with
    the same content."""
    events = service.subscription_service.event_page(BANK, 0, 500)["items"]
    told = Counter(c["uscc"] for e in events for c in e["data"]["companies"])
    assert told == Counter(code(n) for n in range(companies))
    arrived = {headers["webhook-id"] for _, headers, _ in server.got}
    assert arrived == {e["id"] for e in events}
    contents = {(h["webhook-id"], body) for _, h, body in server.got}
    assert len(contents) == len(arrived)
    assert {orjson.loads(body)["id"] for _, _, body in server.got} == arrived


def test_a_worker_killed_three_times_loses_and_repeats_nothing(tmp_path: Path) -> None:
    check(tmp_path, companies=24, kills=3)


@pytest.mark.deep
def test_a_worker_killed_fifty_times_loses_and_repeats_nothing(tmp_path: Path) -> None:
    check(tmp_path, companies=400, kills=50)


class Ended(BaseException):
    """The process is told to end."""


def test_a_state_that_cannot_be_opened_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comparing and delivering go on once it can be: neither ends without a word."""
    opened: list[str] = []

    def open_state(settings: Settings) -> None:
        opened.append("tried")
        raise OSError("no such place") if len(opened) < 3 else Ended

    monkeypatch.setattr(following, "opened_state", open_state)
    monkeypatch.setattr(following, "_AFTER_FAILURE", 0.0)
    at_work = Following(settings_for(tmp_path))
    for what in (at_work._compare, at_work._deliver):
        opened.clear()
        with capture_logs() as logs, pytest.raises(Ended):
            at_work._run_forever("at work", what)
        assert [(log["event"], log["exception"]) for log in logs] == [
            ("at work_failed", "OSError")
        ] * 2
