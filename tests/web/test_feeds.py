"""What changes, followed by a reader of feeds without an account."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services
from service.faces import api_context, page_context
from service.web.site import register_pages
from tests.usecases.meridian import LIGHTHOUSE, open_city

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: FlaskClient, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.mimetype == "application/atom+xml"
    return ElementTree.fromstring(answer.data)


def titles(feed: ElementTree.Element) -> list[str]:
    return [e.text or "" for e in feed.iterfind(f"{ATOM}entry/{ATOM}title")]


@pytest.mark.parametrize(
    "page",
    ["/programmes/sh-08-first-set", "/measures/sh-2025-8", "/library", "/library?q=贷款贴息",
     "/library?jurisdiction=310000", "/en/library?instrument=loan", "/kept?p=sh-08-first-set"],
)  # fmt: skip
def test_a_page_leads_to_its_feed(client: FlaskClient, page: str) -> None:
    """Which tells of what the page shows, in its language, the newest first; and knows its page."""
    found = re.search(r'href="([^"]*changes\.atom[^"]*)"', client.get(page).get_data(as_text=True))
    assert found
    feed = read(client, found[1].replace("&amp;", "&"))
    days = [e.text or "" for e in feed.iterfind(f"{ATOM}entry/{ATOM}updated")]
    assert days == sorted(days, reverse=True)
    assert 0 < len(days) <= 50
    assert feed.findtext(f"{ATOM}updated") == days[0]
    links = [e.attrib["href"] for e in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
    assert all(client.get(link).status_code == 200 for link in links[:2])


def test_a_feed_is_not_sent_twice(client: FlaskClient) -> None:
    """What did not change since costs nothing."""
    first = client.get("/changes.atom")
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/changes.atom", headers=again).status_code == 304
    packed = client.get("/changes.atom", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == first.data
    assert packed.headers["ETag"] == f"W/{first.headers['ETag']}"
    again = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    unchanged = client.get("/changes.atom", headers=again)
    assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_what_nobody_has_has_no_feed(client: FlaskClient) -> None:
    assert client.get("/changes.atom?programme=no-such-thing").status_code == 404
    assert client.get("/embed/changes.atom").status_code == 404


@pytest.fixture
def amended(tmp_path: Path) -> Iterator[Services]:
    """A city whose catalogue has taken the place of an earlier one."""
    open_city(tmp_path / "huice.sqlite3").close()
    huice = open_city(tmp_path / "huice.sqlite3", (LIGHTHOUSE, "20_000_000", "15_000_000"))
    yield huice
    huice.close()


def test_an_amended_programme_is_an_entry(amended: Services) -> None:
    """Of itself and of all, not of another programme. The entry says what changed."""
    huice = amended
    application = create_app(api_context(huice))
    register_pages(application, page_context(huice))
    client = application.test_client()
    feed = read(client, "/en/changes.atom?programme=me-lighthouse")
    (entry,) = [t for t in titles(feed) if t.endswith(": amended")]
    assert "amount" in (feed.findtext(f"{ATOM}entry/{ATOM}content") or "")
    assert entry in titles(read(client, "/en/changes.atom"))
    other = next(i for i in huice.compiled.catalogue.programmes if i != "me-lighthouse")
    assert entry not in titles(read(client, f"/en/changes.atom?programme={other}"))
