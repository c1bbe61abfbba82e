"""Logging in through a provider of identities, which runs in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from environs import EnvValidationError
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api.factory import create_app
from service.app import Services, open_services
from service.domain.principal import Role, operator_of
from service.faces import api_context, page_context
from service.identity.provider import MAX_AT_ONCE, IdentityProvider
from service.settings import read_settings
from service.web.site import register_pages
from tests.api.sample import settings_for
from tests.web.oidc_provider import CLIENT, SECRET

REDIRECT = "http://localhost/desk/login/return"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a running provider."""
    environment = {**os.environ, "REDIRECT": REDIRECT, "PYTHONWARNINGS": "ignore"}
    program = Path(__file__).with_name("oidc_provider.py")
    process = subprocess.Popen(
        [sys.executable, str(program)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def huice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    found = open_services(settings_for(tmp_path_factory.mktemp("provider") / "huice.sqlite3"))
    for tenant, name in (("bank", "chen"), ("rival", "zhou")):
        found.account_service.add(operator_of(tenant), name, Role.OFFICER, None, "t")
    yield found
    found.close()


def pages(huice: Services, issuer: str) -> Flask:
    app = create_app(api_context(huice))
    identity = IdentityProvider(issuer, CLIENT, SECRET, REDIRECT, "preferred_username")
    register_pages(app, replace(page_context(huice), identity=identity))
    return app


@pytest.fixture(scope="module")
def app(huice: Services, issuer: str) -> Flask:
    return pages(huice, issuer)


def leave(client: FlaskClient, **query: str) -> str:
    """Where the service sends somebody who wants to log in at the provider."""
    answer = client.get("/desk/login/provider", query_string=query)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def confirm(address: str, name: str, fault: str = "") -> str:
    """What the provider sends a browser back to, with a state and a code."""
    assert "Log in" in requests.get(address, timeout=30).text
    answer = requests.post(
        address, data={"user": name, "fault": fault}, timeout=30, allow_redirects=False
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(REDIRECT)
    return answer.headers["Location"].removeprefix("http://localhost")


def login(client: FlaskClient, name: str, **query: str) -> TestResponse:
    return client.get(confirm(leave(client, **query), name))


def test_somebody_whom_the_provider_knows_is_logged_in(app: Flask, huice: Services) -> None:
    """With PKCE and a nonce; the account is that of the claim's name, without a password."""
    client = app.test_client()
    address = leave(client, next="/en/desk/portfolio")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert SECRET not in address
    back = client.get(confirm(address, "chen"))
    assert (back.status_code, back.headers["Location"]) == (303, "/en/desk/portfolio")
    assert "chen" in client.get("/desk/clients").text
    assert huice.account_service.accounts.get("bank", "chen").subject is not None


def test_the_first_subject_keeps_the_account(app: Flask, huice: Services, issuer: str) -> None:
    """Another subject that comes with the same name later is not let in."""
    assert login(app.test_client(), "zhou").status_code == 303
    service = huice.account_service
    assert service.accounts.get("rival", "zhou").subject == f"{issuer} id-of-zhou"
    with pytest.raises(Exception, match="no account"):
        service.login_as("https://login.example another", "zhou", "t", None)


def test_somebody_without_an_account_is_told_so(app: Flask, huice: Services) -> None:
    """And who has a password here is not taken over by a name there."""
    client = app.test_client()
    answer = login(client, "nobody")
    assert answer.status_code == 403
    assert "没有您的账号" in answer.text
    huice.account_service.add(
        operator_of("bank"), "lin", Role.ADMIN, "a long sentence of words", "t"
    )
    assert login(client, "lin").status_code == 403
    assert client.get("/desk/clients").status_code == 303


def test_a_code_counts_once_and_for_the_browser_that_asked(app: Flask) -> None:
    """Sent again, with another state, or from another browser, it opens nothing."""
    client = app.test_client()
    back = confirm(leave(client), "chen")
    assert app.test_client().get(back).status_code == 403
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert client.get(back.replace(state, "x" * len(state))).status_code == 403
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 403
    assert client.get("/desk/login/return").status_code == 403


@pytest.mark.parametrize("fault", ["issuer", "nonce", "audience", "expired", "key"])
def test_a_provider_that_errs_lets_nobody_in(app: Flask, fault: str) -> None:
    """A token of another issuer, of another login, for another, past its time, by a key that is not
    published."""
    client = app.test_client()
    answer = client.get(confirm(leave(client), "chen", fault))
    assert answer.status_code == 403
    assert "没有确认" in answer.text
    assert client.get("/desk/clients").status_code == 303


def test_metadata_of_another_issuer_are_not_believed(huice: Services, issuer: str) -> None:
    client = pages(huice, f"{issuer}/broken").test_client()
    assert client.get("/desk/login/provider").status_code == 403


def test_a_provider_that_is_down_is_told(huice: Services) -> None:
    """Nobody else waits for it: passwords still serve."""
    with socket.socket() as bound:  # bound and not listening: every connection is refused
        bound.bind(("127.0.0.1", 0))
        client = pages(huice, f"http://127.0.0.1:{bound.getsockname()[1]}").test_client()
        answer = client.get("/desk/login/provider")
    assert answer.status_code == 503
    assert "联系不上" in answer.text
    assert "用密码登录" in client.get("/desk/login").text


def test_a_provider_that_is_silent_holds_few_threads(huice: Services) -> None:
    """Anybody may ask for it: sixty at once kept a match waiting for half a minute."""
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor() as clients:
        app = pages(huice, f"http://127.0.0.1:{silent.getsockname()[1]}")

        def ask() -> str:
            answer = app.test_client().get("/desk/login/provider")
            assert answer.status_code == 503
            return answer.text

        waiting = [clients.submit(ask) for _ in range(MAX_AT_ONCE)]
        held = [silent.accept()[0] for _ in waiting]
        assert "登录的人太多" in ask()
        for connection in held:
            connection.close()
        assert all("联系不上" in each.result() for each in waiting)


@pytest.mark.parametrize(
    "beginning",
    [
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["headers", "body", "chunks"],
)
def test_a_provider_that_sends_a_byte_now_and_then_is_given_up(
    huice: Services, monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    """Each byte came in time: it held a thread until its worker was replaced."""
    monkeypatch.setattr("service.identity.provider.WHOLE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as slow, ThreadPoolExecutor() as providers:

        def given_up() -> bool:
            """Whether nobody listens any more, long before it has sent half of what it may."""
            connection, _ = slow.accept()
            with connection, suppress(OSError):
                connection.sendall(beginning)
                for _ in range(400):
                    connection.sendall(b"1")
                    time.sleep(0.05)
                return False
            return True

        provider = providers.submit(given_up)
        client = pages(huice, f"http://127.0.0.1:{slow.getsockname()[1]}").test_client()
        answer = client.get("/desk/login/provider")
        assert (answer.status_code, "联系不上" in answer.text) == (503, True)
        assert provider.result()


def test_without_a_provider_there_is_no_such_address(huice: Services) -> None:
    app = create_app(api_context(huice))
    register_pages(app, page_context(huice))
    client = app.test_client()
    assert client.get("/desk/login/provider").status_code == 404
    assert client.get("/desk/login/return").status_code == 404
    assert "/desk/login/provider" not in client.get("/desk/login").text


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"HUICE_OIDC_ISSUER": "http://login.example.com"}, {"HUICE_OIDC_ISSUER"}),
        ({"HUICE_OIDC_ISSUER": "https://login.example.com"},
         {"HUICE_OIDC_CLIENT", "HUICE_OIDC_SECRET", "HUICE_PUBLIC_URL"}),
    ],
)  # fmt: skip
def test_half_a_provider_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], wrong: set[str]
) -> None:
    """Each variable that is missing or wrong is named; a secret is shown nowhere."""
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(EnvValidationError) as refused:
        read_settings()
    messages: Any = refused.value.error_messages
    assert set(messages) == wrong
    settings = settings_for(Path("x"), oidc_secret="hush")
    assert "hush" not in repr(settings)
