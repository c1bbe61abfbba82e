"""A browser that is watched: what its pages complain of, and whom they ask."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, ViewportSize

from tests.web.browser import DESKTOP

PATIENCE = 30_000  # milliseconds, for a machine that is busy with other tests


class Watched:
    """Pages whose complaints and requests are noted."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.faults: list[str] = []

    def open(
        self,
        viewport: ViewportSize = DESKTOP,
        *,
        javascript: bool = True,
        dark: bool = False,
    ) -> Page:
        """A page in a context of its own; a request to any other host is noted, and the browser
        (see `FLAGS`) finds no other."""
        context = self.browser.new_context(
            viewport=viewport,
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: self._only_here(request.url))
        page = context.new_page()
        page.on("console", lambda m: self.note(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.note(str(error)))
        return page

    def _only_here(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != urlsplit(self.address).netloc:
            self.note(f"asked {url}")

    def note(self, fault: str) -> None:
        """A refused form is no fault, though the console tells of its status."""
        if "422" not in fault:
            self.faults.append(fault)
