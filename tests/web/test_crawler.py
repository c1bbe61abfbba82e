"""Every link that a page shows is followed: none is broken, in either language, in or out of a
frame; and in a browser no page complains or asks another host."""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from service.web.cases import Case
from service.web.ports import PageContext
from service.web.site import FACES
from tests.web.test_browser import Watched, address, browser, case, no_sideways_scrolling, watched

__all__ = ["address", "browser", "case", "watched"]  # fixtures

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"|\bhx-get="([^"]+)"')
_IDS = re.compile(r"(?<=/)(?:[A-Za-z0-9_-]{20,}|(?:sh|bj|n|s|w|j|cn|wh|ja)-[\w-]+)(?=/|$)")
_OF_A_KIND = 2


def filled(site: PageContext) -> str:
    """The key of a case with most of what a case can have."""
    held = {
        "category": "high_tech_enterprise",
        "issued_on": "2024-11-01",
        "expires_on": "2027-10-31",
    }
    company = {
        "name": "甲公司", "kind": ["enterprise"], "registered_region": "310115", "employees": 80,
        "revenue": "52000000.00", "fields": ["embodied_intelligence"], "certificates": [held],
    }  # fmt: skip
    projects = [
        {"ref": "p1", "kind": "first_of_kind_product", "contract_amount": "60000000"},
        {"ref": "p2", "kind": "loan"},
    ]
    return site.cases.create(Case("", company, projects).content(), site.now())


def links(page: str, at: str) -> list[str]:
    """Every address of this host that a page leads to by a link, or fetches a piece from."""
    found = (unescape(a or b) for a, b in _LINK.findall(page))
    whole = (urljoin(at, link.split("#")[0]) for link in found if not link.startswith("mailto:"))
    return [link for link in whole if not urlsplit(link).netloc and link]


def kind_of(link: str) -> str:
    """Links of one kind differ in ids and in the values of a query."""
    parts = urlsplit(link)
    return f"{_IDS.sub('*', parts.path)}?{sorted({k for k, _ in parse_qsl(parts.query)})}"


@pytest.mark.parametrize("prefix", FACES.values())
def test_no_link_is_broken(site: PageContext, client: FlaskClient, prefix: str) -> None:
    """Some of each kind, from the first page and from a case that is filled in."""
    key = filled(site)
    starts = [f"{prefix}/", f"{prefix}/cases/{key}/result", f"{prefix}/desk/cases/{key}"]
    queue, seen, taken = deque(starts), set(starts), Counter[str]()
    broken = []
    while queue:
        link = queue.popleft()
        answer = client.get(link, follow_redirects=True, headers={"Accept": "text/html,*/*"})
        if answer.status_code >= 400:
            broken.append((link, answer.status_code))
        if answer.mimetype != "text/html":
            continue
        for found in links(answer.get_data(as_text=True), link):
            kind = kind_of(found)
            if found not in seen and taken[kind] < _OF_A_KIND:
                seen.add(found)
                taken[kind] += 1
                queue.append(found)
    assert broken == []
    assert len(seen) > 50


@pytest.mark.browser
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_page_complains(watched: Watched, case: str, prefix: str) -> None:
    """One page of each kind, unfolded, in a window as narrow as a phone at 200 %."""
    page = watched.open({"width": 320, "height": 640})
    start = f"{watched.address}{prefix}/cases/{case}/result"
    queue, seen = deque([start, f"{watched.address}{prefix}/"]), set[str]()
    while queue:
        link = queue.popleft()
        kind = kind_of(link)
        if kind in seen or re.search(r"\.(xlsx|ics|pdf|svg|json)(\?|$)", link):
            continue
        seen.add(kind)
        page.goto(link)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page.wait_for_load_state("networkidle")
        no_sideways_scrolling(page)
        here = page.evaluate("[...document.links].map((a) => a.href.split('#')[0])")
        other = "/en" if not prefix else "//"
        queue += [
            a
            for a in here
            if a.startswith(watched.address) and other not in a.split(watched.address)[1]
        ]
    assert len(seen) > 20
