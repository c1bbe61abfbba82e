"""What gunicorn gets: an application that no broken file can take down."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from service.api.factory import create_app
from service.domain.errors import BrokenCatalogue
from service.faces import api_context
from service.settings import Settings
from service.startup import open_today
from service.storage.faults import (
    NewerDatabase,
    OutOfDate,
    StorageFault,
    StorageFull,
    UnusableDatabase,
)
from service.wsgi import LazyApplication, open_for_serving
from tests.api.sample import FICTIONAL, data, settings_for

BAD = "meridian/me-2026-1/01-lighthouse.yaml"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A copy of the made-up catalogue that a test may break."""
    shutil.copytree(FICTIONAL / "policies", tmp_path / "policies")
    return replace(settings_for(tmp_path / "huice.sqlite3"), policies=tmp_path / "policies")


WORDS = "the disk is away"


class Failing:
    """Opens an application at the second attempt."""

    def __init__(self) -> None:
        self.attempts = 0

    def __call__(self) -> Any:
        self.attempts += 1
        if self.attempts == 1:
            raise OSError(WORDS)
        return Response("open")


def get(application: LazyApplication, path: str) -> TestResponse:
    return Client(application).get(path)


def test_nothing_is_opened_at_import(tmp_path: Path) -> None:
    """Importing the module reads no policy file and makes no database."""
    environment = {**os.environ, "HUICE_POLICIES": "/nowhere", "HUICE_SEEDS": "/nowhere"}
    command = [sys.executable, "-W", "error", "-c", "import service.wsgi"]
    subprocess.run(command, check=True, cwd=tmp_path, env=environment)
    assert list(tmp_path.iterdir()) == []


def test_it_is_opened_once() -> None:
    """By the first request, or by `warm` before it."""
    opened = Failing()
    opened.attempts = 1
    application = LazyApplication(opened)
    assert opened.attempts == 1
    application.warm()
    assert get(application, "/").text == "open"
    assert opened.attempts == 2


def test_while_it_cannot_be_opened_it_is_alive_and_answers_503() -> None:
    """The process stays, a balancer looks elsewhere, the log says why."""
    opened = Failing()
    application = LazyApplication(opened, pause=3600)
    with capture_logs() as logs:
        ready = get(application, "/readyz")
    assert (ready.status_code, ready.content_type) == (503, "application/problem+json")
    assert ready.headers["Retry-After"]
    assert get(application, "/healthz").status_code == 200
    assert get(application, "/api/v1/programmes").status_code == 503
    assert opened.attempts == 1
    assert logs[0]["exception"] == "OSError"
    assert WORDS not in str(logs)  # a message may quote what somebody sent


def test_while_the_database_is_brought_up_to_date_it_says_so() -> None:
    """Whether it lives is not told later for that: nothing is opened for the question."""

    def open_application() -> Any:
        attempts.append(1)
        raise OutOfDate("of last year")

    attempts: list[int] = []
    application = LazyApplication(open_application)
    assert get(application, "/healthz").status_code == 200
    assert not attempts
    ready = get(application, "/readyz")
    assert (ready.status_code, data(ready)["code"]) == (503, "migrating")


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (NewerDatabase(WORDS), "database_newer", True),
        (UnusableDatabase(WORDS), "storage_unavailable", True),
        (StorageFault(WORDS), "storage_unavailable", False),
        (StorageFull(WORDS), "storage_full", False),
        (RuntimeError(WORDS), "busy", False),
    ],
)
def test_what_is_wrong_with_the_database_is_said(
    error: Exception, code: str, *, told: bool
) -> None:
    """By its own code, to a browser as a page of both languages; the log gives the reason where it
    is for the operator and quotes nobody."""

    def open_application() -> Any:
        raise error

    application = LazyApplication(open_application)
    with capture_logs() as logs:
        ready = get(application, "/readyz")
    assert (ready.status_code, data(ready)["code"]) == (503, code)
    assert (WORDS in str(logs)) is told
    page = Client(application).get("/", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (503, "text/html")


def test_it_is_tried_again_after_a_pause() -> None:
    """What failed for a moment heals by itself."""
    application = LazyApplication(Failing(), pause=0)
    assert get(application, "/").status_code == 503
    assert get(application, "/").text == "open"


@pytest.fixture
def broken(settings: Settings) -> Settings:
    """Policy files that were sound once and served, and are broken now."""
    open_today(settings).close()
    (settings.policies / BAD).write_text("id: me-lighthouse\nid: twice\n", encoding="utf-8")
    return settings


def test_broken_files_leave_the_last_good_catalogue_in_use(broken: Settings) -> None:
    """A worker that starts anew serves what was sound; the log names file and line."""
    with capture_logs() as logs:
        huice = open_for_serving(broken)
    client = create_app(api_context(huice)).test_client()
    answer = client.post("/api/v1/match", json={"profile": {}})
    huice.close()
    assert answer.status_code == 200
    assert huice.compiled.catalogue.version == data(answer)["catalogue_version"]
    assert {m["programme"]["id"] for m in data(answer)["matches"]} == {
        "me-lighthouse",
        "me-young-firm",
    }
    diagnostics = next(e["diagnostics"] for e in logs if e["event"] == "broken_catalogue")
    assert any("01-lighthouse.yaml:2" in d for d in diagnostics)


def test_broken_files_that_never_were_sound_are_refused(settings: Settings) -> None:
    """There is nothing to fall back on: the fault is told."""
    (settings.policies / BAD).write_text("id: [", encoding="utf-8")
    with pytest.raises(BrokenCatalogue), capture_logs():
        open_for_serving(settings)


def test_rules_that_contradict_their_examples_are_not_served(settings: Settings) -> None:
    """They load, but an example that was right yesterday fails today: the last good ones go on."""
    open_today(settings).close()
    path = settings.policies / BAD
    path.write_text(
        path.read_text(encoding="utf-8").replace("status: potential", "status: ineligible", 1),
        encoding="utf-8",
    )
    with capture_logs() as logs:
        huice = open_for_serving(settings)
    huice.close()
    (told,) = (e["diagnostics"] for e in logs if e["event"] == "broken_catalogue")
    assert "status is potential, expected ineligible" in told[0]
    assert str(path) in told[0]
    with capture_logs() as logs:
        open_for_serving(replace(settings, failing_examples="serve")).close()
    assert [e for e in logs if e["event"] == "broken_catalogue"] == []
