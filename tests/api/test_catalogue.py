"""Looking things up: programmes, measures, articles, vocabulary, code lists."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.api.sample import data

PROGRAMMES = "/api/v1/programmes"


def ids(client: FlaskClient, query: str) -> list[str]:
    response = client.get(f"{PROGRAMMES}?{query}")
    assert response.status_code == 200, response.text
    return [item["id"] for item in data(response)["items"]]


@pytest.mark.parametrize(
    "q", ["塔", "灯塔", "灯塔工程", "三成补助", "lighthouse", "LIGHTHOUSE contract"]
)
def test_full_text_finds_chinese_of_any_length_and_english(client: FlaskClient, q: str) -> None:
    """One character, a word, a phrase, an English word in any case."""
    assert ids(client, f"q={quote(q)}")[0] == "me-lighthouse"


def test_full_text_finds_nothing_where_nothing_is(client: FlaskClient) -> None:
    """And only what is meant where something is."""
    assert ids(client, f"q={quote('潜水艇')}") == []
    assert ids(client, "q=") == ids(client, "q=%20") == ids(client, "")
    assert ids(client, f"q={quote('小企业奖励')}") == ["me-young-firm"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("measure=me-2026-1", ["me-lighthouse", "me-young-firm"]),
        ("instrument=reward", ["me-young-firm"]),
        ("commitment=planned", []),
        ("kind=enterprise", ["me-lighthouse", "me-young-firm"]),
        ("kind=bank", []),
        ("jurisdiction=900101", ["me-lighthouse", "me-young-firm"]),
        ("jurisdiction=910000", []),
        ("in_force_on=2026-12-31", ["me-lighthouse", "me-young-firm"]),
        ("in_force_on=2027-01-01", []),
        ("instrument=reward&jurisdiction=900102", ["me-young-firm"]),
    ],
)
def test_each_parameter_narrows_the_list(client: FlaskClient, query: str, found: list[str]) -> None:
    """Criteria are joined by "and"."""
    assert ids(client, query) == found


def test_a_list_is_read_page_by_page(client: FlaskClient) -> None:
    """The cursor leads to what comes next, and the last page has none."""
    first = data(client.get(f"{PROGRAMMES}?limit=1"))
    second = data(client.get(f"{PROGRAMMES}?limit=1&cursor={first['next_cursor']}"))
    assert [first["total"], second["total"]] == [2, 2]
    assert [i["id"] for i in first["items"] + second["items"]] == ["me-lighthouse", "me-young-firm"]
    assert second["next_cursor"] is None


def test_a_cursor_of_another_query_is_refused(client: FlaskClient) -> None:
    """It would silently skip what the other query left out."""
    cursor = data(client.get(f"{PROGRAMMES}?limit=1"))["next_cursor"]
    response = client.get(f"{PROGRAMMES}?limit=1&kind=bank&cursor={cursor}")
    assert (response.status_code, data(response)["code"]) == (422, "invalid_cursor")


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("limt=1", "/limt", "unknown_key"),
        ("limit=0", "/limit", "out_of_range"),
        ("limit=201", "/limit", "out_of_range"),
        ("limit=1.0", "/limit", "out_of_range"),
        ("limit=%EF%BC%91", "/limit", "out_of_range"),
        ("limit=1&limit=2", "/limit", "duplicate_value"),
        ("in_force_on=2023-02-29", "/in_force_on", "invalid_date"),
        ("in_force_on=20240101", "/in_force_on", "invalid_date"),
        ("in_force_on=9999-12-31", "/in_force_on", "out_of_range"),
        ("changed_since=1899-12-31", "/changed_since", "out_of_range"),
        ("kind=enterprize", "/kind", "unknown_code"),
        ("instrument=gift", "/instrument", "unknown_code"),
        ("commitment=promise", "/commitment", "unknown_code"),
        ("measure=me-2025-1", "/measure", "unknown_code"),
        ("jurisdiction=999999", "/jurisdiction", "unknown_code"),
        ("q=" + "a" * 201, "/q", "too_long"),
        ("cursor=zzz", "/cursor", "invalid_cursor"),
        ("field=robots", "/field", "unknown_key"),
    ],
)
def test_a_wrong_parameter_is_named(
    client: FlaskClient, query: str, pointer: str, code: str
) -> None:
    """Nothing is silently ignored: an ignored filter would list too much."""
    response = client.get(f"{PROGRAMMES}?{query}")
    assert response.status_code == 422
    assert [(e["pointer"], e["code"]) for e in data(response)["errors"]] == [(pointer, code)]
    if pointer == "/commitment":
        assert "entitlement、funding" in data(response)["errors"][0]["message"]


def test_all_wrong_parameters_are_named_at_once_with_suggestions(client: FlaskClient) -> None:
    """One round trip is enough to put a query right."""
    response = client.get(
        f"{PROGRAMMES}?limt=1&kind=enterprize&limit=0", headers={"Accept-Language": "en"}
    )
    messages = {e["pointer"]: e["message"] for e in data(response)["errors"]}
    assert messages.keys() == {"/limt", "/kind", "/limit"}
    assert "limit" in messages["/limt"]
    assert "enterprise" in messages["/kind"]


def test_a_place_by_its_name_is_answered_with_its_code(client: FlaskClient) -> None:
    """Codes alone are taken, in a filter and in a profile; who sends a name is told the code."""
    profile = {"company": {"kind": "enterprise", "registered_region": "西山"}}
    answers = [
        client.get(f"{PROGRAMMES}?jurisdiction=西山"),
        client.post("/api/v1/match", json={"profile": profile}),
    ]
    for answer in answers:
        assert answer.status_code == 422
        (error,) = data(answer)["errors"]
        assert error["code"] == "unknown_code"
        assert "900102" in error["message"]


def test_calls_without_parameters_refuse_any(client: FlaskClient) -> None:
    """A parameter meant for another call is told, not ignored."""
    response = client.get("/api/v1/measures?limit=1")
    assert (response.status_code, data(response)["code"]) == (422, "invalid_query")


def test_a_programme_is_shown_whole(client: FlaskClient) -> None:
    """Conditions in words, the money rule, clauses, examples."""
    programme = data(client.get(f"{PROGRAMMES}/me-lighthouse"))
    assert programme["article"] == 1
    assert programme["ceiling"]["cap"] == "20000000.00"
    assert all(c["sentence"]["zh"] and c["sentence"]["en"] for c in programme["conditions"])
    assert [e["expect"]["status"] for e in programme["examples"]] == ["potential", "ineligible"]


def test_measures_show_how_each_article_is_encoded(client: FlaskClient) -> None:
    """Or why it cannot be matched; an article is found by its number or its name."""
    (card,) = data(client.get("/api/v1/measures"))["items"]
    measure = data(client.get(f"/api/v1/measures/{card['id']}"))
    assert [a["article"] for a in measure["articles"]] == ["heading", 1, 2]
    first = data(client.get("/api/v1/measures/me-2026-1/articles/1"))
    heading = data(client.get("/api/v1/measures/me-2026-1/articles/heading"))
    assert first["programmes"] == ["me-lighthouse"]
    assert heading["unmatched"] == {"zh": "不含支持事项。", "en": "No support in it."}


def test_the_vocabulary_lists_facts_and_codes(client: FlaskClient) -> None:
    """Everything needed to build a form without this program."""
    vocabulary = data(client.get("/api/v1/vocabulary"))
    facts = {f["id"]: f for f in vocabulary["facts"]}
    assert facts["company.employees"]["unit"] == "person"
    assert facts["company.kind"]["list"] == "kinds"
    codes = data(client.get("/api/v1/codes/regions"))["codes"]
    assert {c["code"]: c["within"] for c in codes}["900101"] == ["900000"]


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("programmes/me-lighthose", "me-lighthouse"),
        ("measures/me-2026-2", "me-2026-1"),
        ("measures/me-2026-1/articles/headin", "heading"),
        ("codes/region", "regions"),
    ],
)
def test_a_name_that_does_not_exist_is_answered_with_the_nearest(
    client: FlaskClient, path: str, near: str
) -> None:
    """404 with what was probably meant."""
    response = client.get(f"/api/v1/{path}")
    assert (response.status_code, data(response)["code"]) == (404, "not_found")
    assert near in data(response)["detail"]


def test_an_unknown_receipt_suggests_nothing(client: FlaskClient) -> None:
    """A receipt's id is a secret: no answer may help to guess one."""
    response = client.get("/api/v1/receipts/nobody-knows")
    assert response.status_code == 404
    assert "nobody-knows" in data(response)["detail"]


def test_the_document_says_what_a_client_that_has_an_answer_may_send(client: FlaskClient) -> None:
    """Wherever 304 is answered, and where something is kept only if it is new, If-None-Match; a
    wrong key is 401 at every call of the API."""
    for address, path in data(client.get("/api/v1/openapi.json"))["paths"].items():
        for found in (path[m] for m in ("get", "put", "post", "delete", "patch") if m in path):
            sent = {p.get("name") for p in found.get("parameters", ())}
            keeps_if_new = found is path.get("put") and "412" in found["responses"]
            answers_old = "304" in found["responses"]
            assert ("If-None-Match" in sent) == (answers_old or keeps_if_new), address
            assert "401" in found["responses"] or not address.startswith("/api/"), address


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("since=sha256:12", "invalid_value"),
        ("since=2026-13-01", "invalid_date"),
        ("since=9999-12-31", "out_of_range"),
    ],
)
def test_what_is_no_version_and_no_day_is_called_what_it_looks_like(
    client: FlaskClient, query: str, code: str
) -> None:
    response = client.get(f"/api/v1/catalogue/changes?{query}")
    assert (response.status_code, data(response)["errors"][0]["code"]) == (422, code)


@pytest.mark.parametrize(
    "path",
    [
        "programmes",
        "programmes/me-lighthouse",
        "measures",
        "vocabulary",
        "codes/kinds",
        "catalogue/changes",
    ],
)
def test_what_the_client_already_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    """The tag is the catalogue's version: 304 until it changes."""
    first = client.get(f"/api/v1/{path}")
    again = client.get(f"/api/v1/{path}", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get(f"/api/v1/{path}", headers={"If-None-Match": '"another"'})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"
    assert data(other) == data(first)


def test_another_build_of_the_program_has_another_tag(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade the same catalogue may be answered otherwise: no 304 for what changed."""
    tag = client.get(PROGRAMMES).headers["ETag"]
    monkeypatch.setattr("service.api.http.__version__", "0.1.0+another")
    response = client.get(PROGRAMMES, headers={"If-None-Match": tag})
    assert (response.status_code, response.headers["ETag"] == tag) == (200, False)


def test_a_wrong_query_is_told_even_to_a_client_that_has_the_version(client: FlaskClient) -> None:
    """Validators never hide an error."""
    tag = client.get(PROGRAMMES).headers["ETag"]
    response = client.get(f"{PROGRAMMES}?limit=0", headers={"If-None-Match": tag})
    assert response.status_code == 422


def test_head_is_answered_without_a_body(client: FlaskClient) -> None:
    """Length and validators are those of GET."""
    get, head = client.get("/api/v1/measures"), client.head("/api/v1/measures")
    assert head.data == b""
    assert head.headers["ETag"] == get.headers["ETag"]
