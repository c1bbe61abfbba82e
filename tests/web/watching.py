"""A browser that is watched: what its pages complain of, and whom they ask."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.web.browser import DESKTOP

PATIENCE = 30_000  # milliseconds, for a machine that is busy with other tests
expect.set_options(timeout=PATIENCE)  # that of a context does not count for what is expected


class Contexts:
    """A browser's profiles, with scripts and without: each is made once, for that takes as long as
    several pages, and is as good as new for every test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[bool, BrowserContext] = {}

    def context(self, *, javascript: bool) -> BrowserContext:
        found = self._contexts.get(javascript)
        if found is None:
            found = self._contexts[javascript] = self._browser.new_context(
                java_script_enabled=javascript, locale="zh-CN", reduced_motion="reduce"
            )
            found.set_default_timeout(PATIENCE)
        return found

    def clear(self, address: str) -> None:
        """Close what is open, and forget what pages have kept."""
        for context in self._contexts.values():
            if context.pages:
                # By way of a page that is there: opening one takes as long as a test does.
                session = context.new_cdp_session(context.pages[0])
                kept = {"origin": address, "storageTypes": "local_storage"}
                session.send("Storage.clearDataForOrigin", kept)
            for page in context.pages:
                page.close()
            context.clear_cookies()


class Watched:
    """Pages whose complaints and requests are noted."""

    def __init__(self, contexts: Contexts, address: str) -> None:
        self.contexts, self.address = contexts, address
        self.faults: list[str] = []

    def open(self, viewport: ViewportSize = DESKTOP, *, javascript: bool = True) -> Page:
        """A page; a request to any other host is noted, of whatever it opens too, and the browser
        (see `FLAGS`) finds no other."""
        context = self.contexts.context(javascript=javascript)
        page = context.new_page()
        page.set_viewport_size(viewport)
        self._watch(page)
        page.on("popup", self._watch)
        return page

    def _watch(self, page: Page) -> None:
        page.on("request", lambda request: self._only_here(request.url))
        page.on("console", lambda m: self.note(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.note(str(error)))

    def _only_here(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != urlsplit(self.address).netloc:
            self.note(f"asked {url}")

    def note(self, fault: str) -> None:
        """A refused form is no fault, though the console tells of its status."""
        if "422" not in fault:
            self.faults.append(fault)
