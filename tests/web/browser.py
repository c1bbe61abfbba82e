"""A real browser and a served application: for the tests of pages and for the guide's pictures."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from playwright.sync_api import Page, ViewportSize
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from service.api.factory import create_app
from service.faces import api_context, page_context
from service.web.site import register_pages
from tests.own import open_own

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# One without windows first: to draw them takes longer than the pages.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), BROWSERS[0])
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PHONE = ViewportSize(width=360, height=740)
DESKTOP = ViewportSize(width=1440, height=900)


def whole(application: Flask) -> "WSGIApplication":
    """The same answers, read and closed before they are sent: where a browser goes away in the
    middle, this server closes no file."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
        parts, status, headers = run_wsgi_app(application, environ, buffered=True)
        start(status, headers.to_wsgi_list())
        return [b"".join(parts)]

    return answer


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the service, with a database of its own in a folder."""
    huice = open_own(folder / "huice.sqlite3")
    application = create_app(api_context(huice))
    register_pages(application, page_context(huice))
    server = make_server("127.0.0.1", 0, whole(application), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        huice.close()


def fill_in(page: Page, address: str) -> str:
    """Answer the basics for a made-up company; the key of its case."""
    page.goto(f"{address}/check")
    page.check("input[name='company.kind'][value=enterprise]")
    page.fill("#q-company-registered_region", "浦东新区")
    page.check("input[name='company.registered_region'][value='310115']")
    with page.expect_navigation():
        page.locator(".begin button").click()
    key = page.url.split("/cases/")[1].split("/")[0]
    page.goto(f"{address}/cases/{key}/steps/1")
    page.locator("details.rare summary").last.click()
    page.fill("#company-name", "示例灵巧机器人（上海）有限公司")
    save(page)
    page.check("input[name='company.fields'][value=embodied_intelligence]")
    page.check("input[name='company.certificates'][value=high_tech_enterprise]")
    page.fill("[name='company.certificates~issued~high_tech_enterprise']", "2024-11-01")
    page.fill("[name='company.certificates~expires~high_tech_enterprise']", "2027-10-31")
    save(page)
    page.check("input[name='kind~first_of_kind_product'][value=have]")
    page.check("input[name='kind~person'][value='~none']")
    page.fill("#new-first_of_kind_product-project-contract_amount", "6000万")
    save(page)
    return key


def save(page: Page) -> None:
    """Send the form and wait for what comes after it."""
    with page.expect_navigation():
        page.click("button[value=save]")


def shots(key: str) -> list[tuple[str, str, bool]]:
    """The pages of a case and those beside it: name, address, and whether the guide shows all of
    it."""
    of_the_case = {
        "check": "steps/2", "projects": "projects", "question": "next", "answers": "answers",
        "result": "result", "summary": "summary", "group": "groups/ineligible",
        "fit": "programmes/sh-08-first-set", "share": "share", "memo": "memo",
    }  # fmt: skip
    return [
        ("start", "/", False),
        ("library", "/library?q=贷款", False),
        ("programme", "/programmes/sh-08-first-set", False),
        ("measure", "/measures/sh-2025-8", False),
        *((name, f"/cases/{key}/{path}", False) for name, path in of_the_case.items()),
        ("desk", f"/desk/cases/{key}", False),
        ("evidence", f"/desk/cases/{key}/evidence", False),
        ("portal", "/portal", True),
    ]
