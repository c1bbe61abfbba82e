"""Pages followed by their links, and forms pressed as they stand."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.web.pressing import Form, forms_of

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"|\bhx-get="([^"]+)"')
# What is made of the same templates whatever the face costs time once only.
_DEAR = re.compile(r"\.(pdf|xlsx)(\?|$)")
_FEW_CRITERIA = 2
# What ends what the others need comes last.
_ENDING = re.compile(r"/(delete|logout|revoke|forget)")


def links(page: str, at: str) -> list[str]:
    """Every address of this host that a page leads to by a link, or fetches a piece from."""
    found = (unescape(a or b) for a, b in _LINK.findall(page))
    whole = (urljoin(at, link.split("#")[0]) for link in found if not link.startswith("mailto:"))
    return [link for link in whole if not urlsplit(link).netloc and link]


def kinds_of(application: Flask) -> Callable[[str], str]:
    """Tells what kind a link is: links of one kind differ in ids and in the values of a query, and
    where it has many criteria in which those are."""
    addresses = application.url_map.bind("localhost")

    def kind_of(link: str) -> str:
        parts = urlsplit(link)
        try:
            endpoint, _ = addresses.match(parts.path, method="GET")
        except HTTPException:
            endpoint = parts.path
        names = sorted({name for name, _ in parse_qsl(parts.query)})
        return f"{endpoint}?{names if len(names) <= _FEW_CRITERIA else len(names)}"

    return kind_of


def crawl(
    client: FlaskClient,
    starts: Iterable[str],
    most: int = 1,
    below: str = "/",
    *,
    dear: bool = True,
) -> Iterator[tuple[str, TestResponse]]:
    """The pages given, and of each kind so many that they lead to below an address; with what is
    dear to make, one of each kind, or without."""
    kind_of = kinds_of(client.application)
    queue = deque(starts)
    seen, taken = set(queue), Counter(map(kind_of, queue))
    while queue:
        link = queue.popleft()
        answer = client.get(link, follow_redirects=True, headers={"Accept": "text/html,*/*"})
        yield link, answer
        if answer.mimetype != "text/html":
            continue
        for found in links(answer.get_data(as_text=True), link):
            is_dear = _DEAR.search(found) is not None
            is_wanted = found.startswith(below) and (dear or not is_dear)
            room = 1 if is_dear else most
            if is_wanted and found not in seen and taken[kind_of(found)] < room:
                seen.add(found)
                taken[kind_of(found)] += 1
                queue.append(found)


def forms_on_pages(client: FlaskClient, starts: Iterable[str], below: str) -> list[Form]:
    """One form of each kind, of the pages given and of one of each kind that they lead to below an
    address; what needs something typed first, or a file, is left."""
    kind_of, found = kinds_of(client.application), dict[object, Form]()
    for link, answer in crawl(client, starts, below=below, dear=False):
        if answer.mimetype == "text/html":
            for form in forms_of(answer.get_data(as_text=True), link):
                if not form.missing and not form.files:
                    found.setdefault((kind_of(form.action), form.kind), form)
    return list(found.values())


def press_all(client: FlaskClient, forms: Iterable[Form]) -> Iterator[tuple[Form, TestResponse]]:
    """Send each form as it stands by each of its buttons, what ends the rest last."""
    for form in sorted(forms, key=lambda f: bool(_ENDING.search(f.action))):
        for answer in form.presses(client, {"Accept": "text/html"}):
            yield form, answer
