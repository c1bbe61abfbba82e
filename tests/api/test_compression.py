"""Answers are packed where a client allows it, and found again by their validators."""

import gzip
from typing import Any

import orjson
import pytest
import zstandard
from flask.testing import FlaskClient

PATH = "/api/v1/vocabulary"


def unpacked(response: Any) -> Any:
    packed = response.get_data()
    ways: dict[str | None, Any] = {"gzip": gzip.decompress, "zstd": zstandard.decompress}
    return orjson.loads(ways.get(response.headers.get("Content-Encoding"), bytes)(packed))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip", "gzip"),
        ("zstd;q=0.1, gzip", "gzip"),
        ("*", "zstd"),
        ("br", None),
        ("gzip;q=0", None),
        ("identity", None),
        (None, None),
    ],
)
def test_an_answer_is_packed_as_the_client_likes(
    client: FlaskClient, accepted: str | None, encoding: str | None
) -> None:
    """zstd before gzip where both are liked alike; the same answer in the end."""
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    response = client.get(PATH, headers=headers)
    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Vary"] == "Accept-Encoding"
    assert int(response.headers["Content-Length"]) == len(response.get_data())
    assert unpacked(response) == orjson.loads(client.get(PATH).get_data())


def test_pages_of_the_api_are_packed_too(client: FlaskClient) -> None:
    """What describes the calls, and a memo."""
    receipt = client.post("/api/v1/match", json={"profile": {}}).get_json()["receipt_id"]
    for path in ("/api/v1/docs", f"/api/v1/receipts/{receipt}/memo"):
        plain = client.get(path)
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip", path
        assert {"Accept-Encoding", "Accept-Language"} <= packed.vary.as_set(preserve_casing=True)
        assert gzip.decompress(packed.data) == plain.data


def test_a_short_answer_is_not_packed(client: FlaskClient) -> None:
    """It would not become shorter."""
    request = {"profile": {}, "detail": "statuses", "statuses": ["eligible"]}
    response = client.post("/api/v1/match", json=request, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


def test_weak_and_strong_validators_are_the_same(client: FlaskClient) -> None:
    """A proxy weakens them, and so do we where an answer is packed."""
    strong = client.get(PATH).headers["ETag"]
    weak = client.get(PATH, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    assert weak == f"W/{strong}"
    for tag in (strong, weak):
        assert client.get(PATH, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("accepted", "status"),
    [
        ("application/json;charset=UTF-8", 200),
        ("application/json; charset=utf-8, text/html;q=0.1", 200),
        ("text/html, application/json;q=0", 406),
        ("text/html;charset=UTF-8", 406),
    ],
)
def test_parameters_of_accept_are_disregarded(
    client: FlaskClient, accepted: str, status: int
) -> None:
    """Spring sends a charset by default."""
    response = client.post("/api/v1/match", json={"profile": {}}, headers={"Accept": accepted})
    assert response.status_code == status
