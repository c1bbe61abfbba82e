"""Every link that a page shows is followed: none is broken, in either language, in or out of a
frame."""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from service.web.cases import Case
from service.web.ports import PageContext
from service.web.site import FACES

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"|\bhx-get="([^"]+)"')
_IDS = re.compile(r"(?<=/)(?:[A-Za-z0-9_-]{20,}|(?:sh|bj|n|s|w|j|cn|wh|ja)-[\w-]+)(?=/|$)")
# What is made of the same templates whatever the face costs time once only.
_DEAR = re.compile(r"\.(pdf|xlsx)(\?|$)")


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
    """One of each kind from every page, beginning at the first and at a case that is filled in; in
    the first face two of each kind, and the files too."""
    most = 1 if prefix else 2
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
            if found not in seen and taken[kind] < most and not (prefix and _DEAR.search(found)):
                seen.add(found)
                taken[kind] += 1
                queue.append(found)
    assert broken == []
    assert len(seen) > 50
