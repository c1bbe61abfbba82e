"""Requests that take seconds are known by their path."""

import inspect
from functools import partial

from flask import Flask

from service.serving.buffering_worker import BufferingWorker


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
    assert not {path for path in setting if not BufferingWorker.dear.search(path.encode())}


def test_a_search_of_all_companies_is_dear() -> None:
    for path in (b"/desk/candidates", b"/desk/candidates.xlsx", b"/programmes/p/candidates"):
        assert BufferingWorker.dear.search(path)


def test_probes_are_never_dear() -> None:
    assert not BufferingWorker.dear.search(b"/healthz")
    assert BufferingWorker.probes.match(b"/healthz")
    assert not BufferingWorker.probes.match(b"/healthz/memo")
