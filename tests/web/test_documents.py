"""The pages of a document, however long it is."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.web.documents import ARTICLES_A_PAGE, PROGRAMMES_AN_ARTICLE
from tests.web.conftest import pages_over
from tests.web.plain import write_long_catalogue

ARTICLES, PROGRAMMES = 2 * ARTICLES_A_PAGE + 5, PROGRAMMES_AN_ARTICLE + 1


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One document of several pages of articles."""
    folder = tmp_path_factory.mktemp("long")
    with pages_over(folder, write_long_catalogue(folder, ARTICLES, PROGRAMMES)) as app:
        yield app


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def articles_of(text: str) -> list[int]:
    return [int(n) for n in re.findall(r'<section class="article" id="article-(\d+)"', text)]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("view", ["", "/coverage"])
def test_a_long_document_is_read_page_by_page(long: Flask, prefix: str, view: str) -> None:
    """By the links that its pages show each article is met once, and no page has more than fit."""
    client, seen = long.test_client(), list[int]()
    address: str | None = f"{prefix}/measures/plain-1{view}"
    words = "Next page" if prefix else "下一页"
    while address:
        text = page(client, address)
        assert 0 < len(articles_of(text)) <= ARTICLES_A_PAGE
        seen += articles_of(text)
        found = re.search(rf'href="([^"]+)">{words}</a>', text)
        address = unescape(found[1]) if found else None
    assert seen == list(range(1, ARTICLES + 1))


def test_a_clause_leads_to_the_page_its_article_stands_on(long: Flask) -> None:
    """From a programme of the last article."""
    client = long.test_client()
    text = page(client, "/programmes/plain-grant-0")
    found = re.search(r'href="(/measures/plain-1[^"]+)#article-(\d+)"', text)
    assert found
    assert int(found[2]) in articles_of(page(client, unescape(found[1])))


def test_an_article_of_many_programmes_lists_the_first_and_leads_to_the_rest(long: Flask) -> None:
    text = page(long.test_client(), f"/measures/plain-1?article={ARTICLES}")
    assert text.count("/programmes/plain-grant-") == PROGRAMMES_AN_ARTICLE
    assert '/library?measure=plain-1">另有 1 项' in text


def test_a_short_document_has_one_page_and_plain_addresses(client: FlaskClient) -> None:
    """And an article that it has not is no fault of the reader's."""
    text = page(client, "/measures/sh-2025-8?article=none")
    assert "下一页" not in text
    assert 'href="/measures/sh-2025-8#article-8"' in page(client, "/programmes/sh-08-first-set")
