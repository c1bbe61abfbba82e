"""Every page in a real browser, in both languages: nothing complains, nothing scrolls sideways on
any screen, and axe finds nothing, in the light or in the dark."""

import json
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
# A small window, a phone held upright, one at 200 %.
WIDTHS = (1024, 390, 320)
# What a phone does not show.
WIDE_ONLY = ".stacked thead, .steps a"
# One of each kind of page, as the addresses of the service name their parts.
PARTS = {
    "programme_id": "sh-08-first-set", "measure_id": "sh-2025-8", "number": "2", "ref": "p1",
    "account": "chen", "name": "certificates", "block": "undetermined",
    "fact_id": "company.employees", "row": "2",
}  # fmt: skip
# What is no page: files, pieces of pages, and what leads on to a page.
NO_PAGES = re.compile(
    r"\.(xlsx|csv|ics|pdf|svg|json|atom|<form>)$|/options/|/desk/open$|/desk/login|/desk/receipts/"
    r"|/shared/|/next$|/batches/<batch_id>/changes$"
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


def cut_off(page: Page) -> list[str]:
    """What a screen does not show whole: text that its box hides, and what stands beyond the edge
    where nothing scrolls to it."""
    found: list[str] = page.evaluate(
        """() => {
          const scrolls = (e) => /auto|scroll/.test(getComputedStyle(e).overflowX);
          const hides = (e) => /hidden|clip/.test(getComputedStyle(e).overflowX);
          const found = [];
          for (const e of document.body.querySelectorAll("*")) {
            const box = e.getBoundingClientRect();
            if (box.width < 2 || box.height < 8 || !e.checkVisibility()) continue;
            // Comes with the focus; tells by its bar what is done; scrolls by itself.
            if (e.matches(".skip, .steps a, input")) continue;
            const beyond = box.right > innerWidth + 1 || box.left < -1;
            const around = (test) => { for (let p = e.parentElement; p; p = p.parentElement)
              if (test(p)) return true; return false; };
            const hidden = hides(e) && e.scrollWidth > e.clientWidth + 1;
            if (hidden || (beyond && !around(scrolls) && !around((p) => p.clientWidth < 2)))
              found.push(e.outerHTML.slice(0, 120));
          }
          return found.slice(0, 3);
        }"""
    )
    return found


def unseen_focus(page: Page) -> list[str]:
    """What can have the focus, one of each kind, and does not show it when it is reached by
    keyboard."""
    page.keyboard.press("Tab")
    found: list[str] = page.evaluate(
        """() => {
          const kinds = new Map();
          const able = "a[href], button, input:not([type=hidden]), select, textarea, summary";
          for (const e of document.querySelectorAll(able))
            if (e.checkVisibility() && !e.disabled)
              kinds.set(`${e.tagName} ${e.type} ${e.className} ${e.parentElement.className}`, e);
          const shows = (e) => {
            e.focus();
            const { outlineStyle, outlineWidth } = getComputedStyle(e);
            return document.activeElement !== e
              || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
          };
          return [...kinds.values()].filter((e) => !shows(e)).map((e) => e.outerHTML.slice(0, 120));
        }"""
    )
    return found


def complaints(page: Page, rules: list[str], within: str = "html") -> list[tuple[str, ...]]:
    """What axe finds, told in the page: all that it looked at would be megabytes to carry over."""
    found: list[list[str]] = page.evaluate(
        """([rules, within]) => document.querySelector(within) ? axe.run(within, {
          runOnly: rules, resultTypes: ["violations"], preload: false,
        }).then(({ violations }) => violations.map(({ id, nodes: [first] }) =>
          [id, first.html.slice(0, 120), first.failureSummary.slice(0, 160)])) : []""",
        [rules, within],
    )
    return [tuple(violation) for violation in found]


@pytest.mark.browser
@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_every_page_is_whole_on_every_screen(
    application: Flask,
    watched: Watched,
    served_folder: Path,
    case: str,
    officer: Officer,
    prefix: str,
) -> None:
    """By the rules of WCAG 2.2 AA and by best practice: in Chinese on a desktop in the light, in
    English on a phone in the dark, but for the colours of what a phone does not show. Nothing is
    cut off at 320 pixels, and the focus is seen. Who looks is logged in, but on the page where he
    does so."""
    page = watched.open()
    # With the page, once: sent to each of them by itself it takes as long as what it does.
    page.add_init_script(path=AXE)
    found, shown = dict[str, Any](), set[str]()
    officer.log_in(page, watched.address)
    waiting = officer.send_table(page, watched.address)
    batch = officer.have_answered(page, watched.address, served_folder)
    page.context.clear_cookies()
    pages = every_page(application, key=case, uscc=officer.client, batch_id=batch)
    assert len(pages) > 20
    for path in ("/desk/login", f"/desk/batches/{waiting}", *pages):
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="dark" if prefix else "light")
        page.goto(f"{watched.address}{prefix}{path}")
        assert page.url not in shown, "what leads on to another page is none"
        shown.add(page.url)
        unfold(page)
        faults: list[Any] = [*scrolls_sideways(page), *cut_off(page), *unseen_focus(page)]
        page.set_viewport_size(ViewportSize(width=390, height=800) if prefix else DESKTOP)
        faults += complaints(page, list(WCAG))
        if not prefix:
            page.emulate_media(color_scheme="dark")
            faults += complaints(page, ["color-contrast"], WIDE_ONLY)
        if faults:
            found[path] = faults
        if path == "/desk/login":
            officer.log_in(page, watched.address)
    assert found == {}, json.dumps(found, ensure_ascii=False, indent=1)
