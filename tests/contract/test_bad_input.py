"""Inputs that must be refused: each with a problem that names the place, and with no receipt."""

import json
import socket

import pytest

from tests.contract.conftest import Server

LONE_SURROGATE = b'{"profile": {"company": {"name": "\\ud800"}}}'


def company(value: str) -> bytes:
    """A body whose company is the given JSON text."""
    return f'{{"profile": {{"company": {value}}}}}'.encode()


def project(value: str) -> bytes:
    """A body with one project of the given contract amount."""
    text = f'{{"ref": "p1", "kind": "lighthouse", "contract_amount": {value}}}'
    return f'{{"profile": {{"projects": [{text}]}}}}'.encode()


BAD = [
    ("cut", b'{"profile": {"company": {"employees": 1', 400, "", "malformed_json"),
    ("empty body", b"", 400, "", "malformed_json"),
    ("not UTF-8", b'{"profile": {"company": {"name": "\xff"}}}', 400, "", "malformed_json"),
    ("two documents", b'{"profile": {}} {}', 400, "", "malformed_json"),
    ("null", b"null", 422, "", "wrong_type"),
    ("a list", b"[]", 422, "", "wrong_type"),
    ("brackets", b"[" * 100_000, 422, None, "too_deep"),
    ("braces", b'{"profile":' * 60_000, 422, None, "too_deep"),
    (
        "duplicate key",
        b'{"profile": {"company": {"employees": 1, "employees": 2}}}',
        422,
        "/profile/company/employees",
        "duplicate_key",
    ),
    ("NaN", company('{"revenue": NaN}'), 422, "/profile/company/revenue", "invalid_value"),
    (
        "Infinity",
        company('{"revenue": -Infinity}'),
        422,
        "/profile/company/revenue",
        "invalid_value",
    ),
    ("1e309", company('{"revenue": 1e309}'), 422, "/profile/company/revenue", "out_of_range"),
    (
        "1e1000000",
        company('{"revenue": 1e1000000}'),
        422,
        "/profile/company/revenue",
        "out_of_range",
    ),
    (
        "1e1000000 as text",
        company('{"revenue": "1e1000000"}'),
        422,
        "/profile/company/revenue",
        None,
    ),
    (
        "full-width digits",
        company('{"employees": "\\uff11\\uff12"}'),
        422,
        "/profile/company/employees",
        None,
    ),
    ("underscores", company('{"employees": "1_0"}'), 422, "/profile/company/employees", None),
    ("a fraction", company('{"employees": 1.9}'), 422, "/profile/company/employees", None),
    ("on for true", company('{"listed": "on"}'), 422, "/profile/company/listed", "wrong_type"),
    ("lone surrogate", LONE_SURROGATE, 422, "/profile/company/name", "invalid_character"),
    ("NUL", company('{"name": "a\\u0000b"}'), 422, "/profile/company/name", "invalid_character"),
    ("unknown key", company('{"employes": 1}'), 422, "/profile/company/employes", "unknown_key"),
    (
        "wrong check character",
        company('{"uscc": "91310000MA1FL0000X"}'),
        422,
        "/profile/company/uscc",
        "wrong_check_character",
    ),
    (
        "no such day",
        company('{"founded_on": "2023-02-29"}'),
        422,
        "/profile/company/founded_on",
        "invalid_date",
    ),
    (
        "a day without hyphens",
        company('{"founded_on": "20240101"}'),
        422,
        "/profile/company/founded_on",
        "invalid_date",
    ),
    (
        "no such day to judge by",
        b'{"profile": {}, "as_of": "2023-02-29"}',
        422,
        "/as_of",
        "invalid_date",
    ),
    (
        "contract of nothing",
        project("0"),
        422,
        "/profile/projects/0/contract_amount",
        "out_of_range",
    ),
    (
        "contract below nothing",
        project('"-1.00"'),
        422,
        "/profile/projects/0/contract_amount",
        "out_of_range",
    ),
    ("2 MB", b" " * 2_097_152, 413, "", "too_large"),
]


@pytest.mark.parametrize(
    ("body", "status", "pointer", "code"), [b[1:] for b in BAD], ids=[b[0] for b in BAD]
)
@pytest.mark.parametrize("path", ["/api/v1/match", "/api/v1/programmes/me-lighthouse/check"])
def test_bad_input_is_a_problem_that_names_the_place(
    server: Server, path: str, body: bytes, status: int, pointer: str | None, code: str | None
) -> None:
    """A 4xx document with pointer and code; the database is as before."""
    before = server.receipts()
    answer = server.post(path, body)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    errors = answer.json["errors"]
    assert errors
    if pointer is not None:
        assert [e["pointer"] for e in errors] == [pointer]
    if code is not None:
        assert [e["code"] for e in errors] == [code]
    assert server.receipts() == before


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "text/json", "", "json"]
)
def test_another_content_type_is_refused(server: Server, content_type: str) -> None:
    """JSON under another name might be a form that a foreign page sends."""
    before = server.receipts()
    answer = server.post("/api/v1/match", b'{"profile": {}}', content_type)
    assert (answer.status, answer.json["code"]) == (415, "unsupported_type")
    assert server.receipts() == before


def test_an_unknown_key_comes_with_a_suggestion(server: Server) -> None:
    """The name that was probably meant stands in the message."""
    answer = server.post("/api/v1/match", company('{"employes": 1}'))
    assert "employees" in answer.json["errors"][0]["message"]


def test_a_large_body_without_its_length_is_refused(server: Server) -> None:
    """Sent in chunks, it is cut off where the limit is, not read to its end."""
    connection = server.connect()
    try:
        connection.request(
            "POST",
            "/api/v1/match",
            iter([b" " * 65_536] * 32),
            {"Content-Type": "application/json"},
            encode_chunked=True,
        )
        response = connection.getresponse()
        assert (response.status, json.loads(response.read())["code"]) == (413, "too_large")
    finally:
        connection.close()


def test_a_connection_serves_on_after_a_refusal(server: Server) -> None:
    """The rest of a refused body is not taken for the next request."""
    connection = server.connect()
    headers = {"Content-Type": "application/json", "Accept-Language": "fr, en;q=0.8"}
    try:
        for body, status in ((b" " * 2_097_152, 413), (b'{"profile": {}}', 200)):
            connection.request("POST", "/api/v1/match", body, headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
            if status == 413:  # in the language asked for, and not in two
                assert answer["title"] == "Too much was sent (at most 1,048,576 bytes)"
            assert response.status == status
    finally:
        connection.close()


def test_a_broken_request_line_does_not_disturb_the_others(server: Server) -> None:
    """What is no HTTP at all is refused by gunicorn itself; the worker goes on."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert b"400" in raw.recv(4_096)
    assert server.send("GET", "/healthz").status == 200
