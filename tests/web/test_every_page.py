"""Every page in a real browser, in both languages: nothing complains, nothing scrolls sideways on
any screen, and axe finds nothing, in the light or in the dark."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect

from tests.web.browser import DESKTOP
from tests.web.officer import Officer
from tests.web.watching import Watched

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")
# A phone held upright at 200 %, one at 100 %, a small window.
WIDTHS = (320, 390, 1024)
# One of each kind of page, as the addresses of the service name their parts.
PARTS = {
    "programme_id": "sh-08-first-set", "measure_id": "sh-2025-8", "number": "2", "ref": "p1",
    "account": "chen", "name": "certificates", "block": "undetermined",
}  # fmt: skip
# What is no page: files, pieces of pages, and what leads on to a page.
NO_PAGES = re.compile(
    r"\.(xlsx|csv|ics|pdf|svg|json|atom)$|/options/|/desk/open$|/desk/login|/desk/receipts/|/shared/|/next$"
)


def every_page(application: Flask, **named: str) -> list[str]:
    """The address of one page of each kind, from the service's own list of addresses."""
    rules = (
        rule.rule
        for rule in application.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ())
    )
    parts = {**PARTS, **named}
    pages = sorted(rule for rule in rules if not NO_PAGES.search(rule))
    return [re.sub(r"<(?:\w+:)?(\w+)>", lambda m: parts[m[1]], rule) for rule in pages]


def unfold(page: Page) -> None:
    """Open what is folded, of what is fetched only then the first of each kind."""
    page.evaluate(
        """() => {
          const fetched = new Set();
          for (const details of document.querySelectorAll("details")) {
            const asks = details.querySelector("[hx-get]");
            const kind = asks && asks.className + asks.closest("section")?.id;
            if (asks && fetched.has(kind)) continue;
            if (asks) fetched.add(kind);
            details.open = true;
          }
        }"""
    )
    expect(page.locator(".htmx-request")).to_have_count(0)


def scrolls_sideways(page: Page) -> list[int]:
    """The widths at which a page is wider than its window, measured without loading it anew."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size(ViewportSize(width=width, height=800))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(width)
    return found


def complaints(page: Page, rules: list[str]) -> list[tuple[str, ...]]:
    """What axe finds, told in the page: all that it looked at would be megabytes to carry over."""
    found: list[list[str]] = page.evaluate(
        """rules => axe.run({
          runOnly: rules, resultTypes: ["violations"], preload: false,
        }).then(({ violations }) => violations.map(({ id, nodes: [first] }) =>
          [id, first.html.slice(0, 120), first.failureSummary.slice(0, 160)]))""",
        rules,
    )
    return [tuple(violation) for violation in found]


@pytest.mark.browser
@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_every_page_is_whole_on_every_screen(
    application: Flask, watched: Watched, case: str, officer: Officer, prefix: str
) -> None:
    """By the rules of WCAG 2.2 AA and by best practice: in Chinese on a desktop, in English as it
    looks on a phone. In the dark only the colours are others, the same in both languages. Who looks
    is logged in, but on the page where he does so."""
    page = watched.open()
    axe = AXE.read_text(encoding="utf-8")
    found: dict[str, Any] = {}
    officer.log_in(page, watched.address)
    batch = officer.send_table(page, watched.address)
    page.context.clear_cookies()
    pages = every_page(application, key=case, uscc=officer.client, batch_id=batch)
    assert len(pages) > 20
    for path in ("/desk/login", *pages):
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="light")
        page.goto(f"{watched.address}{prefix}{path}")
        unfold(page)
        wide = scrolls_sideways(page)
        page.set_viewport_size(ViewportSize(width=390, height=800) if prefix else DESKTOP)
        page.evaluate(axe)
        faults = complaints(page, list(WCAG))
        if not prefix:
            page.emulate_media(color_scheme="dark")
            faults += complaints(page, ["color-contrast"])
        if wide or faults:
            found[path] = (wide, faults)
        if path == "/desk/login":
            officer.log_in(page, watched.address)
    assert found == {}
