"""The OpenAPI document against the service: requests made from it, answers checked by it.

A request that the document allows may still be refused where a JSON schema cannot state the rule:
the list below names those rules, and there are no others.
"""

import re
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import CheckContext
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.api.factory import create_app
from service.app import Services, open_services
from service.domain.principal import Principal, Scope
from service.faces import api_context
from tests.api.sample import settings_for

# Code → where, and what kind of value it is told of there.
BEYOND_A_SCHEMA: dict[str, list[tuple[str, type]]] = {
    # a check character that does not fit
    "wrong_check_character": [(r"/profile/company/uscc", str)],
    # provenance of a fact that the profile does not state
    "unknown_key": [(r"/profile/provenance/[^/]+", str)],
    # a catalogue version that nobody kept
    "unknown_code": [(r"/catalogue_version", str), (r"/since", str), (r"/target", str)],
    # a company that is not kept
    "not_found": [(r"/target", str)],
    # one reference for two projects
    "duplicate_value": [(r"/profile/projects/[0-9]+/ref", str)],
    # a term that ends before it begins, or of a certificate that perhaps is not held; a number that
    # Python writes with an exponent
    "invalid_value": [
        (r"/profile/company/certificates/[0-9]+/(expires_on|issued_on|number)", str),
        (r"/profile/.+", float),
        (r"/target|/url", str),  # no tag; no address of e-mail that may be written to
    ],
    # bounds of a number that is sent as text; a last day that is over
    "out_of_range": [(r"/profile/.+|/expires_on", str)],
    # 277.0 is an integer to a schema, and not to us
    "wrong_type": [(r"/profile/.+|/limit", float)],
    # a cursor that nobody gave out
    "invalid_cursor": [(r"/cursor", str)],
}
# By application: the header of a key that may do everything.
KEYS: dict[int, dict[str, str]] = {}
SETTINGS = hypothesis.settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def allowed_is_accepted(
    _context: CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """What the document allows is answered, or refused by a rule it cannot state."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code < 400:
        return
    if response.status_code in (404, 409, 412):  # made-up ids and versions
        return
    if case.path == "/api/v1/batches":  # bytes that are no table
        return
    if case.method == "PATCH":  # what comes of a patch depends on what is kept
        return
    assert response.status_code == 422, response.text
    sent = {**case.query, **case.path_parameters} if case.method == "GET" else case.body
    for error in response.json()["errors"]:
        # A check character that a schema cannot state; a header, which stands elsewhere.
        if error["pointer"] in ("/uscc", "/If-Match", "/If-None-Match", "/Idempotency-Key"):
            continue
        if error["pointer"].startswith("/evidence/"):  # of a fact that is not stated
            continue
        value = value_at(sent, error["pointer"])
        rules = BEYOND_A_SCHEMA.get(error["code"], ())
        place = re.sub("^/(before|after)", "", error["pointer"])
        found = [r for r in rules if re.fullmatch(r[0], place) and type(value) is r[1]]
        assert found, (error, value)


def value_at(value: Any, pointer: str) -> Any:
    """What an RFC 6901 pointer leads to."""
    for step in pointer.split("/")[1:]:
        token = step.replace("~1", "/").replace("~0", "~")
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


def conforms(case: Any) -> None:
    """All of schemathesis' checks, with ours for what is accepted."""
    case.headers["Accept-Encoding"] = "identity"  # schemathesis does not unpack
    secured = case.operation.definition.raw.get("security")
    case.call_and_validate(
        headers=KEYS[id(case.operation.app)] if secured else None,
        additional_checks=[allowed_is_accepted],
        excluded_checks=[positive_data_acceptance],
    )


@pytest.fixture(autouse=True)
def node_id(request: pytest.FixtureRequest) -> None:
    """schemathesis 4.32 still asks for a name that pytest 9.2 gave up."""
    request.node._nodeid = request.node.nodeid


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The document over the made-up catalogue."""
    huice = open_services(settings_for(tmp_path_factory.mktemp("made-up") / "huice.sqlite3"))
    yield _document(huice)
    huice.close()


@pytest.fixture(scope="module")
def own(own_huice: Services) -> Any:
    """The document over the project's own catalogue."""
    return _document(own_huice)


def _document(huice: Services) -> Any:
    app = create_app(api_context(huice))
    operator = Principal("bank", "operator", frozenset(Scope))
    made = huice.key_service.create(operator, {"name": "x", "scopes": sorted(Scope)}, "test")
    KEYS[id(app)] = {"Authorization": f"Bearer {made['secret']}"}
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


made_up_document = schemathesis.pytest.from_fixture("made_up")
own_document = schemathesis.pytest.from_fixture("own")


@made_up_document.parametrize()
@hypothesis.settings(SETTINGS, max_examples=3, phases=[Phase.explicit, Phase.generate])
def test_the_made_up_catalogue_is_served_as_documented(case: Any) -> None:
    """Status codes, headers, content types and bodies are those of the document; no 5xx."""
    conforms(case)


@pytest.mark.deep
@made_up_document.parametrize()
@hypothesis.settings(SETTINGS, max_examples=200, phases=[Phase.generate])
def test_many_more_requests_are_served_as_documented(case: Any) -> None:
    """The same for two hundred of each kind."""
    conforms(case)


@own_document.parametrize()
@hypothesis.settings(SETTINGS, max_examples=1, phases=[Phase.generate])
def test_the_own_catalogue_is_served_as_documented(case: Any) -> None:
    """With the facts, projects and codes that are really asked for."""
    conforms(case)
