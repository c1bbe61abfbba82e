"""The pages over the real catalogue, with a database of their own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from werkzeug.test import TestResponse

from service.api.factory import create_app
from service.app import Services, open_services
from service.faces import api_context, page_context
from service.settings import read_settings
from service.storage.cases import CaseRepository
from service.storage.database import open_database
from service.web.cases import Case
from service.web.ports import PageContext
from service.web.site import register_pages
from tests.own import open_own
from tests.web.browser import CHROMIUM, FLAGS, served
from tests.web.officer import Officer, add_officer
from tests.web.plain import write_plain_catalogue
from tests.web.watching import PATIENCE, Contexts, Watched

EMBEDDER = "https://portal.example.gov.cn"
ROBOTS: dict[str, Any] = {
    "name": "示例灵巧机器人（上海）有限公司", "kind": ["enterprise"], "registered_region": "310115",
    "fields": ["embodied_intelligence"],
    "certificates": [{"category": "high_tech_enterprise", "issued_on": "2024-11-01",
                      "expires_on": "2027-10-31"}],
}  # fmt: skip
CONTRACT = {"ref": "p1", "kind": "first_of_kind_product", "contract_amount": "60000000.00"}


@pytest.fixture(scope="session")
def huice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The service over the project's own policy files."""
    database = tmp_path_factory.mktemp("pages") / "huice.sqlite3"
    opened = open_own(database, frame_ancestors=(EMBEDDER,), case_rate="100000/hour")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def site(huice: Services) -> PageContext:
    return page_context(huice)


@pytest.fixture(scope="session")
def application(huice: Services, site: PageContext) -> Flask:
    app = create_app(api_context(huice))
    register_pages(app, site)
    return app


@contextmanager
def pages_over(folder: Path, files: tuple[Path, Path]) -> Iterator[Flask]:
    """The pages over other policies and seeds."""
    policies, seeds = files
    settings = replace(
        read_settings(), database=folder / "huice.sqlite3", policies=policies, seeds=seeds
    )
    opened = open_services(settings)
    app = create_app(api_context(opened))
    register_pages(app, page_context(opened))
    yield app
    opened.close()


@pytest.fixture(scope="session")
def fictional(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The pages over the smallest catalogue there can be."""
    folder = tmp_path_factory.mktemp("plain")
    with pages_over(folder, write_plain_catalogue(folder)) as app:
        yield app


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    return application.test_client()


@dataclass
class Visitor:
    """Somebody who follows forms and links without JavaScript."""

    client: FlaskClient
    key: str = ""
    prefix: str = ""

    def get(self, path: str) -> str:
        """A page of the case; it must be there."""
        answer = self.client.get(f"{self.prefix}{path.format(key=self.key)}")
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path))
        assert found, f"{path} has no form"
        return found[1]

    def post(self, path: str, page: str | None = None, **fields: str | list[str]) -> TestResponse:
        """Send a form that stands on `page`, or else on the page of the same address."""
        data = {"csrf": self.token(page or path), **fields}
        address = f"{self.prefix}{path.format(key=self.key)}"
        return self.client.post(address, data=data)

    def send(self, path: str, fields: dict[str, str | list[str]]) -> TestResponse:
        """Send fields whose names are no Python names."""
        return self.post(path, None, **fields)

    def shown_again(self, answer: TestResponse) -> str:
        """The page that a form stands on again: the answer to a plain request, which has nothing of
        what was typed in its address."""
        assert (answer.status_code, "draft=" in answer.headers["Location"]) == (303, True)
        page = self.client.get(answer.headers["Location"])
        assert page.status_code == 200
        return page.get_data(as_text=True)

    def begin(self) -> "Visitor":
        """Open a case."""
        answer = self.post("/check")
        assert answer.status_code == 303
        self.key = answer.headers["Location"].split("/cases/")[1].split("/")[0]
        return self


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client).begin()


@pytest.fixture(scope="session")
def today(site: PageContext) -> date:
    return site.today()


@pytest.fixture(scope="session")
def project_root() -> Path:
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def served_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service that browsers ask keeps its database."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def address(served_folder: Path) -> Iterator[str]:
    """Where a browser finds the service; one for all tests of a process."""
    with served(served_folder) as found:
        yield found


@pytest.fixture(scope="session")
def officer(served_folder: Path, address: str) -> Officer:
    """Somebody with an account at that service, and one client."""
    with open_database(served_folder / "huice.sqlite3") as store:
        return add_officer(store)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, timeout=2 * PATIENCE
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def watched(contexts: Contexts, address: str) -> Iterator[Watched]:
    """Afterwards: no complaint in the console, no request to another host."""
    watch = Watched(contexts, address)
    yield watch
    contexts.clear(address)
    assert watch.faults == []


@pytest.fixture(scope="session")
def case(served_folder: Path, address: str) -> str:
    """The key of a case that is filled in."""
    return keep_case(served_folder, ROBOTS, CONTRACT)


@pytest.fixture
def empty_case(served_folder: Path, address: str) -> str:
    """The key of a case that nothing is stated in yet."""
    return keep_case(served_folder, {})


def keep_case(folder: Path, company: dict[str, Any], *projects: dict[str, Any]) -> str:
    """The key of a new case at the service that browsers ask."""
    content = Case("", company, list(projects)).content()
    with open_database(folder / "huice.sqlite3") as store:
        return CaseRepository(store, timedelta(days=1)).create(content, datetime.now(UTC))
