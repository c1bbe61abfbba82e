"""Take the pictures of the pages that the guide shows, into docs/img/.

usage: python -m scripts.screenshots [FOLDER]
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.web.browser import CHROMIUM, DESKTOP, FLAGS, PHONE, fill_in, served, shots

ROOT = Path(__file__).resolve().parent.parent


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
                page.evaluate("scrollTo(0, 0)")  # opening the card has moved the page
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
