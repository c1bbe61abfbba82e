#!/usr/bin/env python3
"""Take the pictures of the pages that the guide shows, into docs/img/.

usage: screenshots.py [FOLDER]
"""

import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from service.api.factory import create_app
from service.app import open_services, page_context
from service.settings import read_settings
from service.web.site import register_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
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
    huice = open_services(replace(read_settings(), database=folder / "huice.sqlite3"))
    application = create_app(huice)
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
    with page.expect_navigation():
        page.locator("form[action$='/check'] button").click()
    key = page.url.split("/cases/")[1].split("/")[0]
    page.check("input[name='company.kind'][value=enterprise]")
    page.fill("#q-company-registered_region", "浦东新区")
    page.check("input[name='company.registered_region'][value='310115']")
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
    save(page)
    page.fill("#project-contract_amount", "6000万")
    save(page)
    return key


def save(page: Page) -> None:
    """Send the form and wait for what comes after it."""
    with page.expect_navigation():
        page.click("button[value=save]")


def shots(key: str) -> list[tuple[str, str, bool]]:
    """Name, address and whether the whole page is wanted."""
    return [
        ("start", "/", False),
        ("library", "/library?q=贷款", False),
        ("programme", "/programmes/sh-08-first-set", False),
        ("measure", "/measures/sh-2025-8", False),
        ("check", f"/cases/{key}/steps/2", False),
        ("projects", f"/cases/{key}/projects", False),
        ("question", f"/cases/{key}/next", False),
        ("answers", f"/cases/{key}/answers", False),
        ("result", f"/cases/{key}/result", False),
        ("summary", f"/cases/{key}/summary", False),
        ("group", f"/cases/{key}/groups/ineligible", False),
        ("fit", f"/cases/{key}/programmes/sh-08-first-set", False),
        ("share", f"/cases/{key}/share", False),
        ("desk", f"/desk/cases/{key}", False),
        ("evidence", f"/desk/cases/{key}/evidence", False),
        ("memo", f"/cases/{key}/memo", False),
        ("portal", "/portal", True),
    ]


def take(browser: Browser, address: str, folder: Path) -> None:
    """All pages on a desktop; the main ones on a phone, in the dark and in English."""
    key = fill_in(browser.new_page(viewport=DESKTOP), address)
    looks = [
        ("", "", browser.new_page(viewport=DESKTOP), None),
        ("-phone", "", browser.new_page(viewport=PHONE), {"start", "check", "result", "library"}),
        (
            "-dark",
            "",
            browser.new_page(viewport=DESKTOP, color_scheme="dark"),
            {"start", "result", "check"},
        ),
        ("-en", "/en", browser.new_page(viewport=DESKTOP), {"start", "result", "programme"}),
    ]
    for suffix, prefix, page, only in looks:
        for name, path, whole in shots(key):
            if only is not None and name not in only:
                continue
            page.goto(f"{address}{prefix}{path}")
            page.wait_for_load_state("networkidle")
            if name == "result":
                page.locator(".block.potential summary").first.click()
                page.locator("#fit").first.wait_for()
            page.screenshot(path=folder / f"{name}{suffix}.png", full_page=whole and not suffix)


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "img"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        served(Path(scratch)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take(browser, address, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
