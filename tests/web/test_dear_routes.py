"""Requests that take seconds are known by their path."""

import inspect
import re
from functools import partial

from flask import Flask

from service.serving.buffering_worker import BufferingWorker
from service.serving.dear_requests import PAPERS, DearRequests

_PLACE = re.compile("<[^>]+>")


def _source(application: Flask, endpoint: str) -> str:
    view = application.view_functions[endpoint]
    return inspect.getsource(view.func if isinstance(view, partial) else view)


def test_every_route_that_sets_a_pdf_is_dear(application: Flask) -> None:
    """Found by its code: one that was forgotten would take the threads of everybody."""
    setting = {
        rule.rule
        for rule in application.url_map.iter_rules()
        if "memo_pdf(page)" in _source(application, rule.endpoint)
    }
    assert len(setting) >= 3
    assert not {path for path in setting if not PAPERS.search(path.encode())}


def test_a_search_of_all_companies_is_dear() -> None:
    for path in (b"/desk/candidates", b"/desk/candidates.xlsx", b"/programmes/p/candidates"):
        assert PAPERS.search(path)


def test_a_table_that_is_looked_over_is_dear(application: Flask) -> None:
    """Sixteen workbooks of 330 kB took every thread for two minutes. What only reads a batch waits
    for nobody, nor does a memo for a table."""
    queues = DearRequests()
    routes = {_PLACE.sub("b1", rule.rule) for rule in application.url_map.iter_rules()}
    for path in (
        "/desk/batches",
        "/en/desk/batches/b1",
        "/api/v1/batches",
        "/api/v1/batches/b1/choices",
    ):
        assert path in routes
        assert queues.queue_for(path.encode(), sends=True) is not None
        assert queues.queue_for(path.encode(), sends=False) is None
    tables = queues.queue_for(b"/api/v1/batches", sends=True)
    assert tables is not queues.queue_for(b"/api/v1/receipts/r/memo", sends=False)
    assert queues.queue_for(b"/api/v1/batches/b1/rows", sends=True) is None


def test_a_sender_leaves_room_for_others() -> None:
    """Whose tables would be refused as long as one sends his again and again."""
    queue = DearRequests().queue_for(b"/api/v1/batches", sends=True)
    assert queue is not None
    for place in range(8):
        sender = "many" if place < 6 else "another"
        assert queue.has_room_for(sender)
        queue.enter(sender)
        assert queue.has_room_for("many") is (place < 5)
    assert not queue.has_room_for("a third")
    queue.leave("many")
    assert queue.has_room_for("a third")
    assert queue.has_room_for("many")


def test_probes_are_never_dear() -> None:
    assert DearRequests().queue_for(b"/healthz", sends=True) is None
    assert BufferingWorker.probes.match(b"/healthz")
    assert not BufferingWorker.probes.match(b"/healthz/memo")
