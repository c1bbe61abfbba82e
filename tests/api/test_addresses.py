"""The service knows its own address; what a request says of it is not believed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import open_services
from service.faces import api_context
from tests.api.sample import settings_for

PUBLIC = "https://huice.example.gov.cn"
Make = Callable[..., FlaskClient]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """A client of a service with these settings and a view that tells what it sees."""
    opened = []

    def client(**settings: Any) -> FlaskClient:
        services = open_services(settings_for(tmp_path / "huice.sqlite3", **settings))
        opened.append(services)
        app: Flask = create_app(api_context(services))
        app.add_url_rule("/seen", view_func=lambda: f"{request.host_url} {request.remote_addr}")
        return app.test_client()

    yield client
    for services in opened:
        services.close()


@pytest.mark.parametrize("host", ["huice.example.gov.cn", "127.0.0.1:8000", "localhost", "[::1]:1"])
def test_links_begin_at_the_public_address(make: Make, host: str) -> None:
    """Behind a proxy that speaks plain HTTP to us, too."""
    answer = make(public_url=PUBLIC).get("/seen", headers={"Host": host})
    assert answer.text.startswith(f"{PUBLIC}/ ")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_foreign_host_is_refused_where_ours_is_known(make: Make) -> None:
    """400, whatever it asks for."""
    for settings in ({"public_url": PUBLIC}, {"trusted_hosts": ("huice.example",)}):
        client = make(**settings)
        assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_a_probe_on_the_machine_is_answered_whatever_hosts_are_trusted(make: Make) -> None:
    """The container's health check asks 127.0.0.1."""
    client = make(trusted_hosts=("huice.example",))
    assert client.get("/readyz", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def test_plain_http_insists_on_nothing(make: Make) -> None:
    """No HSTS without a public https address."""
    for settings in ({}, {"public_url": "http://intranet.example"}):
        assert "Strict-Transport-Security" not in make(**settings).get("/healthz").headers


@pytest.mark.parametrize(
    ("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.9"), (2, "203.0.113.5")]
)
def test_the_client_is_whom_the_outermost_proxy_of_ours_saw(
    make: Make, proxies: int, seen: str
) -> None:
    """What stands before that in the header, anybody may have written."""
    headers = {"X-Forwarded-For": "10.0.0.1, 203.0.113.5, 198.51.100.9"}
    assert make(proxies=proxies).get("/seen", headers=headers).text.endswith(f" {seen}")
